package de.freiraum.aggregate.footfall;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes small numbers out of the windows of one counter, and so many others that no small number is the difference between a longer window and the
 * shorter ones in it: in a window that is published, either no shorter one is taken out or at least two, which together reach the bound; in one that is
 * taken out, all are.
 */
final class Suppression {
    private final ZoneId zone;
    private final int below;

    /** Numbers under {@code below} are small. */
    Suppression(ZoneId zone, int below) {
        this.zone = zone;
        this.below = below;
    }

    /**
     * The windows as they may be published.
     *
     * @param windows by length, of whole days
     */
    SortedMap<WindowLength, SortedMap<Instant, Window>> of(
            SortedMap<WindowLength, SortedMap<Instant, Window>> windows) {
        SortedMap<WindowLength, SortedMap<Instant, Window>> result = new TreeMap<>();
        List<WindowLength> longestFirst = new ArrayList<>(windows.keySet());
        longestFirst.sort(Comparator.reverseOrder());
        WindowLength parent = null;
        Set<Instant> parentsHidden = Set.of();
        for (WindowLength length : longestFirst) {
            SortedMap<Instant, Window> all = windows.getOrDefault(length, new TreeMap<>());
            Set<Instant> hidden = new HashSet<>();
            for (List<Window> within : grouped(all, parent)) {
                hidden.addAll(hidden(within, parent, parentsHidden));
            }
            SortedMap<Instant, Window> published = new TreeMap<>(all);
            published.replaceAll((start, window) -> hidden.contains(start) ? window.suppressed() : window);
            result.put(length, published);
            parent = length;
            parentsHidden = hidden;
        }
        return result;
    }

    private Iterable<List<Window>> grouped(SortedMap<Instant, Window> all, @Nullable WindowLength parent) {
        SortedMap<Instant, List<Window>> groups = new TreeMap<>();
        all.forEach((start, window) -> groups.computeIfAbsent(
                        parent == null ? start : parent.start(start, zone), s -> new ArrayList<>())
                .add(window));
        return groups.values();
    }

    private Set<Instant> hidden(List<Window> within, @Nullable WindowLength parent, Set<Instant> parentsHidden) {
        boolean all = parent != null
                && parentsHidden.contains(parent.start(within.get(0).from(), zone));
        List<Window> hidden = new ArrayList<>();
        List<Window> shown = new ArrayList<>();
        within.forEach(window -> (all || isSmall(window) ? hidden : shown).add(window));
        shown.sort(Comparator.comparingLong(Suppression::size).thenComparing(Window::from));
        int next = 0;
        while (parent != null && !hidden.isEmpty() && next < shown.size() && isTold(hidden)) {
            hidden.add(shown.get(next++));
        }
        Set<Instant> starts = new HashSet<>();
        hidden.forEach(window -> starts.add(window.from()));
        return starts;
    }

    /** Whether the sum of the hidden windows, which the rest tells, is itself small or the number of a single one. */
    private boolean isTold(List<Window> hidden) {
        return hidden.size() == 1
                || Stream.<Function<Window, @Nullable Long>>of(Window::people, Window::towards, Window::away)
                        .anyMatch(number -> hidden.stream()
                                        .map(number)
                                        .filter(Objects::nonNull)
                                        .mapToLong(Long::longValue)
                                        .reduce(Long::sum)
                                        .orElse(below)
                                < below);
    }

    private boolean isSmall(Window window) {
        return isSmall(window.people()) || isSmall(window.towards()) || isSmall(window.away());
    }

    private boolean isSmall(@Nullable Long number) {
        return number != null && number < below;
    }

    private static long size(Window window) {
        Long people = window.people();
        return people == null ? 0 : people;
    }
}
