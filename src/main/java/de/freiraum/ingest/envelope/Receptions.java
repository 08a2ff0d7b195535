package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.Fields;
import de.freiraum.ingest.message.Uplink;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What several gateways heard of one transmission. */
final class Receptions {
    private Receptions() {}

    /** The earliest of the stated times, or null. */
    static @Nullable Instant earliest(List<Fields> receptions, String field) {
        Instant earliest = null;
        for (Fields reception : receptions) {
            Instant time = reception.time(field);
            if (time != null && (earliest == null || time.isBefore(earliest))) {
                earliest = time;
            }
        }
        return earliest;
    }

    /** The reception with the strongest signal, or null. */
    static Uplink.@Nullable Radio best(
            List<Fields> receptions, String rssi, String snr, Function<Fields, @Nullable String> gateway) {
        Uplink.Radio best = null;
        double strongest = Double.NEGATIVE_INFINITY;
        for (Fields reception : receptions) {
            Double strength = reception.number(rssi);
            double compared = strength == null ? -1000 : strength;
            if (compared > strongest) {
                strongest = compared;
                best = new Uplink.Radio(strength, reception.number(snr), gateway.apply(reception));
            }
        }
        return best;
    }
}
