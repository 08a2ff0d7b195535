package de.freiraum.federation;

import de.freiraum.broker.QueryOperations.Purge;
import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.GeoQuery;
import de.freiraum.query.TypeSelection;
import de.freiraum.query.TypeSelectionPrinter;
import de.freiraum.registration.Coverage;
import de.freiraum.registration.Operation;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a source for a retrieval or a query: only what it has registered of what was asked for.
 *
 * @param source whom to ask
 * @param coverage what it may have
 * @param query what was asked for; its conditions beyond identity are passed on, so leave out those that are not to be
 * @param wanted attributes that the answer shall have; empty: all
 * @param entityMap URI of the source's entity map that it is to go by, or null
 */
record RemoteQuery(
        RegisteredSource source,
        Coverage coverage,
        EntityQuery query,
        Set<String> wanted,
        @Nullable String entityMap) {

    /** A question that goes by no map. */
    RemoteQuery(RegisteredSource source, Coverage coverage, EntityQuery query, Set<String> wanted) {
        this(source, coverage, query, wanted, null);
    }

    /** The id of the source's registration. */
    String registrationId() {
        return source.registration().id();
    }

    /** The same by a map of the source, or by none. */
    RemoteQuery byMap(@Nullable String other) {
        return new RemoteQuery(source, coverage, query, wanted, other);
    }

    /** Asks for a map of the entities (clause 5.14.4). */
    SourceRequest map(Wording wording) {
        return new SourceRequest(
                source, HttpMethod.GET, "/entityMaps", conditions(wording, coverage.attributes(wanted)), null);
    }

    /** Retrieves one entity, by the operation that the source offers for it. */
    SourceRequest retrieval(String entityId, Wording wording) {
        if (!offers(Operation.retrieveEntity)) {
            return page(wording, 0, 1);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        names("attrs", coverage.attributes(wanted), parameters, wording);
        parameters.put("options", "sysAttrs");
        return new SourceRequest(
                source, HttpMethod.GET, "/entities/" + SourceRequest.segment(entityId), parameters, null, entityMap);
    }

    /** Queries a page of entities, by the operation that the source offers for it. */
    SourceRequest page(Wording wording, int offset, int limit) {
        Map<String, String> parameters = conditions(wording, coverage.attributes(wanted));
        Map<String, String> paging = new LinkedHashMap<>();
        paging.put("limit", Integer.toString(limit));
        if (offset > 0) {
            paging.put("offset", Integer.toString(offset));
        }
        paging.put("options", "sysAttrs");
        if (offers(Operation.queryEntity)) {
            parameters.putAll(paging);
            return new SourceRequest(source, HttpMethod.GET, "/entities", parameters, null, entityMap);
        }
        return new SourceRequest(
                source, HttpMethod.POST, "/entityOperations/query", paging, document(parameters), entityMap);
    }

    /** Deletes what the query finds, or attributes of it (clause 5.6.21). */
    SourceRequest purge(Purge purge, Wording wording) {
        Map<String, String> parameters = conditions(wording, query.attributes());
        names("drop", purge.drop(), parameters, wording);
        names("keep", purge.keep(), parameters, wording);
        return new SourceRequest(source, HttpMethod.DELETE, "/entities", parameters, null);
    }

    /** Whether both ask for the same entities. */
    boolean sameEntities(RemoteQuery other) {
        return Objects.equals(coverage.entity(), other.coverage.entity())
                && Objects.equals(coverage.asked(), other.coverage.asked());
    }

    private boolean offers(Operation operation) {
        return source.registration().operations().contains(operation);
    }

    /** The conditions as URL parameters, with the attributes given as {@code attrs}. */
    Map<String, String> conditions(Wording wording, Set<String> attributes) {
        UnaryOperator<String> compact = wording.context()::compact;
        Map<String, String> parameters = new LinkedHashMap<>();
        String type = type(coverage, compact);
        if (type != null) {
            parameters.put("type", type);
        }
        Set<String> ids = coverage.ids();
        if (!ids.isEmpty()) {
            parameters.put("id", String.join(",", ids));
        } else {
            String pattern = idPattern(coverage);
            if (pattern != null) {
                parameters.put("idPattern", pattern);
            }
        }
        names("attrs", attributes, parameters, wording);
        if (query.q() != null) {
            parameters.put("q", query.q().print(compact));
        }
        if (query.scopeQ() != null) {
            parameters.put("scopeQ", query.scopeQ().print());
        }
        if (query.geo() != null) {
            geo(query.geo(), parameters, compact);
        }
        return parameters;
    }

    /** The types to ask for, or null: any. */
    static @Nullable String type(Coverage coverage, UnaryOperator<String> compact) {
        if (coverage.entity() != null) {
            List<String> names = coverage.entity().types().stream().map(compact).toList();
            return names.size() == 1 ? names.get(0) : "(" + String.join(";", names) + ")";
        }
        EntitySelector asked = coverage.asked();
        TypeSelection types = asked == null ? null : asked.types();
        return types == null ? null : TypeSelectionPrinter.print(types, compact);
    }

    /** The pattern of URIs to ask for, or null: none. */
    static @Nullable String idPattern(Coverage coverage) {
        EntitySelector asked = coverage.asked();
        if (asked != null && asked.idPattern() != null) {
            return asked.idPattern().source();
        }
        return coverage.entity() == null || coverage.entity().idPattern() == null
                ? null
                : coverage.entity().idPattern().source();
    }

    static void names(String name, Set<String> iris, Map<String, String> parameters, Wording wording) {
        if (!iris.isEmpty()) {
            parameters.put(
                    name,
                    String.join(
                            ",", iris.stream().map(wording.context()::compact).toList()));
        }
    }

    private static void geo(GeoQuery geo, Map<String, String> parameters, UnaryOperator<String> compact) {
        String georel =
                switch (geo.relation()) {
                    case NEAR_MAX -> "near;maxDistance==" + number(geo.distance());
                    case NEAR_MIN -> "near;minDistance==" + number(geo.distance());
                    default -> geo.relation().term();
                };
        Value.Obj reference = geo.reference().geoJson();
        parameters.put("georel", georel);
        if (reference.get("type") instanceof Value.Text type) {
            parameters.put("geometry", type.text());
        }
        Value coordinates = reference.get("coordinates");
        if (coordinates != null) {
            parameters.put("coordinates", JsonWriter.text(coordinates));
        }
        parameters.put("geoproperty", geo.property().print(compact));
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** The conditions as a Query document (clause 5.2.23). */
    private static Value.Obj document(Map<String, String> conditions) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("type", Value.of("Query"));
        Map<String, Value> selector = new LinkedHashMap<>();
        Map<String, Value> geo = new LinkedHashMap<>();
        conditions.forEach((name, text) -> {
            switch (name) {
                case "type", "idPattern" -> selector.put(name, Value.of(text));
                case "id" -> selector.put(name, ids(text));
                case "attrs" -> members.put(name, Value.ofTexts(List.of(text.split(","))));
                case "georel", "geometry", "geoproperty", "coordinates" -> geo.put(name, Value.of(text));
                default -> members.put(name, Value.of(text));
            }
        });
        if (!selector.isEmpty()) {
            members.put("entities", new Value.Array(List.of(new Value.Obj(selector))));
        }
        if (!geo.isEmpty()) {
            members.put("geoQ", new Value.Obj(geo));
        }
        return new Value.Obj(members);
    }

    private static Value ids(String text) {
        List<Value> ids = new ArrayList<>();
        for (String id : text.split(",")) {
            ids.add(Value.of(id));
        }
        return ids.size() == 1 ? ids.get(0) : new Value.Array(ids);
    }
}
