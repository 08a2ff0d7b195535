package de.freiraum.registration;

import de.freiraum.query.EntitySelector;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A part of what a source may have (clause 5.2.10).
 *
 * @param entities which entities; empty: any
 * @param propertyNames property IRIs; together with {@code relationshipNames} empty: any attribute
 * @param relationshipNames relationship IRIs
 */
public record RegistrationInfo(List<EntityInfo> entities, Set<String> propertyNames, Set<String> relationshipNames) {

    /** Copies the collections. */
    public RegistrationInfo {
        entities = List.copyOf(entities);
        propertyNames = Set.copyOf(propertyNames);
        relationshipNames = Set.copyOf(relationshipNames);
    }

    /** Whether only entities are registered, with whatever attributes they have. */
    public boolean anyAttribute() {
        return propertyNames.isEmpty() && relationshipNames.isEmpty();
    }

    /** IRIs of all attributes named; empty if it is {@linkplain #anyAttribute() any}. */
    public Set<String> attributes() {
        Set<String> all = new TreeSet<>(propertyNames);
        all.addAll(relationshipNames);
        return all;
    }

    /** Whether it may have that attribute. */
    public boolean coversAttribute(String iri) {
        return anyAttribute() || propertyNames.contains(iri) || relationshipNames.contains(iri);
    }

    /** Whether it may have an entity with this URI and these types. */
    public boolean coversEntity(String entityId, List<String> types) {
        return entities.isEmpty() || entities.stream().anyMatch(e -> e.covers(entityId, types));
    }

    /** Whether it may have one of the attributes; none asked for means any. */
    boolean matchesAttributes(Set<String> asked) {
        return asked.isEmpty() || anyAttribute() || asked.stream().anyMatch(this::coversAttribute);
    }

    /** Whether it may have one of the entities; none asked for means any. */
    boolean matchesEntities(List<EntitySelector> asked) {
        return asked.isEmpty()
                || entities.isEmpty()
                || asked.stream().anyMatch(selector -> entities.stream().anyMatch(e -> e.matches(selector)));
    }

    /** Whether both may have the same attribute of the same entity. */
    boolean overlaps(RegistrationInfo other) {
        boolean sameEntity = entities.isEmpty()
                || other.entities.isEmpty()
                || entities.stream().anyMatch(e -> other.entities.stream().anyMatch(e::overlaps));
        return sameEntity && (anyAttribute() || other.matchesAttributes(attributes()));
    }
}
