package de.freiraum.aggregate.footfall;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Value;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How long after its time a reading still corrects windows: as its device says in {@code lateBound}, otherwise as configured. Thread-safe. */
final class LateBounds {
    /** A device cannot have more than this corrected: it bounds what is read again at a start. */
    private static final Duration LONGEST = Duration.ofDays(400);

    private final Duration configured;
    private final FootfallNames names;
    private final AtomicLong longestMillis;

    LateBounds(Duration configured, FootfallNames names) {
        this.configured = configured;
        this.names = names;
        this.longestMillis = new AtomicLong(configured.toMillis());
    }

    /** The bound of a device: its own if it is an ISO 8601 duration above 0 and at most 400 days. */
    Duration of(Entity device) {
        Duration own = own(device);
        longestMillis.accumulateAndGet(own.toMillis(), Math::max);
        return own;
    }

    /** The longest bound of any device seen so far, or the configured one. */
    Duration longest() {
        return Duration.ofMillis(longestMillis.get());
    }

    private Duration own(Entity device) {
        if (device.defaultInstance(names.lateBound) instanceof Attribute.Property p
                && p.value() instanceof Value.Text text) {
            try {
                Duration own = Duration.parse(text.text());
                if (!own.isNegative() && !own.isZero() && own.compareTo(LONGEST) <= 0) {
                    return own;
                }
            } catch (DateTimeException notADuration) {
                return configured;
            }
        }
        return configured;
    }
}
