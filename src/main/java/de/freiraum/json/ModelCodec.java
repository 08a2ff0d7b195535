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
import de.freiraum.model.Entity;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

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
        ValueCodec.texts(g, "t", e.types());
        if (!e.scopes().isEmpty()) {
            ValueCodec.texts(g, "s", e.scopes());
        }
        ValueCodec.time(g, "c", e.createdAt());
        ValueCodec.time(g, "m", e.modifiedAt());
        ValueCodec.time(g, "x", e.expiresAt());
        AttributeCodec.attributes(g, "a", e.attributes());
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
        ValueCodec.expect(p, JsonToken.START_OBJECT);
        for (String field = p.nextFieldName(); field != null; field = p.nextFieldName()) {
            p.nextToken();
            switch (field) {
                case "i" -> id = p.getText();
                case "t" -> types = ValueCodec.readTexts(p);
                case "s" -> scopes = ValueCodec.readTexts(p);
                case "c" -> created = ValueCodec.readTime(p);
                case "m" -> modified = ValueCodec.readTime(p);
                case "x" -> expires = ValueCodec.readTime(p);
                case "a" -> attributes = AttributeCodec.readAttributes(p);
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
        AttributeCodec.write(g, instance.instance());
        g.writeEndArray();
    }

    private static TemporalInstance readInstance(JsonParser p) throws IOException {
        ValueCodec.expect(p, JsonToken.START_ARRAY);
        p.nextToken();
        String attribute = ValueCodec.remembered(p.getText());
        p.nextToken();
        Attribute instance = AttributeCodec.readAttribute(p);
        p.nextToken();
        ValueCodec.expect(p, JsonToken.END_ARRAY);
        return new TemporalInstance(attribute, instance);
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
}
