package de.freiraum.query;

import de.freiraum.model.Entity;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which entities are asked for (clause 5.7.2), parsed and with expanded names. Every condition that is there must hold. Made from
 * {@link #ALL} with the {@code with…} methods, not with the constructor, which grows with the language.
 *
 * @param types type selection (clause 4.17), or null: any
 * @param ids URIs, one of which the entity's must be; empty: any
 * @param idPattern regular expression that must be found in the URI, or null; of no effect when {@code ids} are given
 * @param attributes attribute IRIs of which the entity must have one; empty: any
 * @param selectors selectors, one of which must match beside the above; empty: any
 */
public record EntityQuery(
        @Nullable TypeSelection types,
        Set<String> ids,
        @Nullable TextPattern idPattern,
        Set<String> attributes,
        List<EntitySelector> selectors) {

    /** Everything. */
    public static final EntityQuery ALL = new EntityQuery(null, Set.of(), null, Set.of(), List.of());

    /** Copies the collections. */
    public EntityQuery {
        ids = Set.copyOf(ids);
        attributes = Set.copyOf(attributes);
        selectors = List.copyOf(selectors);
    }

    /** Whether the entity is one of those asked for. */
    public boolean matches(Entity entity) {
        return (types == null || types.matches(entity.types()))
                && (ids.isEmpty() ? idPattern == null || idPattern.foundIn(entity.id()) : ids.contains(entity.id()))
                && (attributes.isEmpty() || any(attributes, entity.attributes()::containsKey))
                && (selectors.isEmpty() || any(selectors, s -> s.matches(entity)));
    }

    private static <T> boolean any(Iterable<T> items, Predicate<T> condition) {
        for (T item : items) {
            if (condition.test(item)) {
                return true;
            }
        }
        return false;
    }

    /** Entities of one type. */
    public static EntityQuery ofType(String typeIri) {
        return ALL.withTypes(new TypeSelection.Type(typeIri));
    }

    /** The same with another type selection. */
    public EntityQuery withTypes(@Nullable TypeSelection other) {
        return new EntityQuery(other, ids, idPattern, attributes, selectors);
    }

    /** The same with other URIs. */
    public EntityQuery withIds(Set<String> other) {
        return new EntityQuery(types, other, idPattern, attributes, selectors);
    }

    /** The same with another pattern of URIs. */
    public EntityQuery withIdPattern(@Nullable TextPattern other) {
        return new EntityQuery(types, ids, other, attributes, selectors);
    }

    /** The same with other attributes. */
    public EntityQuery withAttributes(Set<String> other) {
        return new EntityQuery(types, ids, idPattern, other, selectors);
    }

    /** The same with other selectors. */
    public EntityQuery withSelectors(List<EntitySelector> other) {
        return new EntityQuery(types, ids, idPattern, attributes, other);
    }
}
