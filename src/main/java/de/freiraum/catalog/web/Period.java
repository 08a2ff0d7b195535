package de.freiraum.catalog.web;

import de.freiraum.catalog.Dataset;
import java.time.DateTimeException;
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

    /** The period that a text names, if it names one. */
    static Optional<Period> parse(String text) {
        try {
            if (MONTH.matcher(text).matches()) {
                YearMonth month = YearMonth.parse(text);
                return Optional.of(new Period(text, month.atDay(1), month.atEndOfMonth()));
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
