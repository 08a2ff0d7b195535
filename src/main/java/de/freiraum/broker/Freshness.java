package de.freiraum.broker;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer may be used without asking its server again (clause 6.3.16, RFC 9111, section 4.2): {@code s-maxage} goes before
 * {@code max-age}, which goes before {@code Expires}.
 */
final class Freshness {
    private static final long MOST_SECONDS = Duration.ofDays(365).toSeconds();

    private Freshness() {}

    /** Null if the server does not say; zero if the answer is old at once. */
    static @Nullable Duration of(MultiMap headers, Instant now) {
        Long shared = null;
        Long all = null;
        for (String header : headers.getAll("Cache-Control")) {
            for (String directive : header.toLowerCase(Locale.ROOT).split(",")) {
                String text = directive.strip();
                if (text.startsWith("s-maxage=")) {
                    shared = seconds(text.substring("s-maxage=".length()));
                } else if (text.startsWith("max-age=")) {
                    all = seconds(text.substring("max-age=".length()));
                }
            }
        }
        Long lifetime = shared != null ? shared : all;
        if (lifetime != null) {
            Long age = seconds(headers.get("Age"));
            return Duration.ofSeconds(Math.max(0, lifetime - (age == null ? 0 : age)));
        }
        return headers.contains("Expires") ? untilExpiry(headers, now) : null;
    }

    /** A date that cannot be read lies in the past (RFC 9111, section 5.3). */
    private static Duration untilExpiry(MultiMap headers, Instant now) {
        Instant expires = date(headers.get("Expires"));
        Instant sent = date(headers.get("Date"));
        if (expires == null) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(sent == null ? now : sent, expires);
        return left.isNegative() ? Duration.ZERO : Duration.ofSeconds(Math.min(MOST_SECONDS, left.toSeconds()));
    }

    private static @Nullable Instant date(@Nullable String text) {
        try {
            return text == null ? null : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Long seconds(@Nullable String text) {
        String digits = text == null ? "" : text.replace("\"", "").strip();
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        return digits.length() > 9 ? MOST_SECONDS : Math.min(MOST_SECONDS, Long.parseLong(digits));
    }
}
