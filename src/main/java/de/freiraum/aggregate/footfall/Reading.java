package de.freiraum.aggregate.footfall;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of one line of a counter. Its identity within the line is {@code at}.
 *
 * @param at end of what was counted, exclusive
 * @param from begin of what {@code counts} tells, inclusive and before {@code at}; null if the message does not say
 * @param counts people in the interval, by channel, 0 or more
 * @param totals running totals at {@code at}, by channel, 0 or more
 * @param bits width of the totals, 8 to 62: after 2^bits - 1 comes 0
 * @param reset whether the sensor says that its totals began anew since its last message
 */
public record Reading(
        Instant at,
        @Nullable Instant from,
        Map<Channel, Long> counts,
        Map<Channel, Long> totals,
        int bits,
        boolean reset) {

    private static final Comparator<Reading> ORDER = Comparator.comparing(Reading::at)
            .thenComparingLong(r -> sum(r.totals))
            .thenComparingLong(r -> sum(r.counts))
            .thenComparing(r -> r.from == null ? Instant.MAX : r.from)
            .thenComparing(Reading::toString);

    /** Copies the maps and refuses numbers out of range. */
    public Reading {
        if (from != null && !from.isBefore(at)) {
            throw new IllegalArgumentException("a reading's interval ends after it begins");
        }
        if (bits < 8 || bits > 62) {
            throw new IllegalArgumentException("a counter has 8 to 62 bits");
        }
        counts = copy(counts);
        totals = copy(totals);
    }

    /** A reading of an interval. */
    public static Reading ofInterval(Instant from, Instant at, Map<Channel, Long> counts) {
        return new Reading(at, from, counts, Map.of(), 32, false);
    }

    /** A reading of running totals. */
    public static Reading ofTotals(Instant at, Map<Channel, Long> totals, int bits) {
        return new Reading(at, null, Map.of(), totals, bits, false);
    }

    /** A total order, by time first; among different readings of one instant the last counts, so that the choice depends on nothing else. */
    static Comparator<Reading> order() {
        return ORDER;
    }

    private static Map<Channel, Long> copy(Map<Channel, Long> numbers) {
        Map<Channel, Long> copy = new EnumMap<>(Channel.class);
        numbers.forEach((channel, number) -> {
            if (number < 0) {
                throw new IllegalArgumentException("a count is 0 or more");
            }
            copy.put(channel, number);
        });
        return java.util.Collections.unmodifiableMap(copy);
    }

    private static long sum(Map<Channel, Long> numbers) {
        long sum = 0;
        for (long number : numbers.values()) {
            sum += number;
        }
        return sum;
    }
}
