package de.freiraum.ingest.mqtt;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to wait before the next attempt: twice as long each time, and not at the same time as others. */
final class Backoff {
    private final Duration first;
    private final Duration longest;
    private final DoubleSupplier random;
    private Duration next;

    /**
     * A back-off that has not begun.
     *
     * @param random numbers from 0 to 1
     */
    Backoff(Duration first, Duration longest, DoubleSupplier random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
        this.next = first;
    }

    /** Milliseconds to wait now, between half and all of the present step. */
    long next() {
        long step = next.toMillis();
        Duration twice = next.multipliedBy(2);
        next = twice.compareTo(longest) > 0 ? longest : twice;
        return Math.max(1, step / 2 + (long) (random.getAsDouble() * step / 2));
    }

    /** It worked; the next wait is the first one again. */
    void reset() {
        next = first;
    }
}
