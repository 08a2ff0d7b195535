package de.freiraum.app;

import de.freiraum.app.operations.Control;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists, shows, replays and deletes the messages of a running server that could not be mapped. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Lists, shows, replays and deletes the messages of a running server that could not be mapped.",
        subcommands = {
            DeadLetterCommand.ListMatching.class,
            DeadLetterCommand.Show.class,
            DeadLetterCommand.Replay.class,
            DeadLetterCommand.Delete.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class DeadLetterCommand implements Callable<Integer> {
    private static final String PATH = "/ingest/dead-letters";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }

    /** Which server. */
    abstract static class OnServer implements Callable<Integer> {
        private static final Duration PATIENCE = Duration.ofMinutes(10);

        @Mixin
        private SettingsOptions options = new SettingsOptions();

        @Option(
                names = "--url",
                paramLabel = "URL",
                description =
                        "The server. Default: the one that runs with the data directory, else the one on the HTTP port.")
        @Nullable
        private URI url;

        @Option(
                names = "--key",
                paramLabel = "KEY",
                description =
                        "An API key with the right to administer, or env:NAME. Not needed on the server's machine.")
        @Nullable
        private String key;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by the command line before call
        private CommandSpec spec;

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        CommandLine.ParameterException wrong(String message) {
            return new CommandLine.ParameterException(spec.commandLine(), message);
        }

        Value.Obj ask(HttpMethod method, String target) throws Exception {
            Control server = server();
            ServerCall.Answer answer;
            try {
                answer = ServerCall.send(server, url == null, method, target, new byte[0], PATIENCE);
            } catch (ConnectException nobody) {
                throw new IOException(
                        "no server answers at " + server.url() + "; name it by --data-dir or --url", nobody);
            }
            if (answer.status() == 204) {
                return new Value.Obj(Map.of());
            }
            Value body = JsonReader.read(answer.body().getBytes());
            if (answer.status() != 200 || !(body instanceof Value.Obj object)) {
                throw new IOException(
                        body instanceof Value.Obj problem
                                ? text(problem, "detail")
                                : "the server answers " + answer.status());
            }
            return object;
        }

        private Control server() throws IOException {
            String secret = key == null ? "" : key;
            if (secret.startsWith("env:")) {
                secret = System.getenv().getOrDefault(secret.substring(4), "");
            }
            if (url != null) {
                if (url.getHost() == null) {
                    throw wrong("--url: allowed is the address of a server, such as http://localhost:1026");
                }
                return new Control(url, secret);
            }
            AppConfig config = options.load(System.getenv());
            Control local = Control.read(config.dataDir())
                    .orElse(new Control(
                            URI.create("http://127.0.0.1:" + config.http().port()), ""));
            return secret.isEmpty() ? local : new Control(local.url(), secret);
        }
    }

    /** Which dead letters. */
    static final class Filter {
        @Option(names = "--source", paramLabel = "ID", description = "Only of this source.")
        @Nullable
        private String source;

        @Option(names = "--reason", paramLabel = "REASON", description = "Only with this reason, such as NO_MAPPING.")
        @Nullable
        private String reason;

        @Option(
                names = "--from",
                paramLabel = "TIME",
                description = "Only those that arrived then or later (ISO 8601).")
        @Nullable
        private String from;

        @Option(names = "--to", paramLabel = "TIME", description = "Only those that arrived earlier (ISO 8601).")
        @Nullable
        private String to;

        boolean isEmpty() {
            return source == null && reason == null && from == null && to == null;
        }

        /** As a query, without question mark. */
        String query(String... more) {
            List<String> parts = new ArrayList<>(List.of(more));
            add(parts, "source", source);
            add(parts, "reason", reason);
            add(parts, "from", from);
            add(parts, "to", to);
            return String.join("&", parts);
        }

        static void add(List<String> parts, String name, @Nullable String value) {
            if (value != null) {
                parts.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
    }

    /** Lists them. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Lists dead letters, the oldest first: id, arrival, source, reason, detail.")
    static final class ListMatching extends OnServer {
        private static final int PAGE = 500;

        @Mixin
        private Filter filter = new Filter();

        @Option(names = "--limit", paramLabel = "NUMBER", description = "The most to list. Default: all.")
        private int limit = Integer.MAX_VALUE;

        @Override
        public Integer call() throws Exception {
            if (limit < 1) {
                throw wrong("--limit: allowed is a whole number from 1");
            }
            int listed = 0;
            String after = null;
            do {
                List<String> page = new ArrayList<>();
                page.add("limit=" + Math.min(PAGE, limit - listed));
                Filter.add(page, "after", after);
                Value.Obj answer = ask(HttpMethod.GET, PATH + "?" + filter.query(page.toArray(String[]::new)));
                if (answer.get("deadLetters") instanceof Value.Array letters) {
                    for (Value letter : letters.items()) {
                        line((Value.Obj) letter);
                        listed++;
                    }
                }
                after = answer.get("next") instanceof Value.Text next ? next.text() : null;
            } while (after != null && listed < limit);
            out().println(listed + (listed == 1 ? " dead letter" : " dead letters"));
            out().flush();
            return 0;
        }

        private void line(Value.Obj letter) {
            String source = text(letter, "source");
            out().println(String.join(
                    "  ",
                    text(letter, "id"),
                    text(letter, "time"),
                    source.isEmpty() ? "-" : source,
                    text(letter, "reason"),
                    text(letter, "detail")));
        }
    }

    /** Shows one. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Shows one dead letter with its message: as text if it is UTF-8, otherwise in hexadecimal.")
    static final class Show extends OnServer {
        @Parameters(paramLabel = "ID", description = "Its id.")
        @SuppressWarnings("NullAway.Init") // set by the command line before call
        private String id;

        @Override
        public Integer call() throws Exception {
            Value.Obj letter = ask(HttpMethod.GET, one(id));
            for (String name : List.of("id", "time", "source", "reason", "detail", "attempts", "topic", "headers")) {
                Value value = letter.get(name);
                out().printf(
                                "%-9s %s%n",
                                name,
                                value instanceof Value.Text text
                                        ? text.text()
                                        : value == null
                                                ? ""
                                                : new String(JsonWriter.write(value), StandardCharsets.UTF_8));
            }
            out().printf("%-9s %s%n", "body", readable(Base64.getDecoder().decode(text(letter, "body"))));
            out().flush();
            return 0;
        }

        private static String readable(byte[] body) {
            String text = new String(body, StandardCharsets.UTF_8);
            return text.chars().anyMatch(c -> c == 0xFFFD || (Character.isISOControl(c) && !Character.isWhitespace(c)))
                    ? "0x" + HexFormat.of().formatHex(body)
                    : text;
        }
    }

    /** One by its id, all that match a filter, or all. */
    abstract static class OnSome extends OnServer {
        @Parameters(arity = "0..1", paramLabel = "ID", description = "One of them.")
        @Nullable
        String id;

        @Mixin
        Filter filter = new Filter();

        @Option(names = "--all", description = "All of them.")
        private boolean all;

        void choose() {
            int ways = (id == null ? 0 : 1) + (filter.isEmpty() ? 0 : 1) + (all ? 1 : 0);
            if (ways != 1) {
                throw wrong("needs either an id, or --source, --reason, --from or --to, or --all");
            }
        }
    }

    /** Maps them again. */
    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description =
                    "Sends messages through again, as if they had arrived when they did. Ends with 1 if some are refused again.")
    static final class Replay extends OnSome {
        @Override
        public Integer call() throws Exception {
            choose();
            boolean refused;
            if (id != null) {
                Value.Obj receipt = ask(HttpMethod.POST, one(id) + "/replay");
                refused = text(receipt, "outcome").equals("dead");
                String detail = text(receipt, "detail");
                out().println(text(receipt, "outcome") + (detail.isEmpty() ? "" : ": " + detail));
            } else {
                Value.Obj counts = ask(HttpMethod.POST, PATH + "/replay?" + filter.query());
                List<String> outcomes = new ArrayList<>();
                for (String outcome : List.of("accepted", "duplicate", "ignored", "dead")) {
                    outcomes.add(number(counts, outcome) + " " + outcome);
                }
                refused = number(counts, "dead") > 0;
                out().println(number(counts, "replayed") + " replayed: " + String.join(", ", outcomes));
            }
            out().flush();
            return refused ? 1 : 0;
        }
    }

    /** Deletes them. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Deletes dead letters for good.")
    static final class Delete extends OnSome {
        @Override
        public Integer call() throws Exception {
            choose();
            long deleted = 1;
            if (id != null) {
                ask(HttpMethod.DELETE, one(id));
            } else {
                deleted = number(ask(HttpMethod.DELETE, PATH + "?" + filter.query("all=true")), "deleted");
            }
            out().println(deleted + " deleted");
            out().flush();
            return 0;
        }
    }

    private static String one(String id) {
        return PATH + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private static String text(Value.Obj object, String name) {
        return object.get(name) instanceof Value.Text text ? text.text() : "";
    }

    private static long number(Value.Obj object, String name) {
        return object.get(name) instanceof Value.Num number ? number.number().longValue() : 0;
    }
}
