package de.freiraum.aggregate.footfall;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far the change of a reading reaches: to the totals before and after it, since it takes part in two differences. */
final class Neighbours {
    private Neighbours() {}

    /** The changed time, widened to the next total on either side of it, of every line and channel. */
    static Span of(Map<String, List<Reading>> lines, Span changed) {
        Span span = changed;
        for (List<Reading> line : lines.values()) {
            for (Channel channel : Channel.values()) {
                Instant before = null;
                Instant after = null;
                for (Reading reading : line) {
                    if (reading.totals().containsKey(channel)) {
                        before = reading.at().isBefore(changed.from()) ? later(before, reading.at()) : before;
                        after = reading.at().isAfter(changed.to()) ? earlier(after, reading.at()) : after;
                    }
                }
                span = before == null ? span : span.and(before);
                span = after == null ? span : span.and(after);
            }
        }
        return span;
    }

    private static Instant later(@Nullable Instant a, Instant b) {
        return a == null || b.isAfter(a) ? b : a;
    }

    private static Instant earlier(@Nullable Instant a, Instant b) {
        return a == null || b.isBefore(a) ? b : a;
    }
}
