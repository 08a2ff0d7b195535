package de.freiraum.app;

import de.freiraum.ingest.message.CsvText;
import de.freiraum.ingest.message.JsonPath;
import de.freiraum.ingest.message.StatedTime;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A file of recorded messages: lines of JSON, each a message or a record of one, or a table. */
final class Recording {
    private static final Set<String> RECORD = Set.of("time", "topic", "headers", "payload", "body");
    private static final long MOST_TABLE_BYTES = 512L << 20;

    private final Path file;
    private final @Nullable String timePath;
    private final @Nullable ZoneId zone;
    private final @Nullable String topic;

    /**
     * A message of a recording.
     *
     * @param body its bytes
     * @param time when it came, or null
     * @param topic on which it came, or null
     * @param headers with which it came
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
    record Message(
            byte[] body, @Nullable Instant time, @Nullable String topic, Map<String, Value> headers) {}

    /**
     * A recording; nothing is read yet.
     *
     * @param timePath path or column of the time in messages that have none beside them, or null
     * @param zone of times without an offset, or null: there are none
     * @param topic of messages that have none beside them, or null
     */
    Recording(Path file, @Nullable String timePath, @Nullable ZoneId zone, @Nullable String topic) {
        this.file = file;
        this.timePath = timePath;
        this.zone = zone;
        this.topic = topic;
    }

    /** The messages, read as they are asked for; to be closed. */
    Stream<Message> messages() throws IOException {
        return String.valueOf(file.getFileName()).endsWith(".csv") ? rows() : lines();
    }

    private Stream<Message> lines() throws IOException {
        BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        return reader.lines()
                .map(line -> line.startsWith("\uFEFF") ? line.substring(1) : line)
                .filter(line -> !line.isBlank())
                .map(this::line)
                .onClose(() -> {
                    try {
                        reader.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private Message line(String line) {
        byte[] raw = line.getBytes(StandardCharsets.UTF_8);
        Value document;
        try {
            document = JsonReader.read(raw);
        } catch (NgsiLdException e) {
            return new Message(raw, null, topic, Map.of()); // what is no JSON may be another format
        }
        if (document instanceof Value.Obj object
                && RECORD.containsAll(object.members().keySet())
                && (object.get("payload") != null || object.get("body") != null)) {
            return record(object);
        }
        return new Message(raw, timePath == null ? null : time(JsonPath.at(document, timePath)), topic, Map.of());
    }

    private Message record(Value.Obj object) {
        Value payload = object.get("payload");
        byte[] body = payload instanceof Value.Text text
                ? text.text().getBytes(StandardCharsets.UTF_8)
                : payload != null ? JsonWriter.write(payload) : base64(object.get("body"));
        return new Message(
                body,
                time(object.get("time")),
                object.get("topic") instanceof Value.Text text ? text.text() : topic,
                object.get("headers") instanceof Value.Obj headers ? headers.members() : Map.of());
    }

    private static byte[] base64(@Nullable Value body) {
        try {
            return Base64.getDecoder().decode(body instanceof Value.Text text ? text.text() : "!");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the body of a record must be Base64; write text and JSON as payload", e);
        }
    }

    private Stream<Message> rows() throws IOException {
        if (Files.size(file) > MOST_TABLE_BYTES) {
            throw new IOException("a table may have at most " + MOST_TABLE_BYTES + " bytes; split it");
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        List<CsvText.Row> rows = CsvText.parse(text);
        if (rows.isEmpty()) {
            return Stream.empty();
        }
        char separator = CsvText.separator(text);
        List<String> names = rows.get(0).fields();
        int column = timePath == null ? -1 : names.indexOf(timePath);
        if (timePath != null && column < 0) {
            throw new IOException("there is no column " + timePath + "; there are " + String.join(", ", names));
        }
        String head = CsvText.line(names, separator);
        return rows.stream().skip(1).map(row -> {
            String cell =
                    column >= 0 && column < row.fields().size() ? row.fields().get(column) : "";
            Value stated = cell.matches("\\d{1,15}") ? Value.of(Long.parseLong(cell)) : Value.of(cell);
            byte[] body = (head + CsvText.line(row.fields(), separator)).getBytes(StandardCharsets.UTF_8);
            return new Message(body, cell.isEmpty() ? null : time(stated), topic, Map.of());
        });
    }

    private @Nullable Instant time(@Nullable Value stated) {
        try {
            return stated == null ? null : StatedTime.read(stated, zone);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
