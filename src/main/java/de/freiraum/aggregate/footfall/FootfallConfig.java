package de.freiraum.aggregate.footfall;

import de.freiraum.config.Default;
import de.freiraum.model.Tenant;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How footfall is aggregated.
 *
 * @param zone the time zone of days and hours, of tenants without one of their own
 * @param zones time zones by tenant name
 * @param windows the lengths to be kept; those that are summed from others need them to be kept too
 * @param lateBound how long after its time a reading still corrects windows, above 0; of devices that have no {@code lateBound} of their own
 * @param rules what is plausible in readings
 * @param smallCounts which numbers are not published
 * @param typicalWeeks from how many weeks it is told what is usual, at most 52; 0: not at all
 * @param holidays the German state whose public holidays are no part of what is usual, if they are not to be
 */
public record FootfallConfig(
        @Default("Europe/Berlin") ZoneId zone,
        Map<String, ZoneId> zones,
        @Default("pt5m, pt15m, pt1h, p1d, p1w, p1m, p1y") Set<WindowLength> windows,
        @Default("2d") Duration lateBound,
        CountingRules rules,
        SmallCounts smallCounts,
        @Default("8") int typicalWeeks,
        Optional<GermanState> holidays) {
    /** Europe/Berlin, all lengths but single minutes, 48 hours. */
    public static final FootfallConfig DEFAULT = new FootfallConfig(
            ZoneId.of("Europe/Berlin"),
            Map.of(),
            EnumSet.complementOf(EnumSet.of(WindowLength.PT1M)),
            Duration.ofDays(2),
            CountingRules.DEFAULT,
            SmallCounts.PUBLISHED,
            8,
            Optional.empty());

    /** Copies the collections and checks the bound. */
    public FootfallConfig {
        zones = Map.copyOf(zones);
        windows = Set.copyOf(windows);
        if (lateBound.isNegative() || lateBound.isZero()) {
            throw new IllegalArgumentException("lateBound must be above 0");
        }
        if (typicalWeeks < 0 || typicalWeeks > 52) {
            throw new IllegalArgumentException("typicalWeeks must be between 0 and 52");
        }
        for (WindowLength length : windows) {
            WindowLength parts = length.parts();
            if (parts != null && !windows.contains(parts)) {
                throw new IllegalArgumentException(
                        "windows: %s is summed from %s, which must be kept too".formatted(word(length), word(parts)));
            }
        }
    }

    /** The time zone of a tenant. */
    public ZoneId zoneOf(Tenant tenant) {
        return zones.getOrDefault(tenant.name(), zone);
    }

    /** The same with other lengths. */
    public FootfallConfig withWindows(Set<WindowLength> other) {
        return new FootfallConfig(zone, zones, other, lateBound, rules, smallCounts, typicalWeeks, holidays);
    }

    /** The same with other numbers that are not published. */
    public FootfallConfig withSmallCounts(SmallCounts other) {
        return new FootfallConfig(zone, zones, windows, lateBound, rules, other, typicalWeeks, holidays);
    }

    /** The same without the public holidays of a state in what is usual. */
    public FootfallConfig withoutHolidaysOf(GermanState state) {
        return new FootfallConfig(
                zone, zones, windows, lateBound, rules, smallCounts, typicalWeeks, Optional.of(state));
    }

    private static String word(WindowLength length) {
        return length.name().toLowerCase(Locale.ROOT);
    }
}
