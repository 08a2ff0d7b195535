package de.freiraum.ingest.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text with places to fill in: {@code {device.site}}, {@code {devEui}}, {@code {line}}; {@code {device.siteType|OnStreetParking}} with what
 * stands there when the field is missing.
 */
public final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{([^{}|]*)(?:\\|([^{}]*))?}");
    private static final Pattern NAME = Pattern.compile("device\\.[A-Za-z][A-Za-z0-9_]*|devEui|line");

    private final String source;
    private final List<Part> parts;

    private record Part(@Nullable String field, @Nullable String text) {}

    private Template(String source, List<Part> parts) {
        this.source = source;
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException with a sentence that names what is wrong
     */
    public static Template parse(String source) {
        List<Part> parts = new ArrayList<>();
        Matcher places = PLACE.matcher(source);
        int from = 0;
        while (places.find()) {
            literal(parts, source.substring(from, places.start()));
            String name = places.group(1);
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "{" + name + "} is unknown; allowed are {device.NAME}, {devEui} and {line}");
            }
            parts.add(new Part(name, places.group(2)));
            from = places.end();
        }
        literal(parts, source.substring(from));
        return new Template(source, parts);
    }

    private static void literal(List<Part> parts, String text) {
        if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
            throw new IllegalArgumentException("a brace is not closed or not opened");
        }
        if (!text.isEmpty()) {
            parts.add(new Part(null, text));
        }
    }

    /** The text with its places filled in; null when a field is missing and has no default. */
    public @Nullable String fill(Function<String, @Nullable String> fields) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part.field() == null) {
                text.append(part.text());
                continue;
            }
            String value = fields.apply(part.field());
            String filled = value != null ? value : part.text();
            if (filled == null) {
                return null;
            }
            text.append(filled);
        }
        return text.toString();
    }

    /** The fields without which it cannot be filled, such as {@code device.site}. */
    public List<String> needs() {
        return parts.stream()
                .filter(part -> part.field() != null && part.text() == null)
                .map(part -> String.valueOf(part.field()))
                .toList();
    }

    @Override
    public String toString() {
        return source;
    }
}
