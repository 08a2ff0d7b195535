package de.freiraum.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.store.EntityStore.Applied;
import de.freiraum.store.EntityStore.EntityWrite;
import de.freiraum.store.EntityStore.WriteResult;
import de.freiraum.store.StoreException;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is seen while a commit is under way, when it fails, when too much waits, and when the store closes. */
class EmbeddedCommitTest {
    private static final String A = "urn:ngsi-ld:T:a";
    private static final String B = "urn:ngsi-ld:T:b";
    private static final Tenant TENANT = Tenant.DEFAULT;

    private final FaultyEngine engine = new FaultyEngine();
    private final Vertx vertx = Vertx.vertx();
    private final CopyOnWriteArrayList<Change> published = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // opened before each test
    private EmbeddedStore store;

    @BeforeEach
    void openStore() throws TimeoutException {
        EmbeddedOptions options = EmbeddedOptions.inMemory(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")))
                .withShards(2)
                .withMaxPending(10);
        store = await(EmbeddedStore.open(vertx, options, () -> engine));
        store.onChange(published::add);
    }

    @AfterEach
    void close() throws TimeoutException {
        engine.letGo();
        await(store.close());
        await(vertx.close());
    }

    @Test
    void nothingIsSeenOrSaidBeforeTheCommit() throws TimeoutException {
        engine.hold();
        Future<Applied> change = store.apply(TENANT, A, count(A), Origin.API);
        awaitPending(1);

        assertThat(change.isComplete()).isFalse();
        assertThat(await(store.retrieve(TENANT, A))).isNull();
        assertThat(published).isEmpty();

        engine.letGo();
        await(change);

        assertThat(number(await(store.retrieve(TENANT, A)))).isEqualTo(1);
        assertThat(published).hasSize(1);
    }

    @Test
    void aChangeBuildsOnTheOneThatIsNotYetCommitted() throws TimeoutException {
        engine.hold();
        store.apply(TENANT, A, count(A), Origin.API);
        store.apply(TENANT, A, count(A), Origin.API);
        Future<Applied> third = store.apply(TENANT, A, count(A), Origin.API);
        engine.letGo();

        assertThat(number(Objects.requireNonNull(await(third).change()).after()))
                .isEqualTo(3);
    }

    @Test
    void whatFollowsFromAnUncommittedVersionIsSaidAfterItsCommit() throws TimeoutException {
        engine.hold();
        store.apply(TENANT, A, count(A), Origin.API);
        Future<Applied> nothing =
                store.apply(TENANT, A, (before, now) -> Outcome.of(before, UpdateResult.EMPTY), Origin.API);
        Future<Applied> refusal = store.apply(TENANT, A, refuse(), Origin.API);
        awaitPending(3);

        assertThat(nothing.isComplete()).isFalse();
        assertThat(refusal.isComplete()).isFalse();

        engine.letGo();

        assertThat(await(nothing).change()).isNull();
        assertThatThrownBy(() -> await(refusal)).isInstanceOf(NgsiLdException.class);
    }

    @Test
    void aFailedCommitIsNeverSeenAndEndsWriting() throws TimeoutException {
        await(store.apply(TENANT, A, count(A), Origin.API));
        engine.hold();
        Future<Applied> lost = store.apply(TENANT, A, count(A), Origin.API);
        Future<Applied> builtOnIt = store.apply(TENANT, A, count(A), Origin.API);
        Future<Applied> other = store.apply(TENANT, B, count(B), Origin.API);
        Future<List<WriteResult>> batch =
                store.applyAll(TENANT, List.of(new EntityWrite(B, count(B)), new EntityWrite(A, count(A))), Origin.API);
        Future<Void> document = store.put(TENANT, "c", "k", "1".getBytes(UTF_8));
        awaitPending(6);
        engine.breakDown();
        engine.letGo();

        for (Future<?> failed : List.of(lost, builtOnIt, other, batch, document)) {
            assertThatThrownBy(() -> await(failed))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the disk is full");
        }
        assertThat(number(await(store.retrieve(TENANT, A)))).isEqualTo(1);
        assertThat(await(store.retrieve(TENANT, B))).isNull();
        assertThat(published).hasSize(1);
        assertThat(await(store.instances(TENANT, A, Set.of(), Range.ALL))).hasSize(1);
        assertThat(store.fault()).hasValueSatisfying(why -> assertThat(why).contains("only reads", "the disk is full"));
        assertThatThrownBy(() -> await(store.apply(TENANT, B, count(B), Origin.API)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("only reads");
        assertThat(store.metrics().pending()).isZero();
    }

    @Test
    void refusesWhatWouldWaitBeyondTheBound() throws TimeoutException {
        engine.hold();
        List<Future<Applied>> accepted = java.util.stream.IntStream.range(0, 10)
                .mapToObj(i -> store.apply(TENANT, A, count(A), Origin.API))
                .toList();

        assertThatThrownBy(() -> await(store.apply(TENANT, A, count(A), Origin.API)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.retryable()).isTrue());
        assertThatThrownBy(() -> await(store.put(TENANT, "c", "k", new byte[0])))
                .isInstanceOf(StoreException.class);

        engine.letGo();
        await(Future.all(accepted));
        await(store.apply(TENANT, A, count(A), Origin.API));
        assertThat(number(await(store.retrieve(TENANT, A)))).isEqualTo(11);
        assertThat(store.metrics().refused()).isEqualTo(2);
    }

    @Test
    void takesABatchBeyondTheBoundWhenNothingElseWaits() throws TimeoutException {
        List<EntityWrite> writes = java.util.Collections.nCopies(30, new EntityWrite(A, count(A)));

        assertThat(await(store.applyAll(TENANT, writes, Origin.API))).hasSize(30);
    }

    @Test
    void closingAnswersEverythingThatWasAccepted() throws TimeoutException {
        engine.hold();
        List<Future<Applied>> accepted = java.util.stream.IntStream.range(0, 5)
                .mapToObj(i -> store.apply(TENANT, A, count(A), Origin.API))
                .toList();
        Future<Void> document = store.put(TENANT, "c", "k", new byte[0]);
        awaitPending(6);
        Future<Void> closed = store.close();

        assertThatThrownBy(() -> await(store.apply(TENANT, A, count(A), Origin.API)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closing");
        engine.letGo();
        await(closed);

        assertThat(accepted).allMatch(Future::succeeded);
        assertThat(document.succeeded()).isTrue();
    }

    @Test
    void closingTwiceIsClosingOnce() throws TimeoutException {
        await(store.close());
        await(store.close());

        assertThat(store.fault()).isPresent();
    }

    @Test
    void aListenerThatFailsHarmsNobody() throws TimeoutException {
        store.onChange(change -> {
            throw new IllegalStateException("a fault of the listener");
        });

        assertThat(await(store.apply(TENANT, A, count(A), Origin.API)).change()).isNotNull();
    }

    @Test
    void aListenerMayWriteTheSameEntity() throws TimeoutException {
        store.onChange(change -> {
            if (number(change.after()) == 1) {
                store.apply(TENANT, A, count(A), Origin.AGGREGATE);
            }
        });
        await(store.apply(TENANT, A, count(A), Origin.API));

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> published.size() == 2 && number(published.get(1).after()) == 2);
    }

    private void awaitPending(int changes) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> store.metrics().pending() == changes);
    }

    private static <T extends @Nullable Object> T await(Future<T> future) throws TimeoutException {
        return future.await(20, TimeUnit.SECONDS);
    }

    private static EntityChange refuse() {
        return (before, now) -> {
            throw NgsiLdException.badRequest("no");
        };
    }

    private static EntityChange count(String id) {
        return (before, now) -> {
            Attribute value = new Attribute.Property(
                    Value.of(before == null ? 1 : number(before) + 1), AttributeMeta.NONE.withTimes(now, now, null));
            return Outcome.of(
                    new Entity(id, List.of("T"), List.of(), Map.of("n", List.of(value)), now, now, null),
                    UpdateResult.EMPTY);
        };
    }

    private static long number(@Nullable Entity entity) {
        Attribute value = Objects.requireNonNull(Objects.requireNonNull(entity).defaultInstance("n"));
        return ((Value.Num) ((Attribute.Property) value).value()).number().longValue();
    }
}
