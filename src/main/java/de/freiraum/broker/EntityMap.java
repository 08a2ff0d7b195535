package de.freiraum.broker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The entities that a query and those that continue it consider (clauses 4.5.25 and 5.2.39). Immutable.
 *
 * @param id its URI
 * @param expiresAt from when on it is gone
 * @param entityIds URIs of the entities, each once, in the order of the query that made the map
 * @param registrations URIs of the context source registrations that contribute to an entity, by the entity's URI; entities that are held locally
 *     alone are not in here
 * @param linkedMaps URIs of the entity maps that other brokers made for this one, by the registration's URI
 */
public record EntityMap(
        String id,
        Instant expiresAt,
        List<String> entityIds,
        Map<String, List<String>> registrations,
        Map<String, String> linkedMaps) {
    /** Stands for this broker among the sources of an entity. */
    public static final String LOCAL = "@none";

    private static final List<String> LOCAL_ONLY = List.of(LOCAL);

    /** Copies the collections. */
    public EntityMap {
        entityIds = List.copyOf(entityIds);
        registrations = Map.copyOf(registrations);
        linkedMaps = Map.copyOf(linkedMaps);
    }

    /** Where an entity of the map comes from: registrations, or {@link #LOCAL}. */
    public List<String> sources(String entityId) {
        return registrations.getOrDefault(entityId, LOCAL_ONLY);
    }

    /** Whether other brokers have a part in it. */
    public boolean isDistributed() {
        return !registrations.isEmpty() || !linkedMaps.isEmpty();
    }

    EntityMap withExpiresAt(Instant other) {
        return new EntityMap(id, other, entityIds, registrations, linkedMaps);
    }

    EntityMap without(Set<String> gone) {
        List<String> left =
                entityIds.stream().filter(entity -> !gone.contains(entity)).toList();
        Map<String, List<String>> sources = registrations.entrySet().stream()
                .filter(entry -> !gone.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new EntityMap(id, expiresAt, left, sources, linkedMaps);
    }
}
