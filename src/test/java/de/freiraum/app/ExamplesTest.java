package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The examples in docs/examples.md and those of docs/apps.md that say what they print, run as they are written but for the port, against a server whose spots change all the time. */
class ExamplesTest {
    private static final Logger LOG = LoggerFactory.getLogger(ExamplesTest.class);
    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- prints: (.+?) -->\n```(sh|python|js)\n(.*?)\n```", Pattern.DOTALL);
    private static final Map<String, List<String>> COMMANDS =
            Map.of("sh", List.of("bash"), "python", List.of("python3", "-u"), "js", List.of("node"));
    private static final Map<String, String> SUFFIXES = Map.of("sh", ".sh", "python", ".py", "js", ".mjs");
    private static final String[] TENANT = {"NGSILD-Tenant", "schwerte", "Content-Type", "application/ld+json"};

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static OpenServer server;

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static ScheduledExecutorService city;

    @BeforeAll
    static void start() throws Exception {
        server = OpenServer.start("catalog: { refresh: 0s }", "open", "true");
        try (InputStream entities = ExamplesTest.class.getResourceAsStream("/formats/parking.jsonld")) {
            String json = new String(Objects.requireNonNull(entities).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(server.post("/ngsi-ld/v1/entityOperations/create", json, TENANT)
                            .statusCode())
                    .isEqualTo(201);
        }
        city = Executors.newSingleThreadScheduledExecutor();
        AtomicInteger turn = new AtomicInteger();
        ScheduledFuture<?> unused =
                city.scheduleWithFixedDelay(() -> change(turn.getAndIncrement()), 0, 100, TimeUnit.MILLISECONDS);
    }

    /** A car comes or goes at the second spot. */
    private static void change(int turn) {
        String status = turn % 2 == 0 ? "free" : "occupied";
        String patch = "{\"status\":{\"type\":\"Property\",\"value\":\"" + status
                + "\"},\"@context\":\"https://w3id.org/freiraum/context/parking.jsonld\"}";
        try {
            server.send(
                    "PATCH",
                    "/ngsi-ld/v1/entities/urn:ngsi-ld:ParkingSpot:2/attrs",
                    BodyPublishers.ofString(patch),
                    TENANT);
        } catch (IOException e) {
            LOG.debug("the server is gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        city.shutdownNow();
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleDoesWhatItSays() throws IOException {
        String text = Files.readString(Path.of("docs/examples.md"));
        int all = (int)
                Pattern.compile("```(sh|python|js)\n").matcher(text).results().count();
        assertThat(EXAMPLE.matcher(text).results()).hasSize(all);
        List<DynamicTest> tests = new ArrayList<>();
        Matcher example = EXAMPLE.matcher(text + Files.readString(Path.of("docs/apps.md")));
        while (example.find()) {
            String prints = example.group(1);
            String language = example.group(2);
            String code = example.group(3);
            tests.add(dynamicTest(tests.size() + " " + language + ": " + prints, () -> run(language, code, prints)));
        }
        assertThat(tests).hasSizeGreaterThan(all);
        return tests.stream();
    }

    private static void run(String language, String code, String prints) throws Exception {
        List<String> command = new ArrayList<>(Objects.requireNonNull(COMMANDS.get(language)));
        requireProgram(command.get(0));
        Path file = Files.createTempFile(folder, "example", Objects.requireNonNull(SUFFIXES.get(language)));
        Files.writeString(file, code.replace("localhost:1026", "127.0.0.1:" + server.port()));
        command.add(file.toString());
        Path output = folder.resolve(file.getFileName() + ".out");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(30, TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(output);
        assertThat(ended).as("it ends; it printed " + printed).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        assertThat(printed.toLowerCase(java.util.Locale.ROOT)).contains(prints.toLowerCase(java.util.Locale.ROOT));
    }

    /** Where the examples cannot run, that is said; on a machine that checks the project it is a failure. */
    private static void requireProgram(String name) throws InterruptedException {
        boolean there;
        try {
            there = new ProcessBuilder(name, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            there = false;
        }
        if (!there) {
            LOG.error("{} is not installed: the examples of docs/examples.md in its language are NOT TESTED", name);
            assertThat(System.getenv("CI")).as(name + " is not installed").isNotEqualTo("true");
            Assumptions.abort(name + " is not installed");
        }
    }
}
