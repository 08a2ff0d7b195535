package de.freiraum.aggregate.footfall;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * From the readings of one line to what is known of each channel: who passed when. A function of the set of readings; their order and how often
 * each is given do not matter.
 */
final class Segments {
    private Segments() {}

    /** The segments of each channel that has any, in ascending time. Segments of totals do not overlap; those of intervals may. */
    static Map<Channel, List<Segment>> of(Collection<Reading> readings, CountingRules rules) {
        List<Reading> line = distinct(readings);
        Map<Channel, List<Segment>> result = new EnumMap<>(Channel.class);
        for (Channel channel : Channel.values()) {
            List<Segment> segments = ofTotals(line, channel, rules);
            segments.addAll(ofIntervals(line, channel, List.copyOf(segments), rules));
            if (!segments.isEmpty()) {
                result.put(channel, segments);
            }
        }
        return result;
    }

    /** In ascending time, one an instant. */
    static List<Reading> distinct(Collection<Reading> readings) {
        TreeSet<Reading> ordered = new TreeSet<>(Reading.order());
        ordered.addAll(readings);
        List<Reading> distinct = new ArrayList<>(ordered.size());
        for (Reading reading : ordered) {
            int last = distinct.size() - 1;
            if (last >= 0 && distinct.get(last).at().equals(reading.at())) {
                distinct.set(last, reading);
            } else {
                distinct.add(reading);
            }
        }
        return distinct;
    }

    private static List<Segment> ofTotals(List<Reading> line, Channel channel, CountingRules rules) {
        List<Segment> segments = new ArrayList<>();
        Reading previous = null;
        for (Reading reading : line) {
            if (reading.totals().containsKey(channel)) {
                Segment segment = previous == null ? null : between(previous, reading, channel, rules);
                if (segment != null) {
                    segments.add(segment);
                }
                previous = reading;
            }
        }
        return segments;
    }

    private static @Nullable Segment between(Reading previous, Reading reading, Channel channel, CountingRules rules) {
        long to = reading.at().toEpochMilli();
        // Two messages within one millisecond still have a time between them; the day they belong to is that of the
        // first.
        long from = Math.min(previous.at().toEpochMilli(), to - 1);
        long gap = to - from;
        if (gap > rules.maxGap().toMillis()) {
            return null;
        }
        long before = previous.totals().getOrDefault(channel, 0L);
        long after = reading.totals().getOrDefault(channel, 0L);
        Long period = reading.counts().get(channel);
        if (!reading.reset() && after >= before) {
            return Segment.whole(from, to, after - before, !rules.isPlausible(after - before, gap));
        }
        long span = 1L << reading.bits();
        long untilTop = span - before;
        if (!reading.reset()
                && untilTop >= 0
                && untilTop <= span / 4
                && rules.isPlausible(untilTop + after, gap)
                && (period == null || untilTop + after >= period)) {
            return Segment.whole(from, to, untilTop + after, false);
        }
        // After a reset the total tells what came since; the message's own period may reach back further. Both are at
        // most the truth.
        if (rules.isPlausible(after, gap)) {
            return Segment.whole(from, to, period == null ? after : Math.max(after, period), false);
        }
        return period == null ? null : Segment.whole(from, to, period, true);
    }

    private static List<Segment> ofIntervals(
            List<Reading> line, Channel channel, List<Segment> totals, CountingRules rules) {
        List<Segment> segments = new ArrayList<>();
        for (Reading reading : line) {
            Long count = reading.counts().get(channel);
            if (count == null || reading.from() == null || reading.totals().containsKey(channel)) {
                continue;
            }
            long to = reading.at().toEpochMilli();
            long from = Math.min(reading.from().toEpochMilli(), to - 1);
            if (to - from <= rules.maxGap().toMillis()) {
                addUncovered(Segment.whole(from, to, count, !rules.isPlausible(count, to - from)), totals, segments);
            }
        }
        return segments;
    }

    /** Adds what the totals do not tell already. */
    private static void addUncovered(Segment segment, List<Segment> totals, List<Segment> target) {
        long open = segment.from();
        for (Segment total : totals) {
            if (total.to() <= open || total.from() >= segment.to()) {
                continue;
            }
            if (total.from() > open) {
                target.add(segment.piece(open, total.from()));
            }
            open = total.to();
        }
        if (open < segment.to()) {
            target.add(segment.piece(open, segment.to()));
        }
    }
}
