package de.freiraum.http;

import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.OrderBy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Reads which evolutions are asked for: as a query of entities, with what is different for evolutions (clauses 5.2.21, 5.2.44 and 5.7.4). */
final class TemporalQueryDocument {
    private static final Set<String> SYSTEM =
            Set.of("id", "type", "scope", "createdAt", "modifiedAt", "deletedAt", "observedAt", "expiresAt");
    private static final Set<String> TIME = Set.of("timerel", "timeAt", "endTimeAt", "timeproperty", "lastN", "firstN");
    private static final Set<String> AGGREGATION = Set.of("aggrMethods", "aggrPeriodDuration");
    private static final Set<String> NUMBERS = Set.of("lastN", "firstN");

    /** Members that a Query has for the current state alone (clause 5.7.4.4). */
    private static final Set<String> OF_CURRENT_STATE = Set.of("join", "joinLevel", "containedBy", "geometryProperty");

    private static final Set<String> ORDERS = Set.of("id", "id;asc", "id;desc");

    private TemporalQueryDocument() {}

    /**
     * Reads a Query document with {@code temporalQ} and perhaps {@code aggrParams}.
     *
     * @throws NgsiLdException BadRequestData naming the member
     */
    static EntityQueryReader.Query read(Value.Obj body, Parameters url, Context context) {
        Map<String, Value> members = new LinkedHashMap<>(body.members());
        for (String name : OF_CURRENT_STATE) {
            if (members.containsKey(name)) {
                throw NgsiLdException.badRequest(
                        name + ": temporal evolutions have neither linked entities nor GeoJSON");
            }
        }
        Map<String, String> texts = new LinkedHashMap<>();
        Value time = members.remove("temporalQ");
        Value aggregation = members.remove("aggrParams");
        if (time != null) {
            copy("temporalQ", time, texts);
        }
        if (aggregation != null) {
            copy("aggrParams", aggregation, texts);
        }
        EntityQueryReader.Query query = EntityQueryReader.document(new Value.Obj(members), url, context);
        return new EntityQueryReader.Query(query.parameters().and(texts), query.selectors());
    }

    private static void copy(String name, Value value, Map<String, String> texts) {
        if (!(value instanceof Value.Obj object)) {
            throw NgsiLdException.badRequest(name + ": expected an object");
        }
        object.members().forEach((member, v) -> {
            boolean known = AGGREGATION.contains(member) || (name.equals("temporalQ") && TIME.contains(member));
            if (!known) {
                throw NgsiLdException.badRequest("\"" + Parameters.clip(member) + "\" is no member of " + name);
            }
            texts.put(member, text(member, v));
        });
    }

    private static String text(String member, Value value) {
        if (NUMBERS.contains(member)) {
            if (value instanceof Value.Num number) {
                return number.number().toString();
            }
            throw NgsiLdException.badRequest(member + ": expected a whole number greater than 0");
        }
        List<String> texts = new ArrayList<>();
        for (Value item : value instanceof Value.Array array ? array.items() : List.of(value)) {
            if (!(item instanceof Value.Text text) || text.text().isEmpty()) {
                throw NgsiLdException.badRequest(member + ": expected a non-empty string");
            }
            texts.add(text.text());
        }
        return String.join(",", texts);
    }

    /**
     * Which entities are meant. The order can be that of the ids alone.
     *
     * @throws NgsiLdException BadRequestData
     */
    static EntityQuery entities(Parameters parameters, List<EntitySelector> selectors, UnaryOperator<String> expand) {
        List<String> attrs = parameters.list("attrs");
        boolean onlySystem = !attrs.isEmpty() && SYSTEM.containsAll(attrs);
        boolean otherwise = parameters.has("type")
                || parameters.has("q")
                || parameters.has("georel")
                || parameters.flag("local")
                || !selectors.isEmpty();
        if (onlySystem && !otherwise) {
            throw NgsiLdException.badRequest("attrs: at least one attribute is needed that is not one of the system's");
        }
        String orderBy = parameters.text("orderBy");
        if (orderBy != null && !ORDERS.contains(orderBy)) {
            throw NgsiLdException.badRequest("orderBy: temporal evolutions can be ordered by id only");
        }
        // The query is not forwarded to other brokers, so that it can be ordered without saying that it is local.
        EntityQuery query = EntityQueryReader.read(parameters.without("orderBy", "collation"), selectors, expand);
        String collation = parameters.text("collation");
        if (orderBy == null && collation != null) {
            throw NgsiLdException.badRequest("orderBy is missing: collation needs it");
        }
        return orderBy == null ? query : query.withOrderBy(OrderBy.parse(orderBy, collation, null, expand));
    }
}
