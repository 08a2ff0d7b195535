package de.freiraum.registration;

import de.freiraum.model.Entity;
import de.freiraum.model.Geometry;
import de.freiraum.model.Subscription.KeyValuePair;
import de.freiraum.model.Value;
import de.freiraum.query.TemporalQuery;
import de.freiraum.query.TimeProperty;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The registration of a context source (clause 5.2.9), valid as a whole, with expanded names.
 *
 * @param id its URI
 * @param endpoint where the source's NGSI-LD API is
 * @param information what the source may have; never empty
 * @param mode how to work together with it
 * @param operations what it offers
 * @param spaces geometries by the IRI of the GeoProperty that they bound: location, observationSpace, operationSpace
 * @param observationInterval of which {@code observedAt} it has history, or null
 * @param managementInterval of which {@code createdAt}, {@code modifiedAt} and {@code deletedAt} it has history, or null
 * @param expiresAt when it ends, or null: never
 * @param tenant tenant to name to the source, or null: its default tenant
 * @param contextSourceAlias the source's pseudonym in Via headers, or null
 * @param contextSourceInfo what else to tell the source
 * @param management how to treat the source
 * @param datasetIds datasets it has, {@code @none} for the default instances; empty: any
 * @param scopes scopes it has entities of; empty: any
 * @param properties all members as attributes of an entity, for the context source filter (clause 4.9)
 * @param document the registration as it was given, without what only the broker writes, with expanded names
 */
public record CSourceRegistration(
        String id,
        String endpoint,
        List<RegistrationInfo> information,
        Mode mode,
        Set<Operation> operations,
        Map<String, Geometry> spaces,
        @Nullable TimeInterval observationInterval,
        @Nullable TimeInterval managementInterval,
        @Nullable Instant expiresAt,
        @Nullable String tenant,
        @Nullable String contextSourceAlias,
        List<KeyValuePair> contextSourceInfo,
        Management management,
        Set<String> datasetIds,
        List<String> scopes,
        Entity properties,
        Value.Obj document) {

    /** Copies the collections. */
    public CSourceRegistration {
        information = List.copyOf(information);
        operations = Set.copyOf(operations);
        spaces = Map.copyOf(new LinkedHashMap<>(spaces));
        contextSourceInfo = List.copyOf(contextSourceInfo);
        datasetIds = Set.copyOf(datasetIds);
        scopes = List.copyOf(scopes);
    }

    /** Whether it has ended. */
    public boolean isExpired(Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    /** Whether the source has history instead of the latest information (clause 5.9.1). */
    public boolean isTemporal() {
        return observationInterval != null || managementInterval != null;
    }

    /** Whether it may have what a temporal query asks for; without a query, whether it has the latest information (clause 5.10.2.4). */
    public boolean matchesTime(@Nullable TemporalQuery query) {
        if (query == null) {
            return !isTemporal();
        }
        TimeInterval interval =
                query.timeProperty() == TimeProperty.observedAt ? observationInterval : managementInterval;
        return interval != null && interval.matches(query);
    }

    @Override
    public String toString() {
        // The endpoint and contextSourceInfo may hold credentials, which must not reach a log.
        return "CSourceRegistration[" + id + "]";
    }
}
