package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.Uplink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Several transmissions of one message, the earliest first; those without a time keep their place at the end. */
final class InOrder {
    private InOrder() {}

    static List<Uplink> of(List<Uplink> uplinks) {
        List<Uplink> sorted = new ArrayList<>(uplinks);
        sorted.sort(Comparator.comparing(uplink -> {
            Instant time = uplink.times().device();
            return time == null ? Instant.MAX : time;
        }));
        return sorted;
    }
}
