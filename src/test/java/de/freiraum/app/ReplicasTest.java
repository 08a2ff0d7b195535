package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import de.freiraum.store.mongodb.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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

/** Three replicas, processes of their own, over one MongoDB. */
class ReplicasTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String ENTITIES = "/ngsi-ld/v1/entities";

    private final List<RealServer> replicas = new ArrayList<>();
    private final Queue<String> notifications = new ConcurrentLinkedQueue<>();
    private final ExecutorService clients = Executors.newFixedThreadPool(6);

    @SuppressWarnings("NullAway.Init") // started before each test
    private HttpServer receiver;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        String uri = new TestDatabase().uri();
        for (int i = 0; i < 3; i++) {
            Path own = Files.createDirectory(folder.resolve("replica" + i));
            replicas.add(RealServer.start(own, "--store", "mongodb", "--mongodb-uri", uri));
        }
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            notifications.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        replicas.forEach(RealServer::close);
        receiver.stop(0);
        clients.shutdownNow();
    }

    @Test
    void aSubscriptionOfOneReplicaIsHeardByAllAndEachChangeIsNotifiedOnce() throws Exception {
        String subscription = subscribe(replicas.get(0), "");
        Awaitility.await().atMost(LONG).until(() -> replicas.stream()
                .allMatch(replica -> status(replica, subscription) == 200));
        for (int i = 0; i < 30; i++) {
            assertThat(create(replicas.get(i % 3), i)).isEqualTo(201);
        }
        Awaitility.await().atMost(LONG).until(() -> notifications.size() >= 30);

        replicas.get(1).delete(subscription);
        Awaitility.await().atMost(LONG).until(() -> replicas.stream()
                .allMatch(replica -> status(replica, subscription) == 404));
        assertThat(create(replicas.get(2), 30)).isEqualTo(201);
        assertThat(notifications).hasSize(30);
    }

    @Test
    void aPeriodicSubscriptionIsNotifiedByOneOfThem() throws Exception {
        create(replicas.get(0), 1);
        subscribe(replicas.get(0), "\"timeInterval\":2,");
        long start = System.nanoTime();
        Awaitility.await().atMost(LONG).until(() -> notifications.size() >= 4);

        // Three replicas would have sent twelve in that time.
        long intervals = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) / 2;
        assertThat(notifications.size()).isLessThanOrEqualTo((int) intervals + 2);
    }

    @Test
    void entityMapsAndSnapshotsOfOneAreKnownToAll() throws Exception {
        for (int i = 0; i < 3; i++) {
            create(replicas.get(i), i);
        }
        String map = replicas.get(0)
                .get(ENTITIES + "?type=T&entityMap=true&limit=2")
                .headers()
                .firstValue("NGSILD-EntityMap")
                .orElseThrow();
        HttpResponse<String> taken = replicas.get(1)
                .post(
                        "/ngsi-ld/v1/snapshots",
                        "{\"id\":\"urn:s:1\",\"type\":\"Snapshot\",\"snapshotQueries\":[{\"type\":\"Query\",\"entities\":[{\"type\":\"T\"}]}]}");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
        String path = taken.headers().firstValue("Location").orElseThrow();
        for (RealServer replica : replicas) {
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> status(replica, map) == 200
                            && replica.get(path).body().contains("success"));
        }

        assertThat(replicas.get(2).delete(path).statusCode()).isEqualTo(204);
        assertThat(replicas.get(2).delete(map).statusCode()).isEqualTo(204);
        for (RealServer replica : replicas) {
            Awaitility.await().atMost(LONG).until(() -> status(replica, map) == 404 && status(replica, path) == 404);
        }
    }

    @Test
    void whatWasAcknowledgedIsThereWhenOneOfThemIsKilledUnderLoad() throws Exception {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger increments = new AtomicInteger();
        AtomicInteger unknownIncrements = new AtomicInteger();
        List<Integer> acknowledged = new CopyOnWriteArrayList<>();
        List<Integer> statuses = new CopyOnWriteArrayList<>();
        List<RealServer> serving = new CopyOnWriteArrayList<>(replicas);
        for (int client = 0; client < 6; client++) {
            clients.execute(() -> {
                for (int number = next.getAndIncrement(); number < 600; number = next.getAndIncrement()) {
                    RealServer replica = serving.get(number % serving.size());
                    try {
                        int status = create(replica, number);
                        statuses.add(status);
                        if (status == 201) {
                            acknowledged.add(number);
                            increments.incrementAndGet();
                        }
                    } catch (IOException | InterruptedException killed) {
                        unknownIncrements.incrementAndGet();
                    }
                }
            });
        }
        Awaitility.await().atMost(LONG).until(() -> next.get() > 200);
        RealServer victim = serving.remove(0);
        victim.kill();
        clients.shutdown();
        assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        assertThat(statuses).containsOnly(201);
        for (RealServer replica : serving) {
            HttpResponse<String> counted = replica.get(ENTITIES + "?type=T&limit=0&count=true&local=true");
            int count = Integer.parseInt(
                    counted.headers().firstValue("NGSILD-Results-Count").orElseThrow());
            assertThat(count).isBetween(acknowledged.size(), acknowledged.size() + unknownIncrements.get());
            for (int number : acknowledged.subList(0, 20)) {
                assertThat(replica.get(ENTITIES + "/" + id(number)).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    private String subscribe(RealServer replica, String more) throws IOException, InterruptedException {
        HttpResponse<String> created = replica.post(
                "/ngsi-ld/v1/subscriptions",
                "{\"type\":\"Subscription\",\"entities\":[{\"type\":\"T\"}]," + more
                        + "\"notification\":{\"endpoint\":{\"uri\":\"http://127.0.0.1:"
                        + receiver.getAddress().getPort() + "/\",\"accept\":\"application/json\"}}}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return created.headers().firstValue("Location").orElseThrow();
    }

    private static int create(RealServer replica, int number) throws IOException, InterruptedException {
        return replica.post(
                        ENTITIES,
                        "{\"id\":\"" + id(number) + "\",\"type\":\"T\",\"n\":{\"type\":\"Property\",\"value\":" + number
                                + "}}")
                .statusCode();
    }

    private static String id(int number) {
        return "urn:ngsi-ld:T:" + number;
    }

    private static int status(RealServer replica, String path) {
        try {
            return replica.get(path).statusCode();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
