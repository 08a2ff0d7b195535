package de.freiraum.aggregate.footfall;

import de.freiraum.aggregate.work.Backlog;
import de.freiraum.aggregate.work.EntityKey;
import de.freiraum.aggregate.work.KeyedWork;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Weeks, months and years, summed from the windows that are published of days and months. They have a queue of their own, so that a busy counter's
 * readings share one sum. Thread-safe.
 */
final class CalendarWindows {
    private static final int PARALLEL = 4;

    private final FootfallConfig config;
    private final WindowStore windows;
    private final LongConsumer written;
    private final KeyedWork<EntityKey, Days> work;

    /** Idle; {@code written} is told how many windows were written. */
    CalendarWindows(
            FootfallConfig config, WindowStore windows, Context context, Backlog backlog, LongConsumer written) {
        this.config = config;
        this.windows = windows;
        this.written = written;
        this.work = new KeyedWork<>("footfall of weeks and longer", context, backlog, PARALLEL, Days::and, this::sum);
    }

    /** Asks for the longer windows that hold a time of which days were written. Returns at once. */
    void add(EntityKey counterOrSite, Span days, boolean isSite) {
        work.add(counterOrSite, new Days(days, isSite));
    }

    /** How many tries failed and were repeated. */
    long failures() {
        return work.failures();
    }

    /** Completes when no work is under way any more; what waits is dropped. */
    Future<Void> close() {
        return work.close();
    }

    private Future<Void> sum(EntityKey counterOrSite, Days days) {
        ZoneId zone = config.zoneOf(counterOrSite.tenant());
        Future<Void> done = Future.succeededFuture();
        // By length: what a year is made of is written before it.
        for (WindowLength length : WindowLength.values()) {
            WindowLength parts = length.parts();
            if (parts != null && config.windows().contains(length)) {
                done = done.compose(v -> sum(counterOrSite, days, length, parts, zone));
            }
        }
        return done;
    }

    private Future<Void> sum(EntityKey counterOrSite, Days days, WindowLength length, WindowLength parts, ZoneId zone) {
        Instant from = length.start(days.span().from(), zone);
        Instant to = length.end(length.start(days.span().to(), zone), zone);
        return windows.read(counterOrSite, parts, zone, from, to)
                .compose(known -> windows.read(counterOrSite, length, zone, from, to)
                        .compose(published -> windows.publish(
                                counterOrSite, length, zone, joined(known, length, zone), published, days.isSite())))
                .map(changed -> {
                    written.accept(changed.size());
                    return null;
                });
    }

    private static SortedMap<Instant, Window> joined(
            SortedMap<Instant, Window> parts, WindowLength length, ZoneId zone) {
        SortedMap<Instant, List<Window>> byStart = new TreeMap<>();
        parts.forEach((start, part) -> byStart.computeIfAbsent(length.start(start, zone), s -> new ArrayList<>())
                .add(part));
        SortedMap<Instant, Window> joined = new TreeMap<>();
        byStart.forEach((start, of) -> joined.put(start, Window.join(of, start, length.end(start, zone))));
        return joined;
    }

    /**
     * Days of which longer windows have to be summed again.
     *
     * @param span the time that holds them
     * @param isSite whether they are a site's, not a counter's
     */
    private record Days(Span span, boolean isSite) {
        Days and(Days other) {
            return new Days(span.and(other.span), isSite);
        }
    }
}
