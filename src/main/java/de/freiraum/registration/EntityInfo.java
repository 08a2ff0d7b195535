package de.freiraum.registration;

import de.freiraum.query.EntitySelector;
import de.freiraum.query.TextPattern;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which entities a source may have (clause 5.2.8).
 *
 * @param types type IRIs, at least one; several for entities that have them all
 * @param id URI of the one entity, or null
 * @param idPattern regular expression found in the URIs of the entities, or null; of no effect beside {@code id}
 */
public record EntityInfo(
        List<String> types, @Nullable String id, @Nullable TextPattern idPattern) {

    /** Copies the list. */
    public EntityInfo {
        types = List.copyOf(types);
    }

    /** Whether an entity specification matches (clause 5.12). */
    public boolean matches(EntitySelector asked) {
        return (asked.types() == null || asked.types().matches(types)) && matchesId(asked);
    }

    private boolean matchesId(EntitySelector asked) {
        if (id == null && idPattern == null) {
            return true;
        }
        Set<String> ids = asked.ids();
        if (!ids.isEmpty()) {
            return ids.stream().anyMatch(this::coversId);
        }
        // Whether two patterns have a URI in common is not decided; they may.
        return asked.idPattern() == null || id == null || asked.idPattern().foundIn(id);
    }

    /** Whether an entity with this URI may be one of those registered, as far as the URI tells. */
    public boolean coversId(String entityId) {
        return id == null ? idPattern == null || idPattern.foundIn(entityId) : id.equals(entityId);
    }

    /** Whether an entity is one of those registered. */
    public boolean covers(String entityId, List<String> entityTypes) {
        return coversId(entityId) && entityTypes.containsAll(types);
    }

    /** Whether there may be an entity that is among those of both. */
    public boolean overlaps(EntityInfo other) {
        if (id != null) {
            return other.coversId(id) && haveTypeInCommon(other);
        }
        return (other.id == null || coversId(other.id)) && haveTypeInCommon(other);
    }

    private boolean haveTypeInCommon(EntityInfo other) {
        return types.stream().anyMatch(other.types::contains);
    }
}
