package de.freiraum.http;

import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.Projection;
import de.freiraum.query.TemporalQuery;
import de.freiraum.registration.EntitySpecification;
import de.freiraum.registration.RegistrationQuery;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads which registrations are asked for, from URL parameters (clause 6.8.3.2). */
final class RegistrationQueryReader {
    /** The parameters. */
    static final Set<String> PARAMETERS = parameters();

    private RegistrationQueryReader() {}

    private static Set<String> parameters() {
        Set<String> names = new TreeSet<>(EntityQueryReader.SELECTING);
        names.removeAll(Set.of("local", "splitEntities"));
        names.addAll(Set.of(
                "pick",
                "omit",
                "datasetId",
                "geometryProperty",
                "lang",
                "timerel",
                "timeAt",
                "endTimeAt",
                "timeproperty"));
        return names;
    }

    /**
     * Reads which registrations are asked for.
     *
     * @throws NgsiLdException BadRequestData, also for a query that selects nothing in particular (clause 5.10.2.4)
     */
    static RegistrationQuery read(Parameters parameters, Context context) {
        // Operations of the registry are always local (clause 6.3.18); what is too wide here is told below.
        EntityQuery query = EntityQueryReader.read(parameters.and(Map.of("local", "true")), List.of(), context::expand);
        Set<String> attributes = attributes(parameters, query, context);
        if (query.types() == null && query.geo() == null && attributes.isEmpty()) {
            throw NgsiLdException.badRequest(
                    "the query is too wide: at least one of type, attrs, pick or q (with an attribute) and georel is needed");
        }
        boolean anyEntity = query.types() == null && query.ids().isEmpty() && query.idPattern() == null;
        TemporalQuery temporal = TemporalQuery.parse(
                parameters.text("timerel"),
                parameters.text("timeAt"),
                parameters.text("endTimeAt"),
                parameters.text("timeproperty"),
                null,
                null);
        return new RegistrationQuery(
                new EntitySpecification(
                        anyEntity
                                ? List.of()
                                : List.of(new EntitySelector(query.types(), query.ids(), query.idPattern())),
                        attributes,
                        query.datasetIds()),
                query.geo(),
                temporal.relation() == null ? null : temporal,
                query.csf(),
                query.scopeQ());
    }

    /** All attributes that the request names, wherever it does (clause 5.10.2.4). */
    private static Set<String> attributes(Parameters parameters, EntityQuery query, Context context) {
        Set<String> attributes = new LinkedHashSet<>(query.attributes());
        attributes.addAll(Projection.parse(parameters.text("pick"), parameters.text("omit"), context::expand)
                .pickedAttributes());
        if (query.q() != null) {
            attributes.addAll(query.q().attributes());
        }
        String geoProperty = query.geo() == null || !parameters.has("geoproperty")
                ? null
                : query.geo().property().attribute();
        if (geoProperty != null) {
            attributes.add(geoProperty);
        }
        return attributes;
    }
}
