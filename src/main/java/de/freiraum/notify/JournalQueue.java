package de.freiraum.notify;

import de.freiraum.broker.subscriptions.RegisteredSubscription;
import de.freiraum.model.Change;
import de.freiraum.model.Tenant;
import de.freiraum.store.DocumentStore.Document;
import de.freiraum.store.Store;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is kept for one subscription, from the first on, one notification after the other: the next one only when the receiver has this
 * one and it is deleted. A receiver that fails is tried again after a pause that grows. Lives on the notifier's event loop, but for the counters.
 */
final class JournalQueue {
    static final int PAGE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(JournalQueue.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final long NO_TIMER = -1;

    private final EntityOutbox outbox;
    private final RegisteredSubscription registered;
    private final Store store;
    private final String collection;
    private final Vertx vertx;
    private final Context loop;
    private final InstantSource clock;
    private final NotifierSettings settings;
    private final Journal.Sender sender;
    private final BooleanSupplier leads;
    private final LongAdder dropped;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Deque<Document> read = new ArrayDeque<>();
    private boolean busy;

    /** Whether what was counted has been compared with what is there since this process began to lead. */
    private boolean exact;

    private boolean stopped;
    private int failures;
    private long timer = NO_TIMER;
    private @Nullable Instant lastSent;

    JournalQueue(
            EntityOutbox outbox,
            Store store,
            String collection,
            Vertx vertx,
            Context loop,
            InstantSource clock,
            NotifierSettings settings,
            Journal.Sender sender,
            BooleanSupplier leads,
            LongAdder dropped) {
        this.outbox = outbox;
        this.registered = outbox.registered();
        this.store = store;
        this.collection = collection;
        this.vertx = vertx;
        this.loop = loop;
        this.clock = clock;
        this.settings = settings;
        this.sender = sender;
        this.leads = leads;
        this.dropped = dropped;
        this.lastSent = registered.counters().lastNotification();
    }

    private Tenant tenant() {
        return registered.tenant();
    }

    long waiting() {
        return waiting.get();
    }

    /** One more is kept. Callable from any thread. */
    void committed() {
        waiting.incrementAndGet();
        if (!woken.getAndSet(true)) {
            loop.runOnContext(v -> {
                // From here on the next one wakes again, since this one may not see it.
                woken.set(false);
                next();
            });
        }
    }

    /** Counts what is kept, and begins to deliver. */
    void recount() {
        exact = false;
        AtomicLong count = new AtomicLong();
        store.each(tenant(), collection, kept -> count.incrementAndGet()).onComplete(counted -> {
            if (counted.succeeded()) {
                waiting.accumulateAndGet(count.get(), Math::max);
            }
            loop.runOnContext(v -> next());
        });
    }

    void stop() {
        stopped = true;
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
        }
    }

    private boolean mayGoOn() {
        return !stopped && leads.getAsBoolean() && outbox.isActive();
    }

    /** Does the next thing there is to do, unless something is under way. */
    private void next() {
        if (busy) {
            return;
        }
        if (!mayGoOn()) {
            read.clear();
            return;
        }
        if (waiting.get() > settings.keptPerSubscription()) {
            busy = true;
            giveUp();
        } else if (timer != NO_TIMER) {
            return;
        } else if (read.isEmpty()) {
            busy = true;
            fill();
        } else {
            busy = true;
            Duration throttling = throttling();
            Instant last = lastSent;
            long wait = throttling == null || last == null
                    ? 0
                    : Duration.between(clock.instant(), last.plus(throttling)).toMillis();
            if (wait > 0) {
                pause(Duration.ofMillis(wait));
            } else {
                deliver(throttling == null ? 1 : read.size());
            }
        }
    }

    private @Nullable Duration throttling() {
        CompiledSubscription compiled = outbox.current();
        return compiled == null ? null : compiled.subscription().throttling();
    }

    private void done() {
        busy = false;
        next();
    }

    /** What comes meanwhile begins no delivery, but may make the oldest be given up. */
    private void pause(Duration pause) {
        read.clear();
        timer = vertx.setTimer(Math.max(1, pause.toMillis()), id -> {
            timer = NO_TIMER;
            next();
        });
        done();
    }

    private void fill() {
        list(PAGE, page -> {
            read.addAll(page);
            busy = false;
            if (page.isEmpty()) {
                // What was kept since then brings a call of its own.
                waiting.set(0);
            } else {
                next();
            }
        });
    }

    private void list(int most, Consumer<List<Document>> then) {
        store.list(tenant(), collection, null, most)
                .onComplete(page -> loop.runOnContext(v -> {
                    if (page.succeeded()) {
                        then.accept(page.result());
                    } else {
                        failed("what is kept cannot be read", page.cause());
                    }
                }));
    }

    private void deliver(int most) {
        List<Document> taken = new ArrayList<>();
        Map<String, NotifiedEntity> items = new LinkedHashMap<>();
        Future<Void> matched = Future.succeededFuture();
        Instant generatedAt = clock.instant();
        while (taken.size() < most && !read.isEmpty()) {
            Document kept = read.remove();
            taken.add(kept);
            matched = matched.compose(v -> match(kept)).map(item -> {
                if (item != null) {
                    items.merge(item.id(), item, NotifiedEntity::then);
                }
                return null;
            });
        }
        matched.onComplete(looked -> loop.runOnContext(v -> {
            if (looked.failed()) {
                failed("what is kept cannot be matched", looked.cause());
            } else if (items.isEmpty()) {
                delete(taken);
            } else {
                send(taken, List.copyOf(items.values()), generatedAt);
            }
        }));
    }

    private Future<@Nullable NotifiedEntity> match(Document kept) {
        CompiledSubscription compiled = outbox.current();
        if (compiled == null) {
            return Future.failedFuture("the subscription was deleted");
        }
        Change change;
        try {
            change = Kept.decode(tenant(), kept.key(), kept.bytes());
        } catch (RuntimeException e) {
            LOG.error("subscription {}: what is kept under {} cannot be read", registered.id(), kept.key(), e);
            return Future.succeededFuture();
        }
        return sender.match(compiled, change);
    }

    private void send(List<Document> taken, List<NotifiedEntity> items, Instant generatedAt) {
        lastSent = generatedAt;
        registered.count(c -> c.sent(clock.instant()));
        Future.succeededFuture()
                .compose(v -> sender.send(outbox, items, generatedAt))
                .onComplete(sent -> loop.runOnContext(v -> {
                    if (sent.succeeded()) {
                        failures = 0;
                        registered.count(c -> c.succeeded(clock.instant()));
                        delete(taken);
                    } else {
                        registered.count(c -> c.failed(clock.instant()));
                        failed("a notification failed", sent.cause());
                    }
                }));
    }

    /** Before the next one is sent, so that none is sent again behind a newer one. */
    private void delete(List<Document> taken) {
        Future.join(taken.stream()
                        .map(kept -> store.delete(tenant(), collection, kept.key()))
                        .toList())
                .onComplete(deleted -> loop.runOnContext(v -> {
                    if (deleted.succeeded()) {
                        waiting.updateAndGet(n -> Math.max(0, n - taken.size()));
                        done();
                    } else {
                        failed("what was delivered cannot be deleted", deleted.cause());
                    }
                }));
    }

    private void failed(String what, Throwable cause) {
        if (failures == 0) {
            LOG.warn("subscription {}: {}, and is tried again: {}", registered.id(), what, cause.getMessage());
        }
        failures++;
        CompiledSubscription compiled = outbox.current();
        Duration cooldown = compiled == null
                ? null
                : compiled.subscription().notification().endpoint().cooldown();
        Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 6));
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        pause(cooldown != null && cooldown.compareTo(pause) > 0 ? cooldown : pause);
    }

    /** What is committed while it is counted may count twice. */
    private void countExactly() {
        AtomicLong count = new AtomicLong();
        store.each(tenant(), collection, kept -> count.incrementAndGet())
                .onComplete(counted -> loop.runOnContext(v -> {
                    if (counted.succeeded()) {
                        exact = true;
                        waiting.set(count.get());
                        done();
                    } else {
                        failed("what is kept cannot be read", counted.cause());
                    }
                }));
    }

    /** Too many wait: the oldest make way. */
    private void giveUp() {
        if (!exact) {
            countExactly();
            return;
        }
        int most = (int) Math.min(PAGE, waiting.get() - settings.keptPerSubscription());
        list(most, page -> {
            if (page.isEmpty()) {
                waiting.set(0);
                done();
                return;
            }
            LOG.warn(
                    "subscription {}: more than {} notifications wait for the receiver; the oldest are given up",
                    registered.id(),
                    settings.keptPerSubscription());
            read.removeIf(kept -> kept.key().compareTo(page.get(page.size() - 1).key()) <= 0);
            dropped.add(page.size());
            Instant now = clock.instant();
            page.forEach(kept -> registered.count(c -> c.sent(now).failed(now)));
            delete(page);
        });
    }
}
