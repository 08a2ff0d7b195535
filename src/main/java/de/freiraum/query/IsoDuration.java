package de.freiraum.query;

import de.freiraum.model.NgsiLdException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * An ISO 8601 duration such as {@code PT1H}, {@code P1D} or {@code P3Y6M4DT12H30M5S}, which is not negative.
 *
 * @param period years, months, weeks and days
 * @param time hours, minutes and seconds
 */
public record IsoDuration(Period period, Duration time) {
    private static final int MAX_LENGTH = 64;

    /** Weeks stand alone (clause 4.5.19.1). */
    private static final Pattern WEEKS = Pattern.compile("P[0-9]+W");

    /**
     * Reads a duration.
     *
     * @param parameter the request parameter or member to name in errors
     * @throws NgsiLdException BadRequestData
     */
    public static IsoDuration parse(String parameter, String text) {
        int t = text.indexOf('T');
        boolean wellFormed = text.length() <= MAX_LENGTH
                && text.startsWith("P")
                && text.length() > 1
                && !text.endsWith("T")
                && (text.indexOf('W') < 0 || WEEKS.matcher(text).matches())
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || "PYMWDTHS.".indexOf(c) >= 0);
        try {
            if (wellFormed) {
                Period period = t == 1 ? Period.ZERO : Period.parse(t < 0 ? text : text.substring(0, t));
                Duration time = t < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(t));
                return new IsoDuration(period, time);
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw bad(parameter);
        }
        throw bad(parameter);
    }

    private static NgsiLdException bad(String parameter) {
        return NgsiLdException.badRequest(
                parameter + ": expected an ISO 8601 duration such as PT1H, P1D or P3Y6M4DT12H30M5S");
    }

    /** Whether nothing passes. */
    public boolean isZero() {
        return period.isZero() && time.isZero();
    }

    /**
     * The time when the duration has passed so many times.
     *
     * @throws DateTimeException if that is beyond the range of time
     * @throws ArithmeticException likewise
     */
    public Instant after(Instant start, int times) {
        return start.atOffset(ZoneOffset.UTC)
                .plus(period.multipliedBy(times))
                .plus(time.multipliedBy(times))
                .toInstant();
    }
}
