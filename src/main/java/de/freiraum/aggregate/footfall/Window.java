package de.freiraum.aggregate.footfall;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The people of one window. A number is null when it is not known, which is not zero.
 *
 * @param from begin, inclusive
 * @param to end, exclusive
 * @param people all
 * @param towards in the one direction
 * @param away in the other
 * @param coverage the share of the window in which counting took place, 0 to 1, in steps of 0.0001
 * @param quality how far the numbers can be trusted
 */
public record Window(
        Instant from,
        Instant to,
        @Nullable Long people,
        @Nullable Long towards,
        @Nullable Long away,
        double coverage,
        Quality quality) {

    /** A window of which nothing is known. */
    static Window missing(Instant from, Instant to) {
        return new Window(from, to, null, null, null, 0, Quality.MISSING);
    }

    /** The same without its numbers. */
    Window suppressed() {
        return new Window(from, to, null, null, null, coverage, Quality.SUPPRESSED);
    }

    /**
     * The window of a site from those of its counters. A number is known if all counters that have anything in the window know it. Suppressed
     * ones are left out, so that the sum does not tell them.
     *
     * @param known the counters' windows, at least one, all of the same time
     * @param counters how many counters the site has; those without a window count as not covered
     */
    static Window sum(List<Window> known, int counters) {
        Window first = known.get(0);
        List<Window> seen = known.stream().filter(Window::isPublished).toList();
        if (seen.isEmpty()) {
            return nothing(known, first.from(), first.to());
        }
        Long people = 0L;
        Long towards = 0L;
        Long away = 0L;
        double coverage = 0;
        boolean estimated = false;
        for (Window window : seen) {
            people = plus(people, window.people());
            towards = plus(towards, window.towards());
            away = plus(away, window.away());
            coverage += window.coverage();
            estimated |= window.quality() == Quality.ESTIMATED;
        }
        double share = round(coverage / Math.max(counters, seen.size()));
        return new Window(first.from(), first.to(), people, towards, away, share, Quality.of(share, estimated));
    }

    /**
     * The window of a longer time from the shorter ones that make it up. A number is known if every part that has anything knows it; a part that is
     * not there was not covered, and a suppressed one is left out.
     *
     * @param parts what is published of the parts, in any order
     * @return a missing window if nothing is known of any part
     */
    static Window join(Collection<Window> parts, Instant from, Instant to) {
        List<Window> seen = parts.stream().filter(Window::isPublished).toList();
        if (seen.isEmpty()) {
            return nothing(parts, from, to);
        }
        Long people = 0L;
        Long towards = 0L;
        Long away = 0L;
        double covered = 0;
        boolean estimated = false;
        for (Window part : seen) {
            people = plus(people, part.people());
            towards = plus(towards, part.towards());
            away = plus(away, part.away());
            covered +=
                    part.coverage() * Duration.between(part.from(), part.to()).toMillis();
            estimated |= part.quality() == Quality.ESTIMATED;
        }
        double coverage = round(covered / Duration.between(from, to).toMillis());
        return new Window(from, to, people, towards, away, coverage, Quality.of(coverage, estimated));
    }

    private boolean isPublished() {
        return quality != Quality.MISSING && quality != Quality.SUPPRESSED;
    }

    private static Window nothing(Collection<Window> parts, Instant from, Instant to) {
        boolean suppressed = parts.stream().anyMatch(w -> w.quality() == Quality.SUPPRESSED);
        return suppressed ? missing(from, to).suppressed() : missing(from, to);
    }

    static @Nullable Long plus(@Nullable Long sum, @Nullable Long number) {
        return sum == null || number == null ? null : (Long) (sum + number);
    }

    /** To four places, but never to nothing what is something, nor to everything what is less. */
    static double round(double coverage) {
        if (coverage <= 0 || coverage >= 1) {
            return Math.max(0, Math.min(1, coverage));
        }
        return Math.max(1, Math.min(9_999, Math.round(coverage * 10_000))) / 10_000.0;
    }
}
