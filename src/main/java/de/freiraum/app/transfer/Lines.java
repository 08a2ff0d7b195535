package de.freiraum.app.transfer;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.json.Times;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.store.DocumentStore.Document;
import de.freiraum.store.TemporalStore.Head;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines that stand before, or for, what is transferred. */
final class Lines {
    static final long FORMAT = 1;

    private Lines() {}

    /** The first line. */
    static String start(long evolutions) {
        return JsonWriter.text(new Value.Obj(members(
                "freiraum", Value.of("export"), "format", Value.of(FORMAT), "evolutions", Value.of(evolutions))));
    }

    /**
     * Stands before an entity and its instances.
     *
     * @param current whether a line with the current entity follows
     * @param instances how many lines with instances follow it
     */
    static String evolution(Tenant tenant, Head head, boolean current, int instances) {
        Map<String, Value> members = members(
                "evolution",
                Value.of(head.entityId()),
                "tenant",
                Value.of(tenant.name()),
                "types",
                Value.ofTexts(head.types()));
        time(members, "createdAt", head.createdAt());
        time(members, "modifiedAt", head.modifiedAt());
        time(members, "deletedAt", head.deletedAt());
        members.put("current", Value.of(current));
        members.put("instances", Value.of(instances));
        return JsonWriter.text(new Value.Obj(members));
    }

    static String document(Tenant tenant, String collection, Document document) {
        return JsonWriter.text(new Value.Obj(members(
                "document",
                Value.of(document.key()),
                "tenant",
                Value.of(tenant.name()),
                "collection",
                Value.of(collection),
                "base64",
                Value.of(Base64.getEncoder().encodeToString(document.bytes())))));
    }

    private static Map<String, Value> members(Object... namesAndValues) {
        Map<String, Value> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
        }
        return members;
    }

    private static void time(Map<String, Value> members, String name, @Nullable Instant time) {
        if (time != null) {
            members.put(name, Value.of(Times.format(time)));
        }
    }

    /** Reads one of these lines. */
    static Value.Obj read(String line, long number) throws IOException {
        try {
            if (JsonReader.read(line.getBytes(StandardCharsets.UTF_8)) instanceof Value.Obj object) {
                return object;
            }
        } catch (RuntimeException e) {
            throw new IOException("line " + number + " is no line of an export: " + e.getMessage(), e);
        }
        throw new IOException("line " + number + " is no line of an export");
    }

    static Head head(Value.Obj line) {
        List<String> types = line.get("types") instanceof Value.Array array
                ? array.items().stream().map(type -> ((Value.Text) type).text()).toList()
                : List.of();
        return new Head(
                text(line, "evolution"),
                types,
                time(line, "createdAt"),
                time(line, "modifiedAt"),
                time(line, "deletedAt"));
    }

    static String text(Value.Obj line, String name) {
        return line.get(name) instanceof Value.Text text ? text.text() : "";
    }

    static long number(Value.Obj line, String name) {
        return line.get(name) instanceof Value.Num number ? number.number().longValue() : 0;
    }

    private static @Nullable Instant time(Value.Obj line, String name) {
        return line.get(name) instanceof Value.Text text ? Times.parse(text.text(), name) : null;
    }
}
