package de.freiraum.broker.snapshots;

import de.freiraum.broker.BatchResult;
import de.freiraum.broker.Caller;
import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.temporal.TemporalOperations;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressException;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Snapshot;
import de.freiraum.model.Snapshot.Outcome;
import de.freiraum.model.Snapshot.Settings;
import de.freiraum.model.Snapshot.Status;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.representation.Names;
import de.freiraum.representation.SnapshotReader;
import de.freiraum.representation.SnapshotReader.Draft;
import de.freiraum.representation.SnapshotWriter;
import de.freiraum.store.DocumentStore.Document;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates, clones, finds, changes and deletes snapshots (clause 5.16). */
public final class SnapshotOperations {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotOperations.class);
    /** Where the descriptions are. */
    public static final String COLLECTION = "snapshots";

    private static final int PAGE = 1000;
    private static final Duration SWEEP = Duration.ofSeconds(2);

    /** Content without a description may be that of a snapshot that another process is making. */
    private static final Duration ORPHAN_AFTER = Duration.ofSeconds(10);

    /** The process that prepares a snapshot for so long is taken to be gone. */
    private static final Duration LONGEST_PREPARATION = Duration.ofMinutes(15);

    private record Key(Tenant tenant, String id) {}

    private final Vertx vertx;
    private final Context loop;
    private final Stores stores;
    private final QueryOperations queries;
    private final TemporalOperations temporalQueries;
    private final Egress egress;
    private final SnapshotNotifier notifier;
    private final SnapshotLimits limits;
    private final Consumer<Tenant> forgotten;
    private final Supplier<String> ids;
    private final InstantSource clock;
    private final Map<Key, RegisteredSnapshot> registered = new ConcurrentHashMap<>();

    /** Those that this process makes and fills at the moment. */
    private final Set<Key> making = ConcurrentHashMap.newKeySet();

    private final boolean shared;
    private final long sweeper;
    private volatile BooleanSupplier leads = () -> true;

    /** When the last preparation that was asked for is done; touched on the loop alone. */
    private Future<Void> prepared = Future.succeededFuture();

    private SnapshotOperations(
            Vertx vertx,
            Stores stores,
            Egress egress,
            SnapshotLimits limits,
            Consumer<Tenant> forgotten,
            Supplier<String> ids,
            InstantSource clock) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.stores = stores;
        this.queries = new QueryOperations(stores.entities());
        this.temporalQueries = new TemporalOperations(stores.history());
        this.egress = egress;
        this.notifier = new SnapshotNotifier(egress, ids, clock);
        this.limits = limits;
        this.forgotten = forgotten;
        this.ids = ids;
        this.clock = clock;
        this.shared = stores.entities().isShared();
        this.sweeper = vertx.setPeriodic(SWEEP.toMillis(), timer -> sweep());
    }

    /**
     * Reads the descriptions in the store. A snapshot that was in preparation when the broker ended has failed; content without a description
     * is deleted. Where processes share the store, both is found out later.
     *
     * @param tenants whose snapshots to read
     * @param egress knows where notifications may go
     * @param forgotten hears of each snapshot that is no more, before its content is deleted
     * @param ids makes unique strings for URIs
     */
    public static Future<SnapshotOperations> open(
            Vertx vertx,
            Stores stores,
            Collection<Tenant> tenants,
            Egress egress,
            SnapshotLimits limits,
            Consumer<Tenant> forgotten,
            Supplier<String> ids,
            InstantSource clock) {
        SnapshotOperations operations = new SnapshotOperations(vertx, stores, egress, limits, forgotten, ids, clock);
        Future<Void> loaded = Future.succeededFuture();
        for (Tenant tenant : tenants) {
            loaded = loaded.compose(v -> operations.load(tenant, null));
        }
        return loaded.compose(v -> operations.shared ? operations.deleteOrphansLater() : operations.deleteOrphans())
                .map(v -> operations);
    }

    /** Deletes what has expired only while this holds, where several processes have the same snapshots. */
    public void whileLeading(BooleanSupplier condition) {
        leads = condition;
    }

    /** Takes over what another process wrote of a snapshot. */
    public Future<Void> refresh(Tenant tenant, String id) {
        return stores.documents().get(tenant, COLLECTION, id).map(document -> {
            if (document == null) {
                vanished(new Key(tenant, id));
            } else {
                restore(tenant, new Document(id, document));
            }
            return null;
        });
    }

    /** Takes over what other processes wrote of all snapshots of a tenant. */
    public Future<Void> refreshAll(Tenant tenant) {
        Set<Key> there = new HashSet<>();
        return stores.documents()
                .each(tenant, COLLECTION, document -> {
                    there.add(new Key(tenant, document.key()));
                    restore(tenant, document);
                })
                .onSuccess(v -> registered.keySet().stream()
                        .filter(key -> key.tenant().equals(tenant) && !there.contains(key))
                        .toList()
                        .forEach(this::vanished));
    }

    /** Another process deleted it, with its content. */
    private void vanished(Key key) {
        RegisteredSnapshot entry = making.contains(key) ? null : registered.get(key);
        if (entry != null && entry.end()) {
            forgotten.accept(entry.place());
            registered.remove(key, entry);
            entry.left().complete();
        }
    }

    private Future<Void> load(Tenant tenant, @Nullable String after) {
        return stores.documents().list(tenant, COLLECTION, after, PAGE).compose(page -> {
            for (Document document : page) {
                restore(tenant, document);
            }
            return page.size() < PAGE
                    ? Future.succeededFuture()
                    : load(tenant, page.get(page.size() - 1).key());
        });
    }

    private void restore(Tenant tenant, Document document) {
        try {
            Snapshot snapshot = read(document.bytes());
            if (!shared && snapshot.outcome().status() == Status.preparing) {
                snapshot = snapshot.with(new Outcome(Status.failure, List.of(), List.of()), clock.instant());
                notifier.changed(tenant, snapshot);
            }
            Snapshot stored = snapshot;
            RegisteredSnapshot there =
                    registered.putIfAbsent(new Key(tenant, stored.id()), new RegisteredSnapshot(tenant, stored));
            if (there != null) {
                there.change(known -> used(stored, known.times().lastUsedAt()));
            }
        } catch (NgsiLdException | IllegalArgumentException | ClassCastException e) {
            LOG.error("snapshot {} of tenant \"{}\" cannot be read", document.key(), tenant.name(), e);
        }
    }

    private static Snapshot read(byte[] document) {
        return SnapshotReader.stored((Value.Obj) JsonReader.read(document));
    }

    private static Snapshot used(Snapshot snapshot, Instant at) {
        return at.isAfter(snapshot.times().lastUsedAt()) ? snapshot.usedAt(at) : snapshot;
    }

    private Future<Void> deleteOrphansLater() {
        List<Tenant> there = List.copyOf(stores.places().snapshots());
        vertx.setTimer(ORPHAN_AFTER.toMillis(), later -> there.forEach(this::deleteIfOrphan));
        return Future.succeededFuture();
    }

    private void deleteIfOrphan(Tenant place) {
        Key key = new Key(place.live(), String.valueOf(place.snapshot()));
        stores.documents()
                .get(key.tenant(), COLLECTION, key.id())
                .compose(document -> document != null || making.contains(key)
                        ? Future.succeededFuture()
                        : stores.places().deleteSnapshot(place))
                .onFailure(e -> LOG.warn("the content of snapshot {} is not deleted", clip(key.id()), e));
    }

    private Future<Void> deleteOrphans() {
        Future<Void> deleted = Future.succeededFuture();
        for (Tenant place : List.copyOf(stores.places().snapshots())) {
            if (!registered.containsKey(new Key(place.live(), String.valueOf(place.snapshot())))) {
                forgotten.accept(place);
                deleted = deleted.compose(v -> stores.places().deleteSnapshot(place));
            }
        }
        return deleted;
    }

    /** Ends the deletion of what has expired. */
    public void close() {
        vertx.cancelTimer(sweeper);
    }

    /** How many snapshots there are, of all tenants. */
    public int size() {
        return registered.size();
    }

    /**
     * Where the operations on a snapshot work (clause 5.5.15); the snapshot counts as used.
     *
     * @throws NgsiLdException BadRequestData if the id is no URI, ResourceNotFound
     */
    public Tenant use(Tenant tenant, String id) {
        RegisteredSnapshot entry = find(tenant, id, "NGSILD-Snapshot");
        entry.used(clock.instant());
        return entry.place();
    }

    /**
     * Creates a snapshot (clause 5.16.1); its queries run in the background.
     *
     * @return its URI; fails with BadRequestData, AlreadyExists, or TooManyRequests when all the tenant's snapshots have a higher priority
     */
    public Future<String> create(Caller caller, Draft draft, SnapshotQueries content) {
        return register(caller.tenant(), draft).map(entry -> {
            prepare(entry, () -> {
                SnapshotContent into = content(entry);
                return new SnapshotPreparation(caller, into, queries, temporalQueries, entry::isGone).run(content);
            });
            return entry.snapshot().id();
        });
    }

    /**
     * Clones a snapshot (clause 5.16.2); copying goes on in the background, when what is asked for before is prepared.
     *
     * @return the URI of the clone; fails with BadRequestData, ResourceNotFound, AlreadyExists or TooManyRequests
     */
    public Future<String> cloneSnapshot(Caller caller, String id, Draft draft) {
        RegisteredSnapshot original;
        try {
            original = find(caller.tenant(), id, "snapshotId");
        } catch (NgsiLdException e) {
            return Future.failedFuture(e);
        }
        return register(caller.tenant(), draft).map(entry -> {
            prepare(
                    entry,
                    () -> original.isGone()
                            ? Future.failedFuture(notFound(id))
                            : content(entry)
                                    .copyOf(original.place())
                                    .compose(v -> original.isGone()
                                            ? Future.failedFuture(notFound(id))
                                            : Future.succeededFuture(
                                                    new Outcome(Status.success, List.of(), List.of()))));
            return entry.snapshot().id();
        });
    }

    private SnapshotContent content(RegisteredSnapshot entry) {
        return new SnapshotContent(vertx, stores, entry.place(), limits.entities());
    }

    private Future<RegisteredSnapshot> register(Tenant tenant, Draft draft) {
        Settings settings = draft.settings();
        Instant now = clock.instant();
        RegisteredSnapshot entry;
        try {
            checkEndpoint(settings);
            entry = new RegisteredSnapshot(
                    tenant,
                    new Snapshot(
                            draft.id() == null ? "urn:ngsi-ld:Snapshot:" + ids.get() : draft.id(),
                            draft.queries(),
                            draft.temporalQueries(),
                            settings,
                            Outcome.PREPARING,
                            new Snapshot.Times(now, now, end(settings, now), now)));
        } catch (NgsiLdException e) {
            return Future.failedFuture(e);
        }
        Key key = new Key(tenant, entry.snapshot().id());
        RegisteredSnapshot there = registered.putIfAbsent(key, entry);
        if (there != null) {
            return there.isGone()
                    ? there.left().future().compose(v -> register(tenant, draft))
                    : Future.failedFuture(exists(key.id()));
        }
        making.add(key);
        return makeRoom(entry)
                .compose(v -> stores.places().createSnapshot(entry.place()))
                .compose(v -> stores.documents().putIfAbsent(tenant, COLLECTION, key.id(), write(entry.snapshot())))
                .compose(created -> created ? Future.succeededFuture(entry) : Future.failedFuture(exists(key.id())))
                .onFailure(e -> {
                    making.remove(key);
                    entry.end();
                    registered.remove(key, entry);
                    entry.left().complete();
                    refresh(tenant, key.id())
                            .onFailure(again -> LOG.warn("snapshot {} cannot be read", clip(key.id()), again));
                });
    }

    private static NgsiLdException exists(String id) {
        return new NgsiLdException(ErrorType.AlreadyExists, "there is already a snapshot " + clip(id));
    }

    /** Deletes the least important of a tenant's snapshots if there are too many with a new one (clause 5.5.15). */
    private Future<Void> makeRoom(RegisteredSnapshot newcomer) {
        List<RegisteredSnapshot> others = registered.values().stream()
                .filter(e -> e != newcomer && !e.isGone() && e.tenant().equals(newcomer.tenant()))
                .toList();
        if (others.size() < limits.perTenant()) {
            return Future.succeededFuture();
        }
        return others.stream()
                .filter(e -> priority(e) <= priority(newcomer))
                .min(Comparator.comparingInt(SnapshotOperations::priority)
                        .thenComparing(e -> e.snapshot().times().lastUsedAt()))
                .map(this::delete)
                .orElseGet(() -> Future.failedFuture(new NgsiLdException(
                        ErrorType.TooManyRequests,
                        "there are " + others.size() + " snapshots of higher priority; delete one first")));
    }

    private static int priority(RegisteredSnapshot entry) {
        return entry.snapshot().settings().priority();
    }

    /** Fills a snapshot when those before it are filled. */
    private void prepare(RegisteredSnapshot entry, Supplier<Future<Outcome>> work) {
        loop.runOnContext(go -> prepared = prepared.transform(before ->
                        entry.isGone() ? Future.succeededFuture(entry.snapshot().outcome()) : work.get())
                .recover(failure -> {
                    if (!entry.isGone()) {
                        LOG.warn(
                                "snapshot {} cannot be prepared",
                                entry.snapshot().id(),
                                failure);
                    }
                    return Future.succeededFuture(new Outcome(Status.failure, List.of(), List.of()));
                })
                .compose(outcome -> {
                    Instant now = clock.instant();
                    return save(entry, s -> s.with(outcome, now));
                })
                .onComplete(done -> {
                    Key key = new Key(entry.tenant(), entry.snapshot().id());
                    making.remove(key);
                    if (done.succeeded() && !done.result()) {
                        vanished(key);
                    }
                })
                .onSuccess(v -> {
                    if (!entry.isGone()) {
                        notifier.changed(entry.tenant(), entry.snapshot());
                    }
                })
                .onFailure(e -> LOG.error(
                        "snapshot {} cannot be saved", entry.snapshot().id(), e))
                .mapEmpty());
    }

    /**
     * A snapshot's description (clause 5.16.3).
     *
     * @throws NgsiLdException BadRequestData if the id is no URI, ResourceNotFound
     */
    public Snapshot retrieve(Caller caller, String id) {
        return find(caller.tenant(), id, "snapshotId").snapshot();
    }

    /**
     * Changes what its creator may change (clause 5.16.4).
     *
     * @param fragment without {@code @context}
     * @return the description as it is then; fails with BadRequestData or ResourceNotFound
     */
    public Future<Snapshot> update(Caller caller, String id, Value.Obj fragment) {
        Instant now = clock.instant();
        RegisteredSnapshot entry;
        Future<Boolean> saved;
        try {
            entry = find(caller.tenant(), id, "snapshotId");
            saved = save(entry, current -> {
                Settings settings = SnapshotReader.update(current, fragment);
                checkEndpoint(settings);
                boolean again = fragment.get("snapshotLifetime") != null;
                return current.with(
                        settings,
                        now,
                        again ? end(settings, now) : current.times().expiresAt());
            });
        } catch (NgsiLdException e) {
            return Future.failedFuture(e);
        }
        return saved.map(v -> {
            Snapshot updated = entry.snapshot();
            if (updated.outcome().status() != Status.preparing) {
                notifier.changed(entry.tenant(), updated);
            }
            return updated;
        });
    }

    /** Deletes a snapshot (clause 5.16.5). @return fails with BadRequestData or ResourceNotFound */
    public Future<Void> delete(Caller caller, String id) {
        try {
            return delete(find(caller.tenant(), id, "snapshotId"));
        } catch (NgsiLdException e) {
            return Future.failedFuture(e);
        }
    }

    /**
     * Deletes the snapshots that a query finds (clause 5.16.7).
     *
     * @param q a query as of clause 4.9 of members of their descriptions
     * @return what became of each; fails with BadRequestData, or with ResourceNotFound if it finds none
     */
    public Future<BatchResult> purge(Caller caller, String q) {
        SnapshotSelection selection;
        try {
            selection = SnapshotSelection.parse(q);
        } catch (NgsiLdException e) {
            return Future.failedFuture(e);
        }
        Instant now = clock.instant();
        List<RegisteredSnapshot> selected = registered.values().stream()
                .filter(e -> e.tenant().equals(caller.tenant()) && e.isThere(now) && selection.matches(e.snapshot()))
                .toList();
        if (selected.isEmpty()) {
            return Future.failedFuture(NgsiLdException.notFound("q: there is no such snapshot"));
        }
        List<String> success = new ArrayList<>();
        List<BatchResult.Failure> errors = new ArrayList<>();
        Future<Void> done = Future.succeededFuture();
        for (RegisteredSnapshot entry : selected) {
            done = done.compose(v -> delete(entry).transform(result -> {
                if (result.succeeded()) {
                    success.add(entry.snapshot().id());
                } else {
                    errors.add(new BatchResult.Failure(
                            entry.snapshot().id(),
                            new NgsiLdException(ErrorType.InternalError, "the snapshot could not be deleted")));
                }
                return Future.succeededFuture();
            }));
        }
        return done.map(v -> new BatchResult(success, List.of(), errors));
    }

    private Future<Void> delete(RegisteredSnapshot entry) {
        if (!entry.end()) {
            return entry.left().future();
        }
        Key key = new Key(entry.tenant(), entry.snapshot().id());
        forgotten.accept(entry.place());
        return entry.inOrder(() -> stores.documents()
                        .delete(entry.tenant(), COLLECTION, key.id())
                        .compose(there -> stores.places().deleteSnapshot(entry.place())))
                .onComplete(done -> {
                    registered.remove(key, entry);
                    entry.left().handle(done);
                    notifier.deleted(entry.tenant(), entry.snapshot());
                });
    }

    private void sweep() {
        Instant now = clock.instant();
        for (RegisteredSnapshot entry : registered.values()) {
            if (entry.isGone()) {
                continue;
            }
            work(entry, now)
                    .onFailure(e -> LOG.warn(
                            "snapshot {} cannot be written", entry.snapshot().id(), e));
        }
    }

    private Future<?> work(RegisteredSnapshot entry, Instant now) {
        Snapshot snapshot = entry.snapshot();
        if (!entry.isThere(now)) {
            return leads.getAsBoolean() ? delete(entry) : Future.succeededFuture();
        }
        if (snapshot.outcome().status() == Status.preparing
                && leads.getAsBoolean()
                && !making.contains(new Key(entry.tenant(), snapshot.id()))
                && snapshot.times().createdAt().plus(LONGEST_PREPARATION).isBefore(now)) {
            return save(entry, s -> s.with(new Outcome(Status.failure, List.of(), List.of()), now))
                    .onSuccess(v -> notifier.changed(entry.tenant(), entry.snapshot()));
        }
        Instant used = snapshot.times().lastUsedAt();
        return entry.takeUnsavedUse() ? save(entry, s -> used(s, used)) : Future.succeededFuture();
    }

    /** Changes a description, in memory and as it is in the store by now. @return whether it was there */
    private Future<Boolean> save(RegisteredSnapshot entry, UnaryOperator<Snapshot> change) {
        entry.change(change);
        return entry.inOrder(() -> entry.isGone()
                ? Future.succeededFuture(true)
                : stores.documents()
                        .update(
                                entry.tenant(),
                                COLLECTION,
                                entry.snapshot().id(),
                                document -> write(change.apply(read(document)))));
    }

    private static byte[] write(Snapshot snapshot) {
        return JsonWriter.write(SnapshotWriter.write(snapshot));
    }

    private Instant end(Settings settings, Instant now) {
        Instant latest = now.plus(limits.lifetime());
        return settings.lifetime() == null ? latest : SnapshotReader.end(settings.lifetime(), now, latest);
    }

    private void checkEndpoint(Settings settings) {
        if (settings.endpoint() != null) {
            try {
                egress.check(URI.create(settings.endpoint()), Set.of("http", "https"));
            } catch (EgressException e) {
                throw NgsiLdException.badRequest("endpoint: " + e.getMessage());
            }
        }
    }

    private RegisteredSnapshot find(Tenant tenant, String id, String name) {
        RegisteredSnapshot entry = registered.get(new Key(tenant, Names.uri(id, name)));
        if (entry == null || !entry.isThere(clock.instant())) {
            throw notFound(id);
        }
        return entry;
    }

    private static NgsiLdException notFound(String id) {
        return NgsiLdException.notFound("there is no snapshot " + clip(id));
    }

    private static String clip(String id) {
        return id.length() <= 100 ? id : id.substring(0, 100) + "…";
    }
}
