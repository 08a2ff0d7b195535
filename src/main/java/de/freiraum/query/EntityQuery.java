package de.freiraum.query;

import de.freiraum.model.Entity;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which entities are asked for (clause 5.7.2), parsed and with expanded names. Every condition that is there must hold.
 *
 * @param types type selection (clause 4.17), or null: any
 * @param ids URIs, one of which the entity's must be; empty: any
 * @param idPattern regular expression that must be found in the URI, or null
 * @param attributes attribute IRIs of which the entity must have one; empty: any
 */
public record EntityQuery(
        @Nullable TypeSelection types,
        Set<String> ids,
        @Nullable Pattern idPattern,
        Set<String> attributes) {

    /** Everything. */
    public static final EntityQuery ALL = new EntityQuery(null, Set.of(), null, Set.of());

    /** Whether the entity is one of those asked for. */
    public boolean matches(Entity entity) {
        return (types == null || types.matches(entity.types()))
                && (ids.isEmpty() || ids.contains(entity.id()))
                && (idPattern == null || idPattern.matcher(entity.id()).find())
                && (attributes.isEmpty() || attributes.stream().anyMatch(entity.attributes()::containsKey));
    }

    /** Entities of one type. */
    public static EntityQuery ofType(String typeIri) {
        return new EntityQuery(new TypeSelection.Type(typeIri), Set.of(), null, Set.of());
    }
}
