package de.freiraum.aggregate.footfall;

import java.time.Instant;

/**
 * A stretch of time in which something has to be computed again.
 *
 * @param from its first instant
 * @param to its last, not before the first
 */
record Span(Instant from, Instant to) {
    /** The shortest that holds both. */
    Span and(Span other) {
        return new Span(other.from.isBefore(from) ? other.from : from, other.to.isAfter(to) ? other.to : to);
    }

    /** The shortest that holds it and the instant. */
    Span and(Instant instant) {
        return and(new Span(instant, instant));
    }
}
