package de.freiraum.representation;

import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.TextPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code information} of registrations (clauses 5.2.8 and 5.2.10), expanding names. */
final class RegistrationInfoReader {
    private RegistrationInfoReader() {}

    /** The members of the data type, checked. */
    static Value read(String name, Value value, Context context) {
        List<Value> information = new ArrayList<>();
        for (Value item : Members.nonEmptyArray(name, value)) {
            Map<String, Value> members = new LinkedHashMap<>();
            Members.object(name + "[]", item).members().forEach((key, member) -> {
                String path = name + "[]." + key;
                switch (key) {
                    case "entities" -> members.put(key, entities(path, member, context));
                    case "propertyNames", "relationshipNames" -> members.put(key, names(path, member, context));
                    default -> {}
                }
            });
            if (members.isEmpty()) {
                throw NgsiLdException.badRequest(
                        name + "[] must have at least one of entities, propertyNames, relationshipNames");
            }
            information.add(new Value.Obj(members));
        }
        return new Value.Array(information);
    }

    private static Value entities(String name, Value value, Context context) {
        List<Value> entities = new ArrayList<>();
        for (Value item : Members.nonEmptyArray(name, value)) {
            Map<String, Value> members = new LinkedHashMap<>();
            Members.object(name + "[]", item).members().forEach((key, member) -> {
                switch (key) {
                    case "id", "@id" -> members.put("id", Value.of(Members.uri(name + "[].id", member)));
                    case "type", "@type" -> members.put("type", types(name + "[].type", member, context));
                    case "idPattern" -> {
                        TextPattern.of(name + "[].idPattern", Members.text(name + "[].idPattern", member));
                        members.put(key, member);
                    }
                    default -> {}
                }
            });
            Members.required(name + "[].type", members.get("type"));
            entities.add(new Value.Obj(members));
        }
        return new Value.Array(entities);
    }

    private static Value types(String name, Value value, Context context) {
        if (value instanceof Value.Array) {
            return names(name, value, context);
        }
        return Value.of(context.expand(Names.name(Members.nonEmpty(name, value), name)));
    }

    private static Value names(String name, Value value, Context context) {
        return Value.ofTexts(Members.texts(name, value).stream()
                .map(text -> context.expand(Names.name(text, name)))
                .toList());
    }
}
