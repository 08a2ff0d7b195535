package de.freiraum.aggregate.footfall;

import de.freiraum.aggregate.work.Backlog;
import de.freiraum.aggregate.work.EntityKey;
import de.freiraum.aggregate.work.KeyedWork;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.Observations;
import de.freiraum.model.Origin;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.store.EntityStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is usual at a counter or site by weekday and hour, and how far the last whole hour is from it. Computed once an hour. Thread-safe. */
final class TypicalWeek {
    private static final int PARALLEL = 2;

    private final EntityStore store;
    private final FootfallConfig config;
    private final FootfallNames names;
    private final WindowStore windows;
    private final Map<EntityKey, Instant> done = new ConcurrentHashMap<>();
    private final KeyedWork<EntityKey, Instant> work;

    /** Idle. */
    TypicalWeek(
            EntityStore store,
            FootfallConfig config,
            FootfallNames names,
            WindowStore windows,
            Context context,
            Backlog backlog) {
        this.store = store;
        this.config = config;
        this.names = names;
        this.windows = windows;
        this.work = new KeyedWork<>(
                "typical weeks", context, backlog, PARALLEL, (a, b) -> a.isAfter(b) ? a : b, this::compute);
    }

    /** Asks for the typical week of a counter or site if an hour has ended since it was last computed. Returns at once. */
    void windowsWritten(EntityKey counterOrSite, Instant newest) {
        if (config.typicalWeeks() == 0 || !config.windows().contains(WindowLength.PT1H)) {
            return;
        }
        Instant hour = WindowLength.PT1H.start(newest, config.zoneOf(counterOrSite.tenant()));
        Instant last = done.get(counterOrSite);
        if (last == null || last.isBefore(hour)) {
            work.add(counterOrSite, hour);
        }
    }

    /** How many tries failed and were repeated. */
    long failures() {
        return work.failures();
    }

    /** Completes when no work is under way any more; what waits is dropped. */
    Future<Void> close() {
        return work.close();
    }

    private Future<Void> compute(EntityKey counterOrSite, Instant hour) {
        ZoneId zone = config.zoneOf(counterOrSite.tenant());
        Instant from =
                hour.atZone(zone).minusWeeks(config.typicalWeeks()).toInstant().minus(Duration.ofHours(1));
        return windows.read(counterOrSite, WindowLength.PT1H, zone, from, hour)
                .compose(known -> {
                    Instant last = hour.minus(Duration.ofHours(1));
                    Window present = known.get(last);
                    SortedMap<String, SortedMap<String, Long>> week = medians(known.headMap(last), zone);
                    if (week.isEmpty()) {
                        return Future.succeededFuture();
                    }
                    ZonedDateTime local = last.atZone(zone);
                    Long typical =
                            week.getOrDefault(day(local), new TreeMap<>()).get(hour(local));
                    return store.apply(
                                    counterOrSite.tenant(),
                                    counterOrSite.id() + ":typicalWeek",
                                    change(counterOrSite.id(), week, typical, present, last),
                                    Origin.AGGREGATE)
                            .<Void>mapEmpty();
                })
                .onSuccess(v -> done.put(counterOrSite, hour));
    }

    /** The median of each hour of each weekday that was counted whole in at least half of the weeks. */
    private SortedMap<String, SortedMap<String, Long>> medians(SortedMap<Instant, Window> known, ZoneId zone) {
        SortedMap<String, SortedMap<String, List<Long>>> numbers = new TreeMap<>();
        known.forEach((start, window) -> {
            Long people = window.people();
            ZonedDateTime local = start.atZone(zone);
            if (people != null && window.coverage() >= Quality.WHOLE && !isHoliday(local)) {
                numbers.computeIfAbsent(day(local), d -> new TreeMap<>())
                        .computeIfAbsent(hour(local), h -> new ArrayList<>())
                        .add(people);
            }
        });
        SortedMap<String, SortedMap<String, Long>> medians = new TreeMap<>();
        numbers.forEach((day, hours) -> hours.forEach((hour, of) -> {
            if (of.size() * 2 >= config.typicalWeeks()) {
                of.sort(null);
                long median = Math.round((of.get((of.size() - 1) / 2) + of.get(of.size() / 2)) / 2.0);
                medians.computeIfAbsent(day, d -> new TreeMap<>()).put(hour, median);
            }
        }));
        return medians;
    }

    private boolean isHoliday(ZonedDateTime local) {
        return config.holidays()
                .filter(state -> state.isHoliday(local.toLocalDate()))
                .isPresent();
    }

    private EntityChange change(
            String of,
            SortedMap<String, SortedMap<String, Long>> week,
            @Nullable Long typical,
            @Nullable Window present,
            Instant at) {
        Map<String, Value> days = new LinkedHashMap<>();
        week.forEach((day, hours) -> {
            Map<String, Value> members = new LinkedHashMap<>();
            hours.forEach((hour, people) -> members.put(names.expand.apply(hour), Value.of((long) people)));
            days.put(names.expand.apply(day), new Value.Obj(members));
        });
        Long people = present == null || present.coverage() < Quality.WHOLE ? null : present.people();
        Map<String, @Nullable Value> values = new LinkedHashMap<>();
        values.put(names.typicalWeek, new Value.Obj(days));
        values.put(names.typicalPeopleCount, typical == null ? null : Value.of((long) typical));
        values.put(names.peopleCount, people == null ? null : Value.of((long) people));
        values.put(
                names.deviation,
                typical == null || people == null || typical == 0
                        ? null
                        : Value.of(Math.round((people - typical) * 1_000.0 / typical) / 1_000.0));
        return (before, now) -> write(before, of, values, at, now);
    }

    private EntityChange.Outcome write(
            @Nullable Entity before, String of, Map<String, @Nullable Value> values, Instant at, Instant now) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>(before == null ? Map.of() : before.attributes());
        values.forEach((iri, value) -> {
            if (value == null) {
                attributes.remove(iri);
                return;
            }
            Attribute there = before == null ? null : before.defaultInstance(iri);
            boolean same = there instanceof Attribute.Property p
                    && p.value().equals(value)
                    && at.equals(p.meta().observedAt());
            if (!same) {
                Instant created = there == null ? null : there.meta().createdAt();
                AttributeMeta meta =
                        AttributeMeta.NONE.withObservedAt(at).withTimes(created == null ? now : created, now, null);
                attributes.put(iri, List.of(Observations.identified(iri, new Attribute.Property(value, meta))));
            }
        });
        if (before == null) {
            attributes.put(
                    names.refCounter,
                    List.of(new Attribute.Relationship(List.of(of), AttributeMeta.NONE.withTimes(now, now, null))));
            String id = of + ":typicalWeek";
            Entity after = new Entity(id, List.of(names.crowdFlowProfile), List.of(), attributes, now, now, null);
            return EntityChange.Outcome.of(after, UpdateResult.EMPTY);
        }
        return EntityChange.Outcome.of(
                attributes.equals(before.attributes())
                        ? before
                        : before.withAttributes(attributes).withTimes(before.createdAt(), now),
                UpdateResult.EMPTY);
    }

    private static String day(ZonedDateTime local) {
        return local.getDayOfWeek()
                .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                .toLowerCase(Locale.ROOT);
    }

    private static String hour(ZonedDateTime local) {
        return String.format(Locale.ROOT, "h%02d", local.getHour());
    }
}
