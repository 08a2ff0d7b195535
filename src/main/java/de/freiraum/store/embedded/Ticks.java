package de.freiraum.store.embedded;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Times of changes: microseconds since 1970 that never repeat and never go back, whatever the clock does. */
final class Ticks {
    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    Ticks(InstantSource clock) {
        this.clock = clock;
    }

    /** Nothing at or before this is given out any more. */
    void continueAfter(long micros) {
        last.accumulateAndGet(micros, Math::max);
    }

    /** The time of the next change. */
    long next() {
        long now = now();
        return last.updateAndGet(before -> Math.max(before + 1, now));
    }

    /** What the clock says, for reading. */
    long now() {
        return micros(clock.instant());
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
    }

    /** Rounded down; times too far away for a number of microseconds become the farthest there is. */
    static long micros(Instant time) {
        long seconds = time.getEpochSecond();
        if (Math.abs(seconds) > 9_000_000_000_000L) {
            return seconds > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
        return seconds * 1_000_000L + time.getNano() / 1000;
    }
}
