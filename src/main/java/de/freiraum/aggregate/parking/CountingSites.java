package de.freiraum.aggregate.parking;

import de.freiraum.aggregate.work.Backlog;
import de.freiraum.aggregate.work.Deadlines;
import de.freiraum.aggregate.work.EntityKey;
import de.freiraum.aggregate.work.KeyedWork;
import de.freiraum.aggregate.work.Scan;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Sites whose barriers count vehicles in and out: how many spots are occupied and free. Thread-safe. */
final class CountingSites {
    private static final int PARALLEL = 4;

    private final EntityStore store;
    private final TemporalStore history;
    private final ParkingConfig config;
    private final ParkingNames names;
    private final InstantSource clock;
    private final Function<Tenant, ZoneId> zones;
    private final Deadlines resets = new Deadlines();
    private final KeyedWork<EntityKey, Boolean> work;

    /** Idle; {@code zones} tells in which time zone a tenant's resets are. */
    CountingSites(
            EntityStore store,
            TemporalStore history,
            ParkingConfig config,
            ParkingNames names,
            InstantSource clock,
            Function<Tenant, ZoneId> zones,
            Context context,
            Backlog backlog) {
        this.store = store;
        this.history = history;
        this.config = config;
        this.names = names;
        this.clock = clock;
        this.zones = zones;
        this.work = new KeyedWork<>("counting sites", context, backlog, PARALLEL, Boolean::logicalOr, this::count);
    }

    /** Whether an entity counts vehicles and knows how many it has room for. */
    boolean isCounting(@Nullable Entity entity) {
        return entity != null
                && entity.attributes().containsKey(names.entered())
                && entity.attributes().containsKey(names.left())
                && number(entity.defaultInstance(names.total())) != null;
    }

    /** Asks for a site's numbers. Returns at once. */
    void add(EntityKey site) {
        work.add(site, true);
    }

    /** Asks for the numbers of all sites that count and that the filter takes. */
    Future<Void> addAll(Predicate<EntityKey> filter) {
        return Scan.allTenants(store, EntityQuery.ALL.withAttributes(Set.of(names.entered())), (tenant, entity) -> {
            EntityKey key = new EntityKey(tenant, entity.id());
            if (isCounting(entity) && filter.test(key)) {
                add(key);
            }
        });
    }

    /** Asks for the numbers of the sites whose reset has come. Returns at once. */
    void tick(Instant now) {
        resets.due(now).forEach(this::add);
    }

    /** How many tries failed and were repeated. */
    long failures() {
        return work.failures();
    }

    /** Completes when no work is under way any more; what waits is dropped. */
    Future<Void> close() {
        return work.close();
    }

    private Future<Void> count(EntityKey site, Boolean asked) {
        return store.retrieve(site.tenant(), site.id()).compose(entity -> {
            if (entity == null || !isCounting(entity)) {
                resets.set(site, null);
                return Future.succeededFuture();
            }
            Start start = start(site, entity);
            Set<String> counts = Set.of(names.entered(), names.left());
            Instant from = start == null ? null : start.at();
            Future<List<TemporalInstance>> before = from == null
                    ? Future.succeededFuture(List.of())
                    : history.instances(
                            site.tenant(), site.id(), counts, new Range(TimeProperty.observedAt, null, from, 1));
            // Without a start the newest totals tell all.
            Future<List<TemporalInstance>> since = history.instances(
                    site.tenant(),
                    site.id(),
                    counts,
                    new Range(TimeProperty.observedAt, from, null, from == null ? 1 : 0));
            return Future.all(before, since).compose(v -> write(site, start, before.result(), since.result()));
        });
    }

    private Future<Void> write(
            EntityKey site, @Nullable Start start, List<TemporalInstance> before, List<TemporalInstance> since) {
        EntityChange change = (entity, now) -> {
            Long total = entity == null ? null : number(entity.defaultInstance(names.total()));
            if (entity == null || total == null || !isCounting(entity)) {
                return EntityChange.Outcome.of(entity, UpdateResult.EMPTY);
            }
            long occupied = occupied(start, before, since, Math.max(0, total));
            Map<String, @Nullable Value> wanted = new LinkedHashMap<>();
            wanted.put(names.available(), Value.of(Math.max(0, total) - occupied));
            wanted.put(names.occupied(), Value.of(occupied));
            wanted.put(
                    names.occupancy(),
                    total <= 0 ? null : Value.of(Math.round(occupied * 10_000.0 / total) / 10_000.0));
            Instant observedAt = start == null ? null : start.at();
            for (TemporalInstance instance : since) {
                observedAt = ObservedNumbers.later(
                        observedAt, instance.instance().meta().observedAt());
            }
            return new ObservedNumbers(wanted, observedAt)
                    .write(entity, site.id(), entity.types().get(0), now);
        };
        return store.apply(site.tenant(), site.id(), change, Origin.AGGREGATE).mapEmpty();
    }

    /** In the order of time, never below nothing and never above all: what the barriers miss is forgotten at either end. */
    private long occupied(
            @Nullable Start start, List<TemporalInstance> before, List<TemporalInstance> since, long total) {
        List<TemporalInstance> ordered = new ArrayList<>(since);
        ordered.sort(Comparator.comparing(CountingSites::time)
                .thenComparing(TemporalInstance::attribute)
                .thenComparing(instance -> String.valueOf(number(instance.instance()))));
        Map<String, Long> last = new LinkedHashMap<>();
        for (TemporalInstance instance : before) {
            Long number = number(instance.instance());
            if (number != null) {
                last.put(instance.attribute(), number);
            }
        }
        long occupied = start == null ? 0 : Math.min(start.occupied(), total);
        if (start == null) {
            long difference = 0;
            for (TemporalInstance instance : ordered) {
                Long number = number(instance.instance());
                difference += number == null ? 0 : instance.attribute().equals(names.entered()) ? number : -number;
            }
            return Math.max(0, Math.min(total, difference));
        }
        for (TemporalInstance instance : ordered) {
            Long number = number(instance.instance());
            if (number != null) {
                Long previous = last.put(instance.attribute(), number);
                // A total that falls began anew; the first one ever tells no difference.
                long passed = previous == null ? 0 : number >= previous ? number - previous : number;
                long moved = instance.attribute().equals(names.entered()) ? passed : -passed;
                occupied = Math.max(0, Math.min(total, occupied + moved));
            }
        }
        return occupied;
    }

    /** From when on vehicles are counted: the newer of what somebody set and the last reset; null if there is neither. */
    private @Nullable Start start(EntityKey site, Entity entity) {
        Start set = set(entity);
        LocalTime time = config.resetOf(site.id());
        if (time == null) {
            return set;
        }
        ZonedDateTime now = clock.instant().atZone(zones.apply(site.tenant()));
        ZonedDateTime reset = now.with(time);
        reset = reset.isAfter(now) ? now.minusDays(1).with(time) : reset;
        resets.set(site, reset.plusDays(1).toInstant());
        return set != null && !set.at().isBefore(reset.toInstant()) ? set : new Start(reset.toInstant(), 0);
    }

    private @Nullable Start set(Entity entity) {
        Attribute attribute = entity.defaultInstance(names.countedFrom());
        Long occupied = number(attribute);
        if (attribute == null || occupied == null) {
            return null;
        }
        Instant observed = attribute.meta().observedAt();
        Instant at = observed == null ? attribute.meta().modifiedAt() : observed;
        return at == null || at.isAfter(clock.instant()) ? null : new Start(at, Math.max(0, occupied));
    }

    private static Instant time(TemporalInstance instance) {
        Instant at = instance.instance().meta().observedAt();
        Instant modified = instance.instance().meta().modifiedAt();
        return at != null ? at : modified != null ? modified : Instant.EPOCH;
    }

    private static @Nullable Long number(@Nullable Attribute attribute) {
        return attribute instanceof Attribute.Property p && p.value() instanceof Value.Num n
                ? (Long) n.number().longValue()
                : null;
    }

    /**
     * A time at which it is known how many spots are occupied.
     *
     * @param at from then on vehicles are counted
     * @param occupied at that time, 0 or more
     */
    private record Start(Instant at, long occupied) {}
}
