package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import de.freiraum.store.mongodb.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas, processes of their own, that share the messages of the same sensors over one MongoDB. */
class SharedSensorsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int SITES = 4;
    private static final int SPOTS = 5;
    private static final int ROUNDS = 12;
    private static final String TYPES = "https://smartdatamodels.org/dataModel.";

    /** Within one window of an hour, and not so long ago that it would be late. */
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);

    private final List<RealServer> replicas = new CopyOnWriteArrayList<>();
    private final Queue<String> notified = new ConcurrentLinkedQueue<>();
    private final Set<String> notifications = new ConcurrentSkipListSet<>();
    private final Set<String> expected = new ConcurrentSkipListSet<>();
    private final ExecutorService sensors = Executors.newFixedThreadPool(6);

    @SuppressWarnings("NullAway.Init") // started before each test
    private HttpServer receiver;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        StringBuilder devices = new StringBuilder("dev_eui,model,site,spot,counter,name,lat,lon\n");
        for (int i = 0; i < SITES * SPOTS; i++) {
            devices.append(spotEui(i))
                    .append(",bosch/tps110,site-")
                    .append(i % SITES)
                    .append(",")
                    .append(i)
                    .append(",,,51.4,7.5\n");
        }
        for (int i = 0; i < SITES; i++) {
            devices.append(counterEui(i))
                    .append(",milesight/vs132,site-")
                    .append(i)
                    .append(",,counter-")
                    .append(i)
                    .append(",,51.4,7.5\n");
        }
        String uri = new TestDatabase().uri();
        for (int i = 0; i < 3; i++) {
            Path own = Files.createDirectory(folder.resolve("replica" + i));
            replicas.add(RealServer.startWith(devices.toString(), own, "--store", "mongodb", "--mongodb-uri", uri));
        }
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            Value.Obj notification =
                    (Value.Obj) JsonReader.read(exchange.getRequestBody().readAllBytes());
            notifications.add(text(notification.members(), "id"));
            for (Value entity :
                    ((Value.Array) Objects.requireNonNull(notification.members().get("data"))).items()) {
                notified.add(state((Value.Obj) entity));
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        replicas.forEach(RealServer::close);
        receiver.stop(0);
        sensors.shutdownNow();
    }

    @Test
    void totalsWindowsAndNotificationsAreExactWhenTheReplicaThatLeadsIsKilledUnderLoad() throws Exception {
        subscribe("");
        AtomicInteger sent = new AtomicInteger();
        for (int device = 0; device < SITES * SPOTS; device++) {
            int number = device;
            sensors.execute(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    boolean occupied = (number + round) % 2 == 0;
                    Instant at = start.plusSeconds(round * 60L + number);
                    expected.add(spot(number) + " " + (occupied ? "occupied" : "free") + " " + at);
                    send(number + round, message(spotEui(number), 1, round, at, new byte[] {(byte) (occupied ? 1 : 0)
                    }));
                    sent.incrementAndGet();
                }
            });
        }
        for (int counter = 0; counter < SITES; counter++) {
            int number = counter;
            sensors.execute(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    send(
                            number + round,
                            message(
                                    counterEui(number),
                                    85,
                                    round,
                                    start.plusSeconds(round * 120L),
                                    totals(100 + round * (number + 1), 50 + round)));
                    sent.incrementAndGet();
                }
            });
        }
        Awaitility.await().atMost(LONG).until(() -> sent.get() > (SITES * SPOTS + SITES) * ROUNDS / 3);
        // The first one to start took the lead.
        replicas.remove(0).kill();
        sensors.shutdown();
        assertThat(sensors.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        Map<String, Integer> occupied = new TreeMap<>();
        for (int i = 0; i < SITES * SPOTS; i++) {
            occupied.merge("site-" + i % SITES, (i + ROUNDS - 1) % 2 == 0 ? 1 : 0, Integer::sum);
        }
        for (RealServer replica : replicas) {
            Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(occupiedBySite(replica))
                    .isEqualTo(occupied));
            Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(peopleByCounter(replica))
                    .isEqualTo(Map.of("counter-0", 11L, "counter-1", 22L, "counter-2", 33L, "counter-3", 44L)));
        }
        Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(new TreeSet<>(notified))
                .isEqualTo(new TreeSet<>(expected)));
        // What the one that was killed had sent and the next one sent again has the same identifier.
        assertThat(notifications).hasSameSizeAs(expected);
    }

    @Test
    void throttlingHoldsForTheChangesOfAllReplicasTogether() throws Exception {
        subscribe("\"throttling\":2,");
        long begin = System.nanoTime();
        int round = 0;
        while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(7)) {
            send(round, message(spotEui(0), 1, round, start.plusSeconds(round), new byte[] {(byte) (round % 2)}));
            round++;
        }
        long periods = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) / 2;
        assertThat(notified.size()).isBetween(2, (int) periods + 1);
    }

    /** Sends a message as a network server does: to one replica, to another one if it gets no answer, and some of them twice. */
    private void send(int number, String message) {
        for (int attempt = 0; attempt < 20; attempt++) {
            RealServer replica = replicas.get((number + attempt) % replicas.size());
            try {
                int status = replica.post("/ingest/parking", message).statusCode();
                if (status == 202 || status == 200) {
                    if (number % 5 == 0 && attempt == 0) {
                        replicas.get((number + 1) % replicas.size()).post("/ingest/parking", message);
                    }
                    return;
                }
            } catch (IOException killed) {
                // sent again to the next one
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        throw new IllegalStateException("nobody takes " + message);
    }

    private static String message(String eui, int port, int counter, Instant at, byte[] payload) {
        return "{\"deduplicationId\":\"" + eui + "-" + counter + "\",\"time\":\"" + at
                + "\",\"deviceInfo\":{\"devEui\":\""
                + eui + "\"},\"fPort\":" + port + ",\"fCnt\":" + (counter + 1) + ",\"data\":\""
                + Base64.getEncoder().encodeToString(payload) + "\"}";
    }

    private static byte[] totals(int in, int out) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x03)
                .put((byte) 0xd2)
                .putInt(in)
                .put((byte) 0x04)
                .put((byte) 0xd2)
                .putInt(out)
                .array();
    }

    private void subscribe(String more) throws IOException, InterruptedException {
        var created = replicas.get(1)
                .post(
                        "/ngsi-ld/v1/subscriptions",
                        "{\"type\":\"Subscription\",\"entities\":[{\"type\":\"" + TYPES
                                + "Parking/ParkingSpot\"}],\"watchedAttributes\":[\"status\"],"
                                + more + "\"notification\":{\"endpoint\":{\"uri\":\"http://127.0.0.1:"
                                + receiver.getAddress().getPort() + "/\",\"accept\":\"application/json\"}}}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        String path = created.headers().firstValue("Location").orElseThrow();
        for (RealServer replica : replicas) {
            Awaitility.await().atMost(LONG).until(() -> replica.get(path).statusCode() == 200);
        }
    }

    private static String state(Value.Obj entity) {
        Map<String, Value> status =
                ((Value.Obj) Objects.requireNonNull(entity.members().get("status"))).members();
        return text(entity.members(), "id") + " " + text(status, "value") + " " + text(status, "observedAt");
    }

    private static String text(Map<String, Value> members, String name) {
        return ((Value.Text) Objects.requireNonNull(members.get(name))).text();
    }

    private static Map<String, Integer> occupiedBySite(RealServer replica) throws IOException, InterruptedException {
        Map<String, Integer> occupied = new TreeMap<>();
        for (Value.Obj site : entities(replica, TYPES + "Parking/OnStreetParking", "")) {
            occupied.put(last(text(site.members(), "id")), (int) whole(site, TYPES + "Parking/occupiedSpotNumber"));
        }
        return occupied;
    }

    private static Map<String, Long> peopleByCounter(RealServer replica) throws IOException, InterruptedException {
        Map<String, Long> people = new TreeMap<>();
        for (Value.Obj window :
                entities(replica, TYPES + "Transportation/CrowdFlowObserved", "&idPattern=.*counter-.*PT1H")) {
            String id = text(window.members(), "id");
            people.put(
                    last(id.substring(0, id.lastIndexOf(':'))),
                    whole(window, TYPES + "Transportation/peopleCountTowards"));
        }
        return people;
    }

    private static long whole(Value.Obj entity, String attribute) {
        return entity.members().get(attribute) instanceof Value.Num number
                ? number.number().longValue()
                : -1;
    }

    private static String last(String id) {
        return id.substring(id.lastIndexOf(':') + 1);
    }

    private static List<Value.Obj> entities(RealServer replica, String type, String more)
            throws IOException, InterruptedException {
        String body = replica.get("/ngsi-ld/v1/entities?format=simplified&limit=100&type="
                        + URLEncoder.encode(type, StandardCharsets.UTF_8) + more)
                .body();
        List<Value.Obj> entities = new ArrayList<>();
        ((Value.Array) JsonReader.read(body.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(entity -> entities.add((Value.Obj) entity));
        return entities;
    }

    private static String spot(int number) {
        return "urn:ngsi-ld:ParkingSpot:musterstadt:site-" + number % SITES + ":" + number;
    }

    private static String spotEui(int number) {
        return String.format(java.util.Locale.ROOT, "70b3d5fff00001%02x", number);
    }

    private static String counterEui(int number) {
        return String.format(java.util.Locale.ROOT, "70b3d5fff00002%02x", number);
    }
}
