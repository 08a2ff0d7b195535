package de.freiraum.aggregate.footfall;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import org.jspecify.annotations.Nullable;

/**
 * The lengths of windows, named as ISO 8601 durations. Days and longer ones are those of the city's calendar: a day has 23 or 25 hours when clocks
 * change, a week begins on Monday.
 */
public enum WindowLength {
    PT1M(60),
    PT5M(300),
    PT15M(900),
    PT1H(3600),
    P1D(0),
    P1W(0),
    P1M(0),
    P1Y(0);

    private final long seconds;

    WindowLength(long seconds) {
        this.seconds = seconds;
    }

    /** The length whose windows add up to one of this length; null for those that are cut from readings. */
    public @Nullable WindowLength parts() {
        return switch (this) {
            case PT1M, PT5M, PT15M, PT1H, P1D -> null;
            case P1W, P1M -> P1D;
            case P1Y -> P1M;
        };
    }

    /** The begin of the window that holds the instant. */
    public Instant start(Instant instant, ZoneId zone) {
        if (seconds == 0) {
            return firstDay(instant.atZone(zone).toLocalDate())
                    .atStartOfDay(zone)
                    .toInstant();
        }
        // The standard offset, not that of the moment: it does not jump when clocks change, so windows neither overlap
        // nor are cut.
        long offset = zone.getRules().getStandardOffset(instant).getTotalSeconds();
        long local = instant.getEpochSecond() + offset;
        return Instant.ofEpochSecond(local - Math.floorMod(local, seconds) - offset);
    }

    /** The end, exclusive, of the window that begins at an instant that {@link #start} gave. */
    public Instant end(Instant start, ZoneId zone) {
        return seconds == 0
                ? dayAfter(start.atZone(zone).toLocalDate()).atStartOfDay(zone).toInstant()
                : start.plusSeconds(seconds);
    }

    private LocalDate firstDay(LocalDate day) {
        return switch (this) {
            case P1W -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case P1M -> day.withDayOfMonth(1);
            case P1Y -> day.withDayOfYear(1);
            default -> day;
        };
    }

    private LocalDate dayAfter(LocalDate first) {
        return switch (this) {
            case P1W -> first.plusWeeks(1);
            case P1M -> first.plusMonths(1);
            case P1Y -> first.plusYears(1);
            default -> first.plusDays(1);
        };
    }
}
