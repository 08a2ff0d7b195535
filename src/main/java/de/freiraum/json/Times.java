package de.freiraum.json;

import de.freiraum.model.NgsiLdException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** DateTime strings (clause 4.6.3): UTC, seconds required, {@code Z} required, a fraction by point or comma. */
public final class Times {
    private static final int FRACTION_START = 19;
    private static final int NANO_DIGITS = 9;
    private static final String FORM = "YYYY-MM-DDThh:mm:ss[.ffffff]Z";

    private Times() {}

    /**
     * Reads a DateTime. Digits beyond the nanosecond are dropped.
     *
     * @param text such as {@code 2026-03-02T07:00:00.123Z}
     * @param name what it is, for the error
     * @throws NgsiLdException BadRequestData naming it
     */
    public static Instant parse(String text, String name) {
        int n = text.length();
        if (n > FRACTION_START && n <= 64 && text.charAt(n - 1) == 'Z' && separators(text)) {
            try {
                int nanos = nanos(text);
                if (nanos >= 0) {
                    return LocalDateTime.of(
                                    digits(text, 0, 4),
                                    digits(text, 5, 7),
                                    digits(text, 8, 10),
                                    digits(text, 11, 13),
                                    digits(text, 14, 16),
                                    digits(text, 17, FRACTION_START),
                                    nanos)
                            .toInstant(ZoneOffset.UTC);
                }
            } catch (DateTimeException e) {
                // falls through to the one error
            }
        }
        throw NgsiLdException.badRequest(
                "\"" + name + "\" is no DateTime in UTC; expected is " + FORM + ", found \"" + clip(text) + "\"");
    }

    /** Whether the text is a DateTime as {@link #parse} takes it. */
    public static boolean isDateTime(String text) {
        try {
            parse(text, "");
            return true;
        } catch (NgsiLdException e) {
            return false;
        }
    }

    /** ISO 8601 in UTC with {@code Z} and three, six or nine digits after the point, or no point where the second is whole. */
    public static String format(Instant time) {
        int nanos = time.getNano();
        int digits = nanos == 0 ? 0 : nanos % 1_000_000 == 0 ? 3 : nanos % 1_000 == 0 ? 6 : NANO_DIGITS;
        LocalDateTime t = LocalDateTime.ofEpochSecond(time.getEpochSecond(), nanos, ZoneOffset.UTC);
        StringBuilder s = new StringBuilder(30);
        if (t.getYear() < 0 || t.getYear() > 9999) {
            return time.toString();
        }
        pad(s, t.getYear(), 4).append('-');
        pad(s, t.getMonthValue(), 2).append('-');
        pad(s, t.getDayOfMonth(), 2).append('T');
        pad(s, t.getHour(), 2).append(':');
        pad(s, t.getMinute(), 2).append(':');
        pad(s, t.getSecond(), 2);
        if (digits == 0) {
            return s.append('Z').toString();
        }
        s.append('.');
        int fraction = nanos;
        for (int i = digits; i < NANO_DIGITS; i++) {
            fraction /= 10;
        }
        return pad(s, fraction, digits).append('Z').toString();
    }

    private static StringBuilder pad(StringBuilder s, int number, int width) {
        String digits = Integer.toString(number);
        for (int i = digits.length(); i < width; i++) {
            s.append('0');
        }
        return s.append(digits);
    }

    private static boolean separators(String t) {
        return t.charAt(4) == '-'
                && t.charAt(7) == '-'
                && t.charAt(10) == 'T'
                && t.charAt(13) == ':'
                && t.charAt(16) == ':';
    }

    private static int nanos(String text) {
        int end = text.length() - 1;
        if (end == FRACTION_START) {
            return 0;
        }
        char point = text.charAt(FRACTION_START);
        if ((point != '.' && point != ',') || end == FRACTION_START + 1) {
            return -1;
        }
        int nanos = 0;
        for (int i = 0; i < NANO_DIGITS; i++) {
            int at = FRACTION_START + 1 + i;
            nanos = nanos * 10 + (at < end ? digits(text, at, at + 1) : 0);
        }
        for (int at = FRACTION_START + 1 + NANO_DIGITS; at < end; at++) {
            digits(text, at, at + 1);
        }
        return nanos;
    }

    private static int digits(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw new DateTimeException("no digit");
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    private static String clip(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64);
    }
}
