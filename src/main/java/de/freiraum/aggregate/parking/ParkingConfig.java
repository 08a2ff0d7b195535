package de.freiraum.aggregate.parking;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How parking is aggregated.
 *
 * @param silence after which time without a message a spot becomes unknown if its status has no {@code staleAfter}; null: never
 * @param reservedCategories categories that reserve a spot for some
 */
public record ParkingConfig(@Nullable Duration silence, Set<String> reservedCategories) {
    /** 26 hours, for sensors with a daily heartbeat, and the reservations of the Smart Data Models. */
    public static final ParkingConfig DEFAULT = new ParkingConfig(
            Duration.ofHours(26),
            Set.of("disabled", "forDisabled", "onlyDisabled", "forResidents", "onlyResidents", "onlyWithPermit"));

    /** Copies the set; refuses a silence that is not above 0. */
    public ParkingConfig {
        reservedCategories = Set.copyOf(reservedCategories);
        if (silence != null && (silence.isNegative() || silence.isZero())) {
            throw new IllegalArgumentException("silence must be above 0");
        }
    }
}
