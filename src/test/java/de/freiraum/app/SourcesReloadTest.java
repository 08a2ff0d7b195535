package de.freiraum.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.freiraum.ingest.config.IngestConfig;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Sources that change while the server runs. */
class SourcesReloadTest {
    private static final String ONE = """
            sources:
              - id: one
                envelope: json
                webhook: {}
                poll: { url: "http://127.0.0.1:1/", every: PT1H }
            """;
    private static final String TWO = """
              - id: two
                envelope: json
                webhook: {}
                broker: { url: "mqtt://127.0.0.1:1", topics: [a] }
            """;
    private static final String DEVICES = "devices: [ { id: box, model: acme/box } ]\n";
    private static final String MAPPING = """
            mapping: acme-box
            match: { model: [acme/box] }
            emit:
              - entity: "urn:ngsi-ld:Thing:{devEui}"
                type: Thing
                set: { "https://example.org/speed": { value: decoded.speed, required: true } }
            """;

    @TempDir
    Path folder;

    private OpenServer server;

    @BeforeEach
    void open() throws Exception {
        Files.createDirectory(folder.resolve("mappings"));
        Files.writeString(folder.resolve("mappings/box.yaml"), MAPPING);
        write(ONE + DEVICES);
        server = OpenServer.start(new SourceFiles(folder, () -> IngestConfig.load(folder, Map.of())), "open", "true");
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void whatIsNewStartsWhatIsGoneStopsAndTheRestGoesOn() throws Exception {
        assertThat(send("two")).isEqualTo(404);
        write(ONE + TWO + DEVICES);
        JsonNode change = reload(200);
        assertThat(change.path("started").toString()).isEqualTo("[\"two (broker)\"]");
        assertThat(change.path("unchanged").toString()).isEqualTo("[\"one (poll)\"]");
        assertThat(change.path("stopped")).isEmpty();
        assertThat(send("two")).isEqualTo(202);
        assertThat(server.get("/metrics").body())
                .contains("freiraum_ingest_subscribed{source=\"two\"}", "freiraum_ingest_lag_seconds{source=\"two\"}");

        write(ONE + DEVICES);
        assertThat(reload(200).path("stopped").toString()).isEqualTo("[\"two (broker)\"]");
        assertThat(send("two")).isEqualTo(404);
        assertThat(server.get("/metrics").body())
                .doesNotContain("source=\"two\"")
                .contains("source=\"one\"");
    }

    @Test
    void aSubscriptionThatIsTheSameKeepsItsConnection() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            List<MqttEndpoint> connected = new CopyOnWriteArrayList<>();
            List<String> subscribed = new CopyOnWriteArrayList<>();
            int port = MqttServer.create(vertx)
                    .endpointHandler(endpoint -> {
                        connected.add(endpoint);
                        endpoint.subscribeHandler(subscribe -> {
                            subscribed.add(subscribe.topicSubscriptions().get(0).topicName());
                            endpoint.subscribeAcknowledge(subscribe.messageId(), List.of(MqttQoS.AT_LEAST_ONCE));
                        });
                        endpoint.accept(false);
                    })
                    .listen(0, "127.0.0.1")
                    .await(10, SECONDS)
                    .actualPort();
            String two = TWO.replace("127.0.0.1:1\"", "127.0.0.1:" + port + "\"");
            write(ONE + two + DEVICES);
            reload(200);
            await().atMost(20, SECONDS).until(() -> subscribed.contains("a"));

            write(ONE + two + "    fields: { city: town }\n" + DEVICES);
            assertThat(reload(200).path("unchanged").toString()).contains("two (broker)");
            assertThat(connected).hasSize(1);
            assertThat(connected.get(0).isConnected()).isTrue();

            write(ONE + two.replace("[a]", "[b]") + DEVICES);
            assertThat(reload(200).path("started").toString()).contains("two (broker)");
            await().atMost(20, SECONDS).until(() -> subscribed.contains("b"));
            assertThat(connected.get(0).isConnected()).isFalse();
        } finally {
            vertx.close().await(10, SECONDS);
        }
    }

    @Test
    void aSourceWithAnotherAddressIsReplaced() throws Exception {
        write(ONE.replace("1/", "1/other") + DEVICES);
        JsonNode change = reload(200);
        assertThat(change.path("started").toString()).isEqualTo("[\"one (poll)\"]");
        assertThat(change.path("stopped").toString()).isEqualTo("[\"one (poll)\"]");
    }

    @Test
    void aChangedMappingTakesEffectByItself() throws Exception {
        assertThat(server.post("/ingest/one", "{\"id\":\"box\",\"velocity\":3}").body())
                .contains("dead");
        Files.writeString(folder.resolve("mappings/box.yaml"), MAPPING.replace("decoded.speed", "decoded.velocity"));
        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(server.post("/ingest/one", "{\"id\":\"box\",\"velocity\":4}")
                                .body())
                        .contains("accepted"));
    }

    @Test
    void aProblemChangesNothingAndIsTold() throws Exception {
        write(ONE + TWO.replace("envelope: json", "envelope: jason") + "device: []\n");
        JsonNode problem = reload(400);
        assertThat(problem.path("detail").asText()).contains("the sources stay as they were");
        assertThat(problem.path("problems"))
                .hasSizeGreaterThan(1)
                .anySatisfy(told -> assertThat(told.asText()).contains("sources.yaml:", "envelope", "jason"))
                .anySatisfy(told -> assertThat(told.asText()).contains("device", "unknown name"));
        assertThat(send("two")).isEqualTo(404);
        assertThat(send("one")).isEqualTo(202);
        JsonNode health = server.json("/health/ready");
        assertThat(health.path("status").asText()).isEqualTo("UP");
        assertThat(health.path("notices").path("sources").asText()).contains("not used");

        write(ONE + DEVICES);
        reload(200);
        assertThat(server.json("/health/ready").path("notices").has("sources")).isFalse();
    }

    @Test
    void whatTheEndpointIsBuiltOnNeedsARestart() throws Exception {
        write(ONE + DEVICES + "mqtt: { maxMessageBytes: 2048, users: [ { name: a, password: b } ] }\n");
        assertThat(reload(400).path("problems"))
                .extracting(JsonNode::asText)
                .anySatisfy(told -> assertThat(told).contains("mqtt.maxMessageBytes", "needs a restart"))
                .anySatisfy(told -> assertThat(told).contains("mqtt.users", "needs a restart"));
    }

    @Test
    void theCommandLineAsksForIt() throws Exception {
        write(ONE + TWO + DEVICES);
        StringWriter out = new StringWriter();
        assertThat(run(out)).isZero();
        assertThat(out.toString()).contains("started: two (broker)", "unchanged: one (poll)");

        write("sources: []\nnonsense: 1\n");
        assertThat(run(out)).isEqualTo(1);
        assertThat(out.toString()).contains("stay as they were", "unknown name");
    }

    @Test
    void sourcesWithoutFilesCannotBeTakenAnew() throws Exception {
        try (OpenServer other = OpenServer.start(IngestConfig.NONE, "", "open", "true")) {
            assertThat(other.post("/operations/reload", "").statusCode()).isEqualTo(404);
        }
    }

    private int run(StringWriter out) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        return line.execute("reload", "--url", "http://127.0.0.1:" + server.port());
    }

    private void write(String sources) throws IOException {
        Files.writeString(folder.resolve("sources.yaml"), sources);
    }

    private int send(String source) throws Exception {
        return server.post("/ingest/" + source, "{\"id\":\"nobody\"}").statusCode();
    }

    private JsonNode reload(int status) throws Exception {
        HttpResponse<String> answer = server.post("/operations/reload", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new ObjectMapper().readTree(answer.body());
    }
}
