package de.freiraum.notify;

import de.freiraum.broker.subscriptions.RegisteredSubscription;
import de.freiraum.model.Change;
import de.freiraum.model.Tenant;
import de.freiraum.query.LinkedEntities;
import de.freiraum.store.EntityStore.Note;
import de.freiraum.store.Store;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is still to be notified of, for subscriptions whose delivery is guaranteed: written with the change itself, and deleted when the receiver has
 * it. Of the processes that share a store the one that leads delivers.
 */
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final String COLLECTION = "notifications of ";

    private final Store store;
    private final Vertx vertx;
    private final Context loop;
    private final InstantSource clock;
    private final NotifierSettings settings;
    private final Sender sender;
    private final BooleanSupplier leads;
    private final LongAdder dropped = new LongAdder();
    private final Map<EntityOutbox, JournalQueue> queues = new ConcurrentHashMap<>();

    /** Finds out what a kept change means, and takes it to the receiver. */
    interface Sender {
        /** What to notify of, or null. */
        Future<@Nullable NotifiedEntity> match(CompiledSubscription compiled, Change change);

        /** Delivers one notification. */
        Future<Void> send(EntityOutbox outbox, List<NotifiedEntity> entities, Instant generatedAt);
    }

    Journal(
            Store store,
            Vertx vertx,
            Context loop,
            InstantSource clock,
            NotifierSettings settings,
            Sender sender,
            BooleanSupplier leads) {
        this.store = store;
        this.vertx = vertx;
        this.loop = loop;
        this.clock = clock;
        this.settings = settings;
        this.sender = sender;
        this.leads = leads;
    }

    static boolean isFor(EntityOutbox outbox) {
        CompiledSubscription compiled = outbox.current();
        return compiled != null
                && compiled.subscription().notification().endpoint().isGuaranteed();
    }

    /** What to write with a change for those that may be notified of it. On the thread that makes the change. */
    List<Note> notes(SubscriptionIndex<EntityOutbox> index, Change change) {
        if (queues.isEmpty()) {
            return List.of();
        }
        List<Note> notes = new ArrayList<>();
        byte[] kept = null;
        for (EntityOutbox outbox : index.candidates(change)) {
            if (outbox.isActive() && isFor(outbox) && mayMatch(outbox, change)) {
                kept = kept == null ? Kept.encode(change) : kept;
                notes.add(new Note(collection(outbox.registered()), Kept.key(change), kept));
            }
        }
        return notes;
    }

    /** Where the condition looks at linked entities it is decided later. */
    static boolean mayMatch(EntityOutbox outbox, Change change) {
        CompiledSubscription compiled = outbox.current();
        if (compiled == null) {
            return false;
        }
        try {
            return compiled.q() != null && compiled.q().linkedDepth() > 0
                    ? compiled.selects(change.latest())
                    : ChangeMatcher.match(compiled, change, LinkedEntities.NONE) != null;
        } catch (RuntimeException e) {
            LOG.error("subscription {}: a change cannot be matched", outbox.registered().id(), e);
            return false;
        }
    }

    private static String collection(RegisteredSubscription registered) {
        return COLLECTION + registered.id();
    }

    /** A change was committed that is kept for a subscription. */
    void committed(EntityOutbox outbox) {
        queue(outbox).committed();
    }

    /** The subscription is there, or is another one than before, or this process leads now. */
    void put(EntityOutbox outbox) {
        if (isFor(outbox) || queues.containsKey(outbox)) {
            JournalQueue queue = queue(outbox);
            loop.runOnContext(v -> queue.recount());
        }
    }

    private JournalQueue queue(EntityOutbox outbox) {
        return queues.computeIfAbsent(
                outbox,
                o -> new JournalQueue(
                        o, store, collection(o.registered()), vertx, loop, clock, settings, sender, leads, dropped));
    }

    /** The subscription is gone, and nobody is to be notified any more. */
    void remove(EntityOutbox outbox) {
        JournalQueue queue = queues.remove(outbox);
        if (queue != null) {
            loop.runOnContext(v -> queue.stop());
        }
        if (queue != null && leads.getAsBoolean()) {
            purge(outbox.registered().tenant(), collection(outbox.registered()));
        }
    }

    /**
     * Deletes what is kept for subscriptions that were deleted by a process that ended in between.
     *
     * @param subscriptions where the subscriptions are
     */
    Future<Void> clear(Set<Tenant> tenants, String subscriptions) {
        List<Future<Void>> all = new ArrayList<>();
        for (Tenant tenant : tenants) {
            all.add(store.collections(tenant).compose(names -> {
                List<Future<Void>> cleared = names.stream()
                        .filter(name -> name.startsWith(COLLECTION))
                        .map(name -> store.get(tenant, subscriptions, name.substring(COLLECTION.length()))
                                .compose(there ->
                                        there != null ? Future.<Void>succeededFuture() : purge(tenant, name)))
                        .toList();
                return Future.join(cleared).mapEmpty();
            }));
        }
        return Future.join(all).mapEmpty();
    }

    private Future<Void> purge(Tenant tenant, String collection) {
        return store.list(tenant, collection, null, JournalQueue.PAGE).compose(page -> {
            if (page.isEmpty()) {
                return Future.succeededFuture();
            }
            return Future.join(page.stream()
                            .map(kept -> store.delete(tenant, collection, kept.key()))
                            .toList())
                    .compose(v -> purge(tenant, collection));
        });
    }

    void stop() {
        queues.values().forEach(JournalQueue::stop);
    }

    /** How many notifications are kept and not delivered. */
    long waiting() {
        return queues.values().stream().mapToLong(JournalQueue::waiting).sum();
    }

    /** How many were given up because too many waited. */
    long dropped() {
        return dropped.sum();
    }
}
