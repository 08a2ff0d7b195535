package de.freiraum.query;

import de.freiraum.model.NgsiLdException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the aggregated temporal representation is made (clause 4.5.19).
 *
 * @param methods what to compute, at least one
 * @param step how long a step is; zero: as long as the whole interval
 */
public record AggregationQuery(Set<Method> methods, IsoDuration step) {
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
        IsoDuration step =
                IsoDuration.parse("aggrPeriodDuration", aggrPeriodDuration == null ? "PT0S" : aggrPeriodDuration);
        return new AggregationQuery(methods, step);
    }

    /** Whether one step spans the whole interval. */
    public boolean isWhole() {
        return step.isZero();
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
        return step.after(origin, index);
    }
}
