package de.freiraum.broker.subscriptions;

import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.Subscription;
import de.freiraum.model.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** A subscription in force, with what became of its notifications. Identity is the registration: an updated subscription stays the same object. */
public final class RegisteredSubscription {
    private final Tenant tenant;
    private final String id;
    private final Instant createdAt;
    private final List<String> via;
    private final AtomicReference<Content> content;
    private final AtomicReference<DeliveryCounters> counters;
    private final AtomicBoolean unsaved = new AtomicBoolean();

    /** What of the counters is in the store. */
    private volatile DeliveryCounters saved;

    /**
     * What an update replaces.
     *
     * @param subscription the subscription
     * @param modifiedAt when it was last written
     */
    record Content(Subscription subscription, Instant modifiedAt) {}

    RegisteredSubscription(
            Tenant tenant, Content content, DeliveryCounters counters, Instant createdAt, List<String> via) {
        this.via = List.copyOf(via);
        this.tenant = tenant;
        this.id = content.subscription().id();
        this.createdAt = createdAt;
        this.content = new AtomicReference<>(content);
        this.counters = new AtomicReference<>(counters);
        this.saved = counters;
    }

    /** Whose it is. */
    public Tenant tenant() {
        return tenant;
    }

    /** Its URI. */
    public String id() {
        return id;
    }

    /** The brokers that passed it on, as entries of a Via header (clause 6.3.18). */
    public List<String> via() {
        return via;
    }

    /** When it was created. */
    public Instant createdAt() {
        return createdAt;
    }

    /** When it was last changed by a request. */
    public Instant modifiedAt() {
        return content().modifiedAt();
    }

    /** The subscription as it is now. */
    public Subscription subscription() {
        return content().subscription();
    }

    Content content() {
        return Objects.requireNonNull(content.get());
    }

    void content(Content updated) {
        content.set(updated);
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

    /** Takes over what is stored now, and keeps what was counted since. */
    void stored(DeliveryCounters now, DeliveryCounters included) {
        counters.updateAndGet(counted -> now.plus(included, counted));
        saved = now;
    }

    /** What of the counters was stored last. */
    DeliveryCounters saved() {
        return saved;
    }

    boolean takeUnsaved() {
        return unsaved.getAndSet(false);
    }
}
