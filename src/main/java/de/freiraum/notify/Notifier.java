package de.freiraum.notify;

import de.freiraum.broker.Caller;
import de.freiraum.broker.LinkedRetrieval;
import de.freiraum.broker.LinkedRetrieval.Follow;
import de.freiraum.broker.LinkedRetrieval.Graph;
import de.freiraum.broker.subscriptions.RegisteredSubscription;
import de.freiraum.broker.subscriptions.RemoteChange;
import de.freiraum.broker.subscriptions.SubscriptionOperations;
import de.freiraum.egress.Egress;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.Join;
import de.freiraum.model.Subscription.NotificationParams;
import de.freiraum.model.Subscription.QueryText;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.LinkedEntities;
import de.freiraum.representation.EntityWriter;
import de.freiraum.store.ChangeFollower;
import de.freiraum.store.Store;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies subscribers of committed changes, and periodically (clause 5.8.6). One per process. */
public final class Notifier {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final int MOST_LEVELS = 10;

    private final Vertx vertx;
    private final Context loop;
    private final Store store;
    private final LinkedRetrieval links;
    private final SubscriptionOperations operations;
    private final ContextResolver contexts;
    private final NotifierSettings settings;
    private final InstantSource clock;
    private final NotificationWriter writer;
    private volatile BooleanSupplier leads = () -> true;
    private final Transports transports;
    private final SubscriptionIndex<EntityOutbox> index = new SubscriptionIndex<>();
    /** How much the clocks of processes that share a store may differ. */
    private static final Duration SKEW = Duration.ofSeconds(1);

    private final Journal journal;
    private final Undone undone = new Undone();
    private final Map<RegisteredSubscription, EntityOutbox> outboxes = new ConcurrentHashMap<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong missed = new AtomicLong();
    private volatile boolean closed;
    private long saveTimer;

    /**
     * A notifier that does nothing until {@link #start}.
     *
     * @param store whose changes to notify of
     * @param operations the subscriptions
     * @param contexts finds the contexts that notifications are written with
     * @param egress the way out
     * @param entities writes entities
     * @param ids makes unique strings, for notifications' URIs and MQTT client identifiers
     * @param clock tells the time
     */
    public Notifier(
            Vertx vertx,
            Store store,
            SubscriptionOperations operations,
            ContextResolver contexts,
            Egress egress,
            EntityWriter entities,
            NotifierSettings settings,
            Supplier<String> ids,
            InstantSource clock) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.store = store;
        this.links = new LinkedRetrieval(store);
        this.operations = operations;
        this.contexts = contexts;
        this.settings = settings;
        this.clock = clock;
        this.writer = new NotificationWriter(entities, settings);
        this.transports = new Transports(vertx, egress, ids);
        this.journal = new Journal(
                store,
                vertx,
                loop,
                clock,
                settings,
                new Journal.Sender() {
                    @Override
                    public Future<@Nullable NotifiedEntity> match(CompiledSubscription compiled, Change change) {
                        return lookAt(compiled, change);
                    }

                    @Override
                    public Future<Void> send(
                            EntityOutbox outbox, List<NotifiedEntity> entities, Instant generatedAt) {
                        return deliver(outbox, entities, generatedAt);
                    }
                },
                () -> !closed && leads.getAsBoolean());
    }

    /** Sends periodic notifications only while this holds, where several processes have the same subscriptions. */
    public void periodicWhile(BooleanSupplier condition) {
        leads = condition;
    }

    /** Takes over the subscriptions there are and listens for changes. @return completes when changes from then on are notified */
    public Future<Void> start() {
        saveTimer = vertx.setPeriodic(settings.saveCountersEvery().toMillis(), id -> operations
                .saveCounters()
                .onFailure(e -> LOG.warn("counters of notifications cannot be saved", e)));
        store.accompany(change -> journal.notes(index, change));
        return operations
                .listen(new SubscriptionOperations.Listener() {
                    @Override
                    public Future<Void> put(RegisteredSubscription subscription) {
                        return Notifier.this.put(subscription);
                    }

                    @Override
                    public void removed(RegisteredSubscription subscription) {
                        remove(subscription);
                    }
                })
                .compose(v -> store.follow(new Following()))
                .compose(v -> leads.getAsBoolean()
                        ? journal.clear(store.tenants(), operations.collection())
                        : Future.succeededFuture());
    }

    /** Where several processes have the same subscriptions, the one that leads notifies of the changes of all. */
    private final class Following implements ChangeFollower {
        @Override
        public Future<Void> lead() {
            return onLoop(outbox -> {
                outbox.lead();
                journal.put(outbox);
            });
        }

        @Override
        public void changed(Change change, long number) {
            Notifier.this.changed(change, number);
        }

        @Override
        public long undone() {
            // What was given up when this process stops is not done.
            return closed ? Undone.NO_NUMBER : undone.first();
        }

        @Override
        public boolean isFull() {
            return pending.get() >= settings.pendingChanges() / 2;
        }

        @Override
        public Future<Void> rest() {
            return onLoop(EntityOutbox::rest);
        }
    }

    private Future<Void> onLoop(Consumer<EntityOutbox> work) {
        Promise<Void> done = Promise.promise();
        loop.runOnContext(v -> {
            outboxes.values().forEach(work);
            done.complete();
        });
        return done.future();
    }

    /** Stops notifying, and saves the counters. What waits is given up; what is on its way is not waited for. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(saveTimer);
        Promise<Void> stopped = Promise.promise();
        loop.runOnContext(v -> {
            outboxes.values().forEach(EntityOutbox::stop);
            journal.stop();
            transports.close().onComplete(done -> stopped.complete());
        });
        return stopped.future().compose(v -> operations.saveCounters());
    }

    /**
     * Notifies of what another broker told of its entities (clause 5.8.6).
     *
     * @param changes what it told
     * @param checking whether the conditions on entities are still to be checked
     */
    public void forward(RegisteredSubscription registered, List<RemoteChange> changes, boolean checking) {
        EntityOutbox outbox = outboxes.get(registered);
        if (outbox == null) {
            return;
        }
        loop.runOnContext(v -> {
            CompiledSubscription compiled = outbox.current();
            if (compiled == null || !outbox.isActive()) {
                return;
            }
            List<NotifiedEntity> told = changes.stream()
                    .map(c -> new NotifiedEntity(c.before(), c.after(), c.at()))
                    .filter(e -> !checking || compiled.meets(e.latest(), LinkedEntities.NONE))
                    .toList();
            if (compiled.subscription().throttling() != null) {
                told.forEach(outbox::offer);
            } else if (!told.isEmpty()) {
                outbox.due(told);
            }
        });
    }

    /** Notifications whose delivery is guaranteed, and that are not delivered yet. */
    public long kept() {
        return journal.waiting();
    }

    /** Notifications that were given up though their delivery was guaranteed, because too many waited. */
    public long givenUp() {
        return journal.dropped();
    }

    /** Changes that wait to be matched. */
    public int pendingChanges() {
        return pending.get();
    }

    /** Changes that were not notified because too many were waiting. */
    public long missedChanges() {
        return missed.get();
    }

    private Future<Void> put(RegisteredSubscription registered) {
        return compile(registered.subscription()).map(compiled -> {
            EntityOutbox outbox = outboxes.computeIfAbsent(
                    registered, r -> new EntityOutbox(r, vertx, loop, clock, settings, this::deliver, undone));
            synchronized (index) {
                outbox.current(compiled);
                // Periodic subscriptions hear of no changes.
                Collection<?> places = compiled.subscription().timeInterval() != null
                        ? List.of()
                        : SubscriptionIndex.places(
                                registered.tenant(),
                                compiled.selectors(),
                                compiled.subscription().watchedAttributes());
                index.replace(registered.tenant(), outbox, outbox.places(), places);
                outbox.places(places);
            }
            journal.put(outbox);
            loop.runOnContext(
                    v -> outbox.schedule(() -> leads.getAsBoolean() ? periodic(outbox) : Future.succeededFuture()));
            return null;
        });
    }

    private void remove(RegisteredSubscription registered) {
        EntityOutbox outbox = outboxes.remove(registered);
        if (outbox != null) {
            synchronized (index) {
                index.replace(registered.tenant(), outbox, outbox.places(), List.of());
                outbox.places(List.of());
                outbox.current(null);
            }
            journal.remove(outbox);
            loop.runOnContext(v -> outbox.stop());
        }
    }

    private Future<CompiledSubscription> compile(Subscription subscription) {
        QueryText q = subscription.q();
        if (q == null) {
            return Future.succeededFuture(CompiledSubscription.of(subscription, null));
        }
        return Future.fromCompletionStage(contexts.resolve(q.context()))
                .map(context -> CompiledSubscription.of(subscription, context))
                .recover(e -> {
                    LOG.warn("subscription {}: the context of its query is not available", subscription.id());
                    return Future.succeededFuture(CompiledSubscription.of(subscription, null));
                });
    }

    /** On the store's thread: only looks whether the change concerns anybody. */
    private void changed(Change change, long number) {
        List<EntityOutbox> candidates = new ArrayList<>();
        for (EntityOutbox outbox : index.candidates(change)) {
            if (outbox.isActive() && Journal.isFor(outbox)) {
                if (Journal.mayMatch(outbox, change)) {
                    journal.committed(outbox);
                }
            } else if (outbox.isActive()) {
                candidates.add(outbox);
            }
        }
        if (candidates.isEmpty() || closed) {
            return;
        }
        if (pending.incrementAndGet() > settings.pendingChanges()) {
            pending.decrementAndGet();
            if (missed.getAndIncrement() % 1000 == 0) {
                LOG.warn("{} changes wait to be notified; others are not notified", settings.pendingChanges());
            }
            return;
        }
        undone.begin(number);
        loop.runOnContext(v -> {
            pending.decrementAndGet();
            for (EntityOutbox outbox : candidates) {
                try {
                    match(outbox, change, number);
                } catch (RuntimeException e) {
                    LOG.error(
                            "subscription {}: a change cannot be matched",
                            outbox.registered().id(),
                            e);
                }
            }
            undone.end(number);
        });
    }

    private void match(EntityOutbox outbox, Change change, long number) {
        CompiledSubscription compiled = outbox.current();
        // Who begins to lead hears of changes from before a subscription that was made meanwhile.
        if (compiled == null
                || !outbox.isActive()
                || change.at().plus(SKEW).isBefore(outbox.registered().createdAt())) {
            return;
        }
        if (compiled.q() == null || compiled.q().linkedDepth() == 0) {
            offer(outbox, ChangeMatcher.match(compiled, change, LinkedEntities.NONE), number);
        } else if (compiled.selects(change.latest())) {
            pending.incrementAndGet();
            undone.begin(number);
            LinkedLookup.forQuery(store, change.tenant(), change.latest(), compiled.q())
                    .onFailure(e -> LOG.warn(
                            "subscription {}: linked entities cannot be read",
                            outbox.registered().id(),
                            e))
                    .onComplete(looked -> loop.runOnContext(v -> {
                        pending.decrementAndGet();
                        if (looked.succeeded()) {
                            offer(outbox, ChangeMatcher.match(compiled, change, looked.result()::get), number);
                        }
                        undone.end(number);
                    }));
        }
    }

    /** What a kept change is for a subscription as it is now. */
    private Future<@Nullable NotifiedEntity> lookAt(CompiledSubscription compiled, Change change) {
        return compiled.q() == null || compiled.q().linkedDepth() == 0
                ? Future.succeededFuture(ChangeMatcher.match(compiled, change, LinkedEntities.NONE))
                : LinkedLookup.forQuery(store, change.tenant(), change.latest(), compiled.q())
                        .map(linked -> ChangeMatcher.match(compiled, change, linked::get));
    }

    private static void offer(EntityOutbox outbox, @Nullable NotifiedEntity entity, long number) {
        if (entity != null) {
            outbox.offer(entity, number);
        }
    }

    private Future<Void> periodic(EntityOutbox outbox) {
        CompiledSubscription compiled = outbox.current();
        if (compiled == null) {
            return Future.succeededFuture();
        }
        return collect(outbox, compiled, 0)
                .onFailure(e -> LOG.warn(
                        "subscription {}: entities cannot be read",
                        outbox.registered().id(),
                        e));
    }

    /** Puts the entities that a periodic notification includes into the outbox, a page of the store at a time. */
    private Future<Void> collect(EntityOutbox outbox, CompiledSubscription compiled, int offset) {
        int limit = settings.entitiesPerNotification();
        Tenant tenant = outbox.registered().tenant();
        EntityQuery query = EntityQuery.ALL.withSelectors(compiled.selectors());
        return store.query(tenant, query, offset, limit, false).compose(page -> {
            List<NotifiedEntity> matching = new ArrayList<>();
            Future<Void> checked = Future.succeededFuture();
            for (Entity entity : page.entities()) {
                checked = checked.compose(v -> linked(tenant, entity, compiled)).map(linked -> {
                    if (compiled.meets(entity, linked)) {
                        matching.add(NotifiedEntity.unchanged(entity, clock.instant()));
                    }
                    return null;
                });
            }
            return checked.compose(v -> {
                loop.runOnContext(turn -> {
                    if (!matching.isEmpty() && outbox.isActive()) {
                        outbox.due(matching);
                    }
                });
                return page.more() ? collect(outbox, compiled, offset + limit) : Future.succeededFuture();
            });
        });
    }

    private Future<LinkedEntities> linked(Tenant tenant, Entity entity, CompiledSubscription compiled) {
        return compiled.q() == null || compiled.q().linkedDepth() == 0
                ? Future.succeededFuture(LinkedEntities.NONE)
                : LinkedLookup.forQuery(store, tenant, entity, compiled.q()).map(linked -> linked::get);
    }

    private Future<Void> deliver(
            Outbox<CompiledSubscription, NotifiedEntity> outbox, List<NotifiedEntity> entities, Instant generatedAt) {
        CompiledSubscription compiled = outbox.current();
        if (compiled == null) {
            return Future.failedFuture(new DeliveryFailure("the subscription was deleted"));
        }
        Subscription subscription = compiled.subscription();
        Tenant tenant = outbox.registered().tenant();
        String contextUrl = Objects.requireNonNull(subscription.jsonldContext(), "stored subscriptions have a context");
        return Future.fromCompletionStage(contexts.resolve(Value.of(contextUrl)), loop)
                .compose(context -> joined(tenant, compiled, entities)
                        .map(linked -> writer.write(
                                tenant,
                                compiled,
                                new NotificationWriter.Content(entities, linked, generatedAt),
                                context)))
                .compose(message -> transports.send(message));
    }

    /** The linked entities that a notification includes (clause 4.5.23). */
    private Future<Graph> joined(Tenant tenant, CompiledSubscription compiled, List<NotifiedEntity> entities) {
        NotificationParams parameters = compiled.subscription().notification();
        if (parameters.join() == Join.none) {
            return Future.succeededFuture(new Graph(Map.of(), Map.of()));
        }
        List<Entity> living = entities.stream()
                .map(NotifiedEntity::after)
                .filter(Objects::nonNull)
                .toList();
        int levels = Math.min(MOST_LEVELS, parameters.joinLevel());
        Follow follow = new Follow(
                levels, compiled.projection(), compiled.subscription().datasetIds(), Set.of());
        return links.from(Caller.system(tenant), living, follow);
    }
}
