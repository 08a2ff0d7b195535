package de.freiraum.catalog;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is published of one entity type in one city: its current state and, by month, what was observed.
 *
 * @param id stable name, part of the dataset's address
 * @param city whose data it is
 * @param kind what it is about
 * @param entities how many entities there are
 * @param columns of its tables
 * @param box where the entities are, or null if they have no location
 * @param issued when the first of them came
 * @param modified when one of them changed last
 * @param firstObserved when the first value was observed, or null if nothing is observed
 * @param lastObserved when the last value was observed, or null
 * @param observed how many entities have an observed value
 * @param reporting how many of those have one that is not older than {@link #SILENCE}
 */
public record Dataset(
        String id,
        City city,
        Kind kind,
        long entities,
        List<Column> columns,
        @Nullable Box box,
        Instant issued,
        Instant modified,
        @Nullable Instant firstObserved,
        @Nullable Instant lastObserved,
        long observed,
        long reporting) {
    /** Sensors that have nothing to tell say so once a day. */
    static final Duration SILENCE = Duration.ofHours(26);

    private static final int MOST_MONTHS = 1200;

    /** Copies the list. */
    public Dataset {
        columns = List.copyOf(columns);
    }

    /** The title with the city. */
    public Text title() {
        return kind.title().plus(", " + city.name());
    }

    /** Whether what was observed before is published. */
    public boolean hasHistory() {
        return kind.history() && firstObserved != null && lastObserved != null;
    }

    /** The months in which something was observed, from the first to the last; empty without history. */
    public List<YearMonth> months() {
        List<YearMonth> months = new ArrayList<>();
        if (kind.history() && firstObserved != null && lastObserved != null) {
            YearMonth last = YearMonth.from(lastObserved.atZone(city.zone()));
            for (YearMonth month = YearMonth.from(firstObserved.atZone(city.zone()));
                    !month.isAfter(last) && months.size() < MOST_MONTHS;
                    month = month.plusMonths(1)) {
                months.add(month);
            }
        }
        return months;
    }

    /** The day of the last change, where the city is. */
    public LocalDate modifiedOn() {
        return LocalDate.ofInstant(modified, city.zone());
    }

    /** The day on which it was there first, where the city is. */
    public LocalDate issuedOn() {
        return LocalDate.ofInstant(issued, city.zone());
    }
}
