package de.freiraum.registration;

import de.freiraum.query.TemporalQuery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Clause 5.2.11.
 *
 * @param startAt its start
 * @param endAt its end, or null: it is open
 */
public record TimeInterval(Instant startAt, @Nullable Instant endAt) {

    /** Whether a temporal query asks for times of the interval, ends included (clause 5.10.2.4). */
    public boolean matches(TemporalQuery query) {
        Instant from = query.from();
        Instant to = query.to();
        return (to == null || !startAt.isAfter(to)) && (from == null || endAt == null || !endAt.isBefore(from));
    }
}
