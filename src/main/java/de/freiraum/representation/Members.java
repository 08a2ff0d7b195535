package de.freiraum.representation;

import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.IsoDuration;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes values of JSON members for what a data type says they are, and names the member where they are not. */
final class Members {
    private static final int SHOWN = 80;
    private static final Pattern URI_FORM =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[^\\x00-\\x20\\x7f<>\"{}|\\\\^`]+");
    private static final int MAX_URI = 2048;

    private Members() {}

    static String text(String name, Value value) {
        if (value instanceof Value.Text text) {
            return text.text();
        }
        throw NgsiLdException.badRequest(name + " must be a string");
    }

    static String nonEmpty(String name, Value value) {
        String text = text(name, value);
        if (text.isBlank()) {
            throw NgsiLdException.badRequest(name + " must not be empty");
        }
        return text;
    }

    static boolean bool(String name, Value value) {
        if (value instanceof Value.Bool bool) {
            return bool.truth();
        }
        throw NgsiLdException.badRequest(name + " must be true or false");
    }

    static String uri(String name, Value value) {
        String text = text(name, value);
        if (!isUri(text)) {
            throw NgsiLdException.badRequest(
                    name + " must be a URI, such as urn:ngsi-ld:Building:1, not \"" + clip(text) + "\"");
        }
        return text;
    }

    static boolean isUri(String text) {
        return text.length() <= MAX_URI && URI_FORM.matcher(text).matches();
    }

    static String oneOf(String name, Value value, List<String> allowed) {
        String text = text(name, value);
        if (!allowed.contains(text)) {
            throw NgsiLdException.badRequest(
                    name + " must be one of " + String.join(", ", allowed) + ", not \"" + clip(text) + "\"");
        }
        return text;
    }

    static double positive(String name, Value value) {
        if (value instanceof Value.Num number && number.asDouble() > 0 && Double.isFinite(number.asDouble())) {
            return number.asDouble();
        }
        throw NgsiLdException.badRequest(name + " must be a number greater than 0");
    }

    /** A length of time between a millisecond and a century; both bounds are silently kept to. */
    static Duration duration(String name, Value value, double unitInMillis) {
        double millis = positive(name, value) * unitInMillis;
        return Duration.ofMillis((long) Math.max(1, Math.min(millis, 100 * 365.25 * 86_400_000)));
    }

    /** An ISO 8601 duration, such as PT5M or P1D. */
    static IsoDuration isoDuration(String name, Value value) {
        return IsoDuration.parse(name, text(name, value));
    }

    /** A URL of scheme http or https with a host. */
    static String httpUrl(String name, Value value) {
        String text = uri(name, value);
        try {
            URI url = new URI(text);
            String scheme = url.getScheme().toLowerCase(Locale.ROOT);
            if (url.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return text;
            }
        } catch (URISyntaxException e) {
            // told below, together with what is allowed
        }
        throw NgsiLdException.badRequest(name + " must be an http or https URL, not \"" + clip(text) + "\"");
    }

    static Value.Obj object(String name, Value value) {
        if (value instanceof Value.Obj object) {
            return object;
        }
        throw NgsiLdException.badRequest(name + " must be an object");
    }

    static List<Value> array(String name, Value value) {
        if (value instanceof Value.Array array) {
            return array.items();
        }
        throw NgsiLdException.badRequest(name + " must be an array");
    }

    static List<Value> nonEmptyArray(String name, Value value) {
        List<Value> items = array(name, value);
        if (items.isEmpty()) {
            throw NgsiLdException.badRequest(name + " must not be an empty array");
        }
        return items;
    }

    static List<String> texts(String name, Value value) {
        List<String> texts = new ArrayList<>();
        for (Value item : nonEmptyArray(name, value)) {
            texts.add(nonEmpty(name + "[]", item));
        }
        return texts;
    }

    /** Names of attributes. */
    static List<String> names(String name, Value value) {
        List<String> names = texts(name, value);
        names.forEach(n -> Names.name(n, "name of an attribute in " + name));
        return names;
    }

    static Value required(String name, @Nullable Value value) {
        if (value == null) {
            throw NgsiLdException.badRequest(name + " is missing");
        }
        return value;
    }

    /** Members with values that stand for nothing, which only a patch may have. */
    static boolean isNothing(Value value) {
        return value instanceof Value.Null || value.isNgsiLdNull();
    }

    static void onlyOne(Value.Obj object, String first, Set<String> others, String where) {
        if (object.get(first) == null) {
            return;
        }
        for (String other : others) {
            if (object.get(other) != null) {
                throw NgsiLdException.badRequest(where + first + " and " + where + other + " exclude each other");
            }
        }
    }

    static String clip(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
