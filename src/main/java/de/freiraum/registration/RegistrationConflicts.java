package de.freiraum.registration;

import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.TypeSelection;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must not be registered beside what is there (clauses 4.3.6.3 and 5.9.2.4). */
public final class RegistrationConflicts {
    private RegistrationConflicts() {}

    /**
     * A registration that excludes another one. Two conflict when one is exclusive, the other exclusive or redirect, and both have the same
     * attribute of the same entity; redirect registrations may overlap each other.
     *
     * @param candidate the registration that shall be added; one of the same id is passed over, for it is replaced
     * @param others those that are there
     * @return one in conflict, or null
     */
    public static @Nullable CSourceRegistration find(
            CSourceRegistration candidate, Collection<CSourceRegistration> others) {
        if (!candidate.mode().isProxied()) {
            return null;
        }
        for (CSourceRegistration other : others) {
            boolean excluding = candidate.mode() == Mode.exclusive || other.mode() == Mode.exclusive;
            if (excluding
                    && other.mode().isProxied()
                    && !other.id().equals(candidate.id())
                    && overlap(candidate, other)) {
                return other;
            }
        }
        return null;
    }

    private static boolean overlap(CSourceRegistration a, CSourceRegistration b) {
        return a.information().stream()
                .anyMatch(info -> b.information().stream().anyMatch(info::overlaps));
    }

    /**
     * Queries that must find nothing in the broker before the registration is added: entities with attributes that it says are elsewhere.
     * None for registrations beside which the broker may hold anything.
     */
    public static List<EntityQuery> mustBeEmpty(CSourceRegistration candidate) {
        return candidate.mode().isProxied()
                ? candidate.information().stream()
                        .map(info -> query(info, candidate.mode()))
                        .toList()
                : List.of();
    }

    private static EntityQuery query(RegistrationInfo info, Mode mode) {
        return EntityQuery.ALL
                .withAttributes(info.attributes())
                .withSelectors(info.entities().stream()
                        .map(entity -> selector(entity, mode))
                        .toList());
    }

    private static EntitySelector selector(EntityInfo entity, Mode mode) {
        return new EntitySelector(
                mode == Mode.exclusive ? null : types(entity.types()),
                entity.id() == null ? Set.of() : Set.of(entity.id()),
                entity.idPattern());
    }

    /** The selection of entities that have all these types. */
    public static TypeSelection types(List<String> iris) {
        List<TypeSelection> types =
                iris.stream().<TypeSelection>map(TypeSelection.Type::new).toList();
        return types.size() == 1 ? types.get(0) : new TypeSelection.And(types);
    }
}
