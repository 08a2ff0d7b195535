package de.freiraum.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * People are counted exactly though the server is killed, the broker begins anew and the network is cut at random points, while counters send with QoS 1: half of
 * them to the server itself, half to a broker that it subscribes at. {@code -Dfreiraum.mqtt.messages=100000} sends more, {@code -Dfreiraum.mqtt.seed} chooses other points.
 */
class MqttCrashTest {
    private static final int MESSAGES = Integer.getInteger("freiraum.mqtt.messages", 5_000);
    private static final int OF_A_COUNTER = 250;
    private static final int SECONDS_BETWEEN = 14;
    private static final int COUNTERS = MESSAGES / OF_A_COUNTER;

    /** How often each fault happens. */
    private static final int ROUNDS = MESSAGES <= 5_000 ? 2 : 5;

    private static final String CROWD = "https://smartdatamodels.org/dataModel.Transportation/CrowdFlowObserved";
    private static final String PEOPLE = "https://smartdatamodels.org/dataModel.Transportation/peopleCountTowards";
    private static final Duration LONG = Duration.ofSeconds(60 + MESSAGES / 100);

    private static final String SOURCES = """
            sources:
              - id: direct
                envelope: json
                json: { device: id, time: at, counter: n }
                mqtt: { topics: ["direct/#"] }
              - id: brokered
                envelope: json
                json: { device: id, time: at, counter: n }
                broker: { url: "mqtt://127.0.0.1:%d", topics: ["brokered/#"], version: "%s" }
            devices: [devices.csv]
            mappings:
              - mapping: gate
                match: { model: [acme/gate] }
                emit:
                  - entity: "urn:ngsi-ld:CrowdFlowObserved:city:{device.counter}"
                    type: CrowdFlowObserved
                    context: footfall
                    set:
                      refDevice: { relationship: "urn:ngsi-ld:Device:{devEui}" }
                  - entity: "urn:ngsi-ld:Device:{devEui}"
                    type: Device
                    context: device
                    set:
                      counterReading: { counter: { towards: decoded.people, away: "0", period: PT14S } }
                      controlledAsset: { relationship: "urn:ngsi-ld:CrowdFlowObserved:city:{device.counter}" }
                tests: [{ name: counts, decoded: { people: 3 } }]
                sample: { city: x, counter: c-1 }
            """;

    /** The hour before: all messages are in one window, and none is late. */
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);

    private final Random random = new Random(Long.getLong("freiraum.mqtt.seed", 20261125));
    private final Map<String, Long> expected = new TreeMap<>();
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger serverPort = new AtomicInteger();
    private final TestBroker broker = new TestBroker(vertx);

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(20, SECONDS);
    }

    @Test
    void sumsAreExactWhateverBreaksOnTheWay(@TempDir Path folder) throws Exception {
        int brokerPort = broker.start().await(20, SECONDS);
        CutProxy toServer = new CutProxy(vertx, serverPort::get);
        CutProxy toBroker = new CutProxy(vertx, () -> brokerPort);
        String sources = SOURCES.formatted(toBroker.start().await(20, SECONDS), random.nextBoolean() ? "5" : "3.1.1");
        StringBuilder devices = new StringBuilder("id,model,counter\n");
        IntStream.range(0, COUNTERS).forEach(i -> devices.append("gate-%d,acme/gate,c-%d%n".formatted(i, i)));
        RealServer server = RealServer.startWith(sources, devices.toString(), folder);
        serverPort.set(server.mqttPort());
        Awaitility.await().atMost(LONG).until(() -> broker.sessions() == 1);

        QosOnePublisher direct = new QosOnePublisher(
                vertx,
                toServer.start().await(20, SECONDS),
                messages("direct", 0, COUNTERS / 2).iterator());
        QosOnePublisher brokered = new QosOnePublisher(
                vertx, brokerPort, messages("brokered", COUNTERS / 2, COUNTERS).iterator());
        direct.start();
        brokered.start();
        List<Fault> faults = faults();
        for (int i = 0; i < faults.size(); i++) {
            int after = (int) ((i + random.nextDouble()) * MESSAGES / faults.size());
            Awaitility.await()
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> direct.done() + brokered.done() - broker.left() >= after);
            switch (faults.get(i)) {
                case SERVER_KILLED -> {
                    server.kill();
                    server = RealServer.startWith(sources, devices.toString(), folder);
                    serverPort.set(server.mqttPort());
                }
                case BROKER_RESTARTED -> broker.restart().await(20, SECONDS);
                case CUT_TO_SERVER -> toServer.cut();
                case CUT_TO_BROKER -> toBroker.cut();
            }
        }
        try (RealServer last = server) {
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> direct.done() + brokered.done() == MESSAGES && broker.left() == 0);
            Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(peopleByCounter(last))
                    .isEqualTo(expected));
            assertThat(last.get("/ingest/dead-letters").body()).contains("\"count\":0");
        }
    }

    private enum Fault {
        SERVER_KILLED,
        BROKER_RESTARTED,
        CUT_TO_SERVER,
        CUT_TO_BROKER
    }

    private List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            Collections.addAll(faults, Fault.values());
        }
        Collections.shuffle(faults, random);
        return faults;
    }

    /** The messages of some counters, mixed as they come from many devices. */
    private List<QosOnePublisher.Message> messages(String topic, int from, int to) {
        List<QosOnePublisher.Message> messages = new ArrayList<>();
        for (int n = 1; n <= OF_A_COUNTER; n++) {
            for (int counter = from; counter < to; counter++) {
                int people = random.nextInt(10);
                expected.merge("c-" + counter, (long) people, Long::sum);
                messages.add(new QosOnePublisher.Message(
                        topic + "/gate-" + counter,
                        "{\"id\":\"gate-%d\",\"at\":\"%s\",\"n\":%d,\"people\":%d}"
                                .formatted(counter, start.plusSeconds((long) n * SECONDS_BETWEEN), n, people)));
            }
        }
        return messages;
    }

    private static Map<String, Long> peopleByCounter(RealServer server) throws IOException, InterruptedException {
        String body = server.get("/ngsi-ld/v1/entities?format=simplified&limit=1000&idPattern=.*PT1H&type="
                        + URLEncoder.encode(CROWD, StandardCharsets.UTF_8))
                .body();
        Map<String, Long> people = new HashMap<>();
        for (Value entity : ((Value.Array) JsonReader.read(body.getBytes(StandardCharsets.UTF_8))).items()) {
            Map<String, Value> members = ((Value.Obj) entity).members();
            String[] id = ((Value.Text) Objects.requireNonNull(members.get("id")))
                    .text()
                    .split(":");
            people.put(
                    id[id.length - 2],
                    members.get(PEOPLE) instanceof Value.Num number
                            ? number.number().longValue()
                            : -1L);
        }
        return people;
    }
}
