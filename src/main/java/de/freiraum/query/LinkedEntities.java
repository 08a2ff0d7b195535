package de.freiraum.query;

import de.freiraum.model.Entity;
import org.jspecify.annotations.Nullable;

/** Looks up the entities that Relationships point to, for queries over linked entities (clause 4.9, examples 13 and 14). */
@FunctionalInterface
public interface LinkedEntities {
    /** Knows no entity: conditions on linked entities do not hold. */
    LinkedEntities NONE = id -> null;

    /** The entity with that URI, or null. Must answer at once. */
    @Nullable
    Entity find(String id);
}
