package de.freiraum.store.embedded;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.query.EntityQuery;
import de.freiraum.shard.Shards;
import de.freiraum.store.Store;
import de.freiraum.store.StoreException;
import de.freiraum.store.change.Computed;
import de.freiraum.store.change.Expiry;
import de.freiraum.store.change.Reply;
import de.freiraum.store.change.Ticks;
import de.freiraum.store.embedded.CommittedEntities.Expiring;
import de.freiraum.store.embedded.CommittedEntities.OfTenant;
import de.freiraum.store.embedded.CommittedEntities.Slot;
import de.freiraum.store.embedded.Engine.Column;
import de.freiraum.store.embedded.Engine.Cursor;
import de.freiraum.store.embedded.Engine.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store inside the process. See the package for how it works and what always holds; docs/storage.md for what is on the disk.
 * Callable from any thread; no method blocks.
 */
public final class EmbeddedStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStore.class);

    private static final byte[] STORE_ID_KEY = Keys.of("store");
    private static final byte[] TENANT_PREFIX = Keys.of("tenant");
    /** How many candidates a query looks at on the caller's thread before it goes on on a worker. */
    private static final int LOOKED_AT_ON_CALLER = 1000;

    private static final int LOADED_AT_ONCE = 8192;

    private final Vertx vertx;
    private final EmbeddedOptions options;
    private final Engine engine;
    private final Shards shards;
    private final GroupCommitter committer;
    private final WorkerExecutor readers;
    private final Histories histories;
    private final Evolutions evolutions;
    private final Ticks ticks;
    private final CommittedEntities committed;
    private final Set<Tenant> tenants;
    private final Set<Tenant> snapshots;

    /** For each shard the entities with changes under way; touched by its owner alone. */
    private final List<Map<EntityKey, Pending>> pending;

    /** For each evolution under change when the last change that was asked for is done. */
    private final ConcurrentMap<EntityKey, Future<Void>> turns = new ConcurrentHashMap<>();

    private final CopyOnWriteArrayList<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger pendingChanges = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Promise<Void> idle = Promise.promise();
    private final Promise<Void> closed = Promise.promise();
    private final LongAdder changes = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final long sweeper;

    private record EntityKey(Tenant tenant, String id) {}

    /** The newest version of an entity that is not yet committed, and how many changes stand before its commit. */
    private static final class Pending {
        @Nullable
        Entity newest;

        int changes;
    }

    /** What was found on the disk. */
    private record Recovered(
            Engine engine,
            CommittedEntities entities,
            Evolutions evolutions,
            Set<Tenant> tenants,
            Set<Tenant> snapshots,
            String storeId,
            long lastTick) {}

    private EmbeddedStore(
            Vertx vertx,
            EmbeddedOptions options,
            Recovered recovered,
            Ticks ticks,
            Shards shards,
            WorkerExecutor readers) {
        this.vertx = vertx;
        this.options = options;
        this.engine = recovered.engine();
        this.committed = recovered.entities();
        this.tenants = recovered.tenants();
        this.snapshots = recovered.snapshots();
        this.ticks = ticks;
        this.shards = shards;
        this.readers = readers;
        this.histories = new Histories(recovered.storeId(), options.deleteHistoryWithEntity());
        this.evolutions = recovered.evolutions();
        this.pending = new ArrayList<>();
        for (int i = 0; i < shards.count(); i++) {
            pending.add(new HashMap<>());
        }
        this.committer = new GroupCommitter(
                engine, options.durability() == Durability.ASYNC, recovered.lastTick(), this::settle);
        this.sweeper = vertx.setPeriodic(options.sweepInterval().toMillis(), timer -> sweep());
    }

    /**
     * Opens a store, creating it if there is none, and reads all current entities into memory.
     *
     * @return the store; fails with a {@link StoreException} that names the cause: the directory is in use by another process, its files are
     *     damaged, or they are of a newer format
     */
    public static Future<EmbeddedStore> open(Vertx vertx, EmbeddedOptions options) {
        Path directory = options.directory();
        return open(
                vertx,
                options,
                () -> directory == null
                        ? new MemoryEngine()
                        : new RocksEngine(directory, options.durability() == Durability.SYNC));
    }

    /** The same on another engine. */
    static Future<EmbeddedStore> open(Vertx vertx, EmbeddedOptions options, Supplier<Engine> engine) {
        WorkerExecutor readers = vertx.createSharedWorkerExecutor(
                "freiraum-store-read-" + Integer.toHexString(System.identityHashCode(options)),
                Math.max(2, Math.min(8, options.shards())));
        Ticks ticks = new Ticks(options.clock());
        return readers.executeBlocking(() -> recover(engine.get(), options, ticks), false)
                .compose(recovered -> Shards.start(
                                vertx,
                                options.shards(),
                                options.maxPending(),
                                () -> StoreException.unavailable("too many changes are waiting"))
                        .map(shards -> new EmbeddedStore(vertx, options, recovered, ticks, shards, readers))
                        .onFailure(e -> recovered.engine().close()))
                .onFailure(e -> readers.close());
    }

    // ---- opening
    // --------------------------------------------------------------------------------------------------------------------

    private static Recovered recover(Engine engine, EmbeddedOptions options, Ticks ticks) {
        try {
            byte[] tick = engine.get(Column.META, GroupCommitter.TICK_KEY);
            long lastTick = tick == null ? 0 : Long.parseLong(new String(tick, StandardCharsets.UTF_8));
            ticks.continueAfter(lastTick);
            CommittedEntities entities = new CommittedEntities();
            readEntities(engine, entities);
            Evolutions evolutions = Evolutions.read(engine, entities, options.deleteHistoryWithEntity());
            Set<Tenant> tenants = ConcurrentHashMap.newKeySet();
            Set<Tenant> snapshots = ConcurrentHashMap.newKeySet();
            readTenants(engine, tenants, snapshots);
            return new Recovered(engine, entities, evolutions, tenants, snapshots, storeId(engine, ticks), lastTick);
        } catch (RuntimeException e) {
            engine.close();
            throw e instanceof StoreException
                    ? e
                    : new StoreException(
                            "the data directory " + options.directory() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads in order and fills the indexes on all processors. */
    private static void readEntities(Engine engine, CommittedEntities entities) {
        try (Cursor cursor = engine.cursor(Column.ENTITIES)) {
            List<Stored> chunk = new ArrayList<>(LOADED_AT_ONCE);
            for (cursor.seek(new byte[0]); cursor.valid(); cursor.next()) {
                chunk.add(new Stored(cursor.key(), cursor.value()));
                if (chunk.size() == LOADED_AT_ONCE) {
                    load(chunk, entities);
                    chunk.clear();
                }
            }
            load(chunk, entities);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Stored(byte[] key, byte[] value) {}

    private static void load(List<Stored> chunk, CommittedEntities entities) {
        chunk.parallelStream().forEach(stored -> {
            String[] parts = Keys.parts(stored.key(), 2);
            entities.load(Tenant.ofPartition(parts[0]), parts[1], StoredEntity.read(stored.value()));
        });
    }

    private static void readTenants(Engine engine, Set<Tenant> tenants, Set<Tenant> snapshots) {
        tenants.add(Tenant.DEFAULT);
        try (Cursor cursor = engine.cursor(Column.META)) {
            for (cursor.seek(TENANT_PREFIX);
                    cursor.valid() && Keys.startsWith(cursor.key(), TENANT_PREFIX);
                    cursor.next()) {
                Tenant found = Tenant.ofPartition(Keys.parts(cursor.key(), 2)[1]);
                (found.isSnapshot() ? snapshots : tenants).add(found);
            }
        }
    }

    /** A store is named by the time of its making. */
    private static String storeId(Engine engine, Ticks ticks) {
        byte[] stored = engine.get(Column.META, STORE_ID_KEY);
        if (stored != null) {
            return new String(stored, StandardCharsets.UTF_8);
        }
        String id = Long.toString(ticks.next(), Character.MAX_RADIX);
        engine.commit(List.of(Step.put(Column.META, STORE_ID_KEY, id.getBytes(StandardCharsets.UTF_8))));
        return id;
    }

    // ---- writing entities
    // -----------------------------------------------------------------------------------------------------------

    /** Takes the result of one change, on the entity's owner: the first is given if it was accepted, otherwise the second. */
    private interface Sink {
        void done(@Nullable Applied applied, @Nullable RuntimeException error);
    }

    @Override
    public Future<Applied> apply(Tenant tenant, String entityId, EntityChange change, Origin origin) {
        Reply<Applied> reply = new Reply<>();
        RuntimeException refusal = admit(1);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        Sink sink = (applied, error) -> {
            release(1);
            if (applied != null) {
                reply.succeed(applied);
            } else {
                reply.fail(Objects.requireNonNull(error));
            }
        };
        int owner = shards.ownerOf(entityId);
        if (!shards.execute(owner, () -> change(owner, tenant, entityId, change, origin, sink))) {
            sink.done(null, overloaded());
        }
        return reply.future();
    }

    @Override
    public Future<List<WriteResult>> applyAll(Tenant tenant, List<EntityWrite> writes, Origin origin) {
        if (writes.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        RuntimeException refusal = admit(writes.size());
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        Batch batch = new Batch(writes.size());
        Map<Integer, List<Integer>> byOwner = new HashMap<>();
        for (int i = 0; i < writes.size(); i++) {
            byOwner.computeIfAbsent(shards.ownerOf(writes.get(i).entityId()), o -> new ArrayList<>())
                    .add(i);
        }
        byOwner.forEach((owner, indexes) -> {
            boolean accepted = shards.execute(owner, () -> {
                for (int index : indexes) {
                    EntityWrite write = writes.get(index);
                    change(owner, tenant, write.entityId(), write.change(), origin, batch.sink(index));
                }
            });
            if (!accepted) {
                indexes.forEach(index -> batch.sink(index).done(null, overloaded()));
            }
        });
        return batch.reply.future();
    }

    /** The results of a batch, which come from several shards. */
    private final class Batch {
        private final Reply<List<WriteResult>> reply = new Reply<>();
        private final AtomicReferenceArray<WriteResult> results;
        private final AtomicInteger missing;
        private volatile @Nullable RuntimeException failure;

        Batch(int size) {
            results = new AtomicReferenceArray<>(size);
            missing = new AtomicInteger(size);
        }

        Sink sink(int index) {
            return (applied, error) -> {
                release(1);
                if (applied != null) {
                    results.set(index, new WriteResult(applied, null));
                } else if (error instanceof NgsiLdException refusal) {
                    results.set(index, new WriteResult(null, refusal));
                } else {
                    failure = Objects.requireNonNull(error);
                }
                if (missing.decrementAndGet() == 0) {
                    finish();
                }
            };
        }

        private void finish() {
            RuntimeException failed = failure;
            if (failed != null) {
                reply.fail(failed);
                return;
            }
            List<WriteResult> all = new ArrayList<>(results.length());
            for (int i = 0; i < results.length(); i++) {
                all.add(results.get(i));
            }
            reply.succeed(List.copyOf(all));
        }
    }

    private @Nullable RuntimeException admit(int more) {
        StoreException failure = committer.failure();
        if (failure != null) {
            refused.add(more);
            return failure;
        }
        // A batch that is larger than the bound is taken when nothing else waits: it could never be taken otherwise.
        int before = pendingChanges.getAndAdd(more);
        if (before > 0 && before + more > options.maxPending()) {
            release(more);
            refused.add(more);
            return overloaded();
        }
        // Looked at after counting, so that closing either waits for this change or is seen here.
        if (closing.get()) {
            release(more);
            return overloaded();
        }
        return null;
    }

    private void release(int fewer) {
        if (pendingChanges.addAndGet(-fewer) == 0 && closing.get()) {
            idle.tryComplete();
        }
    }

    private StoreException overloaded() {
        return closing.get()
                ? StoreException.unavailable("the store is closing")
                : StoreException.unavailable(
                        "more than " + options.maxPending() + " changes wait to be committed; try again later");
    }

    /** Computes a change from the newest version and hands it over for commit. On the owner. */
    private void change(int owner, Tenant tenant, String entityId, EntityChange change, Origin origin, Sink sink) {
        RuntimeException failure = isGone(tenant) ? gone(tenant) : committer.failure();
        if (failure != null) {
            sink.done(null, failure);
            return;
        }
        EntityKey key = new EntityKey(tenant, entityId);
        Entity before = newest(owner, key);
        long tick = ticks.next();
        if (before != null && Expiry.next(before) <= tick) {
            // What is expired is deleted by a change of its own, so that listeners and history learn of it.
            compute(owner, key, before, tick, Expiry.CHANGE, Origin.SYSTEM, (applied, error) -> {});
            before = newest(owner, key);
            tick = ticks.next();
        }
        compute(owner, key, before, tick, change, origin, sink);
    }

    private @Nullable Entity newest(int owner, EntityKey key) {
        Pending waiting = pending.get(owner).get(key);
        return waiting != null ? waiting.newest : committed.get(key.tenant(), key.id());
    }

    private void compute(
            int owner,
            EntityKey key,
            @Nullable Entity before,
            long tick,
            EntityChange change,
            Origin origin,
            Sink sink) {
        Computed computed = Computed.of(key.tenant(), key.id(), before, tick, change, origin);
        List<Step> steps = List.of();
        if (computed.change() != null) {
            try {
                steps = steps(computed.change());
            } catch (RuntimeException e) {
                computed = Computed.failed(e);
            }
        }
        Change made = computed.change();
        if (made == null) {
            NgsiLdException refusal = computed.refusal();
            answer(owner, key, refusal == null ? new Applied(null, computed.result()) : null, refusal, sink);
            return;
        }
        Pending waiting = pending.get(owner).computeIfAbsent(key, k -> new Pending());
        waiting.newest = made.after();
        waiting.changes++;
        committer.submit(new ChangeItem(owner, key, waiting, made, steps, computed.result(), sink));
    }

    private List<Step> steps(Change change) {
        List<Step> steps = new ArrayList<>();
        Entity after = change.after();
        if (!Computed.isSame(change.before(), after)) {
            byte[] key = Keys.of(change.tenant().partition(), change.entityId());
            steps.add(
                    after == null
                            ? Step.delete(Column.ENTITIES, key)
                            : Step.put(Column.ENTITIES, key, StoredEntity.encode(after)));
        }
        histories.record(change, steps);
        evolutions.record(change, steps);
        return steps;
    }

    /** Answers a request that changes nothing; behind the commit of the version from which the answer follows. */
    private void answer(
            int owner, EntityKey key, @Nullable Applied applied, @Nullable RuntimeException error, Sink sink) {
        if (pending.get(owner).containsKey(key)) {
            committer.submit(new AnswerItem(owner, applied, error, sink));
        } else {
            sink.done(applied, error);
        }
    }

    private final class ChangeItem extends TenantItem {
        private final int owner;
        private final EntityKey key;
        private final Pending waiting;
        private final Change change;
        private final List<Step> steps;
        private final UpdateResult result;
        private final Sink sink;

        ChangeItem(
                int owner,
                EntityKey key,
                Pending waiting,
                Change change,
                List<Step> steps,
                UpdateResult result,
                Sink sink) {
            super(key.tenant());
            this.owner = owner;
            this.key = key;
            this.waiting = waiting;
            this.change = change;
            this.steps = steps;
            this.result = result;
            this.sink = sink;
        }

        @Override
        void write(GroupCommitter.Group group) {
            remember(key.tenant(), group);
            group.addAll(steps);
            group.tick(change.sequence());
        }

        @Override
        void settled(@Nullable RuntimeException failed) {
            if (--waiting.changes == 0) {
                pending.get(owner).remove(key);
            }
            if (failed != null) {
                sink.done(null, failed);
                return;
            }
            known(key.tenant());
            changes.increment();
            if (!Computed.isSame(change.before(), change.after())) {
                committed.set(key.tenant(), key.id(), change.after());
                evolutions.settled(change);
            }
            if (change.origin() != Origin.SNAPSHOT) {
                publish(change);
            }
            sink.done(new Applied(change, result), null);
        }

        @Override
        int shard() {
            return owner;
        }
    }

    private static final class AnswerItem extends GroupCommitter.Item {
        private final int owner;
        private final @Nullable Applied applied;
        private final @Nullable RuntimeException error;
        private final Sink sink;

        AnswerItem(int owner, @Nullable Applied applied, @Nullable RuntimeException error, Sink sink) {
            this.owner = owner;
            this.applied = applied;
            this.error = error;
            this.sink = sink;
        }

        @Override
        void collect(GroupCommitter.Group group) {
            // only waits for what stands before it
        }

        @Override
        void settle(@Nullable StoreException failed) {
            if (failed != null) {
                sink.done(null, failed);
            } else {
                sink.done(applied, error);
            }
        }

        @Override
        int shard() {
            return owner;
        }
    }

    /** What is written for a tenant or into a snapshot; refused if the snapshot is gone by the time of writing. */
    private abstract class TenantItem extends GroupCommitter.Item {
        private final Tenant tenant;
        private boolean gone;

        TenantItem(Tenant tenant) {
            this.tenant = tenant;
        }

        /** Adds the steps. */
        abstract void write(GroupCommitter.Group group);

        /** Called once after it was written, or why not. */
        abstract void settled(@Nullable RuntimeException failed);

        @Override
        final void collect(GroupCommitter.Group group) {
            gone = isGone(tenant);
            if (!gone) {
                write(group);
            }
        }

        @Override
        final void settle(@Nullable StoreException failed) {
            settled(failed == null && gone ? gone(tenant) : failed);
        }
    }

    /** Whether it is a snapshot that was not created or is deleted. */
    private boolean isGone(Tenant tenant) {
        return tenant.isSnapshot() && !snapshots.contains(tenant);
    }

    private static NgsiLdException gone(Tenant tenant) {
        return NgsiLdException.notFound("there is no snapshot " + clip(String.valueOf(tenant.snapshot())));
    }

    private static String clip(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    /** Writes down a tenant at its first appearance; snapshots are created beforehand. */
    private void remember(Tenant tenant, GroupCommitter.Group group) {
        if (!tenant.isSnapshot() && !tenants.contains(tenant)) {
            group.add(Step.put(Column.META, tenantKey(tenant), new byte[0]));
        }
    }

    private void known(Tenant tenant) {
        if (!tenant.isSnapshot()) {
            tenants.add(tenant);
        }
    }

    private static byte[] tenantKey(Tenant tenant) {
        return Keys.of("tenant", tenant.partition());
    }

    private void publish(Change change) {
        for (Consumer<Change> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.error("a listener for changes failed", e);
            }
        }
    }

    /** Brings the items of a group back to their shards. On the committing thread. */
    private void settle(List<GroupCommitter.Item> items) {
        Map<Integer, List<GroupCommitter.Item>> byShard = new HashMap<>();
        List<GroupCommitter.Item> others = new ArrayList<>();
        for (GroupCommitter.Item item : items) {
            if (item.shard() < 0) {
                others.add(item);
            } else {
                byShard.computeIfAbsent(item.shard(), s -> new ArrayList<>()).add(item);
            }
        }
        byShard.forEach((shard, own) -> shards.resume(shard, () -> own.forEach(GroupCommitter.Item::settle)));
        others.forEach(GroupCommitter.Item::settle);
    }

    private void sweep() {
        if (closing.get() || committer.failure() != null) {
            return;
        }
        for (Expiring expired : committed.expiredBy(ticks.now())) {
            apply(expired.tenant(), expired.id(), Expiry.CHANGE, Origin.SYSTEM)
                    .onFailure(e -> LOG.warn("an expired entity could not be deleted; it will be tried again", e));
        }
    }

    // ---- reading entities
    // -----------------------------------------------------------------------------------------------------------

    @Override
    public Future<@Nullable Entity> retrieve(Tenant tenant, String entityId) {
        return Future.succeededFuture(committed.visible(tenant, entityId, ticks));
    }

    @Override
    public Future<EntityPage> query(Tenant tenant, EntityQuery query, int offset, int limit, boolean count) {
        if (offset < 0 || limit < 0) {
            return Future.failedFuture(NgsiLdException.badRequest("offset and limit: at least 0 is allowed"));
        }
        OfTenant entities = committed.of(tenant);
        if (entities == null) {
            return Future.succeededFuture(new EntityPage(List.of(), false, count ? 0 : -1));
        }
        try {
            Search search =
                    new Search(entities, query, offset, limit, count, ticks, committed.anyExpiredBy(ticks.now()));
            if (search.run(LOOKED_AT_ON_CALLER)) {
                return Future.succeededFuture(search.page());
            }
            return readers.executeBlocking(
                    () -> {
                        search.run(Integer.MAX_VALUE);
                        return search.page();
                    },
                    false);
        } catch (NgsiLdException e) {
            return Future.failedFuture(e);
        }
    }

    @Override
    public Future<List<TypeSummary>> types(Tenant tenant) {
        OfTenant entities = committed.of(tenant);
        if (entities == null) {
            return Future.succeededFuture(List.of());
        }
        return readers.executeBlocking(
                () -> {
                    List<TypeSummary> summaries = new ArrayList<>();
                    for (String type : new TreeSet<>(entities.byType.keySet())) {
                        summarise(entities, type).ifPresent(summaries::add);
                    }
                    return summaries;
                },
                false);
    }

    private Optional<TypeSummary> summarise(OfTenant entities, String type) {
        Map<String, Slot> slots = entities.byType.get(type);
        if (slots == null) {
            return Optional.empty();
        }
        long count = 0;
        Map<String, Long> counts = new TreeMap<>();
        Map<String, Set<String>> kinds = new HashMap<>();
        for (Slot slot : slots.values()) {
            Entity entity = slot.visible(ticks);
            if (entity == null) {
                continue;
            }
            count++;
            entity.attributes().forEach((iri, instances) -> {
                counts.merge(iri, 1L, Long::sum);
                Set<String> met = kinds.computeIfAbsent(iri, i -> new TreeSet<>());
                for (Attribute instance : instances) {
                    met.add(String.valueOf(instance.kind()));
                }
            });
        }
        Map<String, AttributeSummary> attributes = new TreeMap<>();
        counts.forEach(
                (iri, number) -> attributes.put(iri, new AttributeSummary(number, kinds.getOrDefault(iri, Set.of()))));
        return count == 0 ? Optional.empty() : Optional.of(new TypeSummary(type, count, attributes));
    }

    @Override
    public Set<Tenant> tenants() {
        return Collections.unmodifiableSet(tenants);
    }

    @Override
    public void onChange(Consumer<Change> listener) {
        listeners.add(listener);
    }

    // ---- history
    // --------------------------------------------------------------------------------------------------------------------

    @Override
    public Future<List<TemporalInstance>> instances(
            Tenant tenant, String entityId, Set<String> attributes, Range range) {
        return readers.executeBlocking(() -> Histories.read(engine, tenant, entityId, attributes, range), false);
    }

    @Override
    public Future<List<List<TemporalInstance>>> instances(
            Tenant tenant, List<String> entityIds, Set<String> attributes, Range range) {
        return readers.executeBlocking(
                () -> entityIds.stream()
                        .map(id -> Histories.read(engine, tenant, id, attributes, range))
                        .toList(),
                false);
    }

    @Override
    public Future<@Nullable Head> head(Tenant tenant, String entityId) {
        return Future.succeededFuture(evolutions.head(tenant, entityId, ticks));
    }

    @Override
    public Future<List<Head>> heads(Tenant tenant, EntityQuery query, @Nullable String after, int limit) {
        return readers.executeBlocking(() -> evolutions.heads(tenant, query, after, limit, ticks), false);
    }

    /**
     * What a write of an evolution comes to.
     *
     * @param result the answer
     * @param steps what to write; empty: nothing
     * @param tick the time of the write
     * @param head the head as it shall be kept; null: as it is
     */
    private record Planned<T>(
            T result, List<Step> steps, long tick, @Nullable Head head) {
        static <T> Planned<T> nothing(T result) {
            return new Planned<>(result, List.of(), 0, null);
        }
    }

    @Override
    public Future<Added> add(
            Tenant tenant, String entityId, List<String> types, List<TemporalInstance> instances, boolean create) {
        return evolve(tenant, entityId, () -> {
            Head before = evolutions.head(tenant, entityId, ticks);
            if (before == null && !create) {
                return Planned.nothing(Added.NOWHERE);
            }
            long tick = ticks.next();
            List<Step> steps = new ArrayList<>();
            histories.add(engine, tenant, entityId, instances, tick, steps);
            Head after = evolutions.grown(tenant, entityId, before, types, Ticks.instant(tick));
            if (after != null) {
                steps.add(Evolutions.step(tenant, after));
            }
            return new Planned<>(before == null ? Added.CREATED : Added.TO_EXISTING, steps, tick, after);
        });
    }

    @Override
    public Future<Boolean> replace(
            Tenant tenant, String entityId, String attribute, String instanceId, Attribute instance) {
        return evolve(tenant, entityId, () -> {
            Histories.Placed there = Histories.find(engine, tenant, entityId, attribute, instanceId);
            if (there == null) {
                return Planned.nothing(false);
            }
            long tick = ticks.next();
            Instant now = Ticks.instant(tick);
            List<Step> steps = new ArrayList<>();
            steps.add(Step.delete(Column.HISTORY, there.key()));
            AttributeMeta meta = instance.meta()
                    .withTimes(
                            there.instance().meta().createdAt(),
                            now,
                            instance.meta().deletedAt());
            Histories.put(
                    tenant,
                    entityId,
                    List.of(new TemporalInstance(attribute, instance.with(meta.withInstanceId(instanceId)))),
                    now,
                    steps);
            return corrected(tenant, entityId, steps, tick);
        });
    }

    @Override
    public Future<Boolean> deleteAttribute(Tenant tenant, String entityId, String attribute) {
        return deleteAll(tenant, entityId, Keys.of(tenant.partition(), entityId, attribute));
    }

    @Override
    public Future<Boolean> deleteDataset(Tenant tenant, String entityId, String attribute, @Nullable String datasetId) {
        return deleteAll(tenant, entityId, Histories.group(tenant, entityId, attribute, datasetId));
    }

    /** However many instances there are, they are one step. */
    private Future<Boolean> deleteAll(Tenant tenant, String entityId, byte[] parts) {
        return evolve(
                tenant,
                entityId,
                () -> Histories.any(engine, parts)
                        ? corrected(
                                tenant,
                                entityId,
                                List.of(Step.deleteRange(Column.HISTORY, parts, Keys.behind(parts))),
                                ticks.next())
                        : Planned.nothing(false));
    }

    /** Steps that change instances, and the head that says when. */
    private Planned<Boolean> corrected(Tenant tenant, String entityId, List<Step> steps, long tick) {
        Head head = evolutions.touched(tenant, entityId, Ticks.instant(tick));
        List<Step> all = new ArrayList<>(steps);
        if (head != null) {
            all.add(Evolutions.step(tenant, head));
        }
        return new Planned<>(true, all, tick, head);
    }

    @Override
    public Future<Boolean> deleteInstance(Tenant tenant, String entityId, String attribute, String instanceId) {
        return evolve(tenant, entityId, () -> {
            Histories.Placed there = Histories.find(engine, tenant, entityId, attribute, instanceId);
            return there == null
                    ? Planned.nothing(false)
                    : corrected(tenant, entityId, List.of(Step.delete(Column.HISTORY, there.key())), ticks.next());
        });
    }

    @Override
    public Future<Boolean> deleteEvolution(Tenant tenant, String entityId) {
        return evolve(tenant, entityId, () -> {
            if (evolutions.head(tenant, entityId, ticks) == null) {
                return Planned.nothing(false);
            }
            byte[] all = Keys.of(tenant.partition(), entityId);
            return new Planned<>(
                    true,
                    List.of(
                            Step.deleteRange(Column.HISTORY, all, Keys.behind(all)),
                            Step.delete(Column.META, Evolutions.key(tenant, entityId))),
                    ticks.next(),
                    Evolutions.gone(entityId));
        });
    }

    /** Plans on a reader and commits; behind earlier writes of the same evolution, so that what was read is still so. */
    private <T> Future<T> evolve(Tenant tenant, String entityId, Callable<Planned<T>> plan) {
        RuntimeException refusal = admit(1);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        Reply<T> reply = new Reply<>();
        EntityKey key = new EntityKey(tenant, entityId);
        Promise<Void> turn = Promise.promise();
        Future<Void> before = turns.put(key, turn.future());
        (before == null ? Future.<Void>succeededFuture() : before)
                .compose(v -> readers.executeBlocking(plan, false))
                .onComplete(planned -> {
                    if (planned.failed()) {
                        release(1);
                        endTurn(key, turn);
                        reply.fail(planned.cause());
                        return;
                    }
                    committer.submit(new EvolutionItem<>(key, planned.result(), turn, reply));
                });
        return reply.future();
    }

    private void endTurn(EntityKey key, Promise<Void> turn) {
        turns.remove(key, turn.future());
        turn.complete();
    }

    private final class EvolutionItem<T> extends TenantItem {
        private final EntityKey key;
        private final Planned<T> planned;
        private final Promise<Void> turn;
        private final Reply<T> reply;

        EvolutionItem(EntityKey key, Planned<T> planned, Promise<Void> turn, Reply<T> reply) {
            super(key.tenant());
            this.key = key;
            this.planned = planned;
            this.turn = turn;
            this.reply = reply;
        }

        @Override
        void write(GroupCommitter.Group group) {
            if (!planned.steps().isEmpty()) {
                remember(key.tenant(), group);
                group.addAll(planned.steps());
                group.tick(planned.tick());
            }
        }

        @Override
        void settled(@Nullable RuntimeException failed) {
            release(1);
            if (failed == null && !planned.steps().isEmpty()) {
                known(key.tenant());
                Head head = planned.head();
                if (head != null) {
                    evolutions.keep(key.tenant(), head);
                }
            }
            endTurn(key, turn);
            if (failed != null) {
                reply.fail(failed);
            } else {
                reply.succeed(planned.result());
            }
        }

        @Override
        int shard() {
            return -1;
        }
    }

    // ---- snapshots
    // ------------------------------------------------------------------------------------------------------------------

    @Override
    public Set<Tenant> snapshots() {
        return Collections.unmodifiableSet(snapshots);
    }

    @Override
    public Future<Void> createSnapshot(Tenant snapshot) {
        return place(snapshot, true);
    }

    @Override
    public Future<Void> deleteSnapshot(Tenant snapshot) {
        return place(snapshot, false);
    }

    private Future<Void> place(Tenant snapshot, boolean create) {
        if (!snapshot.isSnapshot()) {
            return Future.failedFuture(new IllegalArgumentException("not a snapshot: " + snapshot.partition()));
        }
        RuntimeException refusal = admit(1);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        SnapshotItem item = new SnapshotItem(snapshot, create);
        committer.submit(item);
        return item.reply.future().mapEmpty();
    }

    @Override
    public Future<Void> takeOver(Tenant snapshot, Head head, List<TemporalInstance> instances) {
        return this.<Boolean>evolve(snapshot, head.entityId(), () -> {
                    long tick = ticks.next();
                    List<Step> steps = new ArrayList<>();
                    Histories.put(snapshot, head.entityId(), instances, Ticks.instant(tick), steps);
                    Head after = evolutions.with(snapshot, head);
                    steps.add(Evolutions.step(snapshot, after));
                    return new Planned<>(true, steps, tick, after);
                })
                .mapEmpty();
    }

    /** Makes the place of a snapshot, or deletes it with everything in it. */
    private final class SnapshotItem extends GroupCommitter.Item {
        private final Reply<Boolean> reply = new Reply<>();
        private final Tenant snapshot;
        private final boolean create;

        SnapshotItem(Tenant snapshot, boolean create) {
            this.snapshot = snapshot;
            this.create = create;
        }

        @Override
        void collect(GroupCommitter.Group group) {
            byte[] all = Keys.of(snapshot.partition());
            byte[] heads = Evolutions.keys(snapshot);
            if (create) {
                group.add(Step.put(Column.META, tenantKey(snapshot), new byte[0]));
                snapshots.add(snapshot);
            } else if (snapshots.remove(snapshot)) {
                group.add(Step.delete(Column.META, tenantKey(snapshot)));
                group.addAll(List.of(
                        Step.deleteRange(Column.META, heads, Keys.behind(heads)),
                        Step.deleteRange(Column.ENTITIES, all, Keys.behind(all)),
                        Step.deleteRange(Column.HISTORY, all, Keys.behind(all)),
                        Step.deleteRange(Column.DOCUMENTS, all, Keys.behind(all))));
            }
        }

        @Override
        void settle(@Nullable StoreException failed) {
            // Changes committed before this one are settled by their shards first; later ones are refused.
            Future<Void> done = failed != null
                    ? Future.failedFuture(failed)
                    : create
                            ? Future.succeededFuture()
                            : settled()
                                    .compose(v -> readers.executeBlocking(
                                            () -> {
                                                committed.drop(snapshot);
                                                evolutions.drop(snapshot);
                                                return null;
                                            },
                                            false));
            done.onComplete(end -> {
                release(1);
                if (end.failed()) {
                    reply.fail(end.cause());
                } else {
                    reply.succeed(true);
                }
            });
        }

        @Override
        int shard() {
            return -1;
        }
    }

    // ---- documents
    // ------------------------------------------------------------------------------------------------------------------

    /** What to make of the document that is there, or null: keep it. */
    private interface DocumentChange<T> {
        T collect(byte[] key, byte @Nullable [] there, GroupCommitter.Group group);
    }

    @Override
    public Future<Void> put(Tenant tenant, String collection, String key, byte[] document) {
        return this.<Boolean>write(tenant, collection, key, (at, there, group) -> {
                    group.add(Step.put(Column.DOCUMENTS, at, document));
                    return true;
                })
                .mapEmpty();
    }

    @Override
    public Future<Boolean> putIfAbsent(Tenant tenant, String collection, String key, byte[] document) {
        return write(tenant, collection, key, (at, there, group) -> {
            if (there != null) {
                return false;
            }
            group.add(Step.put(Column.DOCUMENTS, at, document));
            return true;
        });
    }

    @Override
    public Future<Boolean> delete(Tenant tenant, String collection, String key) {
        return write(tenant, collection, key, (at, there, group) -> {
            if (there == null) {
                return false;
            }
            group.add(Step.delete(Column.DOCUMENTS, at));
            return true;
        });
    }

    @Override
    public Future<Boolean> update(Tenant tenant, String collection, String key, UnaryOperator<byte[]> change) {
        return write(tenant, collection, key, (at, there, group) -> {
            if (there == null) {
                return false;
            }
            group.add(Step.put(Column.DOCUMENTS, at, change.apply(there)));
            return true;
        });
    }

    private <T> Future<T> write(Tenant tenant, String collection, String key, DocumentChange<T> change) {
        RuntimeException refusal = admit(1);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        DocumentItem<T> item = new DocumentItem<>(tenant, Keys.of(tenant.partition(), collection, key), change);
        committer.submit(item);
        return item.reply.future();
    }

    private final class DocumentItem<T> extends TenantItem {
        private final Reply<T> reply = new Reply<>();
        private final Tenant tenant;
        private final byte[] key;
        private final DocumentChange<T> change;
        private @Nullable T result;

        DocumentItem(Tenant tenant, byte[] key, DocumentChange<T> change) {
            super(tenant);
            this.tenant = tenant;
            this.key = key;
            this.change = change;
        }

        @Override
        void write(GroupCommitter.Group group) {
            remember(tenant, group);
            result = change.collect(key, group.document(key), group);
        }

        @Override
        void settled(@Nullable RuntimeException failed) {
            release(1);
            if (failed != null) {
                reply.fail(failed);
            } else {
                known(tenant);
                reply.succeed(Objects.requireNonNull(result));
            }
        }

        @Override
        int shard() {
            return -1;
        }
    }

    @Override
    public Future<byte @Nullable []> get(Tenant tenant, String collection, String key) {
        return readers.executeBlocking(
                () -> engine.get(Column.DOCUMENTS, Keys.of(tenant.partition(), collection, key)), false);
    }

    @Override
    public Future<Set<String>> collections(Tenant tenant) {
        return readers.executeBlocking(
                () -> {
                    byte[] all = Keys.of(tenant.partition());
                    Set<String> names = new TreeSet<>();
                    try (Cursor cursor = engine.cursor(Column.DOCUMENTS)) {
                        cursor.seek(all);
                        while (cursor.valid() && Keys.startsWith(cursor.key(), all)) {
                            String name = Keys.parts(cursor.key(), 2)[1];
                            names.add(name);
                            cursor.seek(Keys.behind(Keys.of(tenant.partition(), name)));
                        }
                    }
                    return names;
                },
                false);
    }

    @Override
    public Future<List<Document>> list(Tenant tenant, String collection, @Nullable String after, int limit) {
        if (limit < 1) {
            return Future.failedFuture(new IllegalArgumentException("limit: at least 1 is allowed, not " + limit));
        }
        return readers.executeBlocking(
                () -> {
                    byte[] all = Keys.of(tenant.partition(), collection);
                    List<Document> documents = new ArrayList<>();
                    try (Cursor cursor = engine.cursor(Column.DOCUMENTS)) {
                        cursor.seek(after == null ? all : Keys.behind(Keys.of(tenant.partition(), collection, after)));
                        while (cursor.valid() && documents.size() < limit && Keys.startsWith(cursor.key(), all)) {
                            documents.add(new Document(Keys.parts(cursor.key(), 3)[2], cursor.value()));
                            cursor.next();
                        }
                    }
                    return documents;
                },
                false);
    }

    // ---- operating
    // ------------------------------------------------------------------------------------------------------------------

    /** Why the store accepts no changes, for the health check; empty while all is well. */
    @Override
    public Optional<String> fault() {
        StoreException failure = committer.failure();
        return failure != null
                ? Optional.ofNullable(failure.getMessage())
                : closing.get() ? Optional.of("the store is closing") : Optional.empty();
    }

    /** How the store stands. */
    public StoreMetrics metrics() {
        return new StoreMetrics(
                changes.sum(),
                committer.commits.sum(),
                committer.nanos.sum(),
                committer.largest.get(),
                refused.sum(),
                pendingChanges.get(),
                committed.size(),
                tenants.size());
    }

    /**
     * Writes a consistent copy of all files while the store works on; the copy can be opened as a store.
     *
     * @param directory where to; must not exist yet, its parent must
     */
    public Future<Void> copyTo(Path directory) {
        return readers.executeBlocking(
                () -> {
                    engine.copyTo(directory);
                    return null;
                },
                false);
    }

    /** Accepts no more changes, commits and answers those accepted, and releases the files. */
    @Override
    public Future<Void> close() {
        if (!closing.compareAndSet(false, true)) {
            return closed.future();
        }
        vertx.cancelTimer(sweeper);
        if (pendingChanges.get() == 0) {
            idle.tryComplete();
        }
        idle.future()
                .compose(v -> shards.drain())
                .compose(v -> committer.close())
                .compose(v -> settled())
                .compose(v -> shards.close())
                .compose(v -> readers.executeBlocking(
                        () -> {
                            engine.close();
                            return (Void) null;
                        },
                        false))
                .eventually(readers::close)
                .onComplete(closed);
        return closed.future();
    }

    /** Completes when every shard has settled what the committer handed back. */
    private Future<Void> settled() {
        List<Future<Void>> all = new ArrayList<>();
        for (int i = 0; i < shards.count(); i++) {
            Promise<Void> reached = Promise.promise();
            shards.resume(i, reached::complete);
            all.add(reached.future());
        }
        return Future.all(all).mapEmpty();
    }
}
