package de.freiraum.ops;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Notices event loops that no longer turn. Each watched loop notes the time each second; a note that is too old means a thread that is blocked
 * for good, which only a restart cures.
 */
public final class LoopWatch {
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration TOLERATED = Duration.ofSeconds(30);

    private final List<AtomicLong> beats = new ArrayList<>();

    /** Watches loops and reports them to health and metrics. */
    public LoopWatch(Vertx vertx, List<Context> loops, Health health, Metrics metrics) {
        for (Context loop : loops) {
            AtomicLong beat = new AtomicLong(System.nanoTime());
            beats.add(beat);
            loop.runOnContext(start -> vertx.setPeriodic(BEAT.toMillis(), id -> beat.set(System.nanoTime())));
        }
        health.addLive("event-loops", this::stuck);
        metrics.gauge(
                "event.loop.lag.seconds",
                "How long the slowest event loop has not turned",
                () -> oldest().toMillis() / 1000.0);
    }

    private Duration oldest() {
        long now = System.nanoTime();
        long nanos = beats.stream().mapToLong(beat -> now - beat.get()).max().orElse(0);
        return Duration.ofNanos(Math.max(0, nanos));
    }

    private Optional<String> stuck() {
        Duration oldest = oldest();
        return oldest.compareTo(TOLERATED) > 0
                ? Optional.of("an event loop has been blocked for " + oldest.toSeconds() + " s")
                : Optional.empty();
    }
}
