package de.freiraum.aggregate.footfall;

import de.freiraum.model.Attribute;
import de.freiraum.model.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From an instance of {@code counterReading} to a reading. */
final class ReadingReader {
    private static final int DEFAULT_BITS = 32;

    private final FootfallNames names;

    ReadingReader(FootfallNames names) {
        this.names = names;
    }

    /** The line that an instance belongs to. */
    static String line(Attribute instance) {
        String dataset = instance.meta().datasetId();
        return dataset == null ? "" : dataset;
    }

    /** The reading; null if the instance tells none, for want of a time or of numbers that make sense. */
    @Nullable
    Reading read(Attribute instance) {
        Instant at = instance.meta().observedAt();
        if (at == null || !(instance instanceof Attribute.Property p) || !(p.value() instanceof Value.Obj value)) {
            return null;
        }
        try {
            Instant from = value.get(names.from) instanceof Value.Text t
                    ? OffsetDateTime.parse(t.text()).toInstant()
                    : null;
            Map<Channel, Long> counts = numbers(value, names.counts);
            Map<Channel, Long> totals = numbers(value, names.totals);
            if (totals.isEmpty() && (counts.isEmpty() || from == null)) {
                return null;
            }
            int bits = value.get(names.counterBits) instanceof Value.Num n ? Math.toIntExact(whole(n)) : DEFAULT_BITS;
            boolean reset = value.get(names.reset) instanceof Value.Bool b && b.truth();
            return new Reading(at, from, counts, totals, bits, reset);
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            return null;
        }
    }

    private static Map<Channel, Long> numbers(Value.Obj value, Map<Channel, String> members) {
        Map<Channel, Long> numbers = new EnumMap<>(Channel.class);
        members.forEach((channel, member) -> {
            if (value.get(member) instanceof Value.Num n) {
                numbers.put(channel, whole(n));
            }
        });
        return numbers;
    }

    private static long whole(Value.Num number) {
        return number.asDecimal().longValueExact();
    }
}
