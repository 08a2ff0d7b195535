package de.freiraum.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about an entity: a whole one to create, or a part of one to change it (clause 5.4). Attributes may be NGSI-LD
 * Null or {@link Attribute.Fragment}s.
 *
 * @param id the entity's URI, or null where the request's path names it
 * @param types type IRIs; empty if not stated
 * @param scopes scopes, or null if not stated
 * @param attributes instances by attribute IRI
 * @param expiresAt when the entity shall cease to exist, or null
 * @param removed entity members deleted by NGSI-LD Null ({@code scope}, {@code expiresAt})
 */
public record EntityFragment(
        @Nullable String id,
        List<String> types,
        @Nullable List<String> scopes,
        Map<String, List<Attribute>> attributes,
        @Nullable Instant expiresAt,
        Set<String> removed) {

    /** Copies the collections. */
    public EntityFragment {
        types = List.copyOf(types);
        scopes = scopes == null ? null : List.copyOf(scopes);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        removed = Set.copyOf(removed);
    }

    /** The same with some of its attributes only. */
    public EntityFragment keeping(Set<String> iris) {
        Map<String, List<Attribute>> kept = new LinkedHashMap<>(attributes);
        kept.keySet().retainAll(iris);
        return new EntityFragment(id, types, scopes, kept, expiresAt, removed);
    }

    /** A fragment of attributes alone. */
    public static EntityFragment ofAttributes(Map<String, List<Attribute>> attributes) {
        return new EntityFragment(null, List.of(), null, attributes, null, Set.of());
    }
}
