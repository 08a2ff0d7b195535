package de.freiraum.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Times in headers (RFC 9110, 5.6.7), to the second. */
public final class HttpDates {
    private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    private HttpDates() {}

    /** As a header has it: {@code Tue, 24 Nov 2026 10:00:00 GMT}. Quicker than the general formatter, since answers wait for it. */
    public static String format(Instant time) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(32);
        text.append(DAYS.get(utc.getDayOfWeek().getValue() - 1)).append(", ");
        two(text, utc.getDayOfMonth());
        text.append(' ').append(MONTHS.get(utc.getMonthValue() - 1)).append(' ');
        text.append(utc.getYear()).append(' ');
        two(text, utc.getHour());
        text.append(':');
        two(text, utc.getMinute());
        text.append(':');
        two(text, utc.getSecond());
        return text.append(" GMT").toString();
    }

    private static void two(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /**
     * Whether one time is not after another one.
     *
     * @return false also if one of them is missing or no date
     */
    public static boolean isNoNewer(@Nullable String time, @Nullable String than) {
        if (time == null || than == null) {
            return false;
        }
        try {
            return !parsed(time).isAfter(parsed(than));
        } catch (DateTimeException noDate) {
            return false;
        }
    }

    private static Instant parsed(String text) {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
    }
}
