package de.freiraum.broker.subscriptions;

import de.freiraum.model.Entity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change of an entity at another broker, as that broker told it.
 *
 * @param before what is known of the entity as it was: previous values, and what is gone; null: nothing
 * @param after the entity as it is; null if it was deleted
 * @param at when it was told
 */
public record RemoteChange(
        @Nullable Entity before, @Nullable Entity after, Instant at) {}
