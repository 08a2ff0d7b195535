package de.freiraum.store.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.store.DocumentStore;
import de.freiraum.store.StoreException;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that dies, stalls and comes back: nothing that was acknowledged is lost, and the store works again by itself. */
class MongoFaultsTest {
    private static final String TYPE = "https://example.org/T";
    private static final String COUNT = "https://example.org/count";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Vertx vertx = Vertx.vertx();

    @SuppressWarnings("NullAway.Init") // started before each test
    private MongoServer server;

    @SuppressWarnings("NullAway.Init")
    private MongoStore store;

    @BeforeEach
    void open() {
        server = MongoServer.start();
        store = await(MongoStore.open(
                vertx,
                MongoOptions.at(server.uri("faults"), InstantSource.system()).withPatience(PATIENCE)));
    }

    @AfterEach
    void close() {
        await(store.close());
        await(vertx.close());
        server.close();
    }

    /** One client that changes an entity over and over, and knows what was acknowledged. */
    private final class Client {
        final String id;
        final AtomicInteger acknowledged = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        final List<Throwable> unexpected = new CopyOnWriteArrayList<>();
        private final AtomicBoolean stopped = new AtomicBoolean();

        Client(int number) {
            this.id = "urn:x:" + number;
        }

        void run(AtomicBoolean goOn) {
            store.apply(Tenant.DEFAULT, id, increment(id), Origin.API).onComplete(done -> {
                if (done.succeeded()) {
                    acknowledged.incrementAndGet();
                } else if (isUnavailable(done.cause())) {
                    failed.incrementAndGet();
                } else {
                    unexpected.add(done.cause());
                }
                if (goOn.get()) {
                    vertx.runOnContext(v -> run(goOn));
                } else {
                    stopped.set(true);
                }
            });
        }

        /** Whether the last change was answered and counted, and no other follows. */
        boolean hasStopped() {
            return stopped.get();
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesAKilledServer() {
        AtomicBoolean goOn = new AtomicBoolean(true);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(new Client(i));
        }
        clients.forEach(client -> client.run(goOn));
        Awaitility.await().atMost(LONG).until(() -> acknowledged(clients) > 300);

        for (int times = 0; times < 2; times++) {
            server.kill();
            Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(store.fault())
                    .isPresent());
            int before = acknowledged(clients);
            server.restart();
            Awaitility.await().atMost(LONG).until(() -> acknowledged(clients) > before + 300);
            Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(store.fault())
                    .isEmpty());
        }
        goOn.set(false);
        Awaitility.await().atMost(LONG).until(() -> clients.stream().allMatch(Client::hasStopped));

        for (Client client : clients) {
            assertThat(client.unexpected).isEmpty();
            long count = count(await(store.retrieve(Tenant.DEFAULT, client.id)));
            assertThat(count)
                    .isBetween(
                            (long) client.acknowledged.get(), client.acknowledged.get() + (long) client.failed.get());
            assertThat(await(store.instances(Tenant.DEFAULT, client.id, Set.of(), Range.ALL)))
                    .as("a change and its history are one")
                    .hasSize((int) count);
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesAPrimaryThatStepsDown() {
        AtomicBoolean goOn = new AtomicBoolean(true);
        Client client = new Client(1);
        client.run(goOn);
        Awaitility.await().atMost(LONG).until(() -> client.acknowledged.get() > 20);
        server.stepDown();
        int before = client.acknowledged.get();
        Awaitility.await().atMost(LONG).until(() -> client.acknowledged.get() > before + 20);
        goOn.set(false);
        Awaitility.await().atMost(LONG).until(client::hasStopped);

        assertThat(client.unexpected).isEmpty();
        assertThat(count(await(store.retrieve(Tenant.DEFAULT, client.id))))
                .isBetween((long) client.acknowledged.get(), client.acknowledged.get() + (long) client.failed.get());
    }

    @Test
    void aStalledServerMakesRequestsFailInTimeAndThenSucceedAgain() {
        await(store.apply(Tenant.DEFAULT, "urn:x:1", increment("urn:x:1"), Origin.API));
        server.pause();
        List<Future<?>> asked = List.of(
                store.apply(Tenant.DEFAULT, "urn:x:1", increment("urn:x:1"), Origin.API),
                store.retrieve(Tenant.DEFAULT, "urn:x:1"),
                store.put(Tenant.DEFAULT, "c", "k", new byte[0]),
                store.get(Tenant.DEFAULT, "c", "k"));
        for (Future<?> one : asked) {
            assertThat(failure(one)).matches(MongoFaultsTest::isUnavailable);
        }
        Awaitility.await().atMost(LONG).until(() -> store.fault().isPresent());

        server.resume();

        Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(store.fault())
                .isEmpty());
        await(store.apply(Tenant.DEFAULT, "urn:x:1", increment("urn:x:1"), Origin.API));
        assertThat(count(await(store.retrieve(Tenant.DEFAULT, "urn:x:1")))).isBetween(2L, 3L);
    }

    @Test
    void documentsOfOtherReplicasAreHeardOfAcrossAnOutage() {
        MongoStore other = await(MongoStore.open(vertx, MongoOptions.at(server.uri("faults"), InstantSource.system())));
        List<String> heard = new CopyOnWriteArrayList<>();
        other.watch(new DocumentStore.Watcher() {
            @Override
            public void changed(Tenant tenant, String collection, String key) {
                heard.add(key);
            }

            @Override
            public void missed() {
                heard.add("missed");
            }
        });
        await(store.put(Tenant.DEFAULT, "c", "before", new byte[0]));
        Awaitility.await().atMost(LONG).until(() -> heard.contains("before"));
        server.kill();
        Awaitility.await().atMost(LONG).until(() -> store.fault().isPresent());
        server.restart();
        Awaitility.await().atMost(LONG).until(() -> store.fault().isEmpty());

        await(store.put(Tenant.DEFAULT, "c", "after", new byte[0]));

        Awaitility.await().atMost(LONG).until(() -> heard.contains("after"));
        await(other.close());
    }

    @Test
    void aRequestDuringAShortStallSucceeds() {
        await(store.apply(Tenant.DEFAULT, "urn:x:1", increment("urn:x:1"), Origin.API));
        server.pause();
        Future<?> asked = store.apply(Tenant.DEFAULT, "urn:x:1", increment("urn:x:1"), Origin.API);
        server.resume();

        await(asked);
        assertThat(count(await(store.retrieve(Tenant.DEFAULT, "urn:x:1")))).isEqualTo(2);
    }

    private static int acknowledged(List<Client> clients) {
        return clients.stream().mapToInt(client -> client.acknowledged.get()).sum();
    }

    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof StoreException store && store.retryable();
    }

    private static Throwable failure(Future<?> future) {
        try {
            future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer in 30 s", e);
        } catch (RuntimeException e) {
            return e;
        }
        throw new AssertionError("it succeeded");
    }

    private static <T extends @Nullable Object> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static EntityChange increment(String id) {
        return (before, now) -> Outcome.of(
                new Entity(
                        id,
                        List.of(TYPE),
                        List.of(),
                        Map.of(COUNT, List.of(property(before == null ? 1 : count(before) + 1, now))),
                        now,
                        now,
                        null),
                UpdateResult.EMPTY);
    }

    private static Attribute property(long number, Instant now) {
        return new Attribute.Property(Value.of(number), AttributeMeta.NONE.withTimes(now, now, null));
    }

    private static long count(@Nullable Entity entity) {
        Attribute count = Objects.requireNonNull(Objects.requireNonNull(entity).defaultInstance(COUNT));
        return ((Value.Num) ((Attribute.Property) count).value()).number().longValue();
    }
}
