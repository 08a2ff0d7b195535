package de.freiraum.aggregate.parking;

import de.freiraum.aggregate.work.Backlog;
import de.freiraum.aggregate.work.Deadlines;
import de.freiraum.aggregate.work.EntityKey;
import de.freiraum.aggregate.work.KeyedWork;
import de.freiraum.aggregate.work.Scan;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Keeps the totals of parking sites and groups, and makes silent spots unknown. Thread-safe. */
public final class ParkingAggregator {
    private static final int PARALLEL = 32;
    private static final int MAX_SCANS = 5;

    private final EntityStore store;
    private final ParkingConfig config;
    private final ParkingNames names;
    private final SpotIndex index = new SpotIndex();
    private final Deadlines deadlines = new Deadlines();
    private final CountingSites counting;
    private final SpotUse use;
    private final KeyedWork<EntityKey, Role> totals;
    private final KeyedWork<EntityKey, Instant> silences;
    private final AtomicLong totalsWritten = new AtomicLong();
    private final AtomicLong spotsSilenced = new AtomicLong();

    /**
     * Not started.
     *
     * @param clock tells which reset was the last
     * @param zones the time zones of tenants
     * @param expand the expansion of the parking context
     * @param context where the work runs
     * @param backlog is told of the work that is open
     */
    public ParkingAggregator(
            EntityStore store,
            TemporalStore history,
            ParkingConfig config,
            InstantSource clock,
            Function<Tenant, ZoneId> zones,
            UnaryOperator<String> expand,
            Context context,
            Backlog backlog) {
        this.store = store;
        this.config = config;
        this.names = ParkingNames.of(expand);
        this.counting = new CountingSites(store, history, config, names, clock, zones, context, backlog);
        this.use = new SpotUse(store, history, config, names, clock, zones, index, context, backlog);
        this.totals = new KeyedWork<>("parking totals", context, backlog, PARALLEL, Role::or, this::writeTotals);
        this.silences = new KeyedWork<>(
                "parking silence", context, backlog, PARALLEL, (a, b) -> a.isAfter(b) ? a : b, this::writeSilence);
    }

    /** Takes up a committed change. Returns at once. Must hear of every change from before {@link #reconcile} on. */
    public void onChange(Change change) {
        boolean was = isSpot(change.before());
        Entity after = change.after();
        EntityKey key = new EntityKey(change.tenant(), change.entityId());
        if (was || isSpot(after)) {
            SpotState state = after != null && isSpot(after) ? SpotState.of(after, names, config) : null;
            Set<EntityKey> targets;
            synchronized (index) {
                targets = index.put(key, state);
                deadlines.set(key, state == null ? null : state.silentAt());
            }
            addTotals(targets, state);
            use.onChange(key, change);
        } else if (change.origin() != Origin.AGGREGATE && index.isTarget(key)) {
            totals.add(key, Role.UNSEEN);
        } else if (change.origin() != Origin.AGGREGATE && counting.isCounting(after)) {
            counting.add(key);
        }
    }

    /** Reads all spots and corrects every total and every silence, as after a crash. */
    public Future<Void> reconcile() {
        index.beginScan();
        return scan(1).andThen(done -> index.endScan()).compose(v -> {
            index.spots().forEach(use::addToday);
            Set<String> marks = Set.of(names.unknown());
            return Scan.allTenants(store, EntityQuery.ALL.withAttributes(marks), (tenant, entity) -> {
                        EntityKey key = new EntityKey(tenant, entity.id());
                        if (!index.isTarget(key)) {
                            totals.add(key, Role.UNSEEN);
                        }
                    })
                    .compose(marked -> counting.addAll(site -> !index.isTarget(site)));
        });
    }

    /** Makes spots unknown whose sensors have been silent until that time, and resets sites that count. Returns at once. */
    public void tick(Instant now) {
        deadlines.due(now).forEach(spot -> silences.add(spot, now));
        counting.tick(now);
    }

    /** Completes when no work is under way any more; what waits is dropped. */
    public Future<Void> close() {
        return totals.close()
                .compose(v -> silences.close())
                .compose(v -> counting.close())
                .compose(v -> use.close());
    }

    /** How many times a site's or group's numbers were written. */
    public long totalsWritten() {
        return totalsWritten.get();
    }

    /** How many times a spot became unknown by silence. */
    public long spotsSilenced() {
        return spotsSilenced.get();
    }

    /** How many spots are known. */
    public int spots() {
        return index.size();
    }

    /** How many tries to write failed and were repeated. */
    public long failures() {
        return totals.failures() + silences.failures() + counting.failures() + use.failures();
    }

    private Future<Void> scan(int attempt) {
        long removals = index.removals();
        Set<EntityKey> seen = new HashSet<>();
        return Scan.allTenants(store, EntityQuery.ofType(names.parkingSpot()), (tenant, entity) -> {
                    EntityKey key = new EntityKey(tenant, entity.id());
                    if (seen.add(key)) {
                        take(key, SpotState.of(entity, names, config));
                    }
                })
                // When spots go away meanwhile, pages move up and others may be missed.
                .compose(v -> index.removals() == removals || attempt == MAX_SCANS
                        ? Future.succeededFuture()
                        : scan(attempt + 1));
    }

    private void take(EntityKey key, SpotState state) {
        // One step with the deadline: otherwise a change that comes between the two could lose its own.
        synchronized (index) {
            if (index.putScanned(key, state)) {
                deadlines.set(key, state.silentAt());
            }
        }
        addTotals(index.targetsOf(key), state);
    }

    private void addTotals(Set<EntityKey> targets, @Nullable SpotState state) {
        for (EntityKey target : targets) {
            boolean group = state != null && target.id().equals(state.group());
            totals.add(target, group ? Role.GROUP : Role.UNSEEN);
        }
    }

    private Future<Void> writeTotals(EntityKey target, Role role) {
        List<SpotState> spots = index.spotsOf(target);
        String type = type(target.id(), role, spots);
        boolean group = type.equals(names.parkingGroup());
        return store.apply(
                        target.tenant(),
                        target.id(),
                        ParkingTotals.of(spots).change(target.id(), type, group, names),
                        Origin.AGGREGATE)
                .map(applied -> {
                    if (applied.change() != null) {
                        totalsWritten.incrementAndGet();
                        if (applied.change().before() == null) {
                            use.addTarget(target);
                        }
                    }
                    return null;
                });
    }

    private Future<Void> writeSilence(EntityKey spot, Instant at) {
        return store.apply(spot.tenant(), spot.id(), Silence.change(at, names, config), Origin.AGGREGATE)
                .map(applied -> {
                    if (applied.change() != null) {
                        spotsSilenced.incrementAndGet();
                    }
                    return null;
                });
    }

    /** As the URN says, such as {@code urn:ngsi-ld:OnStreetParking:schwerte:am-markt}; otherwise as its spots suggest. */
    private String type(String id, Role role, List<SpotState> spots) {
        String[] parts = id.split(":", 4);
        String named = parts.length > 2 ? parts[2] : "";
        return switch (named) {
            case "OnStreetParking" -> names.onStreetParking();
            case "OffStreetParking" -> names.offStreetParking();
            case "ParkingGroup" -> names.parkingGroup();
            default ->
                role == Role.GROUP
                        ? names.parkingGroup()
                        : spots.stream().anyMatch(SpotState::onStreet)
                                ? names.onStreetParking()
                                : names.offStreetParking();
        };
    }

    private boolean isSpot(@Nullable Entity entity) {
        return entity != null && entity.types().contains(names.parkingSpot());
    }

    /** What a spot said of the target of its relationship. */
    private enum Role {
        UNSEEN,
        GROUP;

        Role or(Role other) {
            return this == GROUP ? this : other;
        }
    }
}
