package de.freiraum.broker.registry;

import de.freiraum.model.DeliveryCounters;
import de.freiraum.registration.CSourceRegistration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** A registration in force. Immutable, but for what became of requests to the source, which outlives updates. */
public final class RegisteredSource {
    private final CSourceRegistration registration;
    private final Instant createdAt;
    private final Instant modifiedAt;
    private final AtomicReference<DeliveryCounters> counters;

    private RegisteredSource(
            CSourceRegistration registration,
            Instant createdAt,
            Instant modifiedAt,
            AtomicReference<DeliveryCounters> counters) {
        this.registration = registration;
        this.createdAt = createdAt;
        this.modifiedAt = modifiedAt;
        this.counters = counters;
    }

    RegisteredSource(CSourceRegistration registration, Instant createdAt, Instant modifiedAt) {
        this(registration, createdAt, modifiedAt, new AtomicReference<>(DeliveryCounters.NONE));
    }

    RegisteredSource updated(CSourceRegistration other, Instant now) {
        return new RegisteredSource(other, createdAt, now, counters);
    }

    /** The registration. */
    public CSourceRegistration registration() {
        return registration;
    }

    /** When it was registered. */
    public Instant createdAt() {
        return createdAt;
    }

    /** When it was last changed. */
    public Instant modifiedAt() {
        return modifiedAt;
    }

    /** What became of requests to the source since the broker started (Table 5.2.9-2). */
    public DeliveryCounters counters() {
        return Objects.requireNonNull(counters.get());
    }

    /** Counts a request to the source. */
    public void count(UnaryOperator<DeliveryCounters> change) {
        counters.updateAndGet(change);
    }
}
