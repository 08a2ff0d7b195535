package de.freiraum.ingest.poll;

import de.freiraum.ingest.config.PollDefinition;
import de.freiraum.ingest.mapping.Device;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The addresses to ask. */
final class PollUrl {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");

    private final PollDefinition poll;
    private final @Nullable Device device;

    PollUrl(PollDefinition poll, @Nullable Device device) {
        this.poll = poll;
        this.device = device;
    }

    /** The address of the first page, after what is known. */
    URI first(PollState known, Instant now) {
        PollDefinition.Cursor cursor = poll.cursor();
        String since = cursor == null ? null : since(cursor, known, now);
        StringBuilder url = new StringBuilder();
        Matcher matcher = PLACEHOLDER.matcher(poll.url());
        while (matcher.find()) {
            matcher.appendReplacement(url, Matcher.quoteReplacement(encode(value(matcher.group(1), since, now))));
        }
        matcher.appendTail(url);
        if (cursor != null && cursor.parameter() != null && since != null) {
            url.append(url.indexOf("?") < 0 ? '?' : '&')
                    .append(encode(cursor.parameter()))
                    .append('=')
                    .append(encode(since));
        }
        return URI.create(url.toString());
    }

    private String value(String name, @Nullable String since, Instant now) {
        return switch (name) {
            case "since" -> since == null ? "" : since;
            case "now" -> written(now, poll.cursor());
            case "device" -> device == null ? "" : device.id();
            default -> {
                String field = device == null ? null : device.field(name.substring("device.".length()));
                yield field == null ? "" : field;
            }
        };
    }

    private static @Nullable String since(PollDefinition.Cursor cursor, PollState known, Instant now) {
        if (cursor.field() != null) {
            return known.token();
        }
        Instant start = cursor.startAt();
        Instant since = known.newest() != null
                ? known.newest().minus(cursor.overlap())
                : start != null ? start : now.minus(cursor.startBefore());
        return written(since, cursor);
    }

    private static String written(Instant time, PollDefinition.@Nullable Cursor cursor) {
        Duration step = cursor == null ? null : cursor.step();
        long whole = step == null ? 1 : step.toSeconds();
        Instant at = Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), whole) * whole);
        ZoneId zone = cursor == null ? ZoneOffset.UTC : cursor.zone();
        return switch (cursor == null ? PollDefinition.TimeFormat.ISO : cursor.format()) {
            case ISO -> at.toString();
            case LOCAL -> LocalDateTime.ofInstant(at, zone).format(LOCAL);
            case DATE -> LocalDate.ofInstant(at, zone).toString();
            case SECONDS -> Long.toString(at.getEpochSecond());
            case MILLIS -> Long.toString(at.truncatedTo(ChronoUnit.SECONDS).toEpochMilli());
        };
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * The address of a further page, which must be at the same place, since the request carries secrets.
     *
     * @param from the address of the page before
     */
    URI next(URI from, String reference) {
        URI target;
        try {
            // java.net.URI drops the last part of the path before a query alone, unlike RFC 3986.
            target = from.resolve(reference.startsWith("?") ? from.getRawPath() + reference : reference);
        } catch (IllegalArgumentException e) {
            throw new PollFailure("the address of the next page is no URI");
        }
        URI own = URI.create(poll.url().substring(0, authorityEnd(poll.url())));
        if (!own.getScheme().equalsIgnoreCase(target.getScheme())
                || !own.getRawAuthority().equalsIgnoreCase(target.getRawAuthority())) {
            throw new PollFailure("the next page is at another host");
        }
        return target;
    }

    private static int authorityEnd(String url) {
        int from = url.indexOf("://") + 3;
        for (int i = from; i < url.length(); i++) {
            if ("/?#".indexOf(url.charAt(i)) >= 0) {
                return i;
            }
        }
        return url.length();
    }
}
