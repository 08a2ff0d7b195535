package de.freiraum.store.embedded;

import de.freiraum.model.Entity;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.embedded.CommittedEntities.Slot;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A way to find a query's candidates faster than by looking at all entities of a type. It may name entities that do not match, since every
 * candidate is looked at, but leaves out none that does. Read by any thread; each entity is written by its owner alone.
 */
interface EntityIndex {

    /**
     * Where a query may look instead.
     *
     * @param size how many candidates there are, about
     * @param slots the candidates in the order of their ids, each once
     */
    record Narrowed(long size, Iterator<Slot> slots) {}

    /** Takes up a new version; {@code after} is null when the entity is gone. Called before the version becomes visible. */
    void add(Slot slot, @Nullable Entity before, @Nullable Entity after);

    /** Takes up an entity when the store is opened. */
    void load(Slot slot, StoredEntity stored);

    /**
     * Forgets what only the earlier version had, and takes up again what of the new one it may have missed. Called after the new version became visible;
     * {@code before} is null when there was none.
     */
    void settle(Slot slot, @Nullable Entity before, @Nullable Entity after);

    /**
     * The candidates of a query.
     *
     * @param fewerThan how many candidates there are otherwise
     * @return null if the index does not help with this query
     */
    @Nullable
    Narrowed candidates(EntityQuery query, long fewerThan);
}
