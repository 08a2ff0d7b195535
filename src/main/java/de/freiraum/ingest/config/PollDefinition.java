package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP interface that is asked again and again.
 *
 * @param url its address, http or https, with {@code {device}}, {@code {device.COLUMN}}, {@code {since}} and {@code {now}}
 * @param every from one answer to the next request
 * @param timeout within which the whole answer must be there
 * @param maxBytes the longest answer
 * @param maxPages the most answers of one round, where an answer names the next
 * @param headers sent with each request
 * @param format of the answers
 * @param records path of the list of records in JSON, or null: the answer itself
 * @param charset of CSV, or null: as the answer says, else UTF-8
 * @param next path of the address of the next page, {@value #LINK} for the Link header, or null: there are no pages
 * @param cursor how requests say what is known already, or null: they do not
 */
public record PollDefinition(
        String url,
        Duration every,
        Duration timeout,
        int maxBytes,
        int maxPages,
        Map<String, Secret> headers,
        Format format,
        @Nullable String records,
        @Nullable Charset charset,
        @Nullable String next,
        @Nullable Cursor cursor) {
    /** The next page is in the Link header with {@code rel="next"} (RFC 8288). */
    public static final String LINK = "link";

    /** Copies the map. */
    public PollDefinition {
        headers = Map.copyOf(headers);
    }

    /** What an answer is. */
    public enum Format {
        /** JSON: a list of records, or one. */
        JSON,
        /** A table whose first line names the columns; each other line is a record. */
        CSV,
        /** A FeatureCollection; each Feature is a record. */
        GEOJSON
    }

    /** How a time is written in a request. */
    public enum TimeFormat {
        /** 2026-03-02T07:00:00Z. */
        ISO,
        /** 2026-03-02T08:00:00 in the cursor's zone. */
        LOCAL,
        /** 2026-03-02 in the cursor's zone. */
        DATE,
        /** Seconds since 1970. */
        SECONDS,
        /** Milliseconds since 1970. */
        MILLIS
    }

    /**
     * What is remembered from one answer to the next request: the newest record's time, or a text that the answer gives for it.
     *
     * @param time path of a record's time, or null
     * @param field path of the text in the answer, or null; one of both is there
     * @param parameter query parameter to say it by, or null: {@code {since}} in the address does
     * @param format how times are written
     * @param zone of times without an offset, in records and requests
     * @param startBefore how long before the first request records are wanted
     * @param startAt from when records are wanted, or null: {@code startBefore} counts
     * @param overlap how much of what is known is asked for again, since records may be late or corrected
     * @param step times in requests are rounded down to a multiple of it, in UTC; or null
     */
    public record Cursor(
            @Nullable String time,
            @Nullable String field,
            @Nullable String parameter,
            TimeFormat format,
            ZoneId zone,
            Duration startBefore,
            @Nullable Instant startAt,
            Duration overlap,
            @Nullable Duration step) {}

    /** Whether there is a request for each device of the source. */
    public boolean perDevice() {
        return url.contains("{device");
    }
}
