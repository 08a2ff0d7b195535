package de.freiraum.store.embedded;

import de.freiraum.model.Entity;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.embedded.CommittedEntities.Slot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to find a query's candidates faster than by looking at all entities of a type. It may name entities that do not match, since every
 * candidate is looked at, but leaves out none that does. Read by any thread; each entity is written by its owner alone.
 */
interface EntityIndex {

    /** Takes up a new version; {@code after} is null when the entity is gone. Called before the version becomes visible. */
    void add(Slot slot, @Nullable Entity before, @Nullable Entity after);

    /** Takes up an entity when the store is opened. */
    void load(Slot slot, StoredEntity stored);

    /** Forgets what only the earlier version had. Called after the new version became visible. */
    void remove(Slot slot, Entity before, @Nullable Entity after);

    /**
     * The candidates of a query, in the order of their ids, each once.
     *
     * @param fewerThan how many candidates there are otherwise
     * @return null if the index does not help with this query
     */
    @Nullable
    List<Slot> candidates(EntityQuery query, long fewerThan);
}
