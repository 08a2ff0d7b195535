package de.freiraum.notify;

import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An entity to be notified of.
 *
 * @param before as it was before what changed since the last notification; null if it was not there, or nothing changed
 * @param after as it is; null if it was deleted
 * @param at when it last changed, or when it was read for a periodic notification
 */
record NotifiedEntity(@Nullable Entity before, @Nullable Entity after, Instant at)
        implements Outbox.Item<NotifiedEntity> {

    /** After a change. */
    static NotifiedEntity of(Change change) {
        return new NotifiedEntity(change.before(), change.after(), change.at());
    }

    /** In a periodic notification. */
    static NotifiedEntity unchanged(Entity entity, Instant at) {
        return new NotifiedEntity(null, entity, at);
    }

    /** The version that exists, or the last that did. */
    Entity latest() {
        return after != null ? after : Objects.requireNonNull(before, "there is a version before or after");
    }

    @Override
    public String id() {
        return latest().id();
    }

    /** Both changes in one: from the state before the first to the state after the second. */
    @Override
    public NotifiedEntity then(NotifiedEntity later) {
        boolean cameAndWent = before == null && later.after == null;
        return new NotifiedEntity(cameAndWent ? later.before : before, later.after, later.at);
    }
}
