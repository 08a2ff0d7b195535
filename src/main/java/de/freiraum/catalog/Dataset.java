package de.freiraum.catalog;

import de.freiraum.query.EntityQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is published of one entity type in one city, or of those of them that belong to one place: its current state and, by month, what was observed.
 *
 * @param city whose data it is
 * @param kind what it is about
 * @param group which entities of the type, or null: all
 * @param entities how many entities there are
 * @param columns of its tables
 * @param box where the entities are, or null if they have no location
 * @param issued when the first of them came
 * @param modified when one of them changed last
 * @param firstObserved when the first value was observed, or null if nothing is observed
 * @param lastObserved when the last value was observed, or null
 * @param observed how many entities have an observed value
 * @param reporting how many of those have one that is not older than {@link #SILENCE}
 * @param days how many had a value on each of the last days that are over, in the order of time; empty if nothing was observed before
 * @param emptyMonths months between the first and the last value in which nothing was observed
 */
public record Dataset(
        City city,
        Kind kind,
        @Nullable Group group,
        long entities,
        List<Column> columns,
        @Nullable Box box,
        Instant issued,
        Instant modified,
        @Nullable Instant firstObserved,
        @Nullable Instant lastObserved,
        long observed,
        long reporting,
        List<Day> days,
        Set<YearMonth> emptyMonths) {
    /** Sensors that have nothing to tell say so once a day. */
    static final Duration SILENCE = Duration.ofHours(26);

    /** Up to how many months of the past are looked at. */
    static final int MOST_MONTHS = 1200;

    /**
     * A day of the past.
     *
     * @param date where the city is
     * @param reporting how many entities had a value
     */
    public record Day(LocalDate date, long reporting) {}

    /** Copies what it is given. */
    public Dataset {
        columns = List.copyOf(columns);
        days = List.copyOf(days);
        emptyMonths = Set.copyOf(emptyMonths);
    }

    /** Stable name, part of the dataset's address. */
    public String id() {
        String whole = wholeId();
        return group == null ? whole : whole + "-" + group.id();
    }

    /** The id of the dataset of all entities of the type. */
    public String wholeId() {
        return city.id() + "-" + kind.id();
    }

    /** The title, with the place and the city. */
    public Text title() {
        return kind.title().plus(group == null ? ", " + city.name() : ", " + group.name() + ", " + city.name());
    }

    /** Which of the city's entities it has. */
    public EntityQuery query() {
        EntityQuery all = EntityQuery.ofType(kind.type());
        return group == null ? all : all.withQ(group.condition());
    }

    /** Days between the first and the last value on which nothing was observed, as far as days are known. */
    public List<LocalDate> gaps() {
        return days.stream().filter(day -> day.reporting() == 0).map(Day::date).toList();
    }

    /** Whether what was observed before is published. */
    public boolean hasHistory() {
        return kind.history() && firstObserved != null && lastObserved != null;
    }

    /** The months in which something was observed, in the order of time; empty without history. */
    public List<YearMonth> months() {
        List<YearMonth> months = new ArrayList<>();
        if (kind.history() && firstObserved != null && lastObserved != null) {
            YearMonth last = YearMonth.from(lastObserved.atZone(city.zone()));
            for (YearMonth month = YearMonth.from(firstObserved.atZone(city.zone()));
                    !month.isAfter(last) && months.size() < MOST_MONTHS;
                    month = month.plusMonths(1)) {
                if (!emptyMonths.contains(month)) {
                    months.add(month);
                }
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
