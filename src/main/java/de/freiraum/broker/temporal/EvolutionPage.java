package de.freiraum.broker.temporal;

import de.freiraum.broker.temporal.TemporalOperations.Selection;
import de.freiraum.model.Attribute;
import de.freiraum.model.Attribute.Kind;
import de.freiraum.query.TemporalQuery;
import de.freiraum.query.TemporalQuery.Relation;
import de.freiraum.representation.TemporalWriter.Evolution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A page of evolutions.
 *
 * @param evolutions the page
 * @param more whether evolutions follow after it
 * @param count all evolutions that match, or -1 if not asked for
 * @param part the part of the time range that the page covers, or null if it covers all of it
 */
public record EvolutionPage(
        List<Evolution> evolutions,
        boolean more,
        long count,
        @Nullable Part part) {

    /**
     * A part of a time range (clause 6.3.10).
     *
     * @param start where it starts: at its earlier end or, if {@code lastN} was asked for, at its later one
     * @param end where it ends
     * @param lastN what was asked for; 0: nothing
     */
    public record Part(Instant start, Instant end, int lastN) {}

    /** Copies the list. */
    public EvolutionPage {
        evolutions = List.copyOf(evolutions);
    }

    /**
     * A page with not many more instances than the selection allows: cut in time, at the newest or, with {@code lastN}, at the oldest
     * instance that is allowed. Instances of one time stay together.
     */
    public static EvolutionPage of(List<Evolution> all, boolean more, long count, Selection selection) {
        return of(all, more, count, selection, null);
    }

    /**
     * The same of evolutions that may be incomplete.
     *
     * @param until the time up to which or, with {@code lastN}, back to which all instances are there; null: all are there
     */
    public static EvolutionPage of(
            List<Evolution> all, boolean more, long count, Selection selection, @Nullable Instant until) {
        TemporalQuery time = selection.time();
        List<Instant> times = selection.most() == 0 && until == null ? List.of() : times(all, time);
        boolean backwards = time.lastN() > 0;
        Instant last = last(times, selection.most(), backwards);
        if (until != null && (last == null || until.isBefore(last) != backwards)) {
            last = until;
        }
        if (last == null) {
            return new EvolutionPage(all, more, count, null);
        }
        return cut(all, more, count, time, last, times);
    }

    /** Where so many times end; null if there are no more. */
    private static @Nullable Instant last(List<Instant> times, int most, boolean backwards) {
        if (most == 0 || times.size() <= most) {
            return null;
        }
        Instant last = backwards ? times.get(times.size() - most) : times.get(most - 1);
        Instant outermost = backwards ? times.get(0) : times.get(times.size() - 1);
        return last.equals(outermost) ? null : last;
    }

    private static EvolutionPage cut(
            List<Evolution> all, boolean more, long count, TemporalQuery time, Instant last, List<Instant> times) {
        boolean backwards = time.lastN() > 0;
        Instant start;
        if (backwards) {
            Instant bound = time.to();
            start = bound != null ? bound : times.isEmpty() ? last : times.get(times.size() - 1);
        } else {
            Instant bound = time.relation() == Relation.before ? null : time.from();
            start = bound != null ? bound : times.isEmpty() ? last : times.get(0);
        }
        List<Evolution> cut =
                all.stream().map(e -> cut(e, last, backwards, time)).toList();
        return new EvolutionPage(cut, more, count, new Part(start, last, time.lastN()));
    }

    /** The times of all instances, ascending. */
    private static List<Instant> times(List<Evolution> evolutions, TemporalQuery time) {
        List<Instant> times = new ArrayList<>();
        for (Evolution evolution : evolutions) {
            for (List<Attribute> instances : evolution.attributes().values()) {
                instances.forEach(a -> times.add(TimesOf.orSystem(a.meta(), time.timeProperty())));
            }
        }
        times.sort(null);
        return times;
    }

    /**
     * An evolution as far as a page can need it, however many other evolutions are on it: with as many instances as an answer may have, and
     * those of the next time, by which it is seen that there are more.
     */
    static Evolution shortened(Evolution evolution, Selection selection) {
        TemporalQuery time = selection.time();
        List<Instant> times = selection.most() == 0 ? List.of() : times(List.of(evolution), time);
        if (times.size() <= selection.most()) {
            return evolution;
        }
        boolean backwards = time.lastN() > 0;
        int step = backwards ? -1 : 1;
        int at = backwards ? times.size() - selection.most() : selection.most() - 1;
        Instant last = times.get(at);
        while (at + step >= 0 && at + step < times.size() && times.get(at).equals(last)) {
            at += step;
        }
        return cut(evolution, times.get(at), backwards, time);
    }

    private static Evolution cut(Evolution evolution, Instant last, boolean backwards, TemporalQuery time) {
        Map<String, List<Attribute>> here = new LinkedHashMap<>();
        Map<String, Kind> elsewhere = new LinkedHashMap<>(evolution.elsewhere());
        evolution.attributes().forEach((iri, instances) -> {
            List<Attribute> inside = instances.stream()
                    .filter(a -> {
                        Instant at = TimesOf.orSystem(a.meta(), time.timeProperty());
                        return backwards ? !at.isBefore(last) : !at.isAfter(last);
                    })
                    .toList();
            if (inside.isEmpty()) {
                elsewhere.put(iri, Objects.requireNonNullElse(instances.get(0).kind(), Kind.Property));
            } else {
                here.put(iri, inside);
            }
        });
        return new Evolution(
                evolution.id(),
                evolution.types(),
                here,
                evolution.createdAt(),
                evolution.modifiedAt(),
                evolution.deletedAt(),
                elsewhere);
    }
}
