package de.freiraum.app;

import de.freiraum.app.tryout.Rehearsal;
import de.freiraum.app.tryout.Report;
import de.freiraum.ingest.Receipt;
import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.message.RawMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what messages would do, without a server. */
@Command(
        name = "try",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows what a message from the standard input would do: decoded fields, the change, totals and"
                + " windows. Touches nothing. Ends with 1 if the message would be a dead letter.")
final class TryCommand implements Callable<Integer> {
    private static final int MOST_BYTES = 64 << 20;
    private static final int DEAD = 1;

    @Parameters(
            arity = "0..1",
            paramLabel = "SOURCES",
            description = "File or folder with sources, devices and mappings; the same as --ingest.")
    @Nullable
    private String sources;

    @Option(names = "--source", paramLabel = "ID", description = "Which source; needed if there are several.")
    @Nullable
    private String source;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "MQTT topic on which it comes; also names the source.")
    @Nullable
    private String topic;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "Content type with which it comes.")
    @Nullable
    private String contentType;

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "Another header. Can be repeated.")
    private Map<String, String> headers = new HashMap<>();

    @Option(names = "--message", paramLabel = "FILE", description = "Where the message is. Default: standard input.")
    @Nullable
    private Path message;

    @Option(names = "--lines", description = "Each line is a message; they are sent one after the other.")
    private boolean lines;

    @Option(names = "--at", paramLabel = "TIME", description = "When it arrives, in ISO 8601. Default: now.")
    @Nullable
    private String at;

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (sources != null && options.ingest != null) {
            throw wrong("the sources are named twice");
        }
        options.ingest = sources == null ? options.ingest : sources;
        Map<String, String> environment = System.getenv();
        AppConfig config = options.load(environment);
        IngestConfig ingest = options.loadIngest(config, environment);
        if (ingest.sources().isEmpty()) {
            throw wrong("there is no source: name a file or folder with sources");
        }
        Instant time = time();
        List<byte[]> messages = messages();
        try (Rehearsal rehearsal = new Rehearsal(ingest, config.aggregate(), time)) {
            SourceDefinition chosen = choose(ingest, rehearsal);
            Report report = new Report(spec.commandLine().getOut());
            boolean dead = false;
            for (byte[] body : messages) {
                RawMessage raw =
                        new RawMessage(body, topic == null ? "/ingest/" + chosen.id() : topic, headers(), time);
                Rehearsal.Outcome outcome = rehearsal.send(chosen, raw);
                report.tell(chosen.id(), raw, outcome);
                dead |= outcome.receipt().outcome() == Receipt.Outcome.DEAD;
            }
            return dead ? DEAD : 0;
        }
    }

    private SourceDefinition choose(IngestConfig ingest, Rehearsal rehearsal) {
        String ids = String.join(", ", ingest.sources().keySet());
        if (source != null) {
            SourceDefinition named = ingest.source(source);
            if (named == null) {
                throw wrong("there is no such source; there are " + ids);
            }
            return named;
        }
        if (topic != null) {
            SourceDefinition listening = rehearsal.sourceOfTopic(topic);
            if (listening != null) {
                return listening;
            }
            throw wrong("no source listens to this topic; name one with --source: " + ids);
        }
        if (ingest.sources().size() > 1) {
            throw wrong("there are several sources; name one with --source: " + ids);
        }
        return ingest.sources().values().iterator().next();
    }

    private Map<String, String> headers() {
        Map<String, String> all = new HashMap<>();
        headers.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
        if (contentType != null) {
            all.put("content-type", contentType);
        }
        return all;
    }

    private Instant time() {
        if (at == null) {
            return Startup.now();
        }
        try {
            return OffsetDateTime.parse(at).toInstant();
        } catch (DateTimeException e) {
            throw wrong("--at must be a time in ISO 8601 with an offset, such as 2026-03-02T07:00:00Z");
        }
    }

    private List<byte[]> messages() throws IOException {
        byte[] all;
        try (InputStream from = message == null ? System.in : Files.newInputStream(message)) {
            all = from.readNBytes(MOST_BYTES + 1);
        }
        if (all.length > MOST_BYTES) {
            throw wrong("the message has more than " + MOST_BYTES + " bytes");
        }
        List<byte[]> messages = lines
                ? new String(all, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .map(line -> line.getBytes(StandardCharsets.UTF_8))
                        .toList()
                : List.of(all);
        if (messages.isEmpty() || messages.get(0).length == 0) {
            throw wrong("there is no message: give it on the standard input or with --message");
        }
        return messages;
    }

    private ParameterException wrong(String detail) {
        return new ParameterException(spec.commandLine(), "freiraum try: " + detail);
    }
}
