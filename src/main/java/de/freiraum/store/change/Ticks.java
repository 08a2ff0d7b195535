package de.freiraum.store.change;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Times of changes: microseconds since 1970 that never repeat and never go back, whatever the clock does. Safe for any thread. */
public final class Ticks {
    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    /** Times by a clock. */
    public Ticks(InstantSource clock) {
        this.clock = clock;
    }

    /** Nothing at or before this is given out any more. */
    public void continueAfter(long micros) {
        last.accumulateAndGet(micros, Math::max);
    }

    /** The time of the next change. */
    public long next() {
        long now = now();
        return last.updateAndGet(before -> Math.max(before + 1, now));
    }

    /** The time that was given out last, or 0. */
    public long last() {
        return last.get();
    }

    /** What the clock says, for reading. */
    public long now() {
        return micros(clock.instant());
    }

    /** The instant of a number of microseconds since 1970. */
    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
    }

    /** Rounded down; times too far away for a number of microseconds become the farthest there is. */
    public static long micros(Instant time) {
        long seconds = time.getEpochSecond();
        if (Math.abs(seconds) > 9_000_000_000_000L) {
            return seconds > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
        return seconds * 1_000_000L + time.getNano() / 1000;
    }
}
