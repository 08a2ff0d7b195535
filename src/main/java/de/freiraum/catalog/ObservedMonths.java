package de.freiraum.catalog;

import de.freiraum.broker.Caller;
import de.freiraum.broker.ScanOperations;
import de.freiraum.broker.ScanOperations.Period;
import de.freiraum.query.EntityQuery;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The months between the first and the last observation in which there was one: only those are datasets. Looking ends with the first observation of
 * every place; what was found is remembered, and what was not is looked for again, since values may be brought in later. For one reader at a time.
 */
final class ObservedMonths {
    private static final int PIECE = 100;
    private static final int MOST_KNOWN = 20_000;

    private final ScanOperations scan;
    private final Map<Key, Seen> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Seen> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    private record Key(String tenant, String type, YearMonth month) {}

    /**
     * What was found of a month.
     *
     * @param any whether anything was
     * @param places URIs of the places of which something was
     */
    private record Seen(boolean any, Set<String> places) {
        boolean isAll(Set<String> wanted) {
            return any && places.containsAll(wanted);
        }
    }

    ObservedMonths(ScanOperations scan) {
        this.scan = scan;
    }

    /** Tells a survey of the months after its first and before its last one. */
    Future<Void> tell(Caller reader, TypeSurvey survey) {
        Instant first = survey.firstObserved();
        Instant last = survey.lastObserved();
        if (first == null || last == null || !survey.hasPast()) {
            return Future.succeededFuture();
        }
        ZoneId zone = survey.city().zone();
        List<YearMonth> months = new ArrayList<>();
        YearMonth end = YearMonth.from(last.atZone(zone));
        for (YearMonth month = YearMonth.from(first.atZone(zone)).plusMonths(1);
                month.isBefore(end) && months.size() < Dataset.MOST_MONTHS;
                month = month.plusMonths(1)) {
            months.add(month);
        }
        Iterator<YearMonth> left = months.iterator();
        return left.hasNext()
                ? Loop.whileTrue(() -> tell(reader, survey, left.next()).map(done -> left.hasNext()))
                : Future.succeededFuture();
    }

    private Future<Void> tell(Caller reader, TypeSurvey survey, YearMonth month) {
        Key key = new Key(reader.tenant().name(), survey.type(), month);
        Seen before = known.get(key);
        Future<Seen> seen = before != null && before.isAll(survey.places())
                ? Future.succeededFuture(before)
                : look(reader, survey, month);
        return seen.map(found -> {
            known.put(key, found);
            survey.seeMonth(month, found.any(), found.places());
            return null;
        });
    }

    private Future<Seen> look(Caller reader, TypeSurvey survey, YearMonth month) {
        ZoneId zone = survey.city().zone();
        Period one = new Period(
                survey.observed(),
                month.atDay(1).atStartOfDay(zone).toInstant(),
                month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant(),
                1);
        EntityQuery query = EntityQuery.ofType(survey.type());
        Set<String> wanted = survey.places();
        AtomicReference<@Nullable String> after = new AtomicReference<>();
        Set<String> places = new TreeSet<>();
        boolean[] any = {false};
        return Loop.whileTrue(
                        () -> scan.past(reader, query, one, after.get(), PIECE).map(piece -> {
                            piece.items().stream()
                                    .filter(past -> !past.instances().isEmpty())
                                    .forEach(past -> {
                                        any[0] = true;
                                        String place = survey.placeOf(past.current());
                                        if (place != null) {
                                            places.add(place);
                                        }
                                    });
                            after.set(piece.next());
                            return piece.next() != null && !new Seen(any[0], places).isAll(wanted);
                        }))
                .map(done -> new Seen(any[0], Set.copyOf(places)));
    }
}
