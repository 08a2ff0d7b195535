package de.freiraum.federation;

import de.freiraum.json.Times;
import de.freiraum.query.TemporalQuery;
import de.freiraum.query.TimeProperty;
import de.freiraum.registration.Operation;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a source for temporal evolutions.
 *
 * @param query which entities and attributes
 * @param time of which time
 * @param datasets datasets whose instances are wanted; empty: all
 */
record RemoteEvolutions(RemoteQuery query, TemporalQuery time, Set<String> datasets) {

    /** The same of another time. */
    RemoteEvolutions at(TemporalQuery other) {
        return new RemoteEvolutions(query, other, datasets);
    }

    /** Retrieves the evolution of one entity, by the operation that the source offers for it; null if it offers none that could. */
    @Nullable
    SourceRequest retrieval(String entityId, Wording wording) {
        if (!offers(Operation.retrieveTemporal)) {
            return time.relation() == null ? null : page(wording, 0, 1, Set.of(entityId));
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        RemoteQuery.names("attrs", query.coverage().attributes(query.wanted()), parameters, wording);
        addTime(parameters);
        return new SourceRequest(
                query.source(),
                HttpMethod.GET,
                "/temporal/entities/" + SourceRequest.segment(entityId),
                parameters,
                null);
    }

    /**
     * Queries a page.
     *
     * @param ids the entities of the page, where they are known; empty: those that the query finds
     */
    SourceRequest page(Wording wording, int offset, int limit, Set<String> ids) {
        Map<String, String> parameters =
                query.conditions(wording, query.coverage().attributes(query.wanted()));
        if (!ids.isEmpty()) {
            parameters.remove("idPattern");
            parameters.put("id", String.join(",", new TreeSet<>(ids)));
        }
        addTime(parameters);
        parameters.put("limit", Integer.toString(limit));
        if (offset > 0) {
            parameters.put("offset", Integer.toString(offset));
        }
        return new SourceRequest(query.source(), HttpMethod.GET, "/temporal/entities", parameters, null);
    }

    boolean offers(Operation operation) {
        return query.source().registration().operations().contains(operation);
    }

    private void addTime(Map<String, String> parameters) {
        if (time.relation() != null && time.timeAt() != null) {
            parameters.put("timerel", time.relation().name());
            parameters.put("timeAt", Times.format(time.timeAt()));
            if (time.endTimeAt() != null) {
                parameters.put("endTimeAt", Times.format(time.endTimeAt()));
            }
        }
        if (time.timeProperty() != TimeProperty.observedAt) {
            parameters.put("timeproperty", time.timeProperty().name());
        }
        if (time.lastN() > 0) {
            parameters.put("lastN", Integer.toString(time.lastN()));
        } else if (time.firstN() > 0) {
            parameters.put("firstN", Integer.toString(time.firstN()));
        }
        if (!datasets.isEmpty()) {
            parameters.put("datasetId", String.join(",", new TreeSet<>(datasets)));
        }
        parameters.put("options", "sysAttrs");
    }
}
