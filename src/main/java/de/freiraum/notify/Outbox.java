package de.freiraum.notify;

import de.freiraum.broker.subscriptions.RegisteredSubscription;
import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.Status;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out of one subscription: throttling, queue, one delivery at a time, cooldown, counters. Lives on the notifier's event loop, but for
 * {@link #current}, which any thread may read.
 */
class Outbox<C extends Outbox.Compiled, T extends Outbox.Item<T>> {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final long NO_TIMER = -1;

    /** A subscription with what is parsed of it. */
    interface Compiled {
        /** The subscription. */
        Subscription subscription();
    }

    /** Something to notify of. */
    interface Item<T> {
        /** What it is about; of several items about the same, throttling makes one. */
        String id();

        /** This item and a later one about the same in one. */
        T then(T later);
    }

    /** Renders and sends what is due. */
    interface Delivery<C extends Compiled, T extends Item<T>> {
        /** Sends a notification that came about at {@code generatedAt}. */
        Future<Void> deliver(Outbox<C, T> outbox, List<T> items, Instant generatedAt);
    }

    /** What is to be sent, and the number of the earliest change it tells of. */
    private record Due<T>(List<T> items, Instant generatedAt, long from) {}

    private final RegisteredSubscription registered;
    private final Vertx vertx;
    private final Context loop;
    private final InstantSource clock;
    private final NotifierSettings settings;
    private final Delivery<C, T> delivery;
    private final Undone undone;
    private final Deque<Due<T>> queue = new ArrayDeque<>();
    private final Map<String, T> throttled = new LinkedHashMap<>();

    private volatile @Nullable C current;
    private Collection<?> places = List.of();
    private @Nullable Instant lastDue;
    private @Nullable Instant coolUntil;
    private long throttleTimer = NO_TIMER;
    private long intervalTimer = NO_TIMER;
    private boolean delivering;
    private boolean collecting;
    private long throttledFrom = Undone.NO_NUMBER;

    Outbox(
            RegisteredSubscription registered,
            Vertx vertx,
            Context loop,
            InstantSource clock,
            NotifierSettings settings,
            Delivery<C, T> delivery,
            Undone undone) {
        this.registered = registered;
        this.vertx = vertx;
        this.loop = loop;
        this.clock = clock;
        this.settings = settings;
        this.delivery = delivery;
        this.undone = undone;
        this.lastDue = registered.counters().lastNotification();
    }

    RegisteredSubscription registered() {
        return registered;
    }

    /** The subscription as it is now, or null when it was deleted. */
    @Nullable
    C current() {
        return current;
    }

    void current(@Nullable C compiled) {
        current = compiled;
    }

    Collection<?> places() {
        return places;
    }

    void places(Collection<?> others) {
        places = others;
    }

    /** Whether notifications are to be sent at this moment. */
    boolean isActive() {
        C compiled = current;
        return compiled != null && compiled.subscription().status(clock.instant()) == Status.active;
    }

    /** Whether nothing waits to be sent and nothing is on its way. */
    boolean isIdle() {
        return queue.isEmpty() && !delivering;
    }

    /** Begins to notify where another process ended. */
    void lead() {
        Instant last = registered.counters().lastNotification();
        if (last != null && (lastDue == null || last.isAfter(lastDue))) {
            lastDue = last;
        }
    }

    /** Gives up what waits: another process notifies of it. */
    void rest() {
        queue.forEach(due -> undone.end(due.from()));
        queue.clear();
        throttled.clear();
        undone.end(throttledFrom);
        throttledFrom = Undone.NO_NUMBER;
    }

    /** Starts or stops the periodic notification as the subscription says. */
    void schedule(Supplier<Future<Void>> periodic) {
        if (intervalTimer != NO_TIMER) {
            vertx.cancelTimer(intervalTimer);
            intervalTimer = NO_TIMER;
        }
        C compiled = current;
        Duration interval = compiled == null ? null : compiled.subscription().timeInterval();
        if (interval != null) {
            intervalTimer = vertx.setPeriodic(interval.toMillis(), id -> {
                // An interval shorter than the work takes leaves turns out instead of piling them up.
                if (!collecting && isIdle() && isActive()) {
                    collecting = true;
                    periodic.get().onComplete(done -> loop.runOnContext(v -> collecting = false));
                }
            });
        }
    }

    /** Stops everything; what still waits is given up. */
    void stop() {
        current = null;
        if (intervalTimer != NO_TIMER) {
            vertx.cancelTimer(intervalTimer);
        }
        if (throttleTimer != NO_TIMER) {
            vertx.cancelTimer(throttleTimer);
        }
        rest();
    }

    void offer(T item) {
        offer(item, Undone.NO_NUMBER);
    }

    /** Takes what a change gives to notify of: now, or with what else changes until throttling allows. */
    void offer(T item, long number) {
        C compiled = current;
        if (compiled == null) {
            return;
        }
        long wait = throttlingLeft(compiled.subscription());
        if (wait <= 0 && throttleTimer == NO_TIMER) {
            due(List.of(item), number);
            return;
        }
        throttled.merge(item.id(), item, T::then);
        if (throttledFrom == Undone.NO_NUMBER) {
            throttledFrom = number;
            undone.begin(number);
        }
        if (throttled.size() > settings.throttledPerSubscription()) {
            throttled.remove(throttled.keySet().iterator().next());
        }
        if (throttleTimer == NO_TIMER) {
            throttleTimer = vertx.setTimer(wait, id -> {
                throttleTimer = NO_TIMER;
                release();
            });
        }
    }

    private long throttlingLeft(Subscription subscription) {
        if (subscription.throttling() == null || lastDue == null) {
            return 0;
        }
        return Duration.between(clock.instant(), lastDue.plus(subscription.throttling()))
                .toMillis();
    }

    private void release() {
        List<T> items = new ArrayList<>(throttled.values());
        throttled.clear();
        int most = settings.entitiesPerNotification();
        for (int from = 0; from < items.size() && isActive(); from += most) {
            due(items.subList(from, Math.min(from + most, items.size())), throttledFrom);
        }
        undone.end(throttledFrom);
        throttledFrom = Undone.NO_NUMBER;
    }

    /** Puts a notification that no change is the cause of into the queue. */
    void due(List<T> items) {
        due(items, Undone.NO_NUMBER);
    }

    private void due(List<T> items, long from) {
        Instant now = clock.instant();
        lastDue = now;
        if (queue.size() >= settings.queuedPerSubscription()) {
            undone.end(queue.removeFirst().from());
            registered.count(c -> c.sent(now).failed(now));
            LOG.warn(
                    "subscription {}: {} notifications wait for the receiver; the oldest is given up",
                    registered.id(),
                    settings.queuedPerSubscription());
        }
        undone.begin(from);
        queue.addLast(new Due<>(items, now, from));
        pump();
    }

    private void pump() {
        while (!delivering) {
            Due<T> next = queue.pollFirst();
            if (next == null) {
                return;
            }
            // What comes during the cooldown after a failure is not sent (clause 5.2.15).
            if (!isActive() || (coolUntil != null && clock.instant().isBefore(coolUntil))) {
                undone.end(next.from());
                continue;
            }
            delivering = true;
            count(c -> c.sent(clock.instant()));
            // On a turn of its own, so that a receiver that answers at once cannot build up a stack.
            Future.succeededFuture()
                    .compose(v -> delivery.deliver(this, next.items(), next.generatedAt()))
                    .onComplete(sent -> undone.end(next.from()))
                    .onComplete(v -> loop.runOnContext(turn -> delivered()), e -> loop.runOnContext(turn -> failed(e)));
        }
    }

    private void delivered() {
        coolUntil = null;
        count(c -> c.succeeded(clock.instant()));
        delivering = false;
        pump();
    }

    private void failed(Throwable cause) {
        Instant now = clock.instant();
        C compiled = current;
        Duration cooldown = compiled == null
                ? null
                : compiled.subscription().notification().endpoint().cooldown();
        coolUntil = cooldown == null ? null : now.plus(cooldown);
        count(c -> c.failed(now));
        LOG.debug("subscription {}: a notification failed: {}", registered.id(), cause.getMessage());
        delivering = false;
        pump();
    }

    private void count(UnaryOperator<DeliveryCounters> change) {
        registered.count(change);
    }
}
