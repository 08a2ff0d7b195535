package de.freiraum.retention;

import de.freiraum.model.Aggregated;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import de.freiraum.store.TemporalStore.Condensation;
import de.freiraum.store.change.HistoryRecorder;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One instance for each window: the mean of numbers, the last of anything else, {@linkplain Aggregated marked} as such. What is an aggregate
 * already counts with all it stands for, so that late observations and days made of quarters of an hour come out right. Deletions stay as
 * they are, and so do aggregates of longer windows.
 *
 * @param from first instant inside, or null: unbounded
 * @param to first instant outside; a begin of a window
 * @param period the windows' length
 * @param zone whose days they are
 */
record Rollup(@Nullable Instant from, Instant to, Period period, ZoneId zone) implements Condensation {

    @Override
    public Instant windowEnd(Instant time) {
        return period.end(time, zone);
    }

    @Override
    public List<TemporalInstance> condense(List<TemporalInstance> window) {
        List<TemporalInstance> samples = new ArrayList<>();
        List<TemporalInstance> others = new ArrayList<>();
        for (TemporalInstance instance : window) {
            (isSample(instance.instance()) ? samples : others).add(instance);
        }
        if (samples.isEmpty()
                || (samples.size() == 1
                        && period.name()
                                .equals(Aggregated.periodOf(samples.get(0).instance())))) {
            return window;
        }
        others.add(aggregate(samples));
        return others;
    }

    private boolean isSample(Attribute instance) {
        if (instance.isNull()) {
            return false;
        }
        String other = Aggregated.periodOf(instance);
        return other == null || period == Period.P1D || !other.equals(Period.P1D.name());
    }

    private TemporalInstance aggregate(List<TemporalInstance> samples) {
        TemporalInstance first = samples.get(0);
        TemporalInstance last = samples.get(samples.size() - 1);
        AttributeMeta begun = first.instance().meta();
        AttributeMeta meta = last.instance().meta();
        Instant begin = period.begin(HistoryRecorder.place(begun, to), zone);
        Numbers numbers = Numbers.of(samples);
        Attribute value = numbers != null ? new Attribute.Property(numbers.mean(), meta) : last.instance();
        Aggregated mark = numbers != null
                ? numbers.mark(period.name())
                : new Aggregated(period.name(), count(samples), null, null, null);
        return new TemporalInstance(
                first.attribute(),
                mark.mark(value.with(meta.withObservedAt(begin)
                        .withTimes(begun.createdAt(), meta.modifiedAt(), null)
                        .withInstanceId(id(begun)))));
    }

    /** Differs from the id of what it is made of, so that a repeated observation does not take its place. */
    private String id(AttributeMeta first) {
        return "urn:ngsi-ld:Instance:"
                + UUID.nameUUIDFromBytes((period + " " + first.instanceId()).getBytes(StandardCharsets.UTF_8));
    }

    private static long count(List<TemporalInstance> samples) {
        long count = 0;
        for (TemporalInstance sample : samples) {
            Aggregated earlier = Aggregated.of(sample.instance());
            count += earlier == null ? 1 : earlier.samples();
        }
        return count;
    }

    /** What numbers come to. */
    private record Numbers(long count, BigDecimal sum, BigDecimal min, BigDecimal max) {

        /** Null unless all are numbers of one unit. */
        static @Nullable Numbers of(List<TemporalInstance> samples) {
            String unit = samples.get(0).instance().meta().unitCode();
            BigDecimal sum = BigDecimal.ZERO;
            BigDecimal min = null;
            BigDecimal max = null;
            for (TemporalInstance sample : samples) {
                if (!(sample.instance() instanceof Attribute.Property property)
                        || !(property.value() instanceof Value.Num number)
                        || !Objects.equals(property.meta().unitCode(), unit)) {
                    return null;
                }
                Aggregated earlier = Aggregated.of(property);
                if (earlier == null || earlier.sum() == null) {
                    if (earlier != null && earlier.samples() > 1) {
                        return null;
                    }
                    earlier = new Aggregated("", 1, number, number, number);
                }
                sum = sum.add(decimal(earlier.sum(), number));
                BigDecimal low = decimal(earlier.min(), number);
                BigDecimal high = decimal(earlier.max(), number);
                min = min == null ? low : min.min(low);
                max = max == null ? high : max.max(high);
            }
            return min == null || max == null ? null : new Numbers(Rollup.count(samples), sum, min, max);
        }

        private static BigDecimal decimal(Value.@Nullable Num number, Value.Num otherwise) {
            return (number == null ? otherwise : number).asDecimal();
        }

        Value mean() {
            return number(sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL64));
        }

        Aggregated mark(String period) {
            return new Aggregated(period, count, number(sum), number(min), number(max));
        }

        /** Whole where it is; otherwise to the precision of a double. */
        private static Value.Num number(BigDecimal decimal) {
            BigDecimal plain = decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
            boolean whole = plain.scale() <= 0 && plain.precision() - plain.scale() <= 18;
            return new Value.Num(whole ? (Number) plain.longValueExact() : (Number) plain.doubleValue());
        }
    }
}
