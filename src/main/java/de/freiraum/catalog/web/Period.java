package de.freiraum.catalog.web;

import de.freiraum.catalog.Dataset;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A month or a day of the past, where the city is.
 *
 * @param text as in addresses: {@code 2026-11} or {@code 2026-11-24}
 * @param first first day
 * @param last last day, inclusive
 */
record Period(String text, LocalDate first, LocalDate last) {
    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-[0-9]{2}");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    /** For so long after a period late observations are to be expected. */
    private static final Duration LATE = Duration.ofDays(2);

    /** A month. */
    static Period of(YearMonth month) {
        return new Period(month.toString(), month.atDay(1), month.atEndOfMonth());
    }

    /** The period that a text names, if it names one. */
    static Optional<Period> parse(String text) {
        try {
            if (MONTH.matcher(text).matches()) {
                return Optional.of(of(YearMonth.parse(text)));
            }
            if (DAY.matcher(text).matches()) {
                LocalDate day = LocalDate.parse(text);
                return Optional.of(new Period(text, day, day));
            }
        } catch (DateTimeException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Whether it ended so long ago that nothing more is to be expected of it. */
    boolean isOver(Dataset dataset, Instant now) {
        Instant end = last.plusDays(1).atStartOfDay(dataset.city().zone()).toInstant();
        return now.isAfter(end.plus(LATE));
    }

    /** Whether the dataset has a past that reaches into it. */
    boolean isIn(Dataset dataset) {
        if (!dataset.hasHistory() || dataset.firstObserved() == null || dataset.lastObserved() == null) {
            return false;
        }
        LocalDate start =
                LocalDate.ofInstant(dataset.firstObserved(), dataset.city().zone());
        LocalDate end =
                LocalDate.ofInstant(dataset.lastObserved(), dataset.city().zone());
        return !last.isBefore(start) && !first.isAfter(end);
    }
}
