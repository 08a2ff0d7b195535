package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Recorded messages, sent to a running server by the command line. */
class ReplayCommandTest {
    private static final String SOURCES = """
            sources:
              - { id: boxes, envelope: json, json: { device: id, time: at }, mqtt: { topics: [a] } }
              - { id: silent, envelope: json, json: { deviceFromTopic: 1 }, mqtt: { topics: ["b/#"] } }
              - { id: table, envelope: csv, csv: { device: id, time: at, zone: Europe/Berlin }, mqtt: { topics: [c] } }
            devices: [ { id: box, model: acme/box } ]
            mappings:
              - mapping: acme-box
                match: { model: [acme/box] }
                time: { past: P10000D }
                emit:
                  - entity: "urn:ngsi-ld:Thing:{devEui}"
                    type: Thing
                    set: { "https://example.org/speed": { value: decoded.v, required: true } }
            """;

    @TempDir
    Path folder;

    private OpenServer server;

    @BeforeEach
    void open() throws Exception {
        IngestConfig sources =
                IngestConfig.read(new YamlText("sources.yaml", SOURCES), List.of(), name -> YamlText.NONE, Map.of());
        server = OpenServer.start(sources, """
                security:
                  keys: [ { name: operator, sha256: %s, access: admin } ]
                """.formatted(HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest("operator".getBytes(StandardCharsets.UTF_8)))));
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void linesAreMessagesAndEachIsCounted() throws Exception {
        Path file = file(
                "a.jsonl",
                "{'id':'box','at':'2024-01-01T00:00:00Z','v':1}",
                "",
                "{'id':'box','at':'2024-01-01T00:01:00Z','v':2}",
                "{'id':'box','at':'2024-01-01T00:01:00Z','v':2}",
                "{'id':'nobody','at':'2024-01-01T00:02:00Z','v':3}",
                "no json");
        Run run = run(file, "--source", "boxes", "--time", "at");
        assertThat(run.out()).contains("messages: 5\naccepted: 2\nduplicate: 1\nignored: 0\ndead: 2\n");
        assertThat(run.code()).isEqualTo(1);
        assertThat(thing()).contains("\"value\":2", "2024-01-01T00:01:00Z");
    }

    @Test
    void recordsHaveTheirTimeAndTopicBesideThem() throws Exception {
        Path file = file(
                "a.jsonl",
                "{'time':'2024-01-01T00:00:00Z','topic':'b/box','payload':{'v':7}}",
                "{'time':'2024-01-01T00:00:01Z','topic':'b/box','payload':{'v':8}}",
                "{'time':'2024-01-01T00:00:02+00:00','topic':'b/box','body':'eyJ2Ijo5fQ==','headers':{}}");
        Run run = run(file, "--source", "silent");
        assertThat(run.out()).contains("accepted: 3\n", "dead: 0\n");
        assertThat(run.code()).isZero();
        assertThat(thing()).contains("\"value\":9").contains("2024-01-01T00:00:02Z");
    }

    @Test
    void linesOfATableAreMessages() throws Exception {
        Path file = file("a.csv", "id;at;v", "box;2024-07-01 00:00:00;4", "box;2024-07-01 00:15:00;5");
        Run run = run(file, "--source", "table", "--time", "at", "--zone", "Europe/Berlin", "--speed", "3600000");
        assertThat(run.out()).contains("messages: 2\naccepted: 2\n");
        assertThat(thing()).contains("\"value\":5", "2024-06-30T22:15:00Z");
    }

    @Test
    void compressedTimeKeepsTheOrderAndLeavesNothingOut() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int second = 0; second < 1200; second++) {
            lines.add("{'id':'box','at':" + (1_700_000_000 + second) + ",'v':" + second + "}");
        }
        Run run = run(
                file("a.jsonl", lines.toArray(String[]::new)), "--source", "boxes", "--time", "at", "--speed", "1200");
        assertThat(run.out()).contains("messages: 1200\naccepted: 1200\n");
        assertThat(thing()).contains("\"value\":1199");
    }

    @Test
    void anEmptyFileIsNothing() throws Exception {
        Run run = run(file("a.jsonl"), "--source", "boxes");
        assertThat(run.out()).contains("messages: 0\n");
        assertThat(run.code()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.jsonl | --source boxes --speed fast            | 2 | --speed must be real, max or a number
            a.jsonl | --source boxes --speed -1              | 2 | --speed must be real, max or a number
            a.jsonl | --source boxes --speed real            | 2 | --speed needs --time
            a.jsonl | --source boxes --zone Mars             | 2 | --zone must be a time zone
            a.jsonl | --source boxes --time a..b             | 2 | --time must be member names
            a.jsonl | --speed max                            | 2 | --source
            b.jsonl | --source boxes                         | 2 | no file
            a.jsonl | --source elsewhere                     | 1 | there is no source of this name
            a.csv   | --source table --time nothing          | 1 | there is no column nothing
            c.jsonl | --source boxes                         | 1 | must be Base64
            a.jsonl | --source boxes --url nonsense          | 1 | --url must be http
            a.jsonl | --source boxes --url http://127.0.0.1:1 | 1 | there is no server
            a.jsonl | --source boxes --key wrong             | 1 | 401
            """)
    void tellsWhatIsWrong(String name, String arguments, int code, String told) throws Exception {
        file("a.jsonl", "{'id':'box','v':1}");
        file("a.csv", "id,v", "box,1");
        file("c.jsonl", "{'body':'???'}");
        Run run = run(folder.resolve(name), arguments.split(" "));
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.err()).contains(told);
        assertThat(run.out()).doesNotContain("accepted");
    }

    @Test
    void theRouteTakesWellFormedMessagesOnly() throws Exception {
        for (String body : List.of(
                "{}",
                "[1]",
                "[{}]",
                "[{\"body\":\"?\"}]",
                "[{\"body\":\"e30=\",\"time\":\"yesterday\"}]",
                "[{\"body\":\"e30=\",\"time\":\"2999-01-01T00:00:00Z\"}]",
                "[{\"body\":\"e30=\",\"more\":1}]")) {
            assertThat(server.post("/ingest/boxes/replay", body, "X-API-Key", "operator")
                            .statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(server.post("/ingest/boxes/replay", "[]").statusCode()).isEqualTo(401);
    }

    private record Run(int code, String out, String err) {}

    private Run run(Path file, String... arguments) {
        List<String> all = new ArrayList<>(List.of("replay", file.toString()));
        all.addAll(List.of(arguments));
        if (!all.contains("--url")) {
            all.addAll(List.of("--url", "http://127.0.0.1:" + server.port()));
        }
        if (!all.contains("--key")) {
            all.addAll(List.of("--key", "operator"));
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        int code = line.execute(all.toArray(String[]::new));
        return new Run(code, out.toString(), err.toString());
    }

    private Path file(String name, String... lines) throws IOException {
        String text = String.join("\n", lines).replace('\'', '"');
        return Files.writeString(folder.resolve(name), text);
    }

    private String thing() throws Exception {
        return server.get("/ngsi-ld/v1/entities/urn:ngsi-ld:Thing:box", "X-API-Key", "operator")
                .body();
    }
}
