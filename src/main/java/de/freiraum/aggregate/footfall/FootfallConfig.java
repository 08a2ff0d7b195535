package de.freiraum.aggregate.footfall;

import de.freiraum.config.Default;
import de.freiraum.model.Tenant;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * How footfall is aggregated.
 *
 * @param zone the time zone of days and hours, of tenants without one of their own
 * @param zones time zones by tenant name
 * @param windows the lengths to be kept
 * @param lateBound how long after its time a reading still corrects windows, above 0
 * @param rules what is plausible in readings
 */
public record FootfallConfig(
        @Default("Europe/Berlin") ZoneId zone,
        Map<String, ZoneId> zones,
        @Default("pt5m, pt15m, pt1h, p1d") Set<WindowLength> windows,
        @Default("2d") Duration lateBound,
        CountingRules rules) {
    /** Europe/Berlin, all lengths, 48 hours. */
    public static final FootfallConfig DEFAULT = new FootfallConfig(
            ZoneId.of("Europe/Berlin"),
            Map.of(),
            EnumSet.allOf(WindowLength.class),
            Duration.ofDays(2),
            CountingRules.DEFAULT);

    /** Copies the collections and checks the bound. */
    public FootfallConfig {
        zones = Map.copyOf(zones);
        windows = Set.copyOf(windows);
        if (lateBound.isNegative() || lateBound.isZero()) {
            throw new IllegalArgumentException("lateBound must be above 0");
        }
    }

    /** The time zone of a tenant. */
    public ZoneId zoneOf(Tenant tenant) {
        return zones.getOrDefault(tenant.name(), zone);
    }
}
