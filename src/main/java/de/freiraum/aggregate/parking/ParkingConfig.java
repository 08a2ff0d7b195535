package de.freiraum.aggregate.parking;

import de.freiraum.config.Default;
import java.time.Duration;
import java.util.Set;

/**
 * How parking is aggregated.
 *
 * @param silence after which time without a message a spot becomes unknown if its status has no {@code staleAfter}; zero: never
 * @param reservedCategories categories that reserve a spot for some
 */
public record ParkingConfig(
        @Default("26h") Duration silence,

        @Default("disabled, forDisabled, onlyDisabled, forResidents, onlyResidents, onlyWithPermit")
        Set<String> reservedCategories) {
    /** 26 hours, for sensors with a daily heartbeat, and the reservations of the Smart Data Models. */
    public static final ParkingConfig DEFAULT = new ParkingConfig(
            Duration.ofHours(26),
            Set.of("disabled", "forDisabled", "onlyDisabled", "forResidents", "onlyResidents", "onlyWithPermit"));

    /** Copies the set; refuses a negative silence. */
    public ParkingConfig {
        reservedCategories = Set.copyOf(reservedCategories);
        if (silence.isNegative()) {
            throw new IllegalArgumentException("silence must be 0 or more");
        }
    }
}
