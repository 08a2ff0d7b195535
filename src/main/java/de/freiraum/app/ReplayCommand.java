package de.freiraum.app;

import de.freiraum.ingest.message.JsonPath;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends recorded messages to a source of a running server, as fast as they came, faster, or as fast as it can. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Sends recorded messages to a source of a running server and counts what becomes of them."
                + " Ends with 1 if some became dead letters.")
final class ReplayCommand implements Callable<Integer> {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int AT_ONCE = 500;
    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_TRIES = 20;
    private static final Duration PROGRESS = Duration.ofSeconds(2);

    @Parameters(
            paramLabel = "FILE",
            description = "Lines of JSON, each a message or {time, topic, headers, payload or body}; or, if it ends in"
                    + " .csv, a table whose lines are messages.")
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private Path file;

    @Option(names = "--source", required = true, paramLabel = "ID", description = "The source to which they belong.")
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private String source;

    @Option(
            names = "--speed",
            paramLabel = "SPEED",
            description = "real: as they came; a number: so many times as fast; max: as fast as the server takes them."
                    + " Default: max.")
    private String speed = "max";

    @Option(
            names = "--time",
            paramLabel = "PATH",
            description = "Where a message says when it came, such as received_at; in a table the column.")
    @Nullable
    private String time;

    @Option(names = "--zone", paramLabel = "ZONE", description = "Zone of times without an offset.")
    @Nullable
    private String zone;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "MQTT topic of messages without one.")
    @Nullable
    private String topic;

    @Mixin
    private ServerAccess server = new ServerAccess();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    private final Map<String, Long> counts = new LinkedHashMap<>();
    private long sent;
    private long lastTold = System.nanoTime();

    @Override
    public Integer call() throws Exception {
        double factor = factor();
        if (!Files.isReadable(file)) {
            throw wrong("there is no file " + file + " that can be read");
        }
        Recording recording = new Recording(file, path(), zone(), topic);
        List.of("accepted", "duplicate", "ignored", "dead").forEach(outcome -> counts.put(outcome, 0L));
        try (ServerAccess.Connection connection = server.connect();
                Stream<Recording.Message> messages = recording.messages()) {
            send(connection, messages.iterator(), factor);
            tellAll();
        } catch (java.io.UncheckedIOException e) {
            throw new IOException("the file cannot be read as UTF-8: " + e.getMessage(), e);
        } catch (IOException e) {
            if (sent > 0) {
                tellAll();
            }
            throw e;
        }
        return counts.getOrDefault("dead", 0L) == 0 ? 0 : 1;
    }

    private void send(ServerAccess.Connection connection, Iterator<Recording.Message> messages, double factor)
            throws Exception {
        Instant first = null;
        long start = System.nanoTime();
        List<Recording.Message> batch = new ArrayList<>();
        long bytes = 0;
        while (messages.hasNext()) {
            Recording.Message message = messages.next();
            Instant at = message.time();
            if (factor > 0) {
                if (at == null && first == null) {
                    throw wrong("the first message does not say when it came, so --speed needs --time");
                }
                if (at != null) {
                    first = first == null ? at : first;
                    long due = start + (long) (Duration.between(first, at).toNanos() / factor);
                    if (due > System.nanoTime()) {
                        deliver(connection, batch);
                        bytes = 0;
                        pause(due);
                    }
                }
            }
            batch.add(message);
            bytes += message.body().length;
            if (batch.size() >= AT_ONCE || bytes > MOST_BYTES) {
                deliver(connection, batch);
                bytes = 0;
            }
        }
        deliver(connection, batch);
    }

    private void pause(long due) throws InterruptedException {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            Thread.sleep(Math.min(1 + left / 1_000_000, PROGRESS.toMillis()));
            tell();
        }
    }

    /** Sends a batch, and again those of it that the server could not take; empties it. */
    private void deliver(ServerAccess.Connection connection, List<Recording.Message> batch) throws Exception {
        int tries = 0;
        while (!batch.isEmpty()) {
            List<String> outcomes = outcomes(connection, batch);
            List<Recording.Message> again = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                if (outcomes.get(i).equals("failed")) {
                    again.add(batch.get(i));
                } else {
                    sent++;
                    counts.merge(outcomes.get(i), 1L, Long::sum);
                }
            }
            batch.clear();
            batch.addAll(again);
            if (!again.isEmpty()) {
                if (++tries > MOST_TRIES) {
                    throw new IOException("the server does not take the messages; " + sent + " are done");
                }
                Thread.sleep(1000);
            }
            tell();
        }
    }

    private List<String> outcomes(ServerAccess.Connection connection, List<Recording.Message> batch) throws Exception {
        String path = "/ingest/" + URLEncoder.encode(source, StandardCharsets.UTF_8) + "/replay";
        ServerAccess.Answer answer = connection.post(path, body(batch));
        if (answer.status() == UNAVAILABLE) {
            return batch.stream().map(message -> "failed").toList();
        }
        Value document = read(answer);
        if (answer.status() == OK
                && document instanceof Value.Obj object
                && object.get("outcomes") instanceof Value.Array array
                && array.items().size() == batch.size()) {
            return array.items().stream()
                    .map(item -> item instanceof Value.Text text ? text.text() : "failed")
                    .toList();
        }
        throw new IOException("the server answers " + answer.status()
                + (document instanceof Value.Obj problem && problem.get("detail") instanceof Value.Text detail
                        ? ": " + detail.text()
                        : ""));
    }

    private static @Nullable Value read(ServerAccess.Answer answer) {
        try {
            return JsonReader.read(answer.body().getBytes());
        } catch (NgsiLdException e) {
            return null;
        }
    }

    private static byte[] body(List<Recording.Message> batch) {
        List<Value> items = new ArrayList<>(batch.size());
        for (Recording.Message message : batch) {
            Map<String, Value> members = new LinkedHashMap<>();
            members.put("body", Value.of(Base64.getEncoder().encodeToString(message.body())));
            if (message.time() != null) {
                members.put("time", Value.of(message.time().toString()));
            }
            if (message.topic() != null) {
                members.put("topic", Value.of(message.topic()));
            }
            if (!message.headers().isEmpty()) {
                members.put("headers", new Value.Obj(message.headers()));
            }
            items.add(new Value.Obj(members));
        }
        return JsonWriter.write(new Value.Array(items));
    }

    private void tellAll() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("messages: " + sent);
        counts.forEach((outcome, count) -> out.println(outcome + ": " + count));
        out.flush();
    }

    private void tell() {
        long now = System.nanoTime();
        if (now - lastTold >= PROGRESS.toNanos()) {
            lastTold = now;
            PrintWriter err = spec.commandLine().getErr();
            err.println(sent + " messages: " + counts);
            err.flush();
        }
    }

    /** How many times as fast as they came; 0: as fast as can be. */
    private double factor() {
        if (speed.equals("max")) {
            return 0;
        }
        try {
            double factor = speed.equals("real") ? 1 : Double.parseDouble(speed);
            if (factor > 0 && factor <= 1e9) {
                return factor;
            }
        } catch (NumberFormatException e) {
            throw wrong("--speed must be real, max or a number above 0, such as 60");
        }
        throw wrong("--speed must be real, max or a number above 0, such as 60");
    }

    private @Nullable String path() {
        boolean table = String.valueOf(file.getFileName()).endsWith(".csv");
        try {
            return time == null || table ? time : JsonPath.check(time);
        } catch (IllegalArgumentException e) {
            throw wrong("--time " + e.getMessage());
        }
    }

    private @Nullable ZoneId zone() {
        try {
            return zone == null ? null : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw wrong("--zone must be a time zone such as Europe/Berlin");
        }
    }

    private ParameterException wrong(String detail) {
        return new ParameterException(spec.commandLine(), "freiraum replay: " + detail);
    }
}
