package de.freiraum.representation;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.AggregationQuery;
import de.freiraum.query.AggregationQuery.Method;
import de.freiraum.query.Moment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes aggregates of attribute instances (clause 4.5.19). Numbers and booleans (1 and 0) count as numbers, arrays and lists as their
 * sizes; text has a least and a greatest, in the order of time if it is a date or time; other values are only counted. What a method
 * cannot aggregate is left out of it. The standard deviation is that of the whole population.
 */
public final class TemporalAggregation {
    private static final double SECONDS_PER_DAY = 86_400;
    private static final double SECONDS_PER_MONTH = 365.2425 / 12 * SECONDS_PER_DAY;
    private static final double SHORTEST = 1e-3;
    private static final long NANOS = 1_000_000_000L;
    private static final int DIGITS_OF_LONG = 18;
    private static final Set<String> URI_TYPES =
            Set.of("@id", "URI", NgsiLd.NAMESPACE + "URI", "http://www.w3.org/2001/XMLSchema#anyURI");

    private TemporalAggregation() {}

    /**
     * The periods of one evolution.
     *
     * @param query what to compute, and how long a period is
     * @param origin start of the first period
     * @param end end of the one period, where one spans the whole time
     */
    public record Periods(AggregationQuery query, Instant origin, Instant end) {

        /** The period of a time, which must not be before the origin. The estimate is never off by more than a few periods. */
        int indexOf(Instant time) {
            if (query.isWhole()) {
                return 0;
            }
            double length = query.step().period().toTotalMonths() * SECONDS_PER_MONTH
                    + query.step().period().get(ChronoUnit.DAYS) * SECONDS_PER_DAY
                    + query.step().time().toMillis() / 1000.0;
            double estimate = (time.getEpochSecond() - origin.getEpochSecond()) / Math.max(length, SHORTEST);
            if (estimate > Integer.MAX_VALUE - 8.0) {
                throw NgsiLdException.invalid("aggrPeriodDuration: is too short for the time range of the query");
            }
            int index = Math.max(0, (int) estimate);
            while (index > 0 && start(index).isAfter(time)) {
                index--;
            }
            while (!start(index + 1).isAfter(time)) {
                index++;
            }
            return index;
        }

        Instant start(int index) {
            if (query.isWhole()) {
                return index == 0 ? origin : end;
            }
            try {
                return query.start(origin, index);
            } catch (DateTimeException | ArithmeticException e) {
                throw NgsiLdException.invalid("aggrPeriodDuration: leads beyond the range of time");
            }
        }
    }

    /** Whether a method can aggregate at least one of the instances. */
    public static boolean isEligible(Method method, List<Attribute> instances) {
        return instances.stream().anyMatch(a -> !a.isNull() && takes(method, operand(a)));
    }

    /** Writes a member for each method: results with start and end of their periods. */
    static void write(
            JsonWriter out, List<Attribute> instances, Function<Attribute, @Nullable Instant> timeOf, Periods periods) {
        TreeMap<Integer, List<Operand>> byPeriod = new TreeMap<>();
        for (Attribute instance : instances) {
            Instant time = timeOf.apply(instance);
            if (time != null && !instance.isNull()) {
                byPeriod.computeIfAbsent(periods.indexOf(time), i -> new ArrayList<>())
                        .add(operand(instance));
            }
        }
        for (Method method : periods.query().methods()) {
            out.name(method.name()).beginArray();
            for (Map.Entry<Integer, List<Operand>> period : byPeriod.entrySet()) {
                List<Operand> taken =
                        period.getValue().stream().filter(o -> takes(method, o)).toList();
                if (!taken.isEmpty()) {
                    out.beginArray().value(result(method, taken));
                    out.time(periods.start(period.getKey())).time(periods.start(period.getKey() + 1));
                    out.endArray();
                }
            }
            out.endArray();
        }
    }

    private enum Sort {
        NUMBER,
        SIZE,
        TEXT,
        MOMENT,
        TIME_OF_DAY,
        OTHER
    }

    /**
     * A value as the methods see it.
     *
     * @param identity what makes two values the same
     * @param number a number, a size or nanoseconds of the day; or null
     * @param text a string, or null
     * @param moment a date or time, or null
     */
    private record Operand(
            Sort sort,
            Object identity,
            @Nullable BigDecimal number,
            @Nullable String text,
            @Nullable Moment moment) {
        BigDecimal asNumber() {
            return Objects.requireNonNull(number);
        }
    }

    private static Operand operand(Attribute a) {
        if (a instanceof Attribute.Property p) {
            return operand(p.value());
        }
        if (a instanceof Attribute.ListProperty l) {
            return size(l.valueList(), l.valueList().size());
        }
        return new Operand(Sort.OTHER, a.with(AttributeMeta.NONE), null, null, null);
    }

    private static Operand operand(Value value) {
        if (value instanceof Value.Num n) {
            return new Operand(Sort.NUMBER, n.asDecimal().stripTrailingZeros(), n.asDecimal(), null, null);
        }
        if (value instanceof Value.Bool b) {
            return new Operand(Sort.NUMBER, b, b.truth() ? BigDecimal.ONE : BigDecimal.ZERO, null, null);
        }
        if (value instanceof Value.Array array) {
            return size(array, array.items().size());
        }
        if (value instanceof Value.Text t) {
            return text(t, t.text());
        }
        if (value instanceof Value.Obj o && o.get("@value") instanceof Value.Text t && !isUri(o)) {
            return text(o, t.text());
        }
        return new Operand(Sort.OTHER, value, null, null, null);
    }

    /** Whether a typed value is a URI, which is only counted (table 4.5.19.1-2). */
    private static boolean isUri(Value.Obj typed) {
        return typed.get("@type") instanceof Value.Text type && URI_TYPES.contains(type.text());
    }

    private static Operand size(Object identity, int size) {
        return new Operand(Sort.SIZE, identity, BigDecimal.valueOf(size), null, null);
    }

    private static Operand text(Object identity, String text) {
        Moment moment = Moment.parse(text);
        if (moment == null) {
            return new Operand(Sort.TEXT, identity, null, text, null);
        }
        if (moment.kind() != Moment.Kind.TIME) {
            return new Operand(Sort.MOMENT, identity, null, text, moment);
        }
        BigDecimal nanos = BigDecimal.valueOf(moment.seconds() * NANOS + moment.nanos());
        return new Operand(Sort.TIME_OF_DAY, identity, nanos, text, moment);
    }

    private static boolean takes(Method method, Operand operand) {
        return switch (method) {
            case totalCount, distinctCount -> true;
            case min, max -> operand.sort() != Sort.OTHER;
            case avg -> operand.number() != null;
            case sum -> operand.sort() == Sort.NUMBER || operand.sort() == Sort.SIZE;
            case stddev, sumsq -> operand.sort() == Sort.NUMBER;
        };
    }

    private static Value result(Method method, List<Operand> all) {
        return switch (method) {
            case totalCount -> Value.of(all.size());
            case distinctCount -> distinct(all);
            case min -> extreme(all, -1);
            case max -> extreme(all, 1);
            case sum -> number(sum(sameSort(all)));
            case avg -> average(sameSort(all));
            case sumsq -> number(squares(all));
            case stddev -> deviation(all);
        };
    }

    /** Of values of several sorts those of the sort of the first. */
    private static List<Operand> sameSort(List<Operand> all) {
        return all.stream().filter(o -> o.sort() == all.get(0).sort()).toList();
    }

    private static Value distinct(List<Operand> all) {
        Set<Object> different = new HashSet<>();
        all.forEach(o -> different.add(o.identity()));
        return Value.of(different.size());
    }

    private static Value extreme(List<Operand> all, int sign) {
        List<Operand> alike = sameSort(all);
        Operand best = alike.get(0);
        for (Operand other : alike) {
            if (compare(other, best) * sign > 0) {
                best = other;
            }
        }
        return best.text() != null ? Value.of(best.text()) : number(best.asNumber());
    }

    private static int compare(Operand a, Operand b) {
        if (a.moment() != null && b.moment() != null) {
            return a.moment().compareTo(b.moment());
        }
        return a.text() != null && b.text() != null
                ? a.text().compareTo(b.text())
                : a.asNumber().compareTo(b.asNumber());
    }

    private static BigDecimal sum(List<Operand> all) {
        return all.stream().map(Operand::asNumber).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal squares(List<Operand> all) {
        return all.stream().map(o -> o.asNumber().pow(2)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static Value average(List<Operand> all) {
        BigDecimal mean = sum(all).divide(BigDecimal.valueOf(all.size()), MathContext.DECIMAL64);
        return all.get(0).sort() == Sort.TIME_OF_DAY
                ? Value.of(DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(mean.longValue())) + "Z")
                : number(mean);
    }

    private static Value deviation(List<Operand> all) {
        BigDecimal mean = sum(all).divide(BigDecimal.valueOf(all.size()), MathContext.DECIMAL64);
        BigDecimal squares =
                all.stream().map(o -> o.asNumber().subtract(mean).pow(2)).reduce(BigDecimal.ZERO, BigDecimal::add);
        return number(squares.divide(BigDecimal.valueOf(all.size()), MathContext.DECIMAL64)
                .sqrt(MathContext.DECIMAL64));
    }

    private static Value number(BigDecimal number) {
        BigDecimal plain = number.stripTrailingZeros();
        boolean whole = plain.scale() <= 0 && plain.precision() - plain.scale() <= DIGITS_OF_LONG;
        return whole ? Value.of(plain.longValueExact()) : Value.of(plain.doubleValue());
    }
}
