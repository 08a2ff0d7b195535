package de.freiraum.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.dataformat.smile.SmileFactory;
import com.fasterxml.jackson.dataformat.smile.SmileGenerator;
import com.fasterxml.jackson.dataformat.smile.SmileParser;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.Geometry;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The form in which entities and instances are stored: a version byte and Smile, or the same structure as JSON text for export. Reading gives
 * exactly what was written, including the class of every number (in text: for numbers in the form in which {@link Value.Num} holds them).
 * What is never stored (fragments, members to be removed) is refused.
 */
public final class ModelCodec {
    /** The version this codec writes; the first byte of every stored value. */
    public static final int VERSION = 1;

    // Limits were checked on the way in; what was accepted must be readable, whatever the limits are later.
    private static final StreamReadConstraints READ = StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .build();
    private static final SmileFactory SMILE = SmileFactory.builder()
            .streamReadConstraints(READ)
            .streamWriteConstraints(StreamWriteConstraints.builder().build())
            .disable(SmileGenerator.Feature.WRITE_HEADER)
            .disable(SmileParser.Feature.REQUIRE_HEADER)
            .build();
    private static final JsonFactory TEXT =
            JsonFactory.builder().streamReadConstraints(READ).build();

    private static final int MOST_REMEMBERED_STRINGS = 20_000;
    private static final int LONGEST_REMEMBERED_STRING = 200;
    private static final Map<String, String> REMEMBERED = new ConcurrentHashMap<>();

    private ModelCodec() {}

    /** The stored form of an entity. */
    public static byte[] encode(Entity entity) {
        return smile(g -> write(g, entity));
    }

    /**
     * The entity of a stored form.
     *
     * @throws IllegalArgumentException for bytes that are no such form, or of a newer version
     */
    public static Entity decodeEntity(byte[] bytes) {
        return decodeEntity(bytes, 0);
    }

    /** The same for a stored form that begins at an offset and ends with the bytes. */
    public static Entity decodeEntity(byte[] bytes, int offset) {
        return unsmile(bytes, offset, ModelCodec::readEntity);
    }

    /**
     * Looks at the version alone.
     *
     * @throws IllegalArgumentException if this codec does not read it
     */
    public static void checkVersion(byte[] bytes, int offset) {
        if (offset >= bytes.length || bytes[offset] != VERSION) {
            throw new IllegalArgumentException("stored form of version "
                    + (offset >= bytes.length ? "none" : String.valueOf(bytes[offset]))
                    + "; this program reads version "
                    + VERSION);
        }
    }

    /** The stored form of an instance; the attribute's IRI is part of it. */
    public static byte[] encode(TemporalInstance instance) {
        return smile(g -> write(g, instance));
    }

    /**
     * The instance of a stored form.
     *
     * @throws IllegalArgumentException for bytes that are no such form, or of a newer version
     */
    public static TemporalInstance decodeInstance(byte[] bytes) {
        return unsmile(bytes, 0, ModelCodec::readInstance);
    }

    /** One line of JSON text that holds the whole entity. */
    public static String toText(Entity entity) {
        return text(g -> write(g, entity));
    }

    /**
     * The entity of such a line.
     *
     * @throws IllegalArgumentException for text that is no such line
     */
    public static Entity entityFromText(String line) {
        return untext(line, ModelCodec::readEntity);
    }

    /** One line of JSON text that holds the whole instance. */
    public static String toText(TemporalInstance instance) {
        return text(g -> write(g, instance));
    }

    /**
     * The instance of such a line.
     *
     * @throws IllegalArgumentException for text that is no such line
     */
    public static TemporalInstance instanceFromText(String line) {
        return untext(line, ModelCodec::readInstance);
    }

    // ---- entities
    // -------------------------------------------------------------------------------------------------------------------

    private static void write(JsonGenerator g, Entity e) throws IOException {
        g.writeStartObject();
        g.writeStringField("i", e.id());
        texts(g, "t", e.types());
        if (!e.scopes().isEmpty()) {
            texts(g, "s", e.scopes());
        }
        time(g, "c", e.createdAt());
        time(g, "m", e.modifiedAt());
        time(g, "x", e.expiresAt());
        attributes(g, "a", e.attributes());
        g.writeEndObject();
    }

    private static Entity readEntity(JsonParser p) throws IOException {
        String id = null;
        List<String> types = List.of();
        List<String> scopes = List.of();
        Map<String, List<Attribute>> attributes = Map.of();
        Instant created = null;
        Instant modified = null;
        Instant expires = null;
        expect(p, JsonToken.START_OBJECT);
        for (String field = p.nextFieldName(); field != null; field = p.nextFieldName()) {
            p.nextToken();
            switch (field) {
                case "i" -> id = p.getText();
                case "t" -> types = readTexts(p);
                case "s" -> scopes = readTexts(p);
                case "c" -> created = readTime(p);
                case "m" -> modified = readTime(p);
                case "x" -> expires = readTime(p);
                case "a" -> attributes = readAttributes(p);
                default -> throw new IllegalArgumentException("unknown member \"" + field + "\" in a stored entity");
            }
        }
        if (id == null) {
            throw new IllegalArgumentException("a stored entity without id");
        }
        return new Entity(id, types, scopes, attributes, created, modified, expires);
    }

    private static void write(JsonGenerator g, TemporalInstance instance) throws IOException {
        g.writeStartArray();
        g.writeString(instance.attribute());
        write(g, instance.instance());
        g.writeEndArray();
    }

    private static TemporalInstance readInstance(JsonParser p) throws IOException {
        expect(p, JsonToken.START_ARRAY);
        p.nextToken();
        String attribute = remembered(p.getText());
        p.nextToken();
        Attribute instance = readAttribute(p);
        p.nextToken();
        expect(p, JsonToken.END_ARRAY);
        return new TemporalInstance(attribute, instance);
    }

    // ---- attributes
    // -----------------------------------------------------------------------------------------------------------------

    private static void attributes(JsonGenerator g, String name, Map<String, List<Attribute>> attributes)
            throws IOException {
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

    private static Map<String, List<Attribute>> readAttributes(JsonParser p) throws IOException {
        expect(p, JsonToken.START_OBJECT);
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
            p.nextToken();
            expect(p, JsonToken.START_ARRAY);
            List<Attribute> instances = new ArrayList<>(1);
            while (p.nextToken() != JsonToken.END_ARRAY) {
                instances.add(readAttribute(p));
            }
            attributes.put(name, List.copyOf(instances));
        }
        return attributes;
    }

    /** An instance is an array: the kind's letter, the value, and the metadata if there are any. */
    private static void write(JsonGenerator g, Attribute a) throws IOException {
        g.writeStartArray();
        if (a instanceof Attribute.Property x) {
            g.writeString("P");
            write(g, x.value());
        } else if (a instanceof Attribute.GeoProperty x) {
            g.writeString("G");
            write(g, x.value().orNull());
        } else if (a instanceof Attribute.Relationship x) {
            g.writeString("R");
            texts(g, x.objects());
        } else if (a instanceof Attribute.LanguageProperty x) {
            g.writeString("L");
            g.writeStartObject();
            for (Map.Entry<String, List<String>> language : x.languageMap().entrySet()) {
                texts(g, language.getKey(), language.getValue());
            }
            g.writeEndObject();
        } else if (a instanceof Attribute.VocabProperty x) {
            g.writeString("V");
            texts(g, x.vocab());
        } else if (a instanceof Attribute.JsonProperty x) {
            g.writeString("J");
            write(g, x.json());
        } else if (a instanceof Attribute.ListProperty x) {
            g.writeString("A");
            g.writeStartArray();
            for (Value value : x.valueList()) {
                write(g, value);
            }
            g.writeEndArray();
        } else if (a instanceof Attribute.ListRelationship x) {
            g.writeString("O");
            texts(g, x.objectList());
        } else {
            throw new IllegalArgumentException("an attribute without a value cannot be stored");
        }
        if (!a.meta().equals(AttributeMeta.NONE)) {
            write(g, a.meta());
        }
        g.writeEndArray();
    }

    private static Attribute readAttribute(JsonParser p) throws IOException {
        expect(p, JsonToken.START_ARRAY);
        p.nextToken();
        String kind = p.getText();
        p.nextToken();
        Attribute bare =
                switch (kind) {
                    case "P" -> new Attribute.Property(readValue(p), AttributeMeta.NONE);
                    case "G" -> new Attribute.GeoProperty(Geometry.ofStored(readValue(p)), AttributeMeta.NONE);
                    case "R" -> new Attribute.Relationship(readTexts(p), AttributeMeta.NONE);
                    case "L" -> new Attribute.LanguageProperty(readLanguages(p), AttributeMeta.NONE);
                    case "V" -> new Attribute.VocabProperty(readTexts(p), AttributeMeta.NONE);
                    case "J" -> new Attribute.JsonProperty(readValue(p), AttributeMeta.NONE);
                    case "A" -> new Attribute.ListProperty(readValues(p), AttributeMeta.NONE);
                    case "O" -> new Attribute.ListRelationship(readTexts(p), AttributeMeta.NONE);
                    default ->
                        throw new IllegalArgumentException("unknown kind \"" + kind + "\" of a stored attribute");
                };
        if (p.nextToken() == JsonToken.END_ARRAY) {
            return bare;
        }
        AttributeMeta meta = readMeta(p);
        p.nextToken();
        expect(p, JsonToken.END_ARRAY);
        return bare.with(meta);
    }

    private static void write(JsonGenerator g, AttributeMeta m) throws IOException {
        if (!m.removed().isEmpty()) {
            throw new IllegalArgumentException("a patch that removes members cannot be stored");
        }
        g.writeStartObject();
        text(g, "d", m.datasetId());
        time(g, "o", m.observedAt());
        text(g, "u", m.unitCode());
        text(g, "v", m.valueType());
        if (!m.objectTypes().isEmpty()) {
            texts(g, "t", m.objectTypes());
        }
        time(g, "x", m.expiresAt());
        time(g, "c", m.createdAt());
        time(g, "m", m.modifiedAt());
        time(g, "e", m.deletedAt());
        text(g, "i", m.instanceId());
        attributes(g, "a", m.attributes());
        g.writeEndObject();
    }

    private static AttributeMeta readMeta(JsonParser p) throws IOException {
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
        expect(p, JsonToken.START_OBJECT);
        for (String field = p.nextFieldName(); field != null; field = p.nextFieldName()) {
            p.nextToken();
            switch (field) {
                case "d" -> dataset = remembered(p.getText());
                case "o" -> observed = readTime(p);
                case "u" -> unit = remembered(p.getText());
                case "v" -> valueType = remembered(p.getText());
                case "t" -> objectTypes = readTexts(p);
                case "x" -> expires = readTime(p);
                case "c" -> created = readTime(p);
                case "m" -> modified = readTime(p);
                case "e" -> deleted = readTime(p);
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

    // ---- values
    // ---------------------------------------------------------------------------------------------------------------------

    private static void write(JsonGenerator g, Value value) throws IOException {
        if (value instanceof Value.Text t) {
            g.writeString(t.text());
        } else if (value instanceof Value.Num n) {
            write(g, n.number());
        } else if (value instanceof Value.Bool b) {
            g.writeBoolean(b.truth());
        } else if (value instanceof Value.Null) {
            g.writeNull();
        } else if (value instanceof Value.Array a) {
            g.writeStartArray();
            for (Value item : a.items()) {
                write(g, item);
            }
            g.writeEndArray();
        } else if (value instanceof Value.Obj o) {
            g.writeStartObject();
            for (Map.Entry<String, Value> member : o.members().entrySet()) {
                g.writeFieldName(member.getKey());
                write(g, member.getValue());
            }
            g.writeEndObject();
        }
    }

    private static void write(JsonGenerator g, Number number) throws IOException {
        if (number instanceof Double d) {
            if (!Double.isFinite(d)) {
                throw new IllegalArgumentException("a number that is not finite cannot be stored");
            }
            g.writeNumber(d);
        } else if (number instanceof BigInteger b) {
            g.writeNumber(b);
        } else if (number instanceof BigDecimal b) {
            g.writeNumber(b);
        } else {
            g.writeNumber(number.longValue());
        }
    }

    private static Value readValue(JsonParser p) throws IOException {
        return switch (p.currentToken()) {
            case VALUE_STRING -> new Value.Text(p.getText());
            case VALUE_NUMBER_INT -> new Value.Num(readWhole(p));
            case VALUE_NUMBER_FLOAT -> new Value.Num(readFraction(p));
            case VALUE_TRUE -> Value.Bool.TRUE;
            case VALUE_FALSE -> Value.Bool.FALSE;
            case VALUE_NULL -> Value.Null.INSTANCE;
            case START_ARRAY -> new Value.Array(readValues(p));
            case START_OBJECT -> {
                Map<String, Value> members = new LinkedHashMap<>();
                for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
                    p.nextToken();
                    members.put(name, readValue(p));
                }
                yield new Value.Obj(members);
            }
            default -> throw new IllegalArgumentException("a stored value starts with " + p.currentToken());
        };
    }

    private static Number readWhole(JsonParser p) throws IOException {
        if (p.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return p.getBigIntegerValue();
        }
        return p.getLongValue();
    }

    private static Number readFraction(JsonParser p) throws IOException {
        if (!(p instanceof SmileParser)) {
            BigDecimal exact = p.getDecimalValue();
            double near = exact.doubleValue();
            return Double.isFinite(near) && BigDecimal.valueOf(near).compareTo(exact) == 0 ? (Number) near : exact;
        }
        if (p.getNumberType() == JsonParser.NumberType.BIG_DECIMAL) {
            return p.getDecimalValue();
        }
        return p.getDoubleValue();
    }

    private static List<Value> readValues(JsonParser p) throws IOException {
        expect(p, JsonToken.START_ARRAY);
        List<Value> values = new ArrayList<>();
        while (p.nextToken() != JsonToken.END_ARRAY) {
            values.add(readValue(p));
        }
        return values;
    }

    private static Map<String, List<String>> readLanguages(JsonParser p) throws IOException {
        expect(p, JsonToken.START_OBJECT);
        Map<String, List<String>> languages = new LinkedHashMap<>();
        for (String tag = p.nextFieldName(); tag != null; tag = p.nextFieldName()) {
            p.nextToken();
            languages.put(tag, readTexts(p));
        }
        return languages;
    }

    private static void text(JsonGenerator g, String name, @Nullable String text) throws IOException {
        if (text != null) {
            g.writeStringField(name, text);
        }
    }

    private static void texts(JsonGenerator g, String name, List<String> texts) throws IOException {
        g.writeFieldName(name);
        texts(g, texts);
    }

    /** One string stands alone, as most lists have one element. */
    private static void texts(JsonGenerator g, List<String> texts) throws IOException {
        if (texts.size() == 1) {
            g.writeString(texts.get(0));
            return;
        }
        g.writeStartArray();
        for (String text : texts) {
            g.writeString(text);
        }
        g.writeEndArray();
    }

    private static List<String> readTexts(JsonParser p) throws IOException {
        if (p.currentToken() == JsonToken.VALUE_STRING) {
            return List.of(remembered(p.getText()));
        }
        expect(p, JsonToken.START_ARRAY);
        List<String> texts = new ArrayList<>();
        while (p.nextToken() != JsonToken.END_ARRAY) {
            texts.add(remembered(p.getText()));
        }
        return texts;
    }

    /** Microseconds since 1970 where that is exact, otherwise seconds and nanoseconds. */
    private static void time(JsonGenerator g, String name, @Nullable Instant time) throws IOException {
        if (time == null) {
            return;
        }
        g.writeFieldName(name);
        long seconds = time.getEpochSecond();
        int nanos = time.getNano();
        if (nanos % 1000 == 0 && Math.abs(seconds) < 1_000_000_000_000L) {
            g.writeNumber(seconds * 1_000_000 + nanos / 1000);
        } else {
            g.writeStartArray();
            g.writeNumber(seconds);
            g.writeNumber(nanos);
            g.writeEndArray();
        }
    }

    private static Instant readTime(JsonParser p) throws IOException {
        if (p.currentToken() == JsonToken.START_ARRAY) {
            p.nextToken();
            long seconds = p.getLongValue();
            p.nextToken();
            int nanos = p.getIntValue();
            p.nextToken();
            return Instant.ofEpochSecond(seconds, nanos);
        }
        long micros = p.getLongValue();
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
    }

    // ---- frames
    // ---------------------------------------------------------------------------------------------------------------------

    private interface Writer {
        void write(JsonGenerator g) throws IOException;
    }

    private interface Reader<T> {
        T read(JsonParser p) throws IOException;
    }

    private static byte[] smile(Writer writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        out.write(VERSION);
        try (JsonGenerator g = SMILE.createGenerator(out)) {
            writer.write(g);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static <T> T unsmile(byte[] bytes, int offset, Reader<T> reader) {
        checkVersion(bytes, offset);
        try (JsonParser p = SMILE.createParser(bytes, offset + 1, bytes.length - offset - 1)) {
            p.nextToken();
            return reader.read(p);
        } catch (IOException e) {
            throw new IllegalArgumentException("stored bytes are damaged", e);
        }
    }

    private static String text(Writer writer) {
        StringWriter out = new StringWriter();
        try (JsonGenerator g = TEXT.createGenerator(out)) {
            writer.write(g);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static <T> T untext(String text, Reader<T> reader) {
        try (JsonParser p = TEXT.createParser(text)) {
            p.nextToken();
            return reader.read(p);
        } catch (IOException e) {
            throw new IllegalArgumentException("the line is no stored entity or instance", e);
        }
    }

    private static void expect(JsonParser p, JsonToken token) {
        if (p.currentToken() != token) {
            throw new IllegalArgumentException("expected " + token + " in stored bytes, found " + p.currentToken());
        }
    }

    /** One object for strings that many entities share (types, units, references), as long as there are not too many of them. */
    private static String remembered(String text) {
        if (text.length() > LONGEST_REMEMBERED_STRING) {
            return text;
        }
        String known = REMEMBERED.get(text);
        if (known != null) {
            return known;
        }
        if (REMEMBERED.size() < MOST_REMEMBERED_STRINGS) {
            REMEMBERED.put(text, text);
        }
        return text;
    }
}
