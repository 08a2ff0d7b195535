package de.freiraum.query;

import de.freiraum.model.Entity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which entities by identity alone (clauses 5.2.8 and 5.2.33); as queries, subscriptions and registrations list them.
 *
 * @param types type selection (clause 4.17), or null: any
 * @param ids URIs, one of which the entity's must be; empty: any
 * @param idPattern regular expression that must be found in the URI, or null; of no effect when {@code ids} are given
 */
public record EntitySelector(
        @Nullable TypeSelection types,
        Set<String> ids,
        @Nullable TextPattern idPattern) {

    /** Copies the set. */
    public EntitySelector {
        ids = Set.copyOf(ids);
    }

    /** Whether the entity is one of those selected. */
    public boolean matches(Entity entity) {
        return (types == null || types.matches(entity.types())) && matchesId(entity.id());
    }

    /** Whether an entity with this URI may be one of those selected. */
    public boolean matchesId(String id) {
        return ids.isEmpty() ? idPattern == null || idPattern.foundIn(id) : ids.contains(id);
    }
}
