package de.freiraum.formats.ogc;

import de.freiraum.model.NgsiLdException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A time or an interval, both ends inside (17-069r4, 7.15.4).
 *
 * @param from null: without a beginning
 * @param to null: without an end
 */
record TimeSpan(@Nullable Instant from, @Nullable Instant to) {
    private static final String FORM =
            "datetime: expected is a time such as 2026-03-02T07:00:00Z, or two with a slash between, of which one may be ..";

    /** Reads the parameter; fails with BadRequestData. */
    static TimeSpan of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            Instant at = time(text);
            return new TimeSpan(at, at);
        }
        Instant from = end(text.substring(0, slash));
        Instant to = end(text.substring(slash + 1));
        if ((from == null && to == null) || (from != null && to != null && from.isAfter(to))) {
            throw NgsiLdException.badRequest(FORM);
        }
        return new TimeSpan(from, to);
    }

    private static @Nullable Instant end(String text) {
        return text.isEmpty() || text.equals("..") ? null : time(text);
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw NgsiLdException.badRequest(FORM);
        }
    }

    /** Whether a time lies inside; what has no time always does. */
    boolean holds(@Nullable Instant time) {
        return time == null || ((from == null || !time.isBefore(from)) && (to == null || !time.isAfter(to)));
    }
}
