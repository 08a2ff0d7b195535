package de.freiraum.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A DateTime, Date or Time of clause 4.6.3, comparable with others of its kind.
 *
 * @param kind which of the three
 * @param seconds since 1970-01-01T00:00:00Z, or since midnight for a Time
 * @param nanos 0 to 999 999 999
 */
public record Moment(Kind kind, long seconds, int nanos) implements Comparable<Moment> {

    /** In the order of clause 4.23.2. */
    public enum Kind {
        TIME,
        DATE,
        DATE_TIME
    }

    /** The DateTime of an instant. */
    public static Moment of(Instant instant) {
        return new Moment(Kind.DATE_TIME, instant.getEpochSecond(), instant.getNano());
    }

    /**
     * Reads {@code YYYY-MM-DDThh:mm:ss[.ffffff]Z}, {@code YYYY-MM-DD} or {@code hh:mm:ss[.ffffff]Z}; a comma may stand for the point.
     *
     * @return the moment, or null if the text is none of these
     */
    public static @Nullable Moment parse(String text) {
        int length = text.length();
        if (length < 9 || !isDigit(text.charAt(0))) {
            return null;
        }
        try {
            if (text.charAt(2) == ':') {
                return timeOf(text, 0, 0, Kind.TIME);
            }
            if (length < 10 || text.charAt(4) != '-' || text.charAt(7) != '-') {
                return null;
            }
            int year = number(text, 0, 4);
            int month = number(text, 5, 2);
            int day = number(text, 8, 2);
            if (year < 0 || month < 0 || day < 0) {
                return null;
            }
            if (length > 10 && text.charAt(10) != 'T') {
                return null;
            }
            long midnight = Math.multiplyExact(LocalDate.of(year, month, day).toEpochDay(), 86_400L);
            return length == 10 ? new Moment(Kind.DATE, midnight, 0) : timeOf(text, 11, midnight, Kind.DATE_TIME);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Moment timeOf(String text, int from, long midnight, Kind kind) {
        int last = text.length() - 1;
        if (last < from + 8
                || text.charAt(last) != 'Z'
                || text.charAt(from + 2) != ':'
                || text.charAt(from + 5) != ':') {
            return null;
        }
        int hours = number(text, from, 2);
        int minutes = number(text, from + 3, 2);
        int seconds = number(text, from + 6, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
            return null;
        }
        int nanos = 0;
        int at = from + 8;
        if (at < last) {
            int digits = last - at - 1;
            if ((text.charAt(at) != '.' && text.charAt(at) != ',') || digits < 1 || digits > 9) {
                return null;
            }
            nanos = number(text, at + 1, digits);
            if (nanos < 0) {
                return null;
            }
            for (int i = digits; i < 9; i++) {
                nanos *= 10;
            }
        }
        return new Moment(kind, midnight + hours * 3600L + minutes * 60L + seconds, nanos);
    }

    private static int number(String text, int from, int digits) {
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            char c = text.charAt(i);
            if (!isDigit(c)) {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The instant of a DateTime, or the midnight (UTC) of a Date. */
    public Instant toInstant() {
        return Instant.ofEpochSecond(seconds, nanos);
    }

    /** By kind, then in time. */
    @Override
    public int compareTo(Moment other) {
        int result = kind.compareTo(other.kind);
        if (result == 0) {
            result = Long.compare(seconds, other.seconds);
        }
        return result != 0 ? result : Integer.compare(nanos, other.nanos);
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        if (kind == Kind.DATE) {
            return LocalDate.ofEpochDay(Math.floorDiv(seconds, 86_400L)).toString();
        }
        String full = Instant.ofEpochSecond(seconds, nanos).toString();
        return kind == Kind.DATE_TIME ? full : full.substring(full.indexOf('T') + 1);
    }
}
