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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates, clones, finds, changes and deletes snapshots (clause 5.16). */
public final class SnapshotOperations {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotOperations.class);
    private static final String COLLECTION = "snapshots";
    private static final int PAGE = 1000;
    private static final Duration SWEEP = Duration.ofSeconds(2);

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
    private final long sweeper;

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
        this.sweeper = vertx.setPeriodic(SWEEP.toMillis(), timer -> sweep());
    }

    /**
     * Reads the descriptions in the store. A snapshot that was in preparation when the broker ended has failed; content without a description
     * is deleted.
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
        return loaded.compose(v -> operations.deleteOrphans()).map(v -> operations);
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
            Snapshot snapshot = SnapshotReader.stored((Value.Obj) JsonReader.read(document.bytes()));
            if (snapshot.outcome().status() == Status.preparing) {
                snapshot = snapshot.with(new Outcome(Status.failure, List.of(), List.of()), clock.instant());
                notifier.changed(tenant, snapshot);
            }
            registered.put(new Key(tenant, snapshot.id()), new RegisteredSnapshot(tenant, snapshot));
        } catch (NgsiLdException | IllegalArgumentException | ClassCastException e) {
            LOG.error("snapshot {} of tenant \"{}\" cannot be read", document.key(), tenant.name(), e);
        }
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
                    : Future.failedFuture(new NgsiLdException(
                            ErrorType.AlreadyExists, "there is already a snapshot " + clip(key.id())));
        }
        return makeRoom(entry)
                .compose(v -> stores.places().createSnapshot(entry.place()))
                .compose(v -> save(entry))
                .map(entry)
                .onFailure(e -> {
                    entry.end();
                    registered.remove(key, entry);
                    entry.left().complete();
                });
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
                    entry.change(s -> s.with(outcome, clock.instant()));
                    return save(entry);
                })
                .onSuccess(v -> {
                    if (!entry.isGone()) {
                        notifier.changed(entry.tenant(), entry.snapshot());
                    }
                })
                .onFailure(e -> LOG.error(
                        "snapshot {} cannot be saved", entry.snapshot().id(), e)));
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
        RegisteredSnapshot entry;
        Snapshot updated;
        try {
            entry = find(caller.tenant(), id, "snapshotId");
            updated = entry.change(current -> {
                Settings settings = SnapshotReader.update(current, fragment);
                checkEndpoint(settings);
                Instant now = clock.instant();
                boolean again = fragment.get("snapshotLifetime") != null;
                return current.with(
                        settings,
                        now,
                        again ? end(settings, now) : current.times().expiresAt());
            });
        } catch (NgsiLdException e) {
            return Future.failedFuture(e);
        }
        return save(entry).map(v -> {
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
            Future<Void> work = !entry.isThere(now)
                    ? delete(entry)
                    : entry.takeUnsavedUse() ? save(entry) : Future.succeededFuture();
            work.onFailure(e ->
                    LOG.warn("snapshot {} cannot be written", entry.snapshot().id(), e));
        }
    }

    private Future<Void> save(RegisteredSnapshot entry) {
        return entry.inOrder(() -> entry.isGone()
                ? Future.succeededFuture()
                : stores.documents()
                        .put(
                                entry.tenant(),
                                COLLECTION,
                                entry.snapshot().id(),
                                JsonWriter.write(SnapshotWriter.write(entry.snapshot()))));
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
