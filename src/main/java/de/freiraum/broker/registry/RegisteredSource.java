package de.freiraum.broker.registry;

import de.freiraum.model.DeliveryCounters;
import de.freiraum.registration.CSourceRegistration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** A registration in force. Immutable, but for what became of requests to the source, which outlives updates. */
public final class RegisteredSource {
    private final CSourceRegistration registration;
    private final Instant createdAt;
    private final Instant modifiedAt;
    private final AtomicReference<DeliveryCounters> counters;
    private final AtomicInteger failuresInARow;

    private RegisteredSource(
            CSourceRegistration registration,
            Instant createdAt,
            Instant modifiedAt,
            AtomicReference<DeliveryCounters> counters,
            AtomicInteger failuresInARow) {
        this.registration = registration;
        this.createdAt = createdAt;
        this.modifiedAt = modifiedAt;
        this.counters = counters;
        this.failuresInARow = failuresInARow;
    }

    RegisteredSource(CSourceRegistration registration, Instant createdAt, Instant modifiedAt) {
        this(registration, createdAt, modifiedAt, new AtomicReference<>(DeliveryCounters.NONE), new AtomicInteger());
    }

    RegisteredSource updated(CSourceRegistration other, Instant now) {
        return new RegisteredSource(other, createdAt, now, counters, failuresInARow);
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

    /** How often the source did not answer since it last did. */
    public int failuresInARow() {
        return failuresInARow.get();
    }

    /** Notes whether the source did not answer. */
    public void failing(boolean failed) {
        if (failed) {
            failuresInARow.incrementAndGet();
        } else {
            failuresInARow.set(0);
        }
    }
}
