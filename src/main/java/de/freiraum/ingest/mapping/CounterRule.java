package de.freiraum.ingest.mapping;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a people counter's reading is put together. With totals the reading is cumulative, and the counts of the period come along for checking;
 * without totals the counts of the period are the reading, which then needs the length of the period.
 *
 * @param towards count of the period towards, or null
 * @param away count of the period away, or null
 * @param totalTowards running total towards, or null
 * @param totalAway running total away, or null
 * @param bits width of the totals, after which they start at 0 again
 * @param period ISO 8601 duration of the period, or null: counts without totals are left out
 * @param reset whether the totals have started anew, or null
 */
public record CounterRule(
        @Nullable Expression towards,
        @Nullable Expression away,
        @Nullable Expression totalTowards,
        @Nullable Expression totalAway,
        int bits,
        @Nullable Template period,
        @Nullable Expression reset) {
    private static final String NAMESPACE = "https://w3id.org/freiraum/";

    /** The reading, or null when the uplink has no counts. */
    @Nullable
    Value read(Scope scope) {
        boolean swap = scope.swapped();
        long most = bits >= 63 ? Long.MAX_VALUE : (1L << bits) - 1;
        Map<String, Value> reading = new LinkedHashMap<>();
        put(reading, "totalTowards", swap ? totalAway : totalTowards, scope, most);
        put(reading, "totalAway", swap ? totalTowards : totalAway, scope, most);
        boolean cumulative = !reading.isEmpty();
        put(reading, "towards", swap ? away : towards, scope, Integer.MAX_VALUE);
        put(reading, "away", swap ? towards : away, scope, Integer.MAX_VALUE);
        if (reading.isEmpty()) {
            return null;
        }
        if (cumulative) {
            reading.put(NAMESPACE + "counterBits", Value.of(bits));
            if (reset != null && reset.evaluate(scope.variables()) instanceof Value.Bool anew && anew.truth()) {
                reading.put(NAMESPACE + "reset", Value.of(true));
            }
            return new Value.Obj(reading);
        }
        if (period == null) {
            return null;
        }
        reading.put(
                NAMESPACE + "from", Value.of(scope.time().minus(length(scope)).toString()));
        return new Value.Obj(reading);
    }

    private Duration length(Scope scope) {
        String text = period == null ? null : scope.fill(period);
        if (text == null) {
            throw Rejection.mapping("a count without totals needs the length of its period, " + period);
        }
        try {
            Duration length = Duration.parse(text);
            if (length.isZero() || length.isNegative() || length.compareTo(Duration.ofDays(1)) > 0) {
                throw Rejection.mapping("the period must be above PT0S and at most P1D");
            }
            return length;
        } catch (DateTimeException e) {
            throw Rejection.mapping("the period must be an ISO 8601 duration such as PT15M");
        }
    }

    private static void put(
            Map<String, Value> reading, String name, @Nullable Expression expression, Scope scope, long most) {
        Value value = expression == null ? null : expression.evaluate(scope.variables());
        if (value == null) {
            return;
        }
        if (!(value instanceof Value.Num number)) {
            throw Rejection.mapping("\"" + name + "\" must be a number");
        }
        double count = number.asDouble();
        if (count != Math.rint(count) || count < 0 || count > most) {
            throw Rejection.mapping("\"" + name + "\" must be a whole number from 0 to " + most);
        }
        reading.put(NAMESPACE + name, Value.of((long) count));
    }
}
