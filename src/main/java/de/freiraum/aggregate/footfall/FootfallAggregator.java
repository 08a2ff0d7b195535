package de.freiraum.aggregate.footfall;

import de.freiraum.aggregate.footfall.CounterIndex.Assignment;
import de.freiraum.aggregate.work.Backlog;
import de.freiraum.aggregate.work.EntityKey;
import de.freiraum.aggregate.work.KeyedWork;
import de.freiraum.aggregate.work.Scan;
import de.freiraum.model.Attribute;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.TemporalInstance;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Keeps the windows of counters and sites. Thread-safe. */
public final class FootfallAggregator {
    private static final int PARALLEL = 16;
    private static final int MAX_SCANS = 5;

    /** Sensors' clocks may be so much ahead. */
    private static final Duration AHEAD = Duration.ofMinutes(15);

    private final EntityStore store;
    private final FootfallConfig config;
    private final InstantSource clock;
    private final FootfallNames names;
    private final ReadingReader reader;
    private final ReadingHistory readings;
    private final WindowStore windows;
    private final CounterIndex index = new CounterIndex();
    private final KeyedWork<EntityKey, Span> counters;
    private final KeyedWork<EntityKey, Span> sites;
    private final CalendarWindows calendar;
    private final TypicalWeek typical;
    private final LateBounds lateBounds;
    private final AtomicLong windowsWritten = new AtomicLong();
    private final AtomicLong lateReadings = new AtomicLong();
    private final AtomicLong futureReadings = new AtomicLong();
    private final AtomicLong unusableReadings = new AtomicLong();
    private final AtomicLong unassignedReadings = new AtomicLong();

    /**
     * Not started.
     *
     * @param clock tells which readings are late
     * @param deviceTerms the expansion of the device context
     * @param footfallTerms the expansion of the footfall context
     * @param context where the work runs
     * @param backlog is told of the work that is open
     */
    public FootfallAggregator(
            EntityStore store,
            TemporalStore history,
            FootfallConfig config,
            InstantSource clock,
            UnaryOperator<String> deviceTerms,
            UnaryOperator<String> footfallTerms,
            Context context,
            Backlog backlog) {
        this.store = store;
        this.config = config;
        this.clock = clock;
        this.names = new FootfallNames(deviceTerms, footfallTerms);
        this.reader = new ReadingReader(names);
        this.readings = new ReadingHistory(history, names, reader, config.rules());
        this.windows = new WindowStore(store, history, names);
        this.counters = new KeyedWork<>("footfall of counters", context, backlog, PARALLEL, Span::and, this::count);
        this.sites = new KeyedWork<>("footfall of sites", context, backlog, PARALLEL, Span::and, this::sum);
        this.calendar = new CalendarWindows(config, windows, context, backlog, windowsWritten::addAndGet);
        this.typical = new TypicalWeek(store, config, names, windows, context, backlog);
        this.lateBounds = new LateBounds(config.lateBound(), names);
    }

    /** Takes up a committed change. Returns at once. Must hear of every change from before {@link #reconcile} on. */
    public void onChange(Change change) {
        EntityKey key = new EntityKey(change.tenant(), change.entityId());
        if (isDevice(change.before()) || isDevice(change.after())) {
            deviceChanged(key, change);
        } else if (isCounter(change.before()) || isCounter(change.after())) {
            Entity after = change.after();
            String site = after == null ? null : siteOf(after);
            String before = index.putSite(key, site);
            if (!java.util.Objects.equals(site, before)) {
                // Windows that are closed for good stay where they were counted.
                siteChanged(key, before);
                siteChanged(key, site);
            }
        }
    }

    /** Reads all devices and counters and computes again what late readings may still change, as after a crash. */
    public Future<Void> reconcile() {
        index.beginScan();
        return scan(1).andThen(done -> index.endScan()).map(v -> {
            index.counters().forEach(counter -> counters.add(counter, open()));
            index.sites().forEach(site -> sites.add(site, open()));
            index.counters().forEach(counter -> calendar.add(counter, open(), false));
            index.sites().forEach(site -> calendar.add(site, open(), true));
            return null;
        });
    }

    /** Completes when no work is under way any more; what waits is dropped. */
    public Future<Void> close() {
        return counters.close()
                .compose(v -> sites.close())
                .compose(v -> calendar.close())
                .compose(v -> typical.close());
    }

    /** How many windows were written, corrections among them. */
    public long windowsWritten() {
        return windowsWritten.get();
    }

    /** How many readings came too late to correct windows. */
    public long lateReadings() {
        return lateReadings.get();
    }

    /** How many readings were ignored because their time is more than 15 minutes ahead. */
    public long futureReadings() {
        return futureReadings.get();
    }

    /** How many readings could not be understood. */
    public long unusableReadings() {
        return unusableReadings.get();
    }

    /** How many readings came from devices that belong to no counter. */
    public long unassignedReadings() {
        return unassignedReadings.get();
    }

    /** How many tries to compute or write failed and were repeated. */
    public long failures() {
        return counters.failures() + sites.failures() + calendar.failures() + typical.failures();
    }

    // What changed

    private void deviceChanged(EntityKey device, Change change) {
        Entity after = change.after();
        Assignment assignment = after == null ? null : assignment(after);
        Assignment before = index.putDevice(device, assignment);
        List<Attribute> given = new ArrayList<>();
        for (Change.AttributeChange touched : change.attributeChanges()) {
            if (touched.attribute().equals(names.counterReading) && touched.after() != null) {
                given.add(touched.after());
            }
        }
        for (TemporalInstance late : change.history()) {
            if (late.attribute().equals(names.counterReading)) {
                given.add(late.instance());
            }
        }
        if (after == null || assignment == null) {
            unassignedReadings.addAndGet(given.size());
            return;
        }
        EntityKey counter = new EntityKey(device.tenant(), assignment.counter());
        if (before == null) {
            // What it counted before it was assigned counts now.
            counters.add(counter, open());
        }
        Duration bound = lateBounds.of(after);
        for (Attribute instance : given) {
            Span span = span(instance, bound);
            if (span != null) {
                counters.add(counter, span);
            }
        }
    }

    private @Nullable Span span(Attribute instance, Duration bound) {
        Reading reading = reader.read(instance);
        if (reading == null) {
            unusableReadings.incrementAndGet();
            return null;
        }
        Instant now = clock.instant();
        if (!reading.at().isBefore(now.plus(AHEAD))) {
            futureReadings.incrementAndGet();
            return null;
        }
        if (reading.at().isBefore(now.minus(bound))) {
            lateReadings.incrementAndGet();
            return null;
        }
        Instant from = reading.from();
        Instant earliest = reading.at().minus(config.rules().maxGap());
        return new Span(from == null || from.isBefore(earliest) ? reading.at() : from, reading.at());
    }

    private void siteChanged(EntityKey counter, @Nullable String site) {
        if (site != null) {
            sites.add(new EntityKey(counter.tenant(), site), open());
        }
    }

    /** The time of which readings may still come. */
    private Span open() {
        Instant now = clock.instant();
        return new Span(now.minus(lateBounds.longest()), now);
    }

    private Future<Void> scan(int attempt) {
        long removals = index.removals();
        return Scan.allTenants(
                        store,
                        EntityQuery.ofType(names.device).withAttributes(Set.of(names.counterReading)),
                        (tenant, entity) -> {
                            lateBounds.of(entity);
                            index.putScannedDevice(new EntityKey(tenant, entity.id()), assignment(entity));
                        })
                .compose(v -> Scan.allTenants(
                        store,
                        EntityQuery.ofType(names.crowdFlowObserved).withAttributes(Set.of(names.refSite)),
                        (tenant, entity) -> {
                            if (isCounter(entity)) {
                                index.putScannedSite(new EntityKey(tenant, entity.id()), siteOf(entity));
                            }
                        }))
                // When entities go away meanwhile, pages move up and others may be missed.
                .compose(v -> index.removals() == removals || attempt == MAX_SCANS
                        ? Future.succeededFuture()
                        : scan(attempt + 1));
    }

    private boolean isDevice(@Nullable Entity entity) {
        return entity != null
                && entity.types().contains(names.device)
                && entity.attributes().containsKey(names.counterReading);
    }

    private boolean isCounter(@Nullable Entity entity) {
        return entity != null
                && entity.types().contains(names.crowdFlowObserved)
                && !WindowStore.holdsWindows(entity, names);
    }

    private @Nullable Assignment assignment(Entity device) {
        String counter = object(device.defaultInstance(names.controlledAsset));
        if (counter == null || !isDevice(device)) {
            return null;
        }
        Set<String> lines = new LinkedHashSet<>();
        device.attribute(names.counterReading).forEach(instance -> lines.add(ReadingReader.line(instance)));
        return new Assignment(counter, lines);
    }

    private @Nullable String siteOf(Entity counter) {
        return object(counter.defaultInstance(names.refSite));
    }

    private static @Nullable String object(@Nullable Attribute attribute) {
        return attribute instanceof Attribute.Relationship r && !r.objects().isEmpty()
                ? r.objects().get(0)
                : null;
    }

    // Counters

    private Future<Void> count(EntityKey counter, Span changed) {
        ZoneId zone = config.zoneOf(counter.tenant());
        Map<String, Set<String>> devices = index.devicesOf(counter);
        Instant end = clock.instant().plus(AHEAD);
        return load(counter, devices, changed, end, zone).compose(narrow -> {
            // Which windows may be published depends on the others of the day.
            Loaded loaded = config.smallCounts().of(counter) == 0 ? narrow : narrow.wholeDays(zone);
            SortedMap<WindowLength, SortedMap<Instant, Window>> computed = cut(counter, loaded, zone);
            Future<@Nullable Span> written = Future.succeededFuture(null);
            for (Map.Entry<WindowLength, SortedMap<Instant, Window>> of : computed.entrySet()) {
                written = written.compose(sofar -> publish(counter, loaded.touched(), of.getKey(), of.getValue(), zone)
                        .map(more -> join(sofar, more)));
            }
            return written.map(span -> {
                EntityKey site = index.siteOf(counter);
                if (span != null && site != null) {
                    sites.add(site, span);
                }
                if (span != null) {
                    typical.windowsWritten(counter, loaded.touched().to());
                    calendar.add(counter, span, false);
                }
                return null;
            });
        });
    }

    /** Loads so much that every window that the change touches can be computed whole. */
    private Future<Loaded> load(
            EntityKey counter, Map<String, Set<String>> devices, Span changed, Instant end, ZoneId zone) {
        Instant from = WindowLength.P1D.start(changed.from(), zone);
        return readings.load(counter, devices, from, end).compose(lines -> {
            Span touched = Neighbours.of(lines, changed);
            Instant needed = WindowLength.P1D.start(touched.from(), zone);
            return needed.isBefore(from)
                    ? readings.load(counter, devices, needed, end).map(more -> new Loaded(more, touched))
                    : Future.succeededFuture(new Loaded(lines, touched));
        });
    }

    /** The windows that are cut from readings, as they may be published. */
    private SortedMap<WindowLength, SortedMap<Instant, Window>> cut(EntityKey counter, Loaded loaded, ZoneId zone) {
        SortedMap<WindowLength, SortedMap<Instant, Window>> computed = new TreeMap<>();
        for (WindowLength length : config.windows()) {
            if (length.parts() == null) {
                Instant from = length.start(loaded.touched().from(), zone);
                Instant to = length.end(length.start(loaded.touched().to(), zone), zone);
                computed.put(length, Windows.of(loaded.lines(), length, zone, config.rules(), from, to));
            }
        }
        int below = config.smallCounts().of(counter);
        return below == 0 ? computed : new Suppression(zone, below).of(computed);
    }

    private Future<@Nullable Span> publish(
            EntityKey counter, Span touched, WindowLength length, SortedMap<Instant, Window> computed, ZoneId zone) {
        Instant from = length.start(touched.from(), zone);
        Instant to = length.end(length.start(touched.to(), zone), zone);
        return windows.read(counter, length, zone, from, to)
                .compose(published -> windows.publish(counter, length, zone, computed, published, false))
                .map(this::written);
    }

    // Sites

    private Future<Void> sum(EntityKey site, Span changed) {
        ZoneId zone = config.zoneOf(site.tenant());
        Set<String> members = index.countersOf(site);
        Future<Void> done = Future.succeededFuture();
        for (WindowLength length : config.windows()) {
            if (length.parts() == null) {
                done = done.compose(v -> sum(site, members, changed, length, zone));
            }
        }
        return done.map(v -> {
            calendar.add(site, changed, true);
            return null;
        });
    }

    private Future<Void> sum(EntityKey site, Set<String> members, Span changed, WindowLength length, ZoneId zone) {
        Instant from = length.start(changed.from(), zone);
        Instant to = length.end(length.start(changed.to(), zone), zone);
        SortedMap<Instant, List<Window>> known = new TreeMap<>();
        Future<Void> read = Future.succeededFuture();
        for (String member : members) {
            read = read.compose(v -> windows.read(new EntityKey(site.tenant(), member), length, zone, from, to)
                    .map(of -> {
                        of.forEach((start, window) -> known.computeIfAbsent(start, s -> new ArrayList<>())
                                .add(window));
                        return null;
                    }));
        }
        return read.compose(v -> windows.read(site, length, zone, from, to)).compose(published -> {
            SortedMap<Instant, Window> computed = new TreeMap<>();
            known.forEach((start, of) -> computed.put(start, Window.sum(of, members.size())));
            return windows.publish(site, length, zone, computed, published, true)
                    .map(this::written)
                    .mapEmpty();
        });
    }

    private @Nullable Span written(SortedMap<Instant, Window> changed) {
        windowsWritten.addAndGet(changed.size());
        Span span = null;
        for (Window window : changed.values()) {
            span = join(span, new Span(window.from(), window.to().minusMillis(1)));
        }
        return span;
    }

    private static @Nullable Span join(@Nullable Span a, @Nullable Span b) {
        return a == null ? b : b == null ? a : a.and(b);
    }
}
