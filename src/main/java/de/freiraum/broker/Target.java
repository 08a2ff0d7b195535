package de.freiraum.broker;

import de.freiraum.query.TypeSelection;
import de.freiraum.representation.Names;
import org.jspecify.annotations.Nullable;

/**
 * The entity that an operation is about.
 *
 * @param entityId its URI
 * @param types which types it must have to be the one meant (clause 4.17), or null: any
 */
public record Target(String entityId, @Nullable TypeSelection types) {
    /** Refuses what is no URI. */
    public Target {
        Names.uri(entityId, "the entity's id in the path");
    }

    /** An entity of any type. */
    public static Target of(String entityId) {
        return new Target(entityId, null);
    }
}
