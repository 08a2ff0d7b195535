package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.reactivestreams.client.MongoClient;
import de.freiraum.model.Attribute;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.shard.Shards;
import de.freiraum.store.ChangeFollower;
import de.freiraum.store.Store;
import de.freiraum.store.StoreException;
import de.freiraum.store.change.Expiry;
import de.freiraum.store.change.Reply;
import de.freiraum.store.change.Ticks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store in a MongoDB deployment. See the package for how it works. Callable from any thread; no method blocks. */
public final class MongoStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(MongoStore.class);
    private static final int SWEPT_AT_ONCE = 1000;

    private final Vertx vertx;
    private final MongoOptions options;
    private final MongoClient client;
    private final Schema schema;
    private final Replica replica;
    private final Shards shards;
    private final WorkerExecutor workers;
    private final Transactions transactions;
    private final List<Lane> lanes = new ArrayList<>();
    private final EntitySearch search;
    private final HistoryReader histories;
    private final EvolutionReader evolutions;
    private final EvolutionWriter evolutionWriter;
    private final MongoDocuments documents;
    private final DocumentChanges documentChanges;
    private final Lease lease;
    private final Leading leading;
    private final ChangeFeed changeFeed;
    private final Heartbeat heartbeat;
    private final Partitions partitions;
    private final CopyOnWriteArrayList<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final Promise<Void> idle = Promise.promise();
    private final Promise<Void> closed = Promise.promise();
    private final LongAdder changes = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final long sweeper;

    private MongoStore(
            Vertx vertx,
            MongoOptions options,
            MongoClient client,
            Setup setup,
            Replica replica,
            Shards shards,
            WorkerExecutor workers,
            Partitions partitions) {
        this.vertx = vertx;
        this.options = options;
        this.client = client;
        this.schema = setup.schema();
        this.replica = replica;
        this.shards = shards;
        this.workers = workers;
        this.partitions = partitions;
        this.transactions = new Transactions(vertx, client, Setup.durable(options), options.patience());
        for (int i = 0; i < shards.count(); i++) {
            lanes.add(new Lane(i, shards, schema, transactions, replica, this::publish));
        }
        this.search = new EntitySearch(schema.entities(), workers, replica.ticks(), options.queryTime());
        this.histories = new HistoryReader(schema.history());
        this.evolutions = new EvolutionReader(schema, replica.ticks());
        this.evolutionWriter = new EvolutionWriter(schema, transactions, replica);
        this.documents = new MongoDocuments(schema.documents(), replica.number());
        this.documentChanges = new DocumentChanges(vertx, schema.documents(), replica.number(), setup.began());
        this.lease = new Lease(schema, replica.number());
        this.leading = new Leading(vertx, schema, lease, setup.began());
        this.changeFeed = new ChangeFeed(vertx, schema, setup.began());
        this.heartbeat = new Heartbeat(vertx, schema, transactions, replica.ticks(), partitions, lease, leading);
        this.sweeper = vertx.setPeriodic(options.sweepInterval().toMillis(), timer -> sweep());
    }

    /**
     * Opens a store in a deployment, creating collections and indexes that are not there. Waits for a deployment that does not answer yet.
     *
     * @return the store; fails with a {@link StoreException} that names the cause
     */
    public static Future<MongoStore> open(Vertx vertx, MongoOptions options) {
        MongoClient client = Setup.client(options);
        WorkerExecutor workers = vertx.createSharedWorkerExecutor(
                "freiraum-mongodb-" + Integer.toHexString(System.identityHashCode(client)),
                Math.max(2, Runtime.getRuntime().availableProcessors()));
        Setup setup = new Setup(vertx, options, client, new Ticks(options.clock()));
        Partitions partitions = new Partitions(vertx, setup.schema(), options.patience());
        Future<MongoStore> opened = setup.run()
                .compose(replica -> partitions.refresh().compose(v -> Shards.start(
                                vertx,
                                options.lanes(),
                                options.maxPending(),
                                () -> StoreException.unavailable("too many changes are waiting"))
                        .map(shards ->
                                new MongoStore(vertx, options, client, setup, replica, shards, workers, partitions))));
        return Reply.of(opened.recover(failure -> {
            client.close();
            return workers.close().transform(v -> Future.failedFuture(Failures.forCallers(failure)));
        }));
    }

    // ---- writing entities
    // -----------------------------------------------------------------------------------------------------------

    @Override
    public Future<Applied> apply(Tenant tenant, String entityId, EntityChange change, Origin origin) {
        Promise<Applied> applied = Promise.promise();
        return admitted(tenant, 1, () -> {
            submit(tenant, entityId, change, origin, (done, error) -> {
                if (done != null) {
                    applied.complete(done);
                } else {
                    applied.fail(Objects.requireNonNull(error));
                }
            });
            return applied.future();
        });
    }

    @Override
    public Future<List<WriteResult>> applyAll(Tenant tenant, List<EntityWrite> writes, Origin origin) {
        if (writes.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Batch batch = new Batch(writes.size());
        return admitted(tenant, writes.size(), () -> {
            for (int i = 0; i < writes.size(); i++) {
                EntityWrite write = writes.get(i);
                submit(tenant, write.entityId(), write.change(), origin, batch.sink(i));
            }
            return batch.results();
        });
    }

    private void submit(Tenant tenant, String entityId, EntityChange change, Origin origin, Lane.Sink sink) {
        EntityChange allowed = origin == Origin.AGGREGATE ? whileLeading(change) : change;
        Lane.Task task = new Lane.Task(tenant, entityId, allowed, origin, System.nanoTime(), sink);
        int owner = shards.ownerOf(entityId);
        shards.resume(owner, () -> lanes.get(owner).submit(task));
    }

    /** Aggregates are written by one replica alone: one that was overtaken by another must not write what it computed from older versions. */
    private EntityChange whileLeading(EntityChange change) {
        return (before, now) -> {
            if (!lease.isHeld()) {
                throw new NgsiLdException(ErrorType.Conflict, "another replica computes aggregates by now");
            }
            return change.apply(before, now);
        };
    }

    /** Does work that changes something, if it can be taken, and answers on the caller's context. */
    private <T extends @Nullable Object> Future<T> admitted(Tenant tenant, int size, Supplier<Future<T>> work) {
        // A batch that is larger than the bound is taken when nothing else waits: it could never be taken otherwise.
        int before = pending.getAndAdd(size);
        if ((before > 0 && before + size > options.maxPending()) || closing.get()) {
            release(size);
            refused.add(size);
            return Future.failedFuture(StoreException.unavailable(
                    closing.get()
                            ? "the store is closing"
                            : "more than " + options.maxPending() + " changes wait to be committed; try again later"));
        }
        return forCaller(partitions.writing(tenant, work).onComplete(done -> release(size)));
    }

    private void release(int size) {
        if (pending.addAndGet(-size) == 0 && closing.get()) {
            idle.tryComplete();
        }
    }

    private static <T extends @Nullable Object> Future<T> forCaller(Future<T> outcome) {
        return Reply.of(outcome.recover(failure -> Future.failedFuture(Failures.forCallers(failure))));
    }

    private void publish(Change change) {
        changes.increment();
        if (change.origin() == Origin.SNAPSHOT) {
            return;
        }
        for (Consumer<Change> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.error("a listener for changes failed", e);
            }
        }
    }

    private void sweep() {
        if (closing.get() || !lease.isHeld() || !sweeping.compareAndSet(false, true)) {
            return;
        }
        Reactive.all(schema.entities()
                        .find(Filters.lte(EntityDocument.EXPIRY, replica.ticks().now()))
                        .limit(SWEPT_AT_ONCE)
                        .projection(Projections.include("_id")))
                .compose(expired -> {
                    List<Future<?>> all = new ArrayList<>();
                    for (RawBsonDocument document : expired) {
                        String key = document.getString("_id").getValue();
                        all.add(apply(Keys.tenantOf(key), Keys.entityId(key), Expiry.CHANGE, Origin.SYSTEM));
                    }
                    return Future.join(all);
                })
                .onComplete(done -> {
                    sweeping.set(false);
                    if (done.failed() && !closing.get()) {
                        LOG.warn(
                                "expired entities could not be deleted; it will be tried again: {}",
                                done.cause().getMessage());
                    }
                });
    }

    // ---- reading entities
    // -----------------------------------------------------------------------------------------------------------

    @Override
    public Future<@Nullable Entity> retrieve(Tenant tenant, String entityId) {
        long now = replica.ticks().now();
        return forCaller(transactions
                .within(Reactive.first(schema.entities()
                        .find(Filters.eq("_id", Keys.entity(tenant, entityId)))
                        .projection(Projections.include(EntityDocument.BODY))))
                .map(document -> {
                    Entity entity = document == null ? null : EntityDocument.entity(document);
                    return entity == null || Expiry.next(entity) > now ? entity : Expiry.visible(entity, now);
                }));
    }

    @Override
    public Future<EntityPage> query(Tenant tenant, EntityQuery query, int offset, int limit, boolean count) {
        if (offset < 0 || limit < 0) {
            return Future.failedFuture(NgsiLdException.badRequest("offset and limit: at least 0 is allowed"));
        }
        return forCaller(search.page(tenant, query, offset, limit, count));
    }

    @Override
    public Future<List<TypeSummary>> types(Tenant tenant) {
        return forCaller(
                TypeSummaries.of(schema.entities(), tenant, replica.ticks().now()));
    }

    @Override
    public Set<Tenant> tenants() {
        return partitions.tenants();
    }

    @Override
    public void accompany(Function<Change, List<Note>> notes) {
        replica.companions().add(notes);
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
        return forCaller(histories.read(Keys.entity(tenant, entityId), attributes, range));
    }

    @Override
    public Future<List<List<TemporalInstance>>> instances(
            Tenant tenant, List<String> entityIds, Set<String> attributes, Range range) {
        return forCaller(histories.readAll(
                entityIds.stream().map(id -> Keys.entity(tenant, id)).toList(), attributes, range));
    }

    @Override
    public Future<@Nullable Head> head(Tenant tenant, String entityId) {
        return forCaller(evolutions.head(tenant, entityId));
    }

    @Override
    public Future<List<Head>> heads(Tenant tenant, EntityQuery query, @Nullable String after, int limit) {
        return forCaller(evolutions.heads(tenant, query, after, limit));
    }

    @Override
    public Future<Added> add(
            Tenant tenant, String entityId, List<String> types, List<TemporalInstance> instances, boolean create) {
        return admitted(tenant, 1, () -> evolutionWriter.add(tenant, entityId, types, instances, create));
    }

    @Override
    public Future<Boolean> replace(
            Tenant tenant, String entityId, String attribute, String instanceId, Attribute instance) {
        return admitted(tenant, 1, () -> evolutionWriter.replace(tenant, entityId, attribute, instanceId, instance));
    }

    @Override
    public Future<Boolean> deleteAttribute(Tenant tenant, String entityId, String attribute) {
        return admitted(tenant, 1, () -> evolutionWriter.deleteAttribute(tenant, entityId, attribute));
    }

    @Override
    public Future<Boolean> deleteDataset(Tenant tenant, String entityId, String attribute, @Nullable String datasetId) {
        return admitted(tenant, 1, () -> evolutionWriter.deleteDataset(tenant, entityId, attribute, datasetId));
    }

    @Override
    public Future<Boolean> deleteInstance(Tenant tenant, String entityId, String attribute, String instanceId) {
        return admitted(tenant, 1, () -> evolutionWriter.deleteInstance(tenant, entityId, attribute, instanceId));
    }

    @Override
    public Future<Condensed> condense(Tenant tenant, String entityId, Condensation condensation, @Nullable Spot from) {
        return admitted(tenant, 1, () -> evolutionWriter.condense(tenant, entityId, condensation, from));
    }

    @Override
    public Future<Boolean> deleteEvolution(Tenant tenant, String entityId) {
        return admitted(tenant, 1, () -> evolutionWriter.deleteEvolution(tenant, entityId));
    }

    // ---- documents
    // ------------------------------------------------------------------------------------------------------------------

    @Override
    public Future<Void> put(Tenant tenant, String collection, String key, byte[] document) {
        return admitted(tenant, 1, () -> transactions.within(documents.put(tenant, collection, key, document)));
    }

    @Override
    public Future<Boolean> putIfAbsent(Tenant tenant, String collection, String key, byte[] document) {
        return admitted(tenant, 1, () -> transactions.within(documents.putIfAbsent(tenant, collection, key, document)));
    }

    @Override
    public Future<Boolean> delete(Tenant tenant, String collection, String key) {
        return admitted(tenant, 1, () -> transactions.within(documents.delete(tenant, collection, key)));
    }

    @Override
    public Future<Boolean> update(Tenant tenant, String collection, String key, UnaryOperator<byte[]> change) {
        return admitted(tenant, 1, () -> transactions.within(documents.update(tenant, collection, key, change)));
    }

    @Override
    public Future<Set<String>> collections(Tenant tenant) {
        return forCaller(documents.collections(tenant));
    }

    @Override
    public void watch(Watcher watcher) {
        documentChanges.watch(watcher);
    }

    @Override
    public Future<byte @Nullable []> get(Tenant tenant, String collection, String key) {
        return forCaller(transactions.within(documents.get(tenant, collection, key)));
    }

    @Override
    public Future<List<Document>> list(Tenant tenant, String collection, @Nullable String after, int limit) {
        if (limit < 1) {
            return Future.failedFuture(new IllegalArgumentException("limit: at least 1 is allowed, not " + limit));
        }
        return forCaller(documents.list(tenant, collection, after, limit));
    }

    // ---- snapshots
    // ------------------------------------------------------------------------------------------------------------------

    @Override
    public Set<Tenant> snapshots() {
        return partitions.snapshots();
    }

    @Override
    public Future<Void> createSnapshot(Tenant snapshot) {
        return forCaller(partitions.create(snapshot));
    }

    @Override
    public Future<Void> deleteSnapshot(Tenant snapshot) {
        return forCaller(partitions.delete(snapshot));
    }

    @Override
    public Future<Void> takeOver(Tenant snapshot, Head head, List<TemporalInstance> instances) {
        return admitted(snapshot, 1, () -> evolutionWriter.takeOver(snapshot, head, instances));
    }

    // ---- operating
    // ------------------------------------------------------------------------------------------------------------------

    @Override
    public Optional<String> fault() {
        return closing.get() ? Optional.of("the store is closing") : heartbeat.fault();
    }

    @Override
    public void onChangeAnywhere(Consumer<Change> listener) {
        changeFeed.listen(listener);
    }

    @Override
    public Future<Void> follow(ChangeFollower follower) {
        return leading.follow(follower);
    }

    @Override
    public Future<Void> resign() {
        return leading.resign();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean leads() {
        return lease.isHeld();
    }

    /** Committed changes of entities of this replica. */
    public long changes() {
        return changes.sum();
    }

    /** Changes refused because too many were waiting. */
    public long refused() {
        return refused.sum();
    }

    /** Changes accepted and not committed now. */
    public long pending() {
        return pending.get();
    }

    @Override
    public Future<Void> close() {
        if (!closing.compareAndSet(false, true)) {
            return closed.future();
        }
        vertx.cancelTimer(sweeper);
        documentChanges.close();
        changeFeed.close();
        if (pending.get() == 0) {
            idle.tryComplete();
        }
        idle.future()
                .compose(v -> leading.resign())
                .transform(v -> heartbeat.stop())
                .transform(v -> shards.close())
                .compose(v -> workers.close())
                .onComplete(done -> {
                    client.close();
                    closed.handle(done);
                });
        return closed.future();
    }
}
