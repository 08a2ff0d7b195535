package de.freiraum.http;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.GeoQueryParser;
import de.freiraum.query.OrderBy;
import de.freiraum.query.QParser;
import de.freiraum.query.ScopeQueryParser;
import de.freiraum.query.TextPattern;
import de.freiraum.query.TypeSelection;
import de.freiraum.query.TypeSelectionParser;
import de.freiraum.representation.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads which entities are asked for, from URL parameters (clause 6.4.3.2) and from Query documents (clause 5.2.23). */
final class EntityQueryReader {
    /** Parameters that say which entities. */
    static final Set<String> SELECTING = Set.of(
            "type",
            "id",
            "idPattern",
            "attrs",
            "q",
            "expandValues",
            "jsonKeys",
            "georel",
            "geometry",
            "coordinates",
            "geoproperty",
            "scopeQ",
            "csf",
            "local",
            "splitEntities");

    /** Parameters that say in which order. */
    static final Set<String> ORDERING = Set.of("orderBy", "collation", "orderFrom", "orderGeometry");

    private static final String SCOPE = NgsiLd.NAMESPACE + "scope";

    private static final Set<String> COPIED = Set.of(
            "q", "scopeQ", "csf", "lang", "join", "expandValues", "jsonKeys", "geometryProperty", "entityMapLifetime");
    private static final List<String> GEO_QUERY = List.of("georel", "geometry", "coordinates", "geoproperty");
    private static final List<String> ORDERING_PARAMS = List.of("orderBy", "collation", "coordinates", "geometry");
    private static final Set<String> LISTS = Set.of("attrs", "pick", "omit", "datasetId", "containedBy");

    private EntityQueryReader() {}

    /**
     * A Query document.
     *
     * @param parameters its members as if they had been URL parameters, together with those of the URL
     * @param selectors its {@code entities}; empty: any
     */
    record Query(Parameters parameters, List<EntitySelector> selectors) {}

    /**
     * Reads which entities are asked for.
     *
     * @param selectors selectors beside the parameters; may be empty
     * @param expand gives the IRI of a name
     * @throws NgsiLdException BadRequestData, also for a query that selects nothing in particular (clause 5.7.2.4)
     */
    static EntityQuery read(Parameters parameters, List<EntitySelector> selectors, UnaryOperator<String> expand) {
        String type = parameters.text("type");
        String q = parameters.text("q");
        String csf = parameters.text("csf");
        String scopeQ = parameters.text("scopeQ");
        parameters.splitEntities();
        List<String> expandValues = names(parameters, "expandValues");
        List<String> jsonKeys = names(parameters, "jsonKeys");
        EntityQuery query = EntityQuery.ALL
                .withTypes(type == null ? null : TypeSelectionParser.parse(type, expand))
                .withIds(uris(parameters, "id"))
                .withIdPattern(pattern(parameters.text("idPattern")))
                .withAttributes(attributes(parameters.list("attrs"), "attrs", expand))
                .withSelectors(selectors)
                .withQ(q == null ? null : QParser.parse("q", q, expand, expandValues, jsonKeys))
                .withCsf(csf == null ? null : QParser.parse("csf", csf, expand, List.of()))
                .withScopeQ(scopeQ == null ? null : ScopeQueryParser.parse(scopeQ))
                .withGeo(GeoQueryParser.parse(
                        parameters.text("georel"),
                        parameters.text("geometry"),
                        parameters.text("coordinates"),
                        parameters.text("geoproperty"),
                        EntityQueryReader::json,
                        expand))
                .withDatasetIds(datasets(parameters.list("datasetId")));
        boolean local = isLocal(parameters, query);
        requireSelection(query, local);
        return query.withOrderBy(order(parameters, expand));
    }

    /**
     * Whether entities may be split between brokers, so that conditions on their attributes cannot be decided by what one broker has (clause
     * 6.4.3.2).
     */
    static boolean mayBeSplit(Parameters parameters, EntityQuery query) {
        return parameters.splitEntities() && !isLocal(parameters, query);
    }

    /** A condition on everything implies that no other broker is asked (clause 5.5.13). */
    static boolean isLocal(Parameters parameters, EntityQuery query) {
        boolean stated = parameters.has("local");
        boolean local = parameters.flag("local");
        boolean everything = query.types() instanceof TypeSelection.Any
                || query.selectors().stream().anyMatch(s -> s.types() instanceof TypeSelection.Any);
        if (everything && stated && !local) {
            throw NgsiLdException.badRequest("local: false is not allowed together with the type *");
        }
        return local || everything;
    }

    private static void requireSelection(EntityQuery query, boolean local) {
        boolean selective = query.types() != null
                || query.selectors().stream().anyMatch(s -> s.types() != null)
                || !query.attributes().isEmpty()
                || (query.q() != null && !query.q().attributes().isEmpty())
                || query.geo() != null;
        if (!selective && !local) {
            throw NgsiLdException.badRequest(
                    "the query is too wide: at least one of type, attrs, q (with an attribute), georel or local=true is needed");
        }
    }

    /** As long as no other broker is asked, every operation is limited to local scope, which an order needs (clause 5.7.2.4). */
    private static @Nullable OrderBy order(Parameters parameters, UnaryOperator<String> expand) {
        String orderBy = parameters.text("orderBy");
        Geometry from =
                OrderBy.from(parameters.text("orderFrom"), parameters.text("orderGeometry"), EntityQueryReader::json);
        String collation = parameters.text("collation");
        if (orderBy == null) {
            if (from != null || collation != null) {
                throw NgsiLdException.badRequest("orderBy is missing: orderFrom and collation need it");
            }
            return null;
        }
        return OrderBy.parse(orderBy, collation, from, expand);
    }

    private static List<String> names(Parameters parameters, String parameter) {
        List<String> names = parameters.list(parameter);
        names.forEach(name -> Names.name(name, "attribute name in " + parameter));
        return names;
    }

    private static @Nullable TextPattern pattern(@Nullable String text) {
        return text == null ? null : TextPattern.of("idPattern", text);
    }

    private static Set<String> uris(Parameters parameters, String name) {
        Set<String> uris = new LinkedHashSet<>();
        parameters.list(name).forEach(uri -> uris.add(Names.uri(uri, name)));
        return uris;
    }

    /** Expanded attribute names. */
    static Set<String> attributes(List<String> names, String parameter, UnaryOperator<String> expand) {
        Set<String> iris = attributesAndScope(names, parameter, expand);
        if (iris.contains(SCOPE)) {
            throw NgsiLdException.badRequest(parameter + ": scope is a member of the entity, no attribute");
        }
        return iris;
    }

    /** The same where {@code scope} counts as an attribute, since it can be deleted like one (clause 5.6.5). */
    static Set<String> attributesAndScope(List<String> names, String parameter, UnaryOperator<String> expand) {
        Set<String> iris = new LinkedHashSet<>();
        for (String name : names) {
            String iri = expand.apply(Names.name(name, "attribute name in " + parameter));
            if (iri.startsWith("@")) {
                throw NgsiLdException.badRequest(parameter + ": " + name + " is a member of the entity, no attribute");
            }
            iris.add(iri);
        }
        return iris;
    }

    /** Datasets, of which {@code @none} stands for the default instance. */
    static Set<String> datasets(List<String> names) {
        Set<String> datasets = new LinkedHashSet<>();
        for (String name : names) {
            datasets.add(name.equals(EntityQuery.DEFAULT_INSTANCE) ? name : Names.uri(name, "datasetId"));
        }
        return datasets;
    }

    private static Value json(String text) {
        return JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a Query document.
     *
     * @throws NgsiLdException BadRequestData naming the member
     */
    static Query document(Value.Obj body, Parameters url, Context context) {
        Map<String, String> texts = new LinkedHashMap<>();
        List<EntitySelector> selectors = List.of();
        for (Map.Entry<String, Value> member : body.members().entrySet()) {
            String name = member.getKey();
            Value value = member.getValue();
            switch (name) {
                case "type" -> requireQuery(value);
                case "entities" -> selectors = selectors(value, context);
                case "geoQ" -> geoQuery(object(name, value), texts);
                case "ordering" -> ordering(object(name, value), texts);
                case "joinLevel" -> {
                    if (!(value instanceof Value.Num)) {
                        throw wrong(name, "a whole number");
                    }
                    texts.put(name, JsonWriter.text(value));
                }
                case "splitEntities", "entityMap" -> {
                    if (!(value instanceof Value.Bool flag)) {
                        throw wrong(name, "true or false");
                    }
                    texts.put(name, Boolean.toString(flag.truth()));
                }
                default -> {
                    if (LISTS.contains(name)) {
                        texts.put(name, String.join(",", texts(name, value)));
                    } else if (COPIED.contains(name)) {
                        texts.put(name, text(name, value));
                    } else {
                        throw NgsiLdException.badRequest(
                                "\"" + Parameters.clip(name) + "\" is no member of a query of entities");
                    }
                }
            }
        }
        if (body.get("type") == null) {
            throw wrong("type", "Query");
        }
        return new Query(url.and(texts), selectors);
    }

    private static void requireQuery(Value value) {
        if (!(value instanceof Value.Text text && text.text().equals("Query"))) {
            throw wrong("type", "Query");
        }
    }

    private static List<EntitySelector> selectors(Value value, Context context) {
        if (!(value instanceof Value.Array array) || array.items().isEmpty()) {
            throw wrong("entities", "a non-empty array of objects with type, id or idPattern");
        }
        List<EntitySelector> selectors = new ArrayList<>();
        for (Value item : array.items()) {
            selectors.add(selector(object("entities", item), context));
        }
        return selectors;
    }

    private static EntitySelector selector(Value.Obj object, Context context) {
        TypeSelection types = null;
        TextPattern idPattern = null;
        Set<String> ids = new LinkedHashSet<>();
        for (Map.Entry<String, Value> member : object.members().entrySet()) {
            switch (member.getKey()) {
                case "type" -> types = TypeSelectionParser.parse(text("type", member.getValue()), context::expand);
                case "idPattern" -> idPattern = pattern(text("idPattern", member.getValue()));
                case "id" -> texts("id", member.getValue()).forEach(id -> ids.add(Names.uri(id, "entities.id")));
                default ->
                    throw NgsiLdException.badRequest("entities: allowed members are type, id and idPattern, not \""
                            + Parameters.clip(member.getKey()) + "\"");
            }
        }
        if (types == null && ids.isEmpty() && idPattern == null) {
            throw wrong("entities", "at least one of type, id and idPattern in each object");
        }
        return new EntitySelector(types, ids, idPattern);
    }

    private static void geoQuery(Value.Obj geo, Map<String, String> texts) {
        requireMembers("geoQ", geo, GEO_QUERY);
        for (String name : List.of("georel", "geometry")) {
            Value value = geo.get(name);
            if (value == null) {
                throw wrong("geoQ", "georel, geometry and coordinates");
            }
            texts.put(name, text(name, value));
        }
        Value coordinates = geo.get("coordinates");
        if (coordinates == null) {
            throw wrong("geoQ", "georel, geometry and coordinates");
        }
        texts.put("coordinates", coordinates instanceof Value.Text t ? t.text() : JsonWriter.text(coordinates));
        Value property = geo.get("geoproperty");
        if (property != null) {
            texts.put("geoproperty", text("geoproperty", property));
        }
    }

    private static void ordering(Value.Obj ordering, Map<String, String> texts) {
        requireMembers("ordering", ordering, ORDERING_PARAMS);
        Value orderBy = ordering.get("orderBy");
        if (orderBy == null) {
            throw wrong("ordering", "orderBy");
        }
        texts.put("orderBy", String.join(",", texts("orderBy", orderBy)));
        Value collation = ordering.get("collation");
        if (collation != null) {
            texts.put("collation", text("collation", collation));
        }
        Value coordinates = ordering.get("coordinates");
        if (coordinates != null) {
            texts.put("orderFrom", JsonWriter.text(coordinates));
        }
        Value geometry = ordering.get("geometry");
        if (geometry != null) {
            texts.put("orderGeometry", text("geometry", geometry));
        }
    }

    private static void requireMembers(String name, Value.Obj object, List<String> allowed) {
        for (String member : object.members().keySet()) {
            if (!allowed.contains(member)) {
                throw NgsiLdException.badRequest(name + ": allowed members are " + String.join(", ", allowed)
                        + ", not \"" + Parameters.clip(member) + "\"");
            }
        }
    }

    private static Value.Obj object(String name, Value value) {
        if (value instanceof Value.Obj object) {
            return object;
        }
        throw wrong(name, "an object");
    }

    private static String text(String name, Value value) {
        if (value instanceof Value.Text text && !text.text().isEmpty()) {
            return text.text();
        }
        throw wrong(name, "a non-empty string");
    }

    private static List<String> texts(String name, Value value) {
        List<String> texts = new ArrayList<>();
        for (Value item : value instanceof Value.Array array ? array.items() : List.of(value)) {
            texts.add(text(name, item));
        }
        if (texts.isEmpty()) {
            throw wrong(name, "at least one string");
        }
        return texts;
    }

    private static NgsiLdException wrong(String member, String expected) {
        return NgsiLdException.badRequest(member + ": expected " + expected);
    }
}
