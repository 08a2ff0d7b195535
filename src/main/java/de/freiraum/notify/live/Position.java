package de.freiraum.notify.live;

import java.time.Instant;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the feed, which clients know as an event id. The number is exact as long as the same server runs; the time means something to every server.
 *
 * @param at when the last change before it was made
 * @param run which start of the server
 * @param number of that change in this run
 */
record Position(Instant at, String run, long number) {
    private static final Pattern FORM = Pattern.compile("([0-9a-z]{1,12})-([0-9a-z]{1,12})-([0-9]{1,18})");

    /** The event id. */
    String id() {
        return encoded(at) + '-' + run + '-' + number;
    }

    /** Milliseconds as text. */
    static String encoded(Instant time) {
        return Long.toString(Math.max(0, time.toEpochMilli()), Character.MAX_RADIX);
    }

    /** The place of an event id, or null if it is none of this feed. */
    static @Nullable Position of(String id) {
        Matcher parts = FORM.matcher(id);
        if (!parts.matches()) {
            return null;
        }
        return new Position(
                Instant.ofEpochMilli(Long.parseLong(parts.group(1), Character.MAX_RADIX)),
                Objects.requireNonNull(parts.group(2)),
                Long.parseLong(parts.group(3)));
    }
}
