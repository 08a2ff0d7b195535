package de.freiraum.aggregate.parking;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.Observations;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 */
record ParkingTotals(
        long total,
        long available,
        long occupied,
        long unknown,
        long closed,
        @Nullable Long extra,
        @Nullable Double occupancy,
        @Nullable Instant observedAt) {

    private static final double KNOWN_ENOUGH = 0.8;

    /** The totals of some spots, in whatever order. */
    static ParkingTotals of(Collection<SpotState> spots) {
        Map<SpotStatus, Long> by = new EnumMap<>(SpotStatus.class);
        long reserved = 0;
        long reservedFree = 0;
        Instant newest = null;
        for (SpotState spot : spots) {
            by.merge(spot.status(), 1L, Long::sum);
            if (spot.reserved()) {
                reserved++;
                reservedFree += spot.status() == SpotStatus.FREE ? 1 : 0;
            }
            newest = later(newest, spot.since());
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
                newest);
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
            Map<String, List<Attribute>> attributes =
                    new LinkedHashMap<>(before == null ? Map.of() : before.attributes());
            List<String> updated = new ArrayList<>();
            wanted.forEach((iri, value) -> {
                Attribute there = before == null ? null : before.defaultInstance(iri);
                if (value == null ? isOurs(there) : !holds(there, value)) {
                    write(attributes, iri, there, value, now);
                    updated.add(iri);
                }
            });
            if (updated.isEmpty() || (before == null && total == 0)) {
                return EntityChange.Outcome.of(before, UpdateResult.EMPTY);
            }
            Entity after = before == null
                    ? new Entity(id, List.of(type), List.of(), attributes, now, now, null)
                    : before.withAttributes(attributes).withTimes(before.createdAt(), now);
            return EntityChange.Outcome.of(after, new UpdateResult(updated, List.of()));
        };
    }

    private void write(
            Map<String, List<Attribute>> attributes,
            String iri,
            @Nullable Attribute there,
            @Nullable Value value,
            Instant now) {
        List<Attribute> instances = new ArrayList<>(attributes.getOrDefault(iri, List.of()));
        instances.remove(there);
        if (value != null) {
            Instant created = there == null ? null : there.meta().createdAt();
            // A total never goes back in time, even when the newest of its spots is taken away.
            AttributeMeta meta = AttributeMeta.NONE
                    .withObservedAt(later(
                            observedAt, there == null ? null : there.meta().observedAt()))
                    .withTimes(created == null ? now : created, now, null);
            instances.add(Observations.identified(iri, new Attribute.Property(value, meta)));
        }
        if (instances.isEmpty()) {
            attributes.remove(iri);
        } else {
            attributes.put(iri, List.copyOf(instances));
        }
    }

    /** Whether it is an observed number, as totals are, and not something that the site's owner set. */
    private static boolean isOurs(@Nullable Attribute attribute) {
        return attribute != null && attribute.meta().observedAt() != null;
    }

    private static boolean holds(@Nullable Attribute attribute, Value value) {
        return attribute instanceof Attribute.Property p
                && p.value() instanceof Value.Num there
                && value instanceof Value.Num wanted
                && there.asDecimal().compareTo(wanted.asDecimal()) == 0;
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        return a == null || (b != null && b.isAfter(a)) ? b : a;
    }
}
