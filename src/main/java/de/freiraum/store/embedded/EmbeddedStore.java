package de.freiraum.store.embedded;

import de.freiraum.model.Attribute;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.shard.Shards;
import de.freiraum.store.Store;
import de.freiraum.store.StoreException;
import de.freiraum.store.change.Ticks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The store inside the process. See the package for how it works and what always holds; docs/storage.md for what is on the disk.
 * Callable from any thread; no method blocks.
 */
public final class EmbeddedStore implements Store {
    private final Vertx vertx;
    private final Engine engine;
    private final Shards shards;
    private final GroupCommitter committer;
    private final WorkerExecutor readers;
    private final Evolutions evolutions;
    private final Ticks ticks;
    private final CommittedEntities committed;
    private final Places places;
    private final Admission admission;
    private final EntityReader entities;
    private final EntityWriter entityWriter;
    private final EvolutionWriter evolutionWriter;
    private final SnapshotPlaces snapshotPlaces;
    private final Documents documents;
    private final Promise<Void> closed = Promise.promise();
    private final long sweeper;

    private EmbeddedStore(
            Vertx vertx,
            EmbeddedOptions options,
            Recovered recovered,
            Ticks ticks,
            Shards shards,
            WorkerExecutor readers) {
        this.vertx = vertx;
        this.engine = recovered.engine();
        this.committed = recovered.entities();
        this.evolutions = recovered.evolutions();
        this.places = recovered.places();
        this.ticks = ticks;
        this.shards = shards;
        this.readers = readers;
        this.committer = new GroupCommitter(
                engine, options.durability() == Durability.ASYNC, recovered.lastTick(), this::settle);
        this.admission = new Admission(committer, options.maxPending());
        committer.beginAnewWhen(() -> admission.pending() == 0);
        Workings work = new Workings(engine, committer, admission, places, readers, ticks);
        Histories histories = new Histories(recovered.storeId(), options.deleteHistoryWithEntity());
        this.entities = new EntityReader(committed, readers, ticks, options.queryTime());
        this.entityWriter = new EntityWriter(work, shards, committed, histories, evolutions);
        this.evolutionWriter = new EvolutionWriter(work, histories, evolutions);
        this.snapshotPlaces = new SnapshotPlaces(work, committed, evolutions, this::settled);
        this.documents = new Documents(work);
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
        return readers.executeBlocking(() -> Recovered.read(engine.get(), options, ticks), false)
                .compose(recovered -> Shards.start(
                                vertx,
                                options.shards(),
                                options.maxPending(),
                                () -> StoreException.unavailable("too many changes are waiting"))
                        .map(shards -> new EmbeddedStore(vertx, options, recovered, ticks, shards, readers))
                        .onFailure(e -> recovered.engine().close()))
                .onFailure(e -> readers.close());
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
        if (!admission.isClosing() && committer.failure() == null) {
            entityWriter.sweep();
        }
    }

    @Override
    public Future<Applied> apply(Tenant tenant, String entityId, EntityChange change, Origin origin) {
        return entityWriter.apply(tenant, entityId, change, origin);
    }

    @Override
    public Future<List<WriteResult>> applyAll(Tenant tenant, List<EntityWrite> writes, Origin origin) {
        return entityWriter.applyAll(tenant, writes, origin);
    }

    @Override
    public Future<@Nullable Entity> retrieve(Tenant tenant, String entityId) {
        return entities.retrieve(tenant, entityId);
    }

    @Override
    public Future<EntityPage> query(Tenant tenant, EntityQuery query, int offset, int limit, boolean count) {
        return entities.query(tenant, query, offset, limit, count);
    }

    @Override
    public Future<List<TypeSummary>> types(Tenant tenant) {
        return entities.types(tenant);
    }

    @Override
    public Set<Tenant> tenants() {
        return places.tenants();
    }

    @Override
    public void onChange(Consumer<Change> listener) {
        entityWriter.onChange(listener);
    }

    @Override
    public void accompany(Function<Change, List<Note>> notes) {
        entityWriter.companions().add(notes);
    }

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

    @Override
    public Future<Added> add(
            Tenant tenant, String entityId, List<String> types, List<TemporalInstance> instances, boolean create) {
        return evolutionWriter.add(tenant, entityId, types, instances, create);
    }

    @Override
    public Future<Boolean> replace(
            Tenant tenant, String entityId, String attribute, String instanceId, Attribute instance) {
        return evolutionWriter.replace(tenant, entityId, attribute, instanceId, instance);
    }

    @Override
    public Future<Boolean> deleteAttribute(Tenant tenant, String entityId, String attribute) {
        return evolutionWriter.deleteAttribute(tenant, entityId, attribute);
    }

    @Override
    public Future<Boolean> deleteDataset(Tenant tenant, String entityId, String attribute, @Nullable String datasetId) {
        return evolutionWriter.deleteDataset(tenant, entityId, attribute, datasetId);
    }

    @Override
    public Future<Boolean> deleteInstance(Tenant tenant, String entityId, String attribute, String instanceId) {
        return evolutionWriter.deleteInstance(tenant, entityId, attribute, instanceId);
    }

    @Override
    public Future<Condensed> condense(Tenant tenant, String entityId, Condensation condensation, @Nullable Spot from) {
        return evolutionWriter.condense(tenant, entityId, condensation, from);
    }

    @Override
    public Future<Boolean> deleteEvolution(Tenant tenant, String entityId) {
        return evolutionWriter.deleteEvolution(tenant, entityId);
    }

    @Override
    public Set<Tenant> snapshots() {
        return places.snapshots();
    }

    @Override
    public Future<Void> createSnapshot(Tenant snapshot) {
        return snapshotPlaces.createSnapshot(snapshot);
    }

    @Override
    public Future<Void> deleteSnapshot(Tenant snapshot) {
        return snapshotPlaces.deleteSnapshot(snapshot);
    }

    @Override
    public Future<Void> takeOver(Tenant snapshot, Head head, List<TemporalInstance> instances) {
        return evolutionWriter.takeOver(snapshot, head, instances);
    }

    @Override
    public Future<Void> put(Tenant tenant, String collection, String key, byte[] document) {
        return documents.put(tenant, collection, key, document);
    }

    @Override
    public Future<Boolean> putIfAbsent(Tenant tenant, String collection, String key, byte[] document) {
        return documents.putIfAbsent(tenant, collection, key, document);
    }

    @Override
    public Future<Boolean> delete(Tenant tenant, String collection, String key) {
        return documents.delete(tenant, collection, key);
    }

    @Override
    public Future<Boolean> update(Tenant tenant, String collection, String key, UnaryOperator<byte[]> change) {
        return documents.update(tenant, collection, key, change);
    }

    @Override
    public Future<byte @Nullable []> get(Tenant tenant, String collection, String key) {
        return documents.get(tenant, collection, key);
    }

    @Override
    public Future<Set<String>> collections(Tenant tenant) {
        return documents.collections(tenant);
    }

    @Override
    public Future<List<Document>> list(Tenant tenant, String collection, @Nullable String after, int limit) {
        return documents.list(tenant, collection, after, limit);
    }

    /** Why the store accepts no changes, for the health check; empty while all is well. */
    @Override
    public Optional<String> fault() {
        StoreException failure = committer.failure();
        return failure != null
                ? Optional.ofNullable(failure.getMessage())
                : admission.isClosing() ? Optional.of("the store is closing") : Optional.empty();
    }

    /** Why only a restart helps; empty while all is well, and while it may become so again by itself. */
    public Optional<String> broken() {
        StoreException failure = committer.failure();
        return failure == null || failure.isFull() ? Optional.empty() : Optional.ofNullable(failure.getMessage());
    }

    /** How the store stands. */
    public StoreMetrics metrics() {
        return new StoreMetrics(
                entityWriter.changes(),
                committer.commits.sum(),
                committer.nanos.sum(),
                committer.largest.get(),
                admission.refused(),
                admission.pending(),
                committed.size(),
                places.tenants().size());
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
        if (!admission.close()) {
            return closed.future();
        }
        vertx.cancelTimer(sweeper);
        admission
                .idle()
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
