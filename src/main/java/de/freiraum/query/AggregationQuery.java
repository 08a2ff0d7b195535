package de.freiraum.query;

import de.freiraum.model.NgsiLdException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the aggregated temporal representation is made (clause 4.5.19).
 *
 * @param methods what to compute, at least one
 * @param period years, months, weeks and days of one step
 * @param time hours, minutes and seconds of one step
 */
public record AggregationQuery(Set<Method> methods, Period period, Duration time) {
    private static final int MAX_DURATION = 64;

    /** Copies the set, in the order of the enumeration. */
    public AggregationQuery {
        methods = java.util.Collections.unmodifiableSet(EnumSet.copyOf(methods));
    }

    /** Clause 4.5.19.1, named as {@code aggrMethods} names them. */
    public enum Method {
        totalCount,
        distinctCount,
        sum,
        avg,
        min,
        max,
        stddev,
        sumsq
    }

    /**
     * Parses the two parameters.
     *
     * @param aggrMethods names separated by commas
     * @param aggrPeriodDuration ISO 8601 duration such as {@code PT1H}, {@code P1D} or {@code P3Y6M4DT12H30M5S}; null and {@code PT0S} mean the
     *     whole interval
     * @throws NgsiLdException BadRequestData, naming the parameter that is missing or wrong
     */
    public static AggregationQuery parse(@Nullable String aggrMethods, @Nullable String aggrPeriodDuration) {
        if (aggrMethods == null || aggrMethods.isEmpty()) {
            throw NgsiLdException.badRequest(
                    "aggrMethods is missing: the aggregated temporal representation needs at least one method");
        }
        Set<Method> methods = EnumSet.noneOf(Method.class);
        for (String name : aggrMethods.split(",", -1)) {
            methods.add(TemporalQuery.named(Method.class, "aggrMethods", name.strip()));
        }
        String duration = aggrPeriodDuration == null ? "PT0S" : aggrPeriodDuration;
        int t = duration.indexOf('T');
        boolean wellFormed = duration.length() <= MAX_DURATION
                && duration.startsWith("P")
                && duration.length() > 1
                && !duration.endsWith("T")
                && duration.chars().allMatch(c -> (c >= '0' && c <= '9') || "PYMWDTHS.".indexOf(c) >= 0);
        try {
            if (wellFormed) {
                Period period = t == 1 ? Period.ZERO : Period.parse(t < 0 ? duration : duration.substring(0, t));
                Duration time = t < 0 ? Duration.ZERO : Duration.parse("P" + duration.substring(t));
                return new AggregationQuery(methods, period, time);
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw badDuration();
        }
        throw badDuration();
    }

    private static NgsiLdException badDuration() {
        return NgsiLdException.badRequest(
                "aggrPeriodDuration: expected an ISO 8601 duration such as PT1H, P1D or P3Y6M4DT12H30M5S");
    }

    /** Whether one step spans the whole interval. */
    public boolean isWhole() {
        return period.isZero() && time.isZero();
    }

    /**
     * The start of a step.
     *
     * @param origin start of step 0
     * @param index 0 or more
     * @throws DateTimeException if it is beyond the range of time
     * @throws ArithmeticException likewise
     */
    public Instant start(Instant origin, int index) {
        return origin.atOffset(ZoneOffset.UTC)
                .plus(period.multipliedBy(index))
                .plus(time.multipliedBy(index))
                .toInstant();
    }
}
