package de.freiraum.representation;

import de.freiraum.json.JsonReader;
import de.freiraum.json.Times;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what attributes of each kind hold (clauses 4.5.2 to 4.5.24, 4.6 and 4.7); every fault names the attribute. */
final class ValueReader {
    private final Context context;
    private final ReadMode mode;

    ValueReader(Context context, ReadMode mode) {
        this.context = context;
        this.mode = mode;
    }

    Value propertyValue(String name, Value value) {
        if (value.isNgsiLdNull()) {
            permitNull(name);
            return Value.of(Value.NGSI_LD_NULL);
        }
        checkValue(name, value);
        return context.expandValue(value);
    }

    private void checkValue(String name, Value value) {
        if (value instanceof Value.Null) {
            throw fault(
                    name,
                    "has the value null, which NGSI-LD does not have; \"" + Value.NGSI_LD_NULL
                            + "\" deletes where that is allowed");
        }
        if (value instanceof Value.Array a) {
            a.items().forEach(item -> checkValue(name, item));
        } else if (value instanceof Value.Obj o) {
            if (Value.of("@json").equals(o.get("@type"))) {
                return;
            }
            o.members().forEach((member, v) -> {
                if (member.equals("@context")) {
                    throw fault(name, "has an embedded @context; only the whole document may have one");
                }
                if (v.isNgsiLdNull() && !mode.allowsNullInValues()) {
                    throw nullRefused(
                            "\"" + Names.clip(member) + "\" in the value of attribute \"" + Names.clip(name) + "\"");
                }
                if (!isJsonTyped(member)) {
                    checkValue(name, v);
                }
            });
        }
    }

    private boolean isJsonTyped(String member) {
        var term = context.term(member);
        return term != null && "@json".equals(term.type());
    }

    Attribute geoProperty(String name, Value value, AttributeMeta meta) {
        if (value.isNgsiLdNull()) {
            permitNull(name);
            return mode.repeatsInstances()
                    ? new Attribute.GeoProperty(Geometry.DELETED, meta)
                    : new Attribute.Property(Value.of(Value.NGSI_LD_NULL), meta);
        }
        return new Attribute.GeoProperty(geometry(name, value), meta);
    }

    /** A geometry, or the text of one (clause 4.7.2). */
    static Geometry geometry(String name, Value value) {
        try {
            Value given =
                    value instanceof Value.Text t ? JsonReader.read(t.text().getBytes(StandardCharsets.UTF_8)) : value;
            if (given instanceof Value.Obj o && Value.of("GeometryCollection").equals(o.get("type"))) {
                throw fault(name, "is a GeometryCollection, which NGSI-LD does not allow");
            }
            return Geometry.of(given);
        } catch (NgsiLdException e) {
            throw e.detail().startsWith("attribute ") ? e : fault(name, "has no valid geometry: " + e.detail());
        }
    }

    List<String> objects(String name, Value value) {
        List<String> objects = new ArrayList<>();
        for (Value item : value instanceof Value.Array a ? a.items() : List.of(value)) {
            objects.add(objectUri(name, item));
        }
        return checkedObjects(name, objects);
    }

    List<String> objectList(String name, Value value) {
        List<String> objects = new ArrayList<>();
        if (!(value instanceof Value.Array) && !value.isNgsiLdNull()) {
            throw fault(name, "has an \"objectList\" that is no array");
        }
        for (Value item : value instanceof Value.Array a ? a.items() : List.of(value)) {
            Value inner = item instanceof Value.Obj o && o.members().size() == 1 ? o.get("object") : item;
            objects.add(objectUri(name, inner == null ? item : inner));
        }
        return checkedList(name, objects);
    }

    private List<String> checkedObjects(String name, List<String> objects) {
        if (objects.isEmpty()) {
            throw fault(name, "has no object; expected is a URI or an array of URIs");
        }
        return checkedList(name, objects);
    }

    private List<String> checkedList(String name, List<String> objects) {
        if (objects.contains(Value.NGSI_LD_NULL)) {
            if (objects.size() > 1) {
                throw fault(name, "has NGSI-LD Null among other objects");
            }
            permitNull(name);
        }
        return objects;
    }

    private static String objectUri(String name, Value value) {
        if (value instanceof Value.Text t) {
            return Names.uri(t.text(), "the object of attribute \"" + Names.clip(name) + "\"");
        }
        throw fault(name, "has an object that is no URI");
    }

    Map<String, List<String>> languages(String name, Value value) {
        if (value.isNgsiLdNull()) {
            permitNull(name);
            return Map.of("@none", List.of(Value.NGSI_LD_NULL));
        }
        if (!(value instanceof Value.Obj o)) {
            throw fault(name, "has a \"languageMap\" that is no object of strings by language tag");
        }
        Map<String, List<String>> languages = new LinkedHashMap<>();
        o.members().forEach((tag, texts) -> {
            if (!tag.equals("@none") && !Names.isLanguageTag(tag)) {
                throw fault(name, "has the language tag \"" + Names.clip(tag) + "\", which RFC 5646 does not allow");
            }
            List<String> list = new ArrayList<>();
            for (Value item : texts instanceof Value.Array a ? a.items() : List.of(texts)) {
                if (!(item instanceof Value.Text t)) {
                    throw fault(name, "has a \"languageMap\" whose values are no strings or arrays of strings");
                }
                list.add(t.text());
            }
            if (list.contains(Value.NGSI_LD_NULL)) {
                permitNull(name);
                if (!tag.equals("@none") && !mode.allowsNullInValues()) {
                    throw nullRefused("\"" + tag + "\" of attribute \"" + Names.clip(name) + "\"");
                }
            }
            languages.put(tag, List.copyOf(list));
        });
        return languages;
    }

    List<String> vocabulary(String name, Value value) {
        if (value.isNgsiLdNull()) {
            permitNull(name);
            return List.of(Value.NGSI_LD_NULL);
        }
        if (value instanceof Value.Array a && a.items().stream().anyMatch(Value::isNgsiLdNull)) {
            throw fault(name, "has NGSI-LD Null among other terms");
        }
        return expandAll(name, "vocab", value);
    }

    List<String> expandAll(String name, String member, Value value) {
        List<String> iris = new ArrayList<>();
        for (Value item : value instanceof Value.Array a ? a.items() : List.of(value)) {
            iris.add(context.expand(text(name, member, item)));
        }
        if (iris.isEmpty()) {
            throw fault(name, "has an empty \"" + member + "\"");
        }
        return iris;
    }

    Value json(String name, Value value) {
        if (value.isNgsiLdNull()) {
            permitNull(name);
            return Value.of(Value.NGSI_LD_NULL);
        }
        return value;
    }

    List<Value> list(String name, Value value) {
        if (value.isNgsiLdNull()) {
            permitNull(name);
            return List.of(Value.of(Value.NGSI_LD_NULL));
        }
        if (!(value instanceof Value.Array a)) {
            throw fault(name, "has a \"valueList\" that is no array");
        }
        checkValue(name, a);
        return a.items().stream().map(context::expandValue).toList();
    }

    private void permitNull(String name) {
        if (!mode.allowsNull()) {
            throw nullRefused("the value of attribute \"" + Names.clip(name) + "\"");
        }
    }

    static Instant dateTime(String what, Value value) {
        if (value instanceof Value.Text t) {
            return Times.parse(t.text(), what);
        }
        throw NgsiLdException.badRequest("\"" + Names.clip(what) + "\" is a DateTime in a string");
    }

    static String text(String name, String member, Value value) {
        if (value instanceof Value.Text t && !t.text().isEmpty()) {
            return t.text();
        }
        throw fault(name, "has a \"" + member + "\" that is no string with something in it");
    }

    static NgsiLdException nullRefused(String what) {
        return NgsiLdException.badRequest(what + " is NGSI-LD Null, which only update and merge operations allow");
    }

    static NgsiLdException fault(String name, String what) {
        return NgsiLdException.badRequest("attribute \"" + Names.clip(name) + "\" " + what);
    }
}
