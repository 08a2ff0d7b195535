package de.freiraum.http;

import de.freiraum.json.Times;
import de.freiraum.model.NgsiLdException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The URL parameters of one request, decoded, known by name, each at most once (clause 6.3.20). */
public final class Parameters {
    private static final int MAX_PARAMETERS = 100;
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,10}");

    private final Map<String, String> values;
    private final HttpSettings settings;

    private Parameters(Map<String, String> values, HttpSettings settings) {
        this.values = values;
        this.settings = settings;
    }

    /**
     * Reads the query part of a URL.
     *
     * @param query what follows the question mark, or null
     * @param allowed the names that the operation knows
     * @throws NgsiLdException InvalidRequest, naming the parameter that is unknown, repeated or badly encoded
     */
    static Parameters parse(@Nullable String query, Set<String> allowed, HttpSettings settings) {
        if (query == null || query.isEmpty()) {
            return new Parameters(Map.of(), settings);
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = PercentCoding.decodeQuery(equals < 0 ? pair : pair.substring(0, equals), "URL parameters");
            if (!allowed.contains(name)) {
                throw NgsiLdException.invalid("the URL parameter " + clip(name) + " is not known here; allowed are "
                        + (allowed.isEmpty() ? "none" : String.join(", ", allowed)));
            }
            String value = equals < 0 ? "" : PercentCoding.decodeQuery(pair.substring(equals + 1), name);
            if (values.put(name, value) != null) {
                throw NgsiLdException.invalid("the URL parameter " + name + " occurs more than once");
            }
            if (values.size() > MAX_PARAMETERS) {
                throw NgsiLdException.invalid("there are more than " + MAX_PARAMETERS + " URL parameters");
            }
        }
        return new Parameters(Collections.unmodifiableMap(values), settings);
    }

    /** The same with others, which come from a body and win over those of the URL. */
    Parameters and(Map<String, String> others) {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.putAll(others);
        return new Parameters(Collections.unmodifiableMap(all), settings);
    }

    /** The same without some. */
    Parameters without(String... names) {
        Map<String, String> rest = new LinkedHashMap<>(values);
        rest.keySet().removeAll(Set.of(names));
        return new Parameters(Collections.unmodifiableMap(rest), settings);
    }

    /** All of them, in the order of the request. */
    Map<String, String> all() {
        return values;
    }

    /** Whether it is there. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** Its text, or null if it is not there; never empty. */
    public @Nullable String text(String name) {
        String value = values.get(name);
        if (value != null && value.isEmpty()) {
            throw NgsiLdException.badRequest(name + ": a value is needed");
        }
        return value;
    }

    /** Its comma-separated parts in their order, without duplicates; an empty list if it is not there. */
    public List<String> list(String name) {
        String text = text(name);
        if (text == null) {
            return List.of();
        }
        Set<String> parts = new LinkedHashSet<>();
        for (String part : text.split(",", -1)) {
            String trimmed = part.strip();
            if (trimmed.isEmpty()) {
                throw NgsiLdException.badRequest(name + ": no part of the comma-separated list may be empty");
            }
            parts.add(trimmed);
        }
        return new ArrayList<>(parts);
    }

    /** Its truth; false if it is not there. */
    public boolean flag(String name) {
        String text = text(name);
        if (text == null || text.equalsIgnoreCase("false")) {
            return false;
        }
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        throw NgsiLdException.badRequest(name + ": allowed are true and false, not \"" + clip(text) + "\"");
    }

    /** A whole number in a range; the fallback if it is not there. */
    public int number(String name, int fallback, int least, int most) {
        String text = text(name);
        if (text == null) {
            return fallback;
        }
        try {
            int number = WHOLE.matcher(text).matches() ? Integer.parseInt(text) : -1;
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, together with the range
        }
        throw NgsiLdException.badRequest(
                name + ": allowed are whole numbers from " + least + " to " + most + ", not \"" + clip(text) + "\"");
    }

    /** A point in time in UTC, or null if it is not there. */
    public @Nullable Instant time(String name) {
        String text = text(name);
        return text == null ? null : Times.parse(text, name);
    }

    /**
     * The keywords of {@code options}.
     *
     * @throws NgsiLdException InvalidRequest for a keyword that is not among those allowed (clause 6.3.20)
     */
    public Set<String> options(Set<String> allowed) {
        List<String> given = list("options");
        for (String option : given) {
            if (!allowed.contains(option)) {
                throw NgsiLdException.invalid(
                        "options: \"" + clip(option) + "\" is not known here; allowed are " + sorted(allowed));
            }
        }
        return new LinkedHashSet<>(given);
    }

    /**
     * One of a few words, or null if it is not there.
     *
     * @throws NgsiLdException BadRequestData for another word
     */
    public @Nullable String choice(String name, Set<String> allowed) {
        String text = text(name);
        if (text != null && !allowed.contains(text)) {
            throw NgsiLdException.badRequest(
                    name + ": \"" + clip(text) + "\" is not known here; allowed are " + sorted(allowed));
        }
        return text;
    }

    /** Whether the number of results is asked for (clause 6.3.13). */
    public boolean count() {
        return flag("count");
    }

    /** Whether one entity may be split between brokers (clause 6.4.3.2). */
    boolean splitEntities() {
        return has("splitEntities") ? flag("splitEntities") : settings.splitEntities();
    }

    /** The most elements on the page (clause 6.3.10); 0 is for counting alone. */
    public int limit() {
        int limit = number("limit", settings.defaultPageSize(), 0, settings.maxPageSize());
        if (limit == 0 && !count()) {
            throw NgsiLdException.badRequest("limit: 0 is allowed together with count=true only");
        }
        return limit;
    }

    /** How many elements to leave out first (clause 6.3.10). */
    public int offset() {
        return number("offset", 0, 0, Integer.MAX_VALUE);
    }

    private static String sorted(Set<String> words) {
        return String.join(", ", words.stream().sorted().toList());
    }

    static String clip(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
