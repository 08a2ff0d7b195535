package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What {@code freiraum dead-letters} does on a running server that asks everybody else for a key. */
class DeadLetterCommandTest {
    private static final String SOURCES = """
            sources:
              - { id: boxes, envelope: json, webhook: {} }
              - { id: bays, envelope: json, webhook: {} }
            devices: [{ id: d1, model: bosch/tps110, city: c, site: s, spot: "1" }]
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before the tests
    private static Path data;

    private static OpenServer server;

    private record Run(int code, List<String> out, String err) {}

    @BeforeAll
    static void start() throws Exception {
        server = OpenServer.start(
                IngestConfig.read(new YamlText("sources.yaml", SOURCES), List.of(), name -> YamlText.NONE, Map.of()),
                "",
                "durability",
                "sync",
                "data-dir",
                data.toString());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void onlyThree() throws Exception {
        run("delete", "--all");
        server.post("/ingest/boxes", "{\"id\":\"nobody\"}");
        server.post("/ingest/boxes", "garbage");
        server.post("/ingest/bays", "\u0000\u0001");
    }

    @Test
    void listsThoseThatMatch() {
        assertThat(run("list").out()).last().isEqualTo("3 dead letters");
        Run boxes = run("list", "--source", "boxes", "--reason", "unknown_device");
        assertThat(boxes.out()).hasSize(2);
        assertThat(boxes.out().get(0)).contains("boxes  UNKNOWN_DEVICE  no device list of the source names \"nobody\"");
        assertThat(run("list", "--limit", "2").out()).hasSize(3);
        assertThat(run("list", "--from", "2100-01-01T00:00:00Z").out()).containsExactly("0 dead letters");
    }

    @Test
    void showsTheMessageItself() {
        assertThat(run("show", id("--reason", "UNKNOWN_DEVICE")).out())
                .contains("source    boxes", "attempts  1", "body      {\"id\":\"nobody\"}");
        assertThat(run("show", id("--source", "bays")).out()).contains("body      0x0001");
    }

    @Test
    void whatIsRefusedAgainIsKept() {
        Run one = run("replay", id("--source", "bays"));
        assertThat(one.code()).isEqualTo(1);
        assertThat(one.out().get(0)).startsWith("dead: ");
        Run all = run("replay", "--all");
        assertThat(all.code()).isEqualTo(1);
        assertThat(all.out()).containsExactly("3 replayed: 0 accepted, 0 duplicate, 0 ignored, 3 dead");
        assertThat(run("show", id("--source", "bays")).out()).contains("attempts  3");
    }

    @Test
    void deletesOneOrThoseThatMatch() {
        String id = id("--source", "bays");
        assertThat(run("delete", id).out()).containsExactly("1 deleted");
        assertThat(run("delete", id).err()).contains("there is no such dead letter");
        assertThat(run("delete", "--source", "boxes").out()).containsExactly("2 deleted");
    }

    @Test
    void fromElsewhereAKeyIsNeeded() {
        Run elsewhere = run("list", "--url", "http://127.0.0.1:" + server.port());
        assertThat(elsewhere.code()).isEqualTo(1);
        assertThat(elsewhere.err()).startsWith("freiraum: ");
        assertThat(run("list", "--url", "http://127.0.0.1:1").err())
                .contains("no server answers at http://127.0.0.1:1");
    }

    @ParameterizedTest
    @CsvSource({
        "delete, 2, needs either an id",
        "replay x --all, 2, needs either an id",
        "list --limit 0, 2, --limit: allowed is",
        "list --reason nonsense, 1, reason: allowed are",
        "list --from yesterday, 1, from: allowed is a time",
        "show nothing, 1, there is no such dead letter",
        "show, 2, Missing required parameter"
    })
    void aWrongCommandSaysWhatIsWrong(String arguments, int code, String problem) {
        Run run = run(arguments.split(" "));
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.err()).contains(problem);
    }

    private static String id(String... filter) {
        List<String> arguments = new ArrayList<>(List.of("list"));
        arguments.addAll(List.of(filter));
        return run(arguments.toArray(String[]::new)).out().get(0).split(" ")[0];
    }

    private static Run run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("dead-letters"));
        all.addAll(List.of(arguments));
        if (arguments.length > 0) {
            all.addAll(List.of("--data-dir", data.toString()));
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = line.execute(all.toArray(String[]::new));
        return new Run(code, out.toString().lines().toList(), err.toString());
    }
}
