package de.freiraum.retention;

import de.freiraum.model.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How long the history of some entities is kept. All durations count from now, so that each is at least as long as the one before.
 *
 * @param types IRIs of entity types; empty: of all
 * @param tenants names; empty: all
 * @param raw for how long every instance is kept, at least 15 minutes
 * @param quarterHours for how long those for each quarter of an hour; absent: for ever
 * @param days for how long those for each day; absent: for ever
 */
public record RetentionRule(
        Set<String> types,
        Set<String> tenants,
        Duration raw,
        Optional<Duration> quarterHours,
        Optional<Duration> days) {
    private static final Duration SHORTEST = Duration.ofMinutes(15);

    /** Refuses durations that do not ascend. */
    public RetentionRule {
        types = Set.copyOf(types);
        tenants = Set.copyOf(tenants);
        for (String type : types) {
            if (!type.contains(":")) {
                throw new IllegalArgumentException(
                        "types: allowed are IRIs such as https://smartdatamodels.org/dataModel.Parking/ParkingSpot");
            }
        }
        if (raw.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("raw must be at least 15m");
        }
        if (quarterHours.isPresent() && quarterHours.get().compareTo(raw) < 0) {
            throw new IllegalArgumentException("quarterHours must be at least as long as raw; it counts from now, too");
        }
        if (days.isPresent() && quarterHours.isEmpty()) {
            throw new IllegalArgumentException("days needs quarterHours");
        }
        if (days.isPresent() && days.get().compareTo(quarterHours.get()) < 0) {
            throw new IllegalArgumentException(
                    "days must be at least as long as quarterHours; it counts from now, too");
        }
    }

    /** Whether the rule is about entities of a tenant. */
    boolean isFor(Tenant tenant) {
        return tenants.isEmpty() || tenants.contains(tenant.name());
    }

    /** Whether the rule is about an entity of these types. */
    boolean isFor(List<String> entityTypes) {
        return types.isEmpty() || entityTypes.stream().anyMatch(types::contains);
    }
}
