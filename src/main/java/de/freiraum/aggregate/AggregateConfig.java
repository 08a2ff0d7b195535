package de.freiraum.aggregate;

import de.freiraum.aggregate.device.DeviceConfig;
import de.freiraum.aggregate.footfall.FootfallConfig;
import de.freiraum.aggregate.parking.ParkingConfig;
import de.freiraum.config.Default;
import java.time.Duration;

/**
 * How aggregates are computed.
 *
 * @param parking totals and silence
 * @param footfall windows
 * @param devices which are stale, and whose batteries are low
 * @param tick how often silence is looked for; zero: only by {@link Aggregators#tick}
 */
public record AggregateConfig(
        ParkingConfig parking,
        FootfallConfig footfall,
        DeviceConfig devices,
        @Default("1s") Duration tick) {
    /** The defaults of both, silence looked for every second. */
    public static final AggregateConfig DEFAULT = new AggregateConfig(
            ParkingConfig.DEFAULT, FootfallConfig.DEFAULT, DeviceConfig.DEFAULT, Duration.ofSeconds(1));

    /** Refuses a negative interval. */
    public AggregateConfig {
        if (tick.isNegative()) {
            throw new IllegalArgumentException("tick must be 0 or more");
        }
    }

    /** The same with another interval of looking for silence. */
    public AggregateConfig withTick(Duration other) {
        return new AggregateConfig(parking, footfall, devices, other);
    }

    /** The same with other rules for parking. */
    public AggregateConfig withParking(ParkingConfig other) {
        return new AggregateConfig(other, footfall, devices, tick);
    }

    /** The same with other rules for footfall. */
    public AggregateConfig withFootfall(FootfallConfig other) {
        return new AggregateConfig(parking, other, devices, tick);
    }
}
