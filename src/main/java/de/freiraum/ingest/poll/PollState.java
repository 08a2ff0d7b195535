package de.freiraum.ingest.poll;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.store.DocumentStore;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an address from one request to the next, across restarts.
 *
 * @param newest the time of the newest record, or null
 * @param token the text that the last answer gave for the next request, or null
 * @param page the page at which a round that was broken off goes on, or null
 * @param tagged the address that {@code entityTag} and {@code modified} belong to, or null
 * @param entityTag its ETag, or null
 * @param modified its Last-Modified, or null
 */
record PollState(
        @Nullable Instant newest,
        @Nullable String token,
        @Nullable String page,
        @Nullable String tagged,
        @Nullable String entityTag,
        @Nullable String modified) {
    static final String COLLECTION = "ingest-polls";
    static final PollState NONE = new PollState(null, null, null, null, null, null);

    /** What is remembered under a key; nothing if it cannot be read. */
    static Future<PollState> load(DocumentStore store, String key) {
        return store.get(Tenant.DEFAULT, COLLECTION, key).map(bytes -> bytes == null ? NONE : parse(bytes));
    }

    Future<Void> save(DocumentStore store, String key) {
        Map<String, Value> members = new LinkedHashMap<>();
        put(members, "newest", newest == null ? null : newest.toString());
        put(members, "token", token);
        put(members, "page", page);
        put(members, "tagged", tagged);
        put(members, "entityTag", entityTag);
        put(members, "modified", modified);
        return store.put(Tenant.DEFAULT, COLLECTION, key, JsonWriter.write(new Value.Obj(members)));
    }

    private static void put(Map<String, Value> members, String name, @Nullable String text) {
        if (text != null) {
            members.put(name, Value.of(text));
        }
    }

    private static PollState parse(byte[] bytes) {
        try {
            if (JsonReader.read(bytes) instanceof Value.Obj object) {
                String newest = text(object, "newest");
                return new PollState(
                        newest == null ? null : Instant.parse(newest),
                        text(object, "token"),
                        text(object, "page"),
                        text(object, "tagged"),
                        text(object, "entityTag"),
                        text(object, "modified"));
            }
        } catch (NgsiLdException | DateTimeException e) {
            // Written by another version: the interface is asked from the start, which repeats and loses nothing.
        }
        return NONE;
    }

    private static @Nullable String text(Value.Obj object, String name) {
        return object.get(name) instanceof Value.Text text ? text.text() : null;
    }
}
