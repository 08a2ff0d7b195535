package de.freiraum.security;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys that {@code freiraum key} manages: a JSON file with their hashes and what they permit. It is replaced as a whole, so that a reader sees
 * the old one or the new one. Every method may block.
 */
public final class KeyFile {
    private static final int MAX_BYTES = 16 << 20;

    private final Path file;

    /** The keys in that file, which need not exist yet. */
    public KeyFile(Path file) {
        this.file = file;
    }

    /** Where it is. */
    public Path path() {
        return file;
    }

    /**
     * The keys, in the order of their names.
     *
     * @throws IOException if it cannot be read, or is no list of keys
     */
    public List<ApiKey> read() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            Value document = JsonReader.read(Files.readAllBytes(file), MAX_BYTES);
            List<ApiKey> keys = new ArrayList<>();
            for (Value key : items(((Value.Obj) document).members().get("keys"))) {
                keys.add(key(((Value.Obj) key).members()));
            }
            return keys;
        } catch (NgsiLdException | ClassCastException | IllegalArgumentException | DateTimeException e) {
            throw new IOException(file + " is no file with keys: " + e.getMessage(), e);
        }
    }

    /**
     * Adds a key.
     *
     * @throws IllegalArgumentException if there is one of that name
     */
    public void add(ApiKey key) throws IOException {
        List<ApiKey> keys = new ArrayList<>(read());
        if (keys.stream().anyMatch(other -> other.name().equals(key.name()))) {
            throw new IllegalArgumentException("there is a key named " + key.name() + "; revoke it first");
        }
        keys.add(key);
        write(keys);
    }

    /** Removes the key of that name. @return whether there was one */
    public boolean remove(String name) throws IOException {
        List<ApiKey> keys = new ArrayList<>(read());
        boolean there = keys.removeIf(key -> key.name().equals(name));
        if (there) {
            write(keys);
        }
        return there;
    }

    private void write(List<ApiKey> keys) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        if (next.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.write(next, json(keys));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] json(List<ApiKey> keys) {
        JsonWriter json = new JsonWriter().beginObject().name("keys").beginArray();
        keys.stream().sorted(Comparator.comparing(ApiKey::name)).forEach(key -> {
            Rights rights = key.rights();
            json.beginObject()
                    .member("name", key.name())
                    .member("sha256", key.sha256().toLowerCase(Locale.ROOT))
                    .member("access", rights.access().name().toLowerCase(Locale.ROOT))
                    .name("tenants")
                    .texts(sorted(rights.tenants()))
                    .name("types")
                    .texts(sorted(rights.types()))
                    .name("operations")
                    .texts(sorted(rights.operations()));
            if (key.expiresAt() != null) {
                json.member("expiresAt", key.expiresAt().toString());
            }
            json.endObject();
        });
        byte[] text = json.endArray().endObject().toBytes();
        return (new String(text, StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> sorted(Iterable<String> texts) {
        TreeSet<String> sorted = new TreeSet<>();
        texts.forEach(sorted::add);
        return List.copyOf(sorted);
    }

    private static ApiKey key(Map<String, Value> members) {
        Value expires = members.get("expiresAt");
        return new ApiKey(
                text(members.get("name")),
                text(members.get("sha256")),
                Rights.of(
                        Access.valueOf(text(members.get("access")).toUpperCase(Locale.ROOT)),
                        texts(members.get("tenants")),
                        texts(members.get("types")),
                        texts(members.get("operations"))),
                expires == null ? null : Instant.parse(text(expires)));
    }

    private static List<String> texts(@Nullable Value value) {
        return items(value).stream().map(KeyFile::text).toList();
    }

    private static List<Value> items(@Nullable Value value) {
        return value == null ? List.of() : ((Value.Array) value).items();
    }

    private static String text(@Nullable Value value) {
        if (value instanceof Value.Text text) {
            return text.text();
        }
        throw new IllegalArgumentException("a key lacks a member, or it is no text");
    }
}
