package de.freiraum.aggregate.device;

import de.freiraum.config.Default;
import java.time.Duration;

/**
 * When a device counts as stale, and its battery as low.
 *
 * @param silence after which time without a message a device is stale if its {@code dateLastValueReported} has no {@code staleAfter}; zero: never
 * @param lowBattery a {@code batteryLevel} below this share of a full one is low, from 0 to 1
 */
public record DeviceConfig(
        @Default("26h") Duration silence, @Default("0.2") double lowBattery) {
    /** 26 hours, for sensors with a daily heartbeat; a fifth. */
    public static final DeviceConfig DEFAULT = new DeviceConfig(Duration.ofHours(26), 0.2);

    /** Refuses a negative silence and a share that is none. */
    public DeviceConfig {
        if (silence.isNegative()) {
            throw new IllegalArgumentException("silence must be 0 or more");
        }
        if (!(lowBattery >= 0 && lowBattery <= 1)) {
            throw new IllegalArgumentException("lowBattery must be a share from 0 to 1");
        }
    }
}
