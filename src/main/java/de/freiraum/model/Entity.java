package de.freiraum.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One version of an entity (clause 5.2.4), complete and immutable. Safe for use by any thread. */
public final class Entity {
    private final String id;
    private final List<String> types;
    private final List<String> scopes;
    private final Map<String, List<Attribute>> attributes;
    private final @Nullable Instant createdAt;
    private final @Nullable Instant modifiedAt;
    private final @Nullable Instant expiresAt;
    private volatile @Nullable Object memo;

    /**
     * An entity version.
     *
     * @param id URI
     * @param types type IRIs, at least one in a stored entity
     * @param scopes scopes such as {@code /Schwerte/Am_Markt} (clause 4.18); may be empty
     * @param attributes instances by attribute IRI, in document order; each list holds at most one instance per dataset
     * @param createdAt when it came into the broker; null before it did
     * @param modifiedAt when it was last written; null before it was
     * @param expiresAt when it ceases to exist (clause 4.22), or null
     */
    public Entity(
            String id,
            List<String> types,
            List<String> scopes,
            Map<String, List<Attribute>> attributes,
            @Nullable Instant createdAt,
            @Nullable Instant modifiedAt,
            @Nullable Instant expiresAt) {
        this.id = id;
        this.types = List.copyOf(types);
        this.scopes = List.copyOf(scopes);
        this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        this.createdAt = createdAt;
        this.modifiedAt = modifiedAt;
        this.expiresAt = expiresAt;
    }

    /** The URI. */
    public String id() {
        return id;
    }

    /** Type IRIs. */
    public List<String> types() {
        return types;
    }

    /** Scopes, without duplicates. */
    public List<String> scopes() {
        return scopes;
    }

    /** Attribute instances by IRI. */
    public Map<String, List<Attribute>> attributes() {
        return attributes;
    }

    /** The instances of one attribute; empty if it has none. */
    public List<Attribute> attribute(String iri) {
        return attributes.getOrDefault(iri, List.of());
    }

    /** The default instance of one attribute, the one without a dataset, or null. */
    public @Nullable Attribute defaultInstance(String iri) {
        return instance(iri, null);
    }

    /** The instance of one attribute in one dataset, or null. */
    public @Nullable Attribute instance(String iri, @Nullable String datasetId) {
        for (Attribute a : attribute(iri)) {
            if (Objects.equals(a.meta().datasetId(), datasetId)) {
                return a;
            }
        }
        return null;
    }

    /** When the entity came into the broker. */
    public @Nullable Instant createdAt() {
        return createdAt;
    }

    /** When the entity was last written. */
    public @Nullable Instant modifiedAt() {
        return modifiedAt;
    }

    /** When the entity ceases to exist, or null. */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /** The same with other attributes. */
    public Entity withAttributes(Map<String, List<Attribute>> others) {
        return new Entity(id, types, scopes, others, createdAt, modifiedAt, expiresAt);
    }

    /** The same with other system times. */
    public Entity withTimes(@Nullable Instant created, @Nullable Instant modified) {
        return new Entity(id, types, scopes, attributes, created, modified, expiresAt);
    }

    /** A slot in which the renderer remembers what it made of this version; no part of the value. */
    public @Nullable Object memo() {
        return memo;
    }

    /** Fills the slot; a racing write may win, so only recomputable things belong there. */
    public void memo(@Nullable Object remembered) {
        this.memo = remembered;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Entity e
                && e.id.equals(id)
                && e.types.equals(types)
                && e.scopes.equals(scopes)
                && e.attributes.equals(attributes)
                && Objects.equals(e.createdAt, createdAt)
                && Objects.equals(e.modifiedAt, modifiedAt)
                && Objects.equals(e.expiresAt, expiresAt);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, types, attributes, modifiedAt);
    }

    @Override
    public String toString() {
        return "Entity[" + id + " " + types + " " + attributes + "]";
    }
}
