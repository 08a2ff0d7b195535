package de.freiraum.broker.snapshots;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import de.freiraum.broker.Caller;
import de.freiraum.broker.snapshots.SnapshotQueries.OfEntities;
import de.freiraum.egress.AddressPolicy;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressSettings;
import de.freiraum.json.JsonReader;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.Snapshot;
import de.freiraum.model.Snapshot.Settings;
import de.freiraum.model.Snapshot.Status;
import de.freiraum.model.Subscription.KeyValuePair;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.Projection;
import de.freiraum.representation.SnapshotReader.Draft;
import de.freiraum.store.EntityStore.EntityWrite;
import de.freiraum.store.embedded.Durability;
import de.freiraum.store.embedded.EmbeddedOptions;
import de.freiraum.store.embedded.EmbeddedStore;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots over time (clauses 5.5.15 and 5.16): preparation, notifications, expiry, limits, and what outlives the broker. */
class SnapshotOperationsTest {
    private static final Caller CALLER = Caller.system(Tenant.DEFAULT);
    private static final String TYPE = "https://example.org/T";
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Instant START = Instant.parse("2026-03-29T00:30:00Z");
    private static final SnapshotQueries ALL_OF_TYPE = queries(TYPE);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<Instant> time = new AtomicReference<>(START);
    private final List<Tenant> forgotten = new CopyOnWriteArrayList<>();
    private final List<Value.Obj> notified = new CopyOnWriteArrayList<>();
    private final List<MultiMap> headers = new CopyOnWriteArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // injected
    Path directory;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private EmbeddedStore store;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private SnapshotOperations operations;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private HttpServer receiver;

    @BeforeEach
    void open() {
        receiver = done(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    headers.add(MultiMap.caseInsensitiveMultiMap().addAll(request.headers()));
                    notified.add((Value.Obj) JsonReader.read(body.getBytes()));
                    request.response().end();
                }))
                .listen(0, "127.0.0.1"));
        openStore();
        openOperations(new SnapshotLimits(3, 3000, Duration.ofDays(1)));
    }

    private void openStore() {
        store = done(EmbeddedStore.open(
                vertx, EmbeddedOptions.at(directory.resolve("store"), time::get).withDurability(Durability.ASYNC)));
    }

    private void openOperations(SnapshotLimits limits) {
        operations = done(SnapshotOperations.open(
                vertx,
                new Stores(store, store, store, store),
                store.tenants(),
                new Egress(vertx, EgressSettings.DEFAULT.withAddresses(AddressPolicy.WITH_PRIVATE)),
                limits,
                forgotten::add,
                () -> UUID.randomUUID().toString(),
                time::get));
    }

    private void reopen() {
        operations.close();
        done(store.close());
        openStore();
        openOperations(SnapshotLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        operations.close();
        done(store.close());
        done(vertx.close());
    }

    @Test
    void allPagesBecomePart() {
        entities(2500);
        create("urn:s:1", Settings.DEFAULT, ALL_OF_TYPE);

        assertThat(ready("urn:s:1")).isEqualTo(Status.success);
        assertThat(count("urn:s:1")).isEqualTo(2500);
        assertThat(store.metrics().entities()).isEqualTo(2500);
    }

    @Test
    void aQueryThatFindsTooMuchFailsAndTheOthersDoNot() {
        entities(2500);
        create(
                "urn:s:1",
                Settings.DEFAULT,
                new SnapshotQueries(
                        List.of(
                                ofType(TYPE),
                                ofType(TYPE),
                                new OfEntities(EntityQuery.ofType("urn:none:T"), Projection.ALL, null)),
                        List.of()));

        assertThat(ready("urn:s:1")).isEqualTo(Status.partial);
        assertThat(operations.retrieve(CALLER, "urn:s:1").outcome().queries())
                .extracting(r -> r.problem() == null
                        ? String.valueOf(r.found())
                        : r.problem().type().name())
                .containsExactly("true", "TooManyResults", "false");
    }

    @Test
    void theEndpointHearsOfTheStatus() {
        entities(1);
        create(
                "urn:s:1",
                new Settings("PT1H", 7, endpoint(), List.of(new KeyValuePair("X-Key", "secret"))),
                ALL_OF_TYPE);

        Value.Obj first = notification(1);
        assertThat(first.get("type")).isEqualTo(Value.of("SnapshotNotification"));
        assertThat(first.get("snapshotId")).isEqualTo(Value.of("urn:s:1"));
        assertThat(first.get("snapshotStatus")).isEqualTo(Value.of("success"));
        assertThat(first.get("snapshotPriority")).isEqualTo(Value.of(7));
        assertThat(first.get("expiresAt")).isEqualTo(Value.of("2026-03-29T01:30:00Z"));
        assertThat(first.get("notifiedAt")).isEqualTo(Value.of("2026-03-29T00:30:00Z"));
        assertThat(headers.get(0).get("X-Key")).isEqualTo("secret");
        assertThat(headers.get(0).get("Content-Type")).isEqualTo("application/json");

        done(operations.update(CALLER, "urn:s:1", object("snapshotLifetime", Value.of("PT2H"))));
        assertThat(notification(2).get("expiresAt")).isEqualTo(Value.of("2026-03-29T02:30:00Z"));

        done(operations.delete(CALLER, "urn:s:1"));
        Value.Obj last = notification(3);
        assertThat(last.get("expiresAt")).isEqualTo(Value.of("2026-03-29T00:29:59.999Z"));
        assertThat(last.get("snapshotReady")).isEqualTo(Value.of(false));
    }

    @Test
    void expiryDeletesTheContent() {
        entities(1);
        create("urn:s:1", new Settings("PT1H", 5, endpoint(), List.of()), ALL_OF_TYPE);
        ready("urn:s:1");
        Tenant place = operations.use(Tenant.DEFAULT, "urn:s:1");
        time.set(START.plusSeconds(3600));

        assertThatThrownBy(() -> operations.use(Tenant.DEFAULT, "urn:s:1"))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.ResourceNotFound));
        await().atMost(BOUND).untilAsserted(() -> assertThat(store.snapshots()).isEmpty());
        assertThat(done(store.retrieve(place, "urn:e:0"))).isNull();
        assertThat(forgotten).containsExactly(place);
        assertThat(done(store.list(Tenant.DEFAULT, "snapshots", null, 10))).isEmpty();
    }

    @Test
    void theConfiguredLifetimeIsTheLongest() {
        create("urn:s:1", Settings.DEFAULT, ALL_OF_TYPE);
        create("urn:s:2", new Settings("P1Y", 5, null, List.of()), ALL_OF_TYPE);

        assertThat(operations.retrieve(CALLER, "urn:s:1").times().expiresAt()).isEqualTo("2026-03-30T00:30:00Z");
        assertThat(operations.retrieve(CALLER, "urn:s:2").times().expiresAt()).isEqualTo("2026-03-30T00:30:00Z");
    }

    @Test
    void theLeastImportantMakesRoom() {
        create("urn:s:4", priority(4), ALL_OF_TYPE);
        create("urn:s:2", priority(2), ALL_OF_TYPE);
        create("urn:s:3", priority(3), ALL_OF_TYPE);
        create("urn:s:5", priority(5), ALL_OF_TYPE);

        assertThat(operations.size()).isEqualTo(3);
        assertThatThrownBy(() -> operations.retrieve(CALLER, "urn:s:2")).isInstanceOf(NgsiLdException.class);
        assertThatThrownBy(() -> create("urn:s:1", priority(1), ALL_OF_TYPE))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.TooManyRequests));
        assertThat(operations.size()).isEqualTo(3);
    }

    @Test
    void amongEqualsTheOneThatWasNotUsedForLongestMakesRoom() {
        create("urn:s:1", Settings.DEFAULT, ALL_OF_TYPE);
        create("urn:s:2", Settings.DEFAULT, ALL_OF_TYPE);
        create("urn:s:3", Settings.DEFAULT, ALL_OF_TYPE);
        time.set(START.plusSeconds(1));
        operations.use(Tenant.DEFAULT, "urn:s:1");
        operations.use(Tenant.DEFAULT, "urn:s:3");
        create("urn:s:4", Settings.DEFAULT, ALL_OF_TYPE);

        assertThatThrownBy(() -> operations.retrieve(CALLER, "urn:s:2")).isInstanceOf(NgsiLdException.class);
    }

    @Test
    void oneTenantsSnapshotsMakeNoRoomForAnothers() {
        for (int i = 0; i < 3; i++) {
            create("urn:s:" + i, priority(1), ALL_OF_TYPE);
        }
        Caller other = Caller.system(new Tenant("other"));
        done(operations.create(other, draft("urn:s:0", Settings.DEFAULT), ALL_OF_TYPE));

        assertThat(operations.size()).isEqualTo(4);
        assertThat(operations.use(new Tenant("other"), "urn:s:0"))
                .isNotEqualTo(operations.use(Tenant.DEFAULT, "urn:s:0"));
    }

    @Test
    void snapshotsOutliveTheBroker() {
        entities(5);
        create("urn:s:1", new Settings("PT1H", 7, endpoint(), List.of(new KeyValuePair("a", "b"))), ALL_OF_TYPE);
        ready("urn:s:1");
        time.set(START.plusSeconds(60));
        operations.use(Tenant.DEFAULT, "urn:s:1");
        Snapshot before = operations.retrieve(CALLER, "urn:s:1");
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(text(done(store.get(Tenant.DEFAULT, "snapshots", "urn:s:1"))))
                        .contains("\"lastUsedAt\":\"2026-03-29T00:31:00Z\""));
        reopen();

        assertThat(operations.retrieve(CALLER, "urn:s:1")).isEqualTo(before);
        assertThat(count("urn:s:1")).isEqualTo(5);
    }

    @Test
    void aSnapshotInPreparationWhenTheBrokerEndedHasFailed() {
        create("urn:s:1", Settings.DEFAULT, ALL_OF_TYPE);
        ready("urn:s:1");
        String document = text(done(store.get(Tenant.DEFAULT, "snapshots", "urn:s:1")));
        done(store.put(
                Tenant.DEFAULT,
                "snapshots",
                "urn:s:1",
                document.replace("\"empty\"", "\"preparing\"").getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        reopen();

        assertThat(operations.retrieve(CALLER, "urn:s:1").outcome().status()).isEqualTo(Status.failure);
    }

    @Test
    void contentWithoutADescriptionIsDeletedAtTheStart() {
        Tenant orphan = Tenant.DEFAULT.snapshot("urn:s:9");
        done(store.createSnapshot(orphan));
        reopen();

        assertThat(store.snapshots()).isEmpty();
        assertThat(forgotten).containsExactly(orphan);
    }

    @Test
    void aSnapshotDeletedInPreparationLeavesNothing() {
        entities(2500);
        create("urn:s:1", Settings.DEFAULT, ALL_OF_TYPE);
        done(operations.delete(CALLER, "urn:s:1"));
        create("urn:s:2", Settings.DEFAULT, ALL_OF_TYPE);

        assertThat(ready("urn:s:2")).isEqualTo(Status.success);
        assertThat(store.snapshots()).containsExactly(Tenant.DEFAULT.snapshot("urn:s:2"));
        assertThat(done(store.list(Tenant.DEFAULT, "snapshots", null, 10))).hasSize(1);
    }

    private void entities(int count) {
        List<EntityWrite> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = "urn:e:" + i;
            writes.add(new EntityWrite(
                    id,
                    (before, now) -> Outcome.of(
                            new Entity(id, List.of(TYPE), List.of(), Map.of(), now, now, null), UpdateResult.EMPTY)));
        }
        done(store.applyAll(Tenant.DEFAULT, writes, Origin.API));
    }

    private void create(String id, Settings settings, SnapshotQueries queries) {
        done(operations.create(CALLER, draft(id, settings), queries));
    }

    private static Draft draft(String id, Settings settings) {
        return new Draft(id, List.of(), List.of(), settings);
    }

    private static SnapshotQueries queries(String type) {
        return new SnapshotQueries(List.of(ofType(type)), List.of());
    }

    private static OfEntities ofType(String type) {
        return new OfEntities(EntityQuery.ofType(type), Projection.ALL, null);
    }

    private static Settings priority(int priority) {
        return new Settings(null, priority, null, List.of());
    }

    private static Value.Obj object(String name, Value value) {
        return new Value.Obj(Map.of(name, value));
    }

    private String endpoint() {
        return "http://127.0.0.1:" + receiver.actualPort() + "/";
    }

    private Status ready(String id) {
        await().atMost(BOUND)
                .until(() -> operations.retrieve(CALLER, id).outcome().status() != Status.preparing);
        return operations.retrieve(CALLER, id).outcome().status();
    }

    private long count(String id) {
        return done(store.query(operations.use(Tenant.DEFAULT, id), EntityQuery.ALL, 0, 0, true))
                .count();
    }

    private Value.Obj notification(int number) {
        await().atMost(BOUND).untilAsserted(() -> assertThat(notified).hasSize(number));
        return notified.get(number - 1);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static <T extends @Nullable Object> T done(Future<T> future) {
        try {
            return future.await(20, SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer in 20 s", e);
        }
    }
}
