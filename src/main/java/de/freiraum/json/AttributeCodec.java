package de.freiraum.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Geometry;
import de.freiraum.model.Value;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Attributes in what {@link ModelCodec} stores. */
final class AttributeCodec {
    private AttributeCodec() {}

    static void attributes(JsonGenerator g, String name, Map<String, List<Attribute>> attributes) throws IOException {
        if (attributes.isEmpty()) {
            return;
        }
        g.writeObjectFieldStart(name);
        for (Map.Entry<String, List<Attribute>> attribute : attributes.entrySet()) {
            g.writeFieldName(attribute.getKey());
            g.writeStartArray();
            for (Attribute instance : attribute.getValue()) {
                write(g, instance);
            }
            g.writeEndArray();
        }
        g.writeEndObject();
    }

    static Map<String, List<Attribute>> readAttributes(JsonParser p) throws IOException {
        ValueCodec.expect(p, JsonToken.START_OBJECT);
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
            p.nextToken();
            ValueCodec.expect(p, JsonToken.START_ARRAY);
            List<Attribute> instances = new ArrayList<>(1);
            while (p.nextToken() != JsonToken.END_ARRAY) {
                instances.add(readAttribute(p));
            }
            attributes.put(name, List.copyOf(instances));
        }
        return attributes;
    }

    /** An instance is an array: the kind's letter, the value, and the metadata if there are any. */
    static void write(JsonGenerator g, Attribute a) throws IOException {
        g.writeStartArray();
        if (a instanceof Attribute.Property x) {
            g.writeString("P");
            ValueCodec.write(g, x.value());
        } else if (a instanceof Attribute.GeoProperty x) {
            g.writeString("G");
            ValueCodec.write(g, x.value().orNull());
        } else if (a instanceof Attribute.Relationship x) {
            g.writeString("R");
            ValueCodec.texts(g, x.objects());
        } else if (a instanceof Attribute.LanguageProperty x) {
            g.writeString("L");
            g.writeStartObject();
            for (Map.Entry<String, List<String>> language : x.languageMap().entrySet()) {
                ValueCodec.texts(g, language.getKey(), language.getValue());
            }
            g.writeEndObject();
        } else if (a instanceof Attribute.VocabProperty x) {
            g.writeString("V");
            ValueCodec.texts(g, x.vocab());
        } else if (a instanceof Attribute.JsonProperty x) {
            g.writeString("J");
            ValueCodec.write(g, x.json());
        } else if (a instanceof Attribute.ListProperty x) {
            g.writeString("A");
            g.writeStartArray();
            for (Value value : x.valueList()) {
                ValueCodec.write(g, value);
            }
            g.writeEndArray();
        } else if (a instanceof Attribute.ListRelationship x) {
            g.writeString("O");
            ValueCodec.texts(g, x.objectList());
        } else {
            throw new IllegalArgumentException("an attribute without a value cannot be stored");
        }
        if (!a.meta().equals(AttributeMeta.NONE)) {
            write(g, a.meta());
        }
        g.writeEndArray();
    }

    static Attribute readAttribute(JsonParser p) throws IOException {
        ValueCodec.expect(p, JsonToken.START_ARRAY);
        p.nextToken();
        String kind = p.getText();
        p.nextToken();
        Attribute bare =
                switch (kind) {
                    case "P" -> new Attribute.Property(ValueCodec.readValue(p), AttributeMeta.NONE);
                    case "G" ->
                        new Attribute.GeoProperty(Geometry.ofStored(ValueCodec.readValue(p)), AttributeMeta.NONE);
                    case "R" -> new Attribute.Relationship(ValueCodec.readTexts(p), AttributeMeta.NONE);
                    case "L" -> new Attribute.LanguageProperty(ValueCodec.readLanguages(p), AttributeMeta.NONE);
                    case "V" -> new Attribute.VocabProperty(ValueCodec.readTexts(p), AttributeMeta.NONE);
                    case "J" -> new Attribute.JsonProperty(ValueCodec.readValue(p), AttributeMeta.NONE);
                    case "A" -> new Attribute.ListProperty(ValueCodec.readValues(p), AttributeMeta.NONE);
                    case "O" -> new Attribute.ListRelationship(ValueCodec.readTexts(p), AttributeMeta.NONE);
                    default ->
                        throw new IllegalArgumentException("unknown kind \"" + kind + "\" of a stored attribute");
                };
        if (p.nextToken() == JsonToken.END_ARRAY) {
            return bare;
        }
        AttributeMeta meta = readMeta(p);
        p.nextToken();
        ValueCodec.expect(p, JsonToken.END_ARRAY);
        return bare.with(meta);
    }

    static void write(JsonGenerator g, AttributeMeta m) throws IOException {
        if (!m.removed().isEmpty()) {
            throw new IllegalArgumentException("a patch that removes members cannot be stored");
        }
        g.writeStartObject();
        ValueCodec.text(g, "d", m.datasetId());
        ValueCodec.time(g, "o", m.observedAt());
        ValueCodec.text(g, "u", m.unitCode());
        ValueCodec.text(g, "v", m.valueType());
        if (!m.objectTypes().isEmpty()) {
            ValueCodec.texts(g, "t", m.objectTypes());
        }
        ValueCodec.time(g, "x", m.expiresAt());
        ValueCodec.time(g, "c", m.createdAt());
        ValueCodec.time(g, "m", m.modifiedAt());
        ValueCodec.time(g, "e", m.deletedAt());
        ValueCodec.text(g, "i", m.instanceId());
        attributes(g, "a", m.attributes());
        g.writeEndObject();
    }

    static AttributeMeta readMeta(JsonParser p) throws IOException {
        String dataset = null;
        Instant observed = null;
        String unit = null;
        String valueType = null;
        List<String> objectTypes = List.of();
        Instant expires = null;
        Instant created = null;
        Instant modified = null;
        Instant deleted = null;
        String instanceId = null;
        Map<String, List<Attribute>> attributes = Map.of();
        ValueCodec.expect(p, JsonToken.START_OBJECT);
        for (String field = p.nextFieldName(); field != null; field = p.nextFieldName()) {
            p.nextToken();
            switch (field) {
                case "d" -> dataset = ValueCodec.remembered(p.getText());
                case "o" -> observed = ValueCodec.readTime(p);
                case "u" -> unit = ValueCodec.remembered(p.getText());
                case "v" -> valueType = ValueCodec.remembered(p.getText());
                case "t" -> objectTypes = ValueCodec.readTexts(p);
                case "x" -> expires = ValueCodec.readTime(p);
                case "c" -> created = ValueCodec.readTime(p);
                case "m" -> modified = ValueCodec.readTime(p);
                case "e" -> deleted = ValueCodec.readTime(p);
                case "i" -> instanceId = p.getText();
                case "a" -> attributes = readAttributes(p);
                default -> throw new IllegalArgumentException("unknown member \"" + field + "\" in stored metadata");
            }
        }
        return new AttributeMeta(
                dataset,
                observed,
                unit,
                valueType,
                objectTypes,
                expires,
                created,
                modified,
                deleted,
                instanceId,
                attributes,
                Set.of());
    }
}
