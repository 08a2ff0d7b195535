package de.freiraum.aggregate.parking;

import de.freiraum.aggregate.work.Backlog;
import de.freiraum.aggregate.work.EntityKey;
import de.freiraum.aggregate.work.KeyedWork;
import de.freiraum.model.Attribute;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How spots, sites and groups are used on each day: arrivals, stays and turnover. Thread-safe. */
final class SpotUse {
    private static final int PARALLEL = 4;

    /** A stay that began earlier has no known begin, and what comes later than this does not count. */
    private static final Duration BACK = Duration.ofDays(7);

    private final EntityStore store;
    private final TemporalStore history;
    private final ParkingConfig config;
    private final ParkingNames names;
    private final InstantSource clock;
    private final Function<Tenant, ZoneId> zones;
    private final SpotIndex index;
    private final KeyedWork<EntityKey, Instant> spots;
    private final KeyedWork<EntityKey, Instant> targets;

    /** Idle; {@code zones} tells in which time zone a tenant's days are. */
    SpotUse(
            EntityStore store,
            TemporalStore history,
            ParkingConfig config,
            ParkingNames names,
            InstantSource clock,
            Function<Tenant, ZoneId> zones,
            SpotIndex index,
            Context context,
            Backlog backlog) {
        this.store = store;
        this.history = history;
        this.config = config;
        this.names = names;
        this.clock = clock;
        this.zones = zones;
        this.index = index;
        this.spots = new KeyedWork<>("use of spots", context, backlog, PARALLEL, SpotUse::earlier, this::count);
        this.targets = new KeyedWork<>("use of sites", context, backlog, PARALLEL, SpotUse::earlier, this::sum);
    }

    /** Takes up a change of a spot, if its state changed or a late one came in. Returns at once. */
    void onChange(EntityKey spot, Change change) {
        Instant from = null;
        Attribute before = status(change.before());
        Attribute after = status(change.after());
        if (after != null && (before == null || isNews(before, after, zones.apply(spot.tenant())))) {
            from = SpotState.since(after, SpotState.status(after));
        }
        for (TemporalInstance late : change.history()) {
            Instant at = late.instance().meta().observedAt();
            if (late.attribute().equals(names.status()) && at != null) {
                from = from == null ? at : earlier(from, at);
            }
        }
        if (from != null) {
            add(spot, from);
        }
    }

    /** Asks for a spot's days from one on. Returns at once. */
    void add(EntityKey spot, Instant from) {
        Instant earliest = clock.instant().minus(BACK);
        spots.add(spot, from.isBefore(earliest) ? earliest : from);
    }

    /** Asks for the day that runs, as after a crash. Returns at once. */
    void addToday(EntityKey spot) {
        add(spot, clock.instant());
    }

    /** Asks for the days of a site or group that is new. Returns at once. */
    void addTarget(EntityKey target) {
        targets.add(target, Stays.dayOf(clock.instant().minus(BACK), zones.apply(target.tenant())));
    }

    /** How many tries failed and were repeated. */
    long failures() {
        return spots.failures() + targets.failures();
    }

    /** Completes when no work is under way any more; what waits is dropped. */
    Future<Void> close() {
        return spots.close().compose(v -> targets.close());
    }

    private Future<Void> count(EntityKey spot, Instant changed) {
        ZoneId zone = zones.apply(spot.tenant());
        Instant from = Stays.dayOf(changed, zone);
        Range range = new Range(TimeProperty.observedAt, from.minus(BACK), null, 0);
        return store.retrieve(spot.tenant(), spot.id())
                .compose(entity -> history.instances(spot.tenant(), spot.id(), Set.of(names.status()), range)
                        .compose(instances -> {
                            Attribute status = status(entity);
                            if (status == null) {
                                return Future.succeededFuture();
                            }
                            Duration debounce = SpotState.debounce(status, names, config);
                            SortedMap<Instant, Map<String, @Nullable Value>> days = new TreeMap<>();
                            Stays.of(states(instances), debounce, zone)
                                    .tailMap(from)
                                    .forEach((start, day) -> days.put(start, values(day)));
                            return store.apply(spot.tenant(), spot.id(), new DayNumbers(days), Origin.AGGREGATE)
                                    .mapEmpty();
                        }))
                .map(v -> {
                    index.targetsOf(spot).forEach(target -> targets.add(target, from));
                    return null;
                });
    }

    private List<Stays.State> states(List<TemporalInstance> instances) {
        List<Stays.State> states = new ArrayList<>();
        Instant ahead = clock.instant().plus(Duration.ofMinutes(15));
        for (TemporalInstance instance : instances) {
            SpotStatus status = SpotState.status(instance.instance());
            Instant since = SpotState.since(instance.instance(), status);
            if (since != null && since.isBefore(ahead)) {
                states.add(new Stays.State(since, status));
            }
        }
        return states;
    }

    private Future<Void> sum(EntityKey target, Instant from) {
        List<String> members = index.memberIds(target);
        if (members.isEmpty()) {
            return Future.succeededFuture();
        }
        Range range = new Range(TimeProperty.observedAt, from, null, 0);
        Set<String> wanted = Set.of(names.arrivals(), names.departures(), names.dwell());
        return history.instances(target.tenant(), members, wanted, range).compose(all -> {
            SortedMap<Instant, Stays.Day> days = new TreeMap<>();
            for (List<TemporalInstance> ofSpot : all) {
                days(ofSpot).forEach((start, day) -> days.merge(start, day, Stays.Day::plus));
            }
            SortedMap<Instant, Map<String, @Nullable Value>> values = new TreeMap<>();
            days.forEach((start, day) -> {
                Map<String, @Nullable Value> numbers = values(day);
                numbers.put(names.turnover(), Value.of(Math.round(day.arrivals() * 100.0 / members.size()) / 100.0));
                values.put(start, numbers);
            });
            return store.apply(target.tenant(), target.id(), new DayNumbers(values), Origin.AGGREGATE)
                    .mapEmpty();
        });
    }

    private SortedMap<Instant, Stays.Day> days(List<TemporalInstance> instances) {
        SortedMap<Instant, Map<String, Double>> numbers = new TreeMap<>();
        for (TemporalInstance instance : instances) {
            Instant start = instance.instance().meta().observedAt();
            if (start != null
                    && instance.instance() instanceof Attribute.Property p
                    && p.value() instanceof Value.Num n) {
                numbers.computeIfAbsent(start, s -> new LinkedHashMap<>()).put(instance.attribute(), n.asDouble());
            }
        }
        SortedMap<Instant, Stays.Day> days = new TreeMap<>();
        numbers.forEach((start, of) -> {
            long departures = of.getOrDefault(names.departures(), 0.0).longValue();
            long dwell = Math.round(of.getOrDefault(names.dwell(), 0.0) * 60_000) * departures;
            days.put(start, new Stays.Day(of.getOrDefault(names.arrivals(), 0.0).longValue(), departures, dwell));
        });
        return days;
    }

    private Map<String, @Nullable Value> values(Stays.Day day) {
        Map<String, @Nullable Value> values = new LinkedHashMap<>();
        values.put(names.arrivals(), Value.of(day.arrivals()));
        values.put(names.departures(), Value.of(day.departures()));
        values.put(
                names.dwell(),
                day.departures() == 0
                        ? null
                        : Value.of(Math.round(day.dwellMillis() / 600.0 / day.departures()) / 100.0));
        return values;
    }

    /** Whether the state is another one, or the same one on another day, of which it is now known that nothing else happened. */
    private static boolean isNews(Attribute before, Attribute after, ZoneId zone) {
        SpotStatus status = SpotState.status(after);
        Instant since = SpotState.since(after, status);
        Instant last = SpotState.since(before, SpotState.status(before));
        return SpotState.status(before) != status
                || (since != null && (last == null || !Stays.dayOf(since, zone).equals(Stays.dayOf(last, zone))));
    }

    private @Nullable Attribute status(@Nullable Entity spot) {
        return spot == null ? null : spot.defaultInstance(names.status());
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
