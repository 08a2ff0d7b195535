package de.freiraum.catalog;

import de.freiraum.broker.Caller;
import de.freiraum.broker.ScanOperations;
import de.freiraum.broker.ScanOperations.Period;
import de.freiraum.query.EntityQuery;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many sensors had values on each of the last days: what users of the past have to know of its gaps. Days are looked through once; those of
 * the last two, in which late values are to be expected, again whenever the catalogue is made. For one reader at a time.
 */
final class ReportingDays {
    private static final int DAYS = 30;
    private static final int LATE = 2;
    private static final int PIECE = 100;
    private static final int MOST_KNOWN = 20_000;

    private final ScanOperations scan;
    private final InstantSource clock;
    private final Map<Key, ReportingDay> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ReportingDay> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    private record Key(String tenant, String type, LocalDate day) {}

    ReportingDays(ScanOperations scan, InstantSource clock) {
        this.scan = scan;
        this.clock = clock;
    }

    /** Tells a survey of the days before today on which its type had a past. */
    Future<Void> tell(Caller reader, TypeSurvey survey) {
        Instant first = survey.firstObserved();
        if (first == null || !survey.hasPast()) {
            return Future.succeededFuture();
        }
        ZoneId zone = survey.city().zone();
        LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
        LocalDate start = LocalDate.ofInstant(first, zone);
        List<LocalDate> days = new ArrayList<>();
        for (int ago = DAYS; ago > 0; ago--) {
            if (!today.minusDays(ago).isBefore(start)) {
                days.add(today.minusDays(ago));
            }
        }
        Iterator<LocalDate> left = days.iterator();
        return left.hasNext()
                ? Loop.whileTrue(() -> tell(reader, survey, left.next(), today).map(done -> left.hasNext()))
                : Future.succeededFuture();
    }

    private Future<Void> tell(Caller reader, TypeSurvey survey, LocalDate day, LocalDate today) {
        Key key = new Key(reader.tenant().name(), survey.type(), day);
        ReportingDay before = day.isBefore(today.minusDays(LATE)) ? known.get(key) : null;
        Future<ReportingDay> count = before == null ? count(reader, survey, day) : Future.succeededFuture(before);
        return count.map(found -> {
            known.put(key, found);
            survey.seeDay(day, found);
            return null;
        });
    }

    private Future<ReportingDay> count(Caller reader, TypeSurvey survey, LocalDate day) {
        ZoneId zone = survey.city().zone();
        Period one = new Period(
                survey.observed(),
                day.atStartOfDay(zone).toInstant(),
                day.plusDays(1).atStartOfDay(zone).toInstant(),
                1);
        EntityQuery query = EntityQuery.ofType(survey.type());
        AtomicLong all = new AtomicLong();
        Map<String, Long> byPlace = new TreeMap<>();
        return Loop.<ScanOperations.Past>pieces(after -> scan.past(reader, query, one, after, PIECE), past -> {
                    if (!past.instances().isEmpty()) {
                        all.incrementAndGet();
                        String place = survey.placeOf(past.current());
                        if (place != null) {
                            byPlace.merge(place, 1L, Long::sum);
                        }
                    }
                })
                .map(done -> new ReportingDay(all.get(), byPlace));
    }
}
