package de.freiraum.representation;

import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.representation.TemporalWriter.Evolution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the temporal evolution of entities (clause 5.2.20), normalized, concise or simplified (clause 4.5.9). */
public final class TemporalReader {
    /** For each member that holds values and times the member that holds the value of one instance. */
    private static final Map<String, String> LISTS = Map.of(
            "values", "value",
            "objects", "object",
            "languageMaps", "languageMap",
            "vocabs", "vocab",
            "jsons", "json",
            "valueLists", "valueList",
            "objectLists", "objectList");

    private static final int PAIR = 2;

    private TemporalReader() {}

    /**
     * Reads an evolution or a part of one.
     *
     * @param body without its {@code @context}
     * @throws NgsiLdException BadRequestData, also for NGSI-LD Null as a member of the entity (clause 5.5.4)
     */
    public static EntityFragment read(Value.Obj body, Context context) {
        return read(body, context, ReadMode.TEMPORAL);
    }

    private static EntityFragment read(Value.Obj body, Context context, ReadMode mode) {
        Map<String, Value> members = new LinkedHashMap<>();
        body.members().forEach((name, value) -> {
            if (value.isNgsiLdNull()) {
                throw NgsiLdException.badRequest("\"" + Names.clip(name)
                        + "\" is NGSI-LD Null, which only update and merge operations allow as a member of an entity");
            }
            if (!(value instanceof Value.Array none) || !none.items().isEmpty()) {
                members.put(name, normalized(name, value));
            }
        });
        return EntityReader.read(new Value.Obj(members), context, mode);
    }

    /**
     * Reads an evolution as another broker sent it, with system times and ids of instances.
     *
     * @throws NgsiLdException BadRequestData
     */
    public static Evolution readForeign(Value body, Context context) {
        if (!(body instanceof Value.Obj object)) {
            throw NgsiLdException.badRequest("an evolution is a JSON object");
        }
        EntityFragment read = read(object, context, ReadMode.FOREIGN);
        return new Evolution(
                Objects.requireNonNull(read.id()),
                read.types(),
                read.attributes(),
                EntityReader.time(object, "createdAt"),
                EntityReader.time(object, "modifiedAt"),
                EntityReader.time(object, "deletedAt"));
    }

    /**
     * Reads the body of a change of one instance: the instance, or a part of an evolution that has it alone.
     *
     * @param name the attribute as the request calls it
     * @throws NgsiLdException BadRequestData
     */
    public static Attribute readInstance(String name, Value.Obj body, Context context) {
        String iri = context.expand(name);
        for (String member : body.members().keySet()) {
            if (member.equals(name) || context.expand(member).equals(iri)) {
                List<Attribute> instances = read(body, context).attributes().getOrDefault(iri, List.of());
                if (instances.size() != 1) {
                    throw NgsiLdException.badRequest("the body must have exactly one instance of " + Names.clip(name));
                }
                return instances.get(0);
            }
        }
        return EntityReader.readInstance(name, body, context, ReadMode.TEMPORAL);
    }

    private static Value normalized(String name, Value value) {
        if (value instanceof Value.Array array && array.items().stream().anyMatch(i -> listOf(i) != null)) {
            List<Value> all = new ArrayList<>();
            for (Value item : array.items()) {
                Value one = normalized(name, item);
                if (one instanceof Value.Array instances) {
                    all.addAll(instances.items());
                } else {
                    all.add(one);
                }
            }
            return new Value.Array(all);
        }
        String list = listOf(value);
        if (list == null || !(value instanceof Value.Obj series)) {
            return value;
        }
        List<Value> instances = new ArrayList<>();
        for (Value pair : series.get(list) instanceof Value.Array pairs ? pairs.items() : List.<Value>of()) {
            instances.add(instance(name, series, list, pair));
        }
        return new Value.Array(instances);
    }

    /** The member of a simplified attribute that has the values, or null if it is none. */
    private static @Nullable String listOf(Value value) {
        if (!(value instanceof Value.Obj series) || series.get("type") == null) {
            return null;
        }
        for (String list : LISTS.keySet()) {
            if (series.get(list) instanceof Value.Array) {
                return list;
            }
        }
        return null;
    }

    private static Value instance(String name, Value.Obj series, String list, Value pair) {
        if (!(pair instanceof Value.Array both) || both.items().size() != PAIR) {
            throw NgsiLdException.badRequest("attribute \"" + Names.clip(name) + "\": each of \"" + list
                    + "\" is an array of a value and a time");
        }
        String member = LISTS.getOrDefault(list, "value");
        Value value = both.items().get(0);
        if (value instanceof Value.Obj wrapped && wrapped.members().size() == 1) {
            Value inner = wrapped.get(member);
            value = inner == null ? value : inner;
        }
        Map<String, Value> members = new LinkedHashMap<>(series.members());
        members.remove(list);
        members.put(member, value);
        members.put("observedAt", both.items().get(1));
        return new Value.Obj(members);
    }
}
