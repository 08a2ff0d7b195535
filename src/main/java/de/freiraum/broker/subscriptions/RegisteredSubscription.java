package de.freiraum.broker.subscriptions;

import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.Subscription;
import de.freiraum.model.Tenant;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** A subscription in force, with what became of its notifications. Identity is the registration: an updated subscription stays the same object. */
public final class RegisteredSubscription {
    private final Tenant tenant;
    private final String id;
    private final Instant createdAt;
    private final AtomicReference<Subscription> subscription;
    private final AtomicReference<DeliveryCounters> counters;
    private final AtomicBoolean unsaved = new AtomicBoolean();

    RegisteredSubscription(Tenant tenant, Subscription subscription, DeliveryCounters counters, Instant createdAt) {
        this.tenant = tenant;
        this.id = subscription.id();
        this.createdAt = createdAt;
        this.subscription = new AtomicReference<>(subscription);
        this.counters = new AtomicReference<>(counters);
    }

    /** Whose it is. */
    public Tenant tenant() {
        return tenant;
    }

    /** Its URI. */
    public String id() {
        return id;
    }

    /** When it was created. */
    public Instant createdAt() {
        return createdAt;
    }

    /** The subscription as it is now. */
    public Subscription subscription() {
        return Objects.requireNonNull(subscription.get());
    }

    void subscription(Subscription updated) {
        subscription.set(updated);
    }

    /** What became of its notifications until now. */
    public DeliveryCounters counters() {
        return Objects.requireNonNull(counters.get());
    }

    /** Counts; kept in memory until the next {@link SubscriptionOperations#saveCounters}. */
    public void count(UnaryOperator<DeliveryCounters> change) {
        counters.updateAndGet(change);
        unsaved.set(true);
    }

    boolean takeUnsaved() {
        return unsaved.getAndSet(false);
    }
}
