package de.freiraum.aggregate.footfall;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * The readings with which a change of readings is worked off.
 *
 * @param lines readings by line
 * @param touched the time of which segments may have changed
 */
record Loaded(Map<String, List<Reading>> lines, Span touched) {
    /** The same, as if something had changed in all of its days. */
    Loaded wholeDays(ZoneId zone) {
        Instant from = WindowLength.P1D.start(touched.from(), zone);
        Instant to = WindowLength.P1D.end(WindowLength.P1D.start(touched.to(), zone), zone);
        return new Loaded(lines, new Span(from, to.minusMillis(1)));
    }
}
