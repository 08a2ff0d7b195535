package de.freiraum.aggregate.footfall;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** The lengths of windows, named as ISO 8601 durations. A day is a calendar day of the city: 23 or 25 hours when clocks change. */
public enum WindowLength {
    PT5M(300),
    PT15M(900),
    PT1H(3600),
    P1D(86_400);

    private final long seconds;

    WindowLength(long seconds) {
        this.seconds = seconds;
    }

    /** The length; of an ordinary day for days. */
    public Duration duration() {
        return Duration.ofSeconds(seconds);
    }

    /** The begin of the window that holds the instant. */
    public Instant start(Instant instant, ZoneId zone) {
        if (this == P1D) {
            return instant.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
        }
        // The standard offset, not that of the moment: it does not jump when clocks change, so windows neither overlap
        // nor are cut.
        long offset = zone.getRules().getStandardOffset(instant).getTotalSeconds();
        long local = instant.getEpochSecond() + offset;
        return Instant.ofEpochSecond(local - Math.floorMod(local, seconds) - offset);
    }

    /** The end, exclusive, of the window that begins at an instant that {@link #start} gave. */
    public Instant end(Instant start, ZoneId zone) {
        return this == P1D
                ? start.atZone(zone)
                        .toLocalDate()
                        .plusDays(1)
                        .atStartOfDay(zone)
                        .toInstant()
                : start.plusSeconds(seconds);
    }
}
