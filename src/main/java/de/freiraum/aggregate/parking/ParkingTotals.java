package de.freiraum.aggregate.parking;

import de.freiraum.model.EntityChange;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many spots of a site or group are in which state.
 *
 * @param total all spots
 * @param available free spots, reserved ones among them
 * @param occupied occupied spots
 * @param unknown spots of which nothing is known
 * @param closed spots out of use
 * @param extra free spots among the reserved ones; null if none is reserved
 * @param occupancy occupied among the known open spots, 0 to 1, in steps of 0.0001; null if fewer than 80 % of the open ones are known
 * @param observedAt when the newest of the states began, or null
 * @param categories the spots of each category, at most 50 of them
 */
record ParkingTotals(
        long total,
        long available,
        long occupied,
        long unknown,
        long closed,
        @Nullable Long extra,
        @Nullable Double occupancy,
        @Nullable Instant observedAt,
        SortedMap<String, Kind> categories) {

    /** Where a spot is, not for whom. */
    private static final Set<String> PLACES = Set.of("onStreet", "offStreet");

    private static final int MAX_CATEGORIES = 50;

    private static final double KNOWN_ENOUGH = 0.8;

    /** The totals of some spots, in whatever order. */
    static ParkingTotals of(Collection<SpotState> spots) {
        Map<SpotStatus, Long> by = new EnumMap<>(SpotStatus.class);
        long reserved = 0;
        long reservedFree = 0;
        Instant newest = null;
        SortedMap<String, Kind> categories = new TreeMap<>();
        for (SpotState spot : spots) {
            by.merge(spot.status(), 1L, Long::sum);
            if (spot.reserved()) {
                reserved++;
                reservedFree += spot.status() == SpotStatus.FREE ? 1 : 0;
            }
            for (String category : spot.categories()) {
                if (!PLACES.contains(category)
                        && (categories.size() < MAX_CATEGORIES || categories.containsKey(category))) {
                    categories.merge(category, Kind.of(spot.status()), Kind::plus);
                }
            }
            newest = ObservedNumbers.later(newest, spot.since());
        }
        long free = by.getOrDefault(SpotStatus.FREE, 0L);
        long occupied = by.getOrDefault(SpotStatus.OCCUPIED, 0L);
        long unknown = by.getOrDefault(SpotStatus.UNKNOWN, 0L);
        long known = free + occupied;
        Double occupancy = known > 0 && known >= KNOWN_ENOUGH * (known + unknown)
                ? (Double) (Math.round(occupied * 10_000.0 / known) / 10_000.0)
                : null;
        return new ParkingTotals(
                spots.size(),
                free,
                occupied,
                unknown,
                by.getOrDefault(SpotStatus.CLOSED, 0L),
                reserved == 0 ? null : (Long) reservedFree,
                occupancy,
                newest,
                categories);
    }

    /**
     * Writes the totals to the entity of the site or group. Numbers that are there already are not touched, nor is anything else; without a
     * change nothing is written.
     *
     * @param id the entity's URI
     * @param type its type IRI if it is to be created; without spots it is not
     * @param isGroup groups have no number of extra spots
     */
    EntityChange change(String id, String type, boolean isGroup, ParkingNames names) {
        return (before, now) -> {
            Map<String, @Nullable Value> wanted = new LinkedHashMap<>();
            wanted.put(names.total(), Value.of(total));
            wanted.put(names.available(), Value.of(available));
            wanted.put(names.occupied(), Value.of(occupied));
            wanted.put(names.unknown(), Value.of(unknown));
            wanted.put(names.closed(), Value.of(closed));
            wanted.put(names.occupancy(), occupancy == null ? null : Value.of((double) occupancy));
            if (!isGroup) {
                wanted.put(names.extra(), extra == null ? null : Value.of((long) extra));
            }
            wanted.put(names.byCategory(), names.byCategory(categories));
            return before == null && total == 0
                    ? EntityChange.Outcome.of(null, UpdateResult.EMPTY)
                    : new ObservedNumbers(wanted, observedAt).write(before, id, type, now);
        };
    }

    /**
     * The spots of one category.
     *
     * @param total all
     * @param available free ones
     * @param occupied occupied ones
     */
    record Kind(long total, long available, long occupied) {
        private static Kind of(SpotStatus status) {
            return new Kind(1, status == SpotStatus.FREE ? 1 : 0, status == SpotStatus.OCCUPIED ? 1 : 0);
        }

        private Kind plus(Kind other) {
            return new Kind(total + other.total, available + other.available, occupied + other.occupied);
        }
    }
}
