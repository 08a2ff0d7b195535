package de.freiraum.store;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of the stores share: a store on an empty place before each test, a clock, and small entities. */
public abstract class StoreContract {
    protected static final Tenant TENANT = Tenant.DEFAULT;
    protected static final String TYPE = "https://example.org/T";
    protected static final String OTHER_TYPE = "https://example.org/U";
    protected static final String COUNT = "https://example.org/count";
    protected static final Instant START = Instant.parse("2026-03-29T00:30:00Z");

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static Vertx vertx;

    protected final AtomicReference<Instant> time = new AtomicReference<>(START);
    protected final CopyOnWriteArrayList<Change> published = new CopyOnWriteArrayList<>();

    private @Nullable Opened opened;

    /**
     * A store in its roles.
     *
     * @param close releases it, so that the same place can be opened again
     */
    public record Opened(
            EntityStore entities,
            TemporalStore history,
            DocumentStore documents,
            SnapshotStore snapshots,
            Supplier<Future<Void>> close) {}

    /** Opens the store at this test's place; the second time with what the first time left. */
    protected abstract Future<Opened> open(Vertx onVertx, InstantSource clock);

    /** Whether the store survives closing. */
    protected abstract boolean persistent();

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        await(vertx.close());
    }

    @BeforeEach
    void openStore() {
        Opened fresh = await(open(vertx, time::get));
        fresh.entities().onChange(published::add);
        opened = fresh;
    }

    @AfterEach
    void closeStore() {
        await(opened().close().get());
    }

    protected final void reopen() {
        closeStore();
        openStore();
    }

    protected static Vertx vertx() {
        return vertx;
    }

    private Opened opened() {
        return Objects.requireNonNull(opened);
    }

    protected final EntityStore entities() {
        return opened().entities();
    }

    protected final TemporalStore history() {
        return opened().history();
    }

    protected final DocumentStore documents() {
        return opened().documents();
    }

    protected final SnapshotStore snapshots() {
        return opened().snapshots();
    }

    protected static <T extends @Nullable Object> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("the store gave no answer in 20 s", e);
        }
    }

    /** Applies a change and gives what was committed. */
    protected final Change commit(String id, EntityChange change) {
        return Objects.requireNonNull(
                await(entities().apply(TENANT, id, change, Origin.API)).change());
    }

    protected final @Nullable Entity retrieve(String id) {
        return await(entities().retrieve(TENANT, id));
    }

    /** Sets one attribute, creating the entity where it is not there. */
    protected static EntityChange set(String id, String type, String attribute, Attribute value) {
        return (before, now) -> {
            Map<String, List<Attribute>> attributes =
                    new LinkedHashMap<>(before == null ? Map.of() : before.attributes());
            AttributeMeta meta = value.meta();
            Attribute then = before == null ? null : before.instance(attribute, meta.datasetId());
            Attribute stamped =
                    value.with(meta.withTimes(then == null ? now : then.meta().createdAt(), now, null));
            List<Attribute> others = attributes.getOrDefault(attribute, List.of()).stream()
                    .filter(a -> !Objects.equals(a.meta().datasetId(), meta.datasetId()))
                    .toList();
            attributes.put(
                    attribute,
                    java.util.stream.Stream.concat(others.stream(), java.util.stream.Stream.of(stamped))
                            .toList());
            Instant created = before == null ? now : before.createdAt();
            return Outcome.of(
                    new Entity(id, List.of(type), List.of(), attributes, created, now, null), UpdateResult.EMPTY);
        };
    }

    protected static EntityChange set(String id, long number) {
        return set(id, TYPE, COUNT, property(number));
    }

    /** Adds one to the number, which starts at 0 where there is none. */
    protected static EntityChange increment(String id) {
        return (before, now) -> set(id, before == null ? 1 : number(before) + 1).apply(before, now);
    }

    protected static EntityChange remove() {
        return (before, now) -> Outcome.of(null, UpdateResult.EMPTY);
    }

    protected static EntityChange removeAttribute(String attribute) {
        return (before, now) -> {
            Entity there = Objects.requireNonNull(before);
            Map<String, List<Attribute>> rest = new LinkedHashMap<>(there.attributes());
            rest.remove(attribute);
            return Outcome.of(there.withAttributes(rest), UpdateResult.EMPTY);
        };
    }

    protected static Attribute property(long number) {
        return new Attribute.Property(Value.of(number), AttributeMeta.NONE);
    }

    protected static Attribute observed(long number, Instant at) {
        return new Attribute.Property(Value.of(number), AttributeMeta.NONE.withObservedAt(at));
    }

    protected static long number(@Nullable Entity entity) {
        Attribute count = Objects.requireNonNull(Objects.requireNonNull(entity).defaultInstance(COUNT));
        return number(count);
    }

    protected static long number(Attribute attribute) {
        return ((Value.Num) ((Attribute.Property) attribute).value()).number().longValue();
    }
}
