package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Whatever comes in, a server answers: never with an error of its own, never too late, and it keeps nothing of it. The build tries a thousand
 * times three requests and messages, always the same; {@code -Djqwik.tries.default=34000} is for more.
 */
class FuzzTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int AT_ONCE = 3;

    /** What an operation may say for lack of something outside: 503 and 504; requests to other brokers may be refused with 502. */
    private static final Set<Integer> DOCUMENTED = Set.of(501, 502, 503, 504, 505, 508);

    private static final String SOURCES = """
            sources:
              - { id: tts-v3, envelope: tts-v3, mqtt: { topics: ["tts-v3/#"] }, webhook: {} }
              - { id: chirpstack-v4, envelope: chirpstack-v4, mqtt: { topics: ["chirpstack-v4/#"] }, webhook: {} }
              - { id: thingpark, envelope: thingpark, mqtt: { topics: ["thingpark/#"] }, webhook: {} }
            devices:
              - { dev_eui: 70B3D5FFF0000080, model: bosch/tps110, city: a, site: s, spot: "7", lat: 51.444, lon: 7.565 }
              - { dev_eui: 70b3d5fff0000000, model: bosch/tps110, city: a, site: s, spot: "8", lat: 51.444, lon: 7.565 }
            """;

    private static final Map<Integer, Integer> STATUSES = new TreeMap<>();
    private static final List<Message> MESSAGES = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // started before the first try
    private static OpenServer server;

    @SuppressWarnings("NullAway.Init") // made before the first try
    private static FuzzedRequests requests;

    @SuppressWarnings("NullAway.Init") // made before the first try
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // connected before the first try
    private static MqttClient sensor;

    private static long heapBefore;

    /** A message as it should be. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Message(String source, byte[] bytes) {}

    @BeforeContainer
    static void start() throws Exception {
        folder = Files.createTempDirectory("fuzz");
        for (String source : List.of("tts-v3", "chirpstack-v4", "thingpark")) {
            try (Stream<String> lines = Files.lines(Path.of("src/test/resources/ingest/uplinks", source + ".jsonl"))) {
                lines.limit(20)
                        .forEach(line -> MESSAGES.add(new Message(source, line.getBytes(StandardCharsets.UTF_8))));
            }
        }
        IngestConfig ingest =
                IngestConfig.read(new YamlText("sources.yaml", SOURCES), List.of(), name -> YamlText.NONE, Map.of());
        server = OpenServer.start(
                ingest,
                "",
                "open",
                "true",
                "durability",
                "async",
                "data-dir",
                folder.resolve("data").toString(),
                "mqtt-enabled",
                "true",
                "mqtt-port",
                "0");
        requests = new FuzzedRequests();
        sensor = new MqttClient("tcp://127.0.0.1:" + server.mqttPort(), "fuzz", new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setConnectionTimeout(20);
        // The client counts a message as in flight until its own thread has noticed the acknowledgement.
        options.setMaxInflight(1000);
        sensor.connect(options);
        sensor.setTimeToWait(PATIENCE.toMillis());
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            answered(random);
        }
        clear();
        heapBefore = heap();
    }

    @AfterContainer
    static void stop() throws Exception {
        clear();
        long grown = heap() - heapBefore;
        sensor.disconnectForcibly();
        sensor.close(true);
        server.close();
        System.out.println(
                "answers to generated requests: " + STATUSES + "; the heap grew by " + (grown >> 10) + " KiB");
        assertThat(grown).as("bytes that stay in the heap").isLessThan(40L << 20);
    }

    @Property(
            seed = "20261125",
            shrinking = ShrinkingMode.OFF,
            edgeCases = EdgeCasesMode.NONE,
            afterFailure = AfterFailureMode.PREVIOUS_SEED)
    void everyRequestIsAnswered(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < AT_ONCE; i++) {
            answered(random);
        }
    }

    private static void answered(Random random) throws IOException {
        byte[] request = requests.next(random);
        int status;
        try {
            status = RawClient.status(server.port(), request, PATIENCE);
        } catch (IOException late) {
            throw new AssertionError("no answer to\n" + readable(request), late);
        }
        STATUSES.merge(status, 1, Integer::sum);
        if (status == 0 || (status >= 500 && !DOCUMENTED.contains(status))) {
            throw new AssertionError(status + " is the answer to\n" + readable(request));
        }
    }

    @Property(
            seed = "20261125",
            shrinking = ShrinkingMode.OFF,
            edgeCases = EdgeCasesMode.NONE,
            afterFailure = AfterFailureMode.PREVIOUS_SEED)
    void everySensorMessageIsTaken(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < AT_ONCE; i++) {
            Message message = MESSAGES.get(random.nextInt(MESSAGES.size()));
            byte[] body = Mutations.of(message.bytes(), random);
            if (random.nextInt(2) == 0) {
                // Returns with the acknowledgement, fails without one or with the connection.
                sensor.publish(message.source() + "/up", body, 1, false);
            } else {
                byte[] request = post("/ingest/" + message.source(), body);
                int status = RawClient.status(server.port(), request, PATIENCE);
                assertThat(status).as(() -> readable(request)).isBetween(200, 499);
            }
        }
    }

    private static byte[] post(String path, byte[] body) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        request.writeBytes(body);
        return request.toByteArray();
    }

    /** Deletes what requests have made on purpose. */
    private static void clear() throws Exception {
        clear("/ngsi-ld/v1/subscriptions", "id");
        clear("/ngsi-ld/v1/csourceSubscriptions", "id");
        clear("/ngsi-ld/v1/csourceRegistrations", "id");
        clear("/ngsi-ld/v1/snapshots", "id");
        clear("/ngsi-ld/v1/entities?local=true", "id");
        clear("/ingest/dead-letters?limit=1000", "id");
    }

    private static void clear(String collection, String id) throws Exception {
        String path = collection.replaceAll("\\?.*", "");
        for (int page = 0; page < 1000; page++) {
            JsonNode all = server.json(collection + (collection.contains("?") ? "&" : "?") + "limit=1000");
            JsonNode items = all.isArray() ? all : all.path("items");
            if (items.isEmpty()) {
                return;
            }
            for (JsonNode item : items) {
                server.send(
                        "DELETE",
                        path + "/" + java.net.URLEncoder.encode(item.path(id).asText(), StandardCharsets.UTF_8),
                        java.net.http.HttpRequest.BodyPublishers.noBody());
            }
        }
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private static String readable(byte[] request) {
        String text = new String(request, StandardCharsets.UTF_8);
        return text.substring(0, Math.min(2000, text.length())) + "\nbase64: "
                + Base64.getEncoder().encodeToString(request).substring(0, Math.min(4000, request.length));
    }
}
