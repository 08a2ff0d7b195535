package de.freiraum.federation;

import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Rewrites a document's names from one context to another, and leaves out what a source has not registered (clauses 4.3.6.1 and 4.3.6.6). */
final class Renaming {
    private static final Set<String> MEMBERS = Set.of("id", "type", "@id", "@type", "scope", "expiresAt");

    /** Members whose value is no NGSI-LD element, in which names stay as they are. */
    private static final Set<String> VALUES =
            Set.of("value", "json", "languageMap", "valueList", "object", "objectList");

    private final Context from;
    private final Context to;

    Renaming(Context from, Context to) {
        this.from = from;
        this.to = to;
    }

    /**
     * An entity, or a part of one.
     *
     * @param keeps which attributes, by IRI
     */
    Value.Obj entity(Value.Obj body, Predicate<String> keeps) {
        Map<String, Value> members = new LinkedHashMap<>();
        body.members().forEach((name, value) -> {
            if (MEMBERS.contains(name)) {
                members.put(name, name.equals("type") || name.equals("@type") ? names(value) : value);
            } else if (!name.startsWith("@") && keeps.test(from.expand(name))) {
                members.put(name(name), attribute(value));
            }
        });
        return new Value.Obj(members);
    }

    /** One or several instances of an attribute. */
    Value attribute(Value value) {
        if (value instanceof Value.Array array) {
            List<Value> items = new ArrayList<>();
            array.items().forEach(item -> items.add(item instanceof Value.Obj ? attribute(item) : item));
            return new Value.Array(items);
        }
        if (from == to || !(value instanceof Value.Obj object)) {
            return value;
        }
        Map<String, Value> members = new LinkedHashMap<>();
        object.members().forEach((name, member) -> {
            boolean core = name.startsWith("@") || VALUES.contains(name) || isCore(name);
            if (name.equals("vocab") || name.equals("objectType") || name.equals("valueType")) {
                members.put(name, names(member));
            } else {
                members.put(core ? name : name(name), core ? member : attribute(member));
            }
        });
        return new Value.Obj(members);
    }

    private boolean isCore(String name) {
        String iri = from.expand(name);
        return iri.startsWith("@") || (iri.startsWith(NgsiLd.NAMESPACE) && !iri.startsWith(NgsiLd.DEFAULT_CONTEXT));
    }

    private String name(String name) {
        return from == to ? name : to.compact(from.expand(name));
    }

    private Value names(Value value) {
        if (value instanceof Value.Array array) {
            List<Value> items = new ArrayList<>();
            array.items().forEach(item -> items.add(names(item)));
            return new Value.Array(items);
        }
        return value instanceof Value.Text text ? Value.of(name(text.text())) : value;
    }
}
