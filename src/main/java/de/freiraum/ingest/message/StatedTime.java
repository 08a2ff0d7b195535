package de.freiraum.ingest.message;

import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Reads the times that messages state: ISO 8601, or seconds or milliseconds since 1970. */
public final class StatedTime {
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

    private StatedTime() {}

    /**
     * The time that a value states.
     *
     * @param zone of times without an offset, or null: those are refused
     * @throws DateTimeException when it states none
     */
    public static Instant read(Value value, @Nullable ZoneId zone) {
        if (value instanceof Value.Num number) {
            try {
                return epoch(number.asDecimal());
            } catch (ArithmeticException e) {
                throw new DateTimeException("out of range", e);
            }
        }
        if (value instanceof Value.Text text) {
            return written(text.text(), zone);
        }
        throw new DateTimeException("neither a text nor a number");
    }

    /** Seconds up to the year 5138, milliseconds above. */
    private static Instant epoch(BigDecimal number) {
        BigDecimal seconds =
                number.abs().compareTo(BigDecimal.valueOf(100_000_000_000L)) < 0 ? number : number.movePointLeft(3);
        BigDecimal nanos = seconds.multiply(NANOS).setScale(0, RoundingMode.DOWN);
        return Instant.ofEpochSecond(
                nanos.divideToIntegralValue(NANOS).longValueExact(),
                nanos.remainder(NANOS).longValue());
    }

    private static Instant written(String text, @Nullable ZoneId zone) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            if (zone == null) {
                throw e;
            }
            LocalDateTime local = LocalDateTime.parse(text.replace(' ', 'T'));
            if (zone.getRules().getValidOffsets(local).isEmpty()) {
                throw new Skipped();
            }
            return local.atZone(zone).toInstant();
        }
    }

    /** A local time that the change to summer time skips. */
    public static final class Skipped extends DateTimeException {
        private static final long serialVersionUID = 1L;

        Skipped() {
            super("a local time that the change to summer time skips");
        }
    }
}
