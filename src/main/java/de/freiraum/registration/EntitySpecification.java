package de.freiraum.registration;

import de.freiraum.query.EntitySelector;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The entities and attributes of a request, as they are matched with registrations (clause 5.12).
 *
 * @param selectors which entities, one of which must match; empty: any
 * @param attributes attribute IRIs, one of which must match; empty: any
 * @param datasetIds datasets asked for; empty: any
 */
public record EntitySpecification(List<EntitySelector> selectors, Set<String> attributes, Set<String> datasetIds) {

    /** Anything. */
    public static final EntitySpecification ANY = new EntitySpecification(List.of(), Set.of(), Set.of());

    /** Copies the collections. */
    public EntitySpecification {
        selectors = List.copyOf(selectors);
        attributes = Set.copyOf(attributes);
        datasetIds = Set.copyOf(datasetIds);
    }

    /** Whether the registration's source may have something of it. */
    public boolean matches(CSourceRegistration registration) {
        return matchesDatasets(registration)
                && registration.information().stream().anyMatch(this::matches);
    }

    /** Whether a part of a registration may have something of it. */
    public boolean matches(RegistrationInfo info) {
        return info.matchesEntities(selectors) && info.matchesAttributes(attributes);
    }

    /** Those parts of a registration that may have something of it. */
    public List<RegistrationInfo> matching(CSourceRegistration registration) {
        return matchesDatasets(registration)
                ? registration.information().stream().filter(this::matches).toList()
                : List.of();
    }

    private boolean matchesDatasets(CSourceRegistration registration) {
        return datasetIds.isEmpty()
                || registration.datasetIds().isEmpty()
                || !Collections.disjoint(datasetIds, registration.datasetIds());
    }
}
