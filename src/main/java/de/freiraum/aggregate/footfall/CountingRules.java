package de.freiraum.aggregate.footfall;

import de.freiraum.config.Default;
import java.time.Duration;

/**
 * What is plausible in readings.
 *
 * @param maxPerMinute the most people a minute past one line in one direction; above 0. Tells a roll-over of a total from a reset
 * @param maxGap the longest time over which the difference of two totals is spread; a longer one makes the later total a new base, and longer
 *     intervals are not counted
 */
public record CountingRules(
        @Default("300") int maxPerMinute, @Default("7d") Duration maxGap) {
    /** 300 people a minute and line, seven days. */
    public static final CountingRules DEFAULT = new CountingRules(300, Duration.ofDays(7));

    private static final long SHORTEST_MILLIS = Duration.ofMinutes(15).toMillis();

    /** Refuses zero and less. */
    public CountingRules {
        if (maxPerMinute <= 0 || maxGap.isNegative() || maxGap.isZero()) {
            throw new IllegalArgumentException("maxPerMinute and maxGap must be above 0");
        }
    }

    /** Whether so many people may have passed in that time. Short times count as 15 minutes: messages are held up and then come in a row. */
    boolean isPlausible(long people, long millis) {
        return people <= (long) maxPerMinute * Math.max(millis, SHORTEST_MILLIS) / 60_000;
    }
}
