package de.freiraum.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** The lengths of windows. */
enum Period {
    /** A quarter of an hour of the clock. */
    PT15M {
        @Override
        Instant begin(Instant time, ZoneId zone) {
            long seconds = Duration.ofMinutes(15).toSeconds();
            return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
        }

        @Override
        Instant end(Instant time, ZoneId zone) {
            return begin(time, zone).plus(15, ChronoUnit.MINUTES);
        }
    },
    /** A day of the calendar, which has 23 to 25 hours. */
    P1D {
        @Override
        Instant begin(Instant time, ZoneId zone) {
            return time.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
        }

        @Override
        Instant end(Instant time, ZoneId zone) {
            return time.atZone(zone)
                    .toLocalDate()
                    .plusDays(1)
                    .atStartOfDay(zone)
                    .toInstant();
        }
    };

    /** The begin of the window that a time lies in. */
    abstract Instant begin(Instant time, ZoneId zone);

    /** The end of the window that a time lies in, which is the begin of the next. */
    abstract Instant end(Instant time, ZoneId zone);
}
