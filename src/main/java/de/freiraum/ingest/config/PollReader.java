package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import de.freiraum.ingest.mapping.Device;
import de.freiraum.ingest.message.JsonPath;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code poll}: an HTTP interface to be asked again and again. */
final class PollReader {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length", "connection", "transfer-encoding");
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofDays(31);

    private final Secrets secrets;

    PollReader(Secrets secrets) {
        this.secrets = secrets;
    }

    @Nullable
    PollDefinition read(@Nullable YamlNode node, boolean table) {
        if (node == null) {
            return null;
        }
        node.allow(
                "url",
                "every",
                "timeout",
                "maxBytes",
                "maxPages",
                "headers",
                "format",
                "records",
                "charset",
                "next",
                "cursor");
        String url = node.required("url");
        YamlNode urlNode = node.get("url");
        if (urlNode != null) {
            urlNode.parsed(PollReader::address);
        }
        PollDefinition.Cursor cursor = cursor(node.get("cursor"), url);
        if (cursor == null && url.contains("{since}")) {
            node.problem("{since} needs a cursor");
        }
        PollDefinition.Format format = format(node, table);
        if (format == PollDefinition.Format.CSV && node.get("records") != null) {
            problem(node, "records", "is for JSON; the records of CSV are its lines");
        }
        if (format == PollDefinition.Format.CSV && cursor != null && cursor.field() != null) {
            problem(node, "cursor", "field is for JSON");
        }
        return new PollDefinition(
                url,
                between(node, "every", Duration.ofMinutes(5), LEAST, MOST),
                between(node, "timeout", Duration.ofSeconds(30), LEAST, Duration.ofMinutes(10)),
                node.whole("maxBytes", 1024, 64 << 20, 8 << 20),
                node.whole("maxPages", 1, 10_000, 100),
                headers(node.get("headers")),
                format,
                path(node, "records"),
                node.parsed("charset", PollReader::charset),
                path(node, "next"),
                cursor);
    }

    /** Whether each device has what the address needs of it. */
    static void check(YamlNode node, PollDefinition poll, Collection<Device> devices, Problems problems) {
        if (!poll.perDevice()) {
            return;
        }
        if (devices.isEmpty()) {
            node.problem("the address names {device}, but the source has no devices");
        }
        Matcher matcher = PLACEHOLDER.matcher(poll.url());
        while (matcher.find()) {
            if (!matcher.group(1).startsWith("device.")) {
                continue;
            }
            String column = matcher.group(1).substring("device.".length());
            for (Device device : devices) {
                if (device.field(column) == null) {
                    problems.add(column, "", "the device " + device.id() + " needs it for poll.url", device.origin());
                }
            }
        }
    }

    private static String address(String text) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        Set<String> unknown = new TreeSet<>();
        while (matcher.find()) {
            String name = matcher.group(1);
            if (!Set.of("device", "since", "now").contains(name) && !name.matches("device\\.[\\w-]+")) {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("may have {device}, {device.COLUMN}, {since} and {now}");
        }
        URI uri;
        try {
            uri = URI.create(PLACEHOLDER.matcher(text).replaceAll("0"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a URI; write other characters as %20", e);
        }
        if (uri.getHost() == null
                || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "must be http://host/path or https://host/path; write user and password as a header");
        }
        int path = text.indexOf('/', text.indexOf("://") + 3);
        if ((path < 0 ? text : text.substring(0, path)).contains("{")) {
            throw new IllegalArgumentException("the host must be fixed");
        }
        return text;
    }

    private static PollDefinition.Format format(YamlNode node, boolean table) {
        PollDefinition.Format usual = table ? PollDefinition.Format.CSV : PollDefinition.Format.JSON;
        PollDefinition.Format format =
                node.parsed("format", text -> WebhookReader.word(PollDefinition.Format.values(), text));
        if (format == null) {
            return usual;
        }
        if ((format == PollDefinition.Format.CSV) != table) {
            problem(node, "format", "csv is for envelope: csv, and json and geojson for the others");
        }
        return format;
    }

    private Map<String, Secret> headers(@Nullable YamlNode node) {
        Map<String, Secret> headers = new LinkedHashMap<>();
        if (node != null) {
            node.members().forEach((name, value) -> {
                if (!HEADER.matcher(name).matches() || OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                    value.problem("must be named as HTTP allows, and must not be " + String.join(", ", OWN_HEADERS));
                }
                Secret header = secrets.header(value);
                if (header != null) {
                    headers.put(name, header);
                }
            });
        }
        return headers;
    }

    private static PollDefinition.@Nullable Cursor cursor(@Nullable YamlNode node, String url) {
        if (node == null) {
            return null;
        }
        node.allow("time", "field", "parameter", "format", "zone", "start", "overlap", "step");
        String time = path(node, "time");
        String field = path(node, "field");
        if ((time == null) == (field == null)) {
            node.problem("needs either time, where a record's time is, or field, where the answer's text is");
        }
        String parameter = node.text("parameter");
        if ((parameter == null) != url.contains("{since}")) {
            node.problem("needs either parameter or {since} in the address");
        }
        ZoneId zone = node.parsed("zone", PollReader::zone);
        PollDefinition.TimeFormat format =
                node.parsed("format", text -> WebhookReader.word(PollDefinition.TimeFormat.values(), text));
        Object start = node.parsed("start", PollReader::start);
        Duration step = node.get("step") == null ? null : node.duration("step", Duration.ZERO);
        if (step != null && step.toSeconds() < 1) {
            problem(node, "step", "must be at least PT1S");
        }
        return new PollDefinition.Cursor(
                time,
                field,
                parameter,
                format == null ? PollDefinition.TimeFormat.ISO : format,
                zone == null ? ZoneOffset.UTC : zone,
                start instanceof Duration before ? before : Duration.ofDays(1),
                start instanceof Instant at ? at : null,
                node.duration("overlap", Duration.ZERO),
                step);
    }

    /** A duration before the first request, or a time. */
    private static Object start(String text) {
        try {
            return text.startsWith("P")
                    ? Duration.parse(text)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "must be a duration such as P7D, or a time with an offset such as 2026-03-02T00:00:00Z", e);
        }
    }

    private static @Nullable String path(YamlNode node, String name) {
        return node.parsed(name, JsonPath::check);
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("must be a time zone such as Europe/Berlin", e);
        }
    }

    private static Charset charset(String text) {
        try {
            return Charset.forName(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a character set such as utf-8 or windows-1252", e);
        }
    }

    private static void problem(YamlNode node, String name, String allowed) {
        YamlNode member = node.get(name);
        (member == null ? node : member).problem(allowed);
    }

    private static Duration between(YamlNode node, String name, Duration otherwise, Duration least, Duration most) {
        Duration value = node.duration(name, otherwise);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problem(node, name, "must be from " + least + " to " + most);
            return otherwise;
        }
        return value;
    }
}
