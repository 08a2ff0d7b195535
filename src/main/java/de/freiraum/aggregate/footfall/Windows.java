package de.freiraum.aggregate.footfall;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From readings to windows: a function of the set of readings, whatever their order and however often each is given. Windows of every length are
 * cut from the same segments, so short ones add up to long ones exactly.
 */
final class Windows {
    /** A message may span this much more time than the window before its split counts as a guess: messages do not come to the second. */
    private static final double TOLERANCE = 1.1;

    private Windows() {}

    /**
     * The windows of one counter of which anything is known.
     *
     * @param lines the readings of each of the counter's lines; one without readings counts as not covered
     * @param from only windows that reach beyond this instant
     * @param to only windows that begin before this instant
     * @return by their begin
     */
    static SortedMap<Instant, Window> of(
            Map<String, ? extends Collection<Reading>> lines,
            WindowLength length,
            ZoneId zone,
            CountingRules rules,
            Instant from,
            Instant to) {
        TreeMap<Instant, Draft> drafts = new TreeMap<>();
        lines.forEach((line, readings) -> Segments.of(readings, rules)
                .forEach((channel, segments) -> segments.forEach(
                        segment -> new Cut(length, zone, from, to).spread(line, channel, segment, drafts))));
        SortedMap<Instant, Window> windows = new TreeMap<>();
        drafts.forEach((start, draft) -> windows.put(start, draft.window(lines.size())));
        return windows;
    }

    private record Cut(WindowLength length, ZoneId zone, Instant from, Instant to) {
        void spread(String line, Channel channel, Segment segment, Map<Instant, Draft> drafts) {
            Instant first = Instant.ofEpochMilli(segment.pieceFrom());
            Instant start = length.start(first.isBefore(from) ? from : first, zone);
            while (start.toEpochMilli() < segment.pieceTo() && start.isBefore(to)) {
                Instant end = length.end(start, zone);
                if (segment.overlap(start.toEpochMilli(), end.toEpochMilli()) > 0) {
                    Instant begin = start;
                    drafts.computeIfAbsent(start, s -> new Draft(begin, end)).add(line, channel, segment);
                }
                start = end;
            }
        }
    }

    private static final class Draft {
        private final Instant start;
        private final Instant end;
        private final Map<String, Map<Channel, Long>> counts = new HashMap<>();
        private final Map<String, List<Segment>> seen = new HashMap<>();
        private boolean estimated;

        Draft(Instant start, Instant end) {
            this.start = start;
            this.end = end;
        }

        void add(String line, Channel channel, Segment segment) {
            long from = start.toEpochMilli();
            long to = end.toEpochMilli();
            long share = segment.share(from, to);
            counts.computeIfAbsent(line, l -> new EnumMap<>(Channel.class)).merge(channel, share, Long::sum);
            seen.computeIfAbsent(line, l -> new ArrayList<>()).add(segment);
            boolean tooLong = segment.to() - segment.from() > TOLERANCE * (to - from);
            estimated |= segment.count() > 0 && (segment.doubtful() || tooLong);
        }

        Window window(int lines) {
            Long people = 0L;
            Long towards = 0L;
            Long away = 0L;
            for (Map<Channel, Long> line : counts.values()) {
                people = Window.plus(people, people(line));
                towards = Window.plus(towards, line.get(Channel.TOWARDS));
                away = Window.plus(away, line.get(Channel.AWAY));
            }
            double covered = 0;
            for (List<Segment> segments : seen.values()) {
                covered += covered(segments);
            }
            double coverage = Window.round(covered / (end.toEpochMilli() - start.toEpochMilli()) / lines);
            return new Window(start, end, people, towards, away, coverage, Quality.of(coverage, estimated));
        }

        private static @Nullable Long people(Map<Channel, Long> line) {
            Long undirected = line.get(Channel.UNDIRECTED);
            return undirected != null ? undirected : Window.plus(line.get(Channel.TOWARDS), line.get(Channel.AWAY));
        }

        /** Milliseconds that at least one of the segments tells. */
        private long covered(List<Segment> segments) {
            List<Segment> ordered = new ArrayList<>(segments);
            ordered.sort(Comparator.comparingLong(Segment::pieceFrom));
            long covered = 0;
            long open = start.toEpochMilli();
            for (Segment segment : ordered) {
                covered += segment.overlap(open, end.toEpochMilli());
                open = Math.max(open, Math.min(segment.pieceTo(), end.toEpochMilli()));
            }
            return covered;
        }
    }
}
