package de.freiraum.aggregate.parking;

import de.freiraum.config.Default;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How parking is aggregated.
 *
 * @param silence after which time without a message a spot becomes unknown if its status has no {@code staleAfter}; zero: never
 * @param debounce a state that another follows sooner does not count as an arrival or a departure, if its status has no {@code debounce}; 0 or more
 * @param reservedCategories categories that reserve a spot for some
 * @param resets by URI of a site that counts vehicles: when every day it is taken to be empty, in local time, such as {@code 04:00}
 */
public record ParkingConfig(
        @Default("26h") Duration silence,

        @Default("60s") Duration debounce,

        @Default("disabled, forDisabled, onlyDisabled, forResidents, onlyResidents, onlyWithPermit")
        Set<String> reservedCategories,

        Map<String, String> resets) {
    /** 26 hours, for sensors with a daily heartbeat, and the reservations of the Smart Data Models. */
    public static final ParkingConfig DEFAULT = new ParkingConfig(
            Duration.ofHours(26),
            Duration.ofSeconds(60),
            Set.of("disabled", "forDisabled", "onlyDisabled", "forResidents", "onlyResidents", "onlyWithPermit"),
            Map.of());

    /** Copies the collections; refuses a negative silence and times that are none. */
    public ParkingConfig {
        reservedCategories = Set.copyOf(reservedCategories);
        resets = Map.copyOf(resets);
        resets.forEach((site, time) -> {
            try {
                LocalTime.parse(time);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("resets: a time such as 04:00 is expected", e);
            }
        });
        if (silence.isNegative() || debounce.isNegative()) {
            throw new IllegalArgumentException("silence and debounce must be 0 or more");
        }
    }

    /** When every day a site is taken to be empty; null: never. */
    @Nullable
    LocalTime resetOf(String site) {
        String time = resets.get(site);
        return time == null ? null : LocalTime.parse(time);
    }

    /** The same with other resets. */
    public ParkingConfig withResets(Map<String, String> other) {
        return new ParkingConfig(silence, debounce, reservedCategories, other);
    }
}
