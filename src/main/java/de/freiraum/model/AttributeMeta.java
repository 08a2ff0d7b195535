package de.freiraum.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all kinds of attributes have beside their value.
 *
 * @param datasetId the instance's dataset (clause 4.5.5), or null for the default instance
 * @param observedAt when the value held in the real world (clause 4.8)
 * @param unitCode UN/CEFACT code of the value's unit (Property, ListProperty), or null
 * @param valueType IRI of the value's datatype (Property, ListProperty), or null
 * @param objectTypes IRIs of the linked entity's types (Relationship, ListRelationship); empty if not stated
 * @param expiresAt when the attribute ceases to exist (clause 4.22), or null
 * @param createdAt when the instance came into the broker, or null before it did
 * @param modifiedAt when the instance was last written, or null before it was
 * @param deletedAt when the instance was deleted; only in history and notifications
 * @param instanceId URI of the instance in the temporal representation, or null
 * @param attributes sub-attributes by IRI; instances per dataset
 * @param removed members that a patch deletes by NGSI-LD Null ({@code observedAt}, {@code unitCode}, … or a sub-attribute's IRI); empty in
 *     stored attributes
 */
public record AttributeMeta(
        @Nullable String datasetId,
        @Nullable Instant observedAt,
        @Nullable String unitCode,
        @Nullable String valueType,
        List<String> objectTypes,
        @Nullable Instant expiresAt,
        @Nullable Instant createdAt,
        @Nullable Instant modifiedAt,
        @Nullable Instant deletedAt,
        @Nullable String instanceId,
        Map<String, List<Attribute>> attributes,
        Set<String> removed) {

    /** Nothing but the value. */
    public static final AttributeMeta NONE =
            new AttributeMeta(null, null, null, null, List.of(), null, null, null, null, null, Map.of(), Set.of());

    /** Copies the collections, keeping the order of the sub-attributes. */
    public AttributeMeta {
        objectTypes = List.copyOf(objectTypes);
        attributes = attributes.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        removed = Set.copyOf(removed);
    }

    /** The same, observed at another time. */
    public AttributeMeta withObservedAt(@Nullable Instant time) {
        return new AttributeMeta(
                datasetId,
                time,
                unitCode,
                valueType,
                objectTypes,
                expiresAt,
                createdAt,
                modifiedAt,
                deletedAt,
                instanceId,
                attributes,
                removed);
    }

    /** The same with another dataset. */
    public AttributeMeta withDatasetId(@Nullable String dataset) {
        return new AttributeMeta(
                dataset,
                observedAt,
                unitCode,
                valueType,
                objectTypes,
                expiresAt,
                createdAt,
                modifiedAt,
                deletedAt,
                instanceId,
                attributes,
                removed);
    }

    /** The same with a unit. */
    public AttributeMeta withUnitCode(@Nullable String unit) {
        return new AttributeMeta(
                datasetId,
                observedAt,
                unit,
                valueType,
                objectTypes,
                expiresAt,
                createdAt,
                modifiedAt,
                deletedAt,
                instanceId,
                attributes,
                removed);
    }

    /** The same with the system times. */
    public AttributeMeta withTimes(@Nullable Instant created, @Nullable Instant modified, @Nullable Instant deleted) {
        return new AttributeMeta(
                datasetId,
                observedAt,
                unitCode,
                valueType,
                objectTypes,
                expiresAt,
                created,
                modified,
                deleted,
                instanceId,
                attributes,
                removed);
    }

    /** The same, ceasing to exist at another time. */
    public AttributeMeta withExpiresAt(@Nullable Instant time) {
        return new AttributeMeta(
                datasetId,
                observedAt,
                unitCode,
                valueType,
                objectTypes,
                time,
                createdAt,
                modifiedAt,
                deletedAt,
                instanceId,
                attributes,
                removed);
    }

    /** The same with an instance id. */
    public AttributeMeta withInstanceId(@Nullable String id) {
        return new AttributeMeta(
                datasetId,
                observedAt,
                unitCode,
                valueType,
                objectTypes,
                expiresAt,
                createdAt,
                modifiedAt,
                deletedAt,
                id,
                attributes,
                removed);
    }

    /** The same with other sub-attributes. */
    public AttributeMeta withAttributes(Map<String, List<Attribute>> subAttributes) {
        return new AttributeMeta(
                datasetId,
                observedAt,
                unitCode,
                valueType,
                objectTypes,
                expiresAt,
                createdAt,
                modifiedAt,
                deletedAt,
                instanceId,
                subAttributes,
                removed);
    }
}
