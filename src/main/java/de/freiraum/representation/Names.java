package de.freiraum.representation;

import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Uris;
import java.util.regex.Pattern;

/** Which names, URIs and scopes are allowed (clauses 4.6.2, 4.6.3, 4.18). */
public final class Names {
    private static final int MAX_LENGTH = 4096;
    private static final Pattern LANGUAGE_TAG = Pattern.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*");

    private Names() {}

    /** Whether the text is an absolute URI or IRI, as {@link Uris#isUri} tells. */
    public static boolean isUri(String text) {
        return Uris.isUri(text);
    }

    /** Whether the text has the form of a language tag (RFC 5646), such as {@code de} or {@code zh-Hant-TW}. */
    public static boolean isLanguageTag(String text) {
        return LANGUAGE_TAG.matcher(text).matches();
    }

    /**
     * Checks a URI.
     *
     * @param what what it is, for the error
     * @throws NgsiLdException BadRequestData
     */
    public static String uri(String text, String what) {
        if (!isUri(text)) {
            throw NgsiLdException.badRequest(what + " is no valid URI; found \"" + clip(text) + "\"");
        }
        return text;
    }

    /** Whether the text can name a type, a property or a relationship: a name, {@code prefix:name}, or an absolute IRI. */
    public static boolean isName(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return isPlain(text, 0, text.length());
        }
        return (isPlain(text, 0, colon) && isPlain(text, colon + 1, text.length())) || isUri(text);
    }

    /**
     * Checks a name.
     *
     * @param what what it names, for the error
     * @throws NgsiLdException BadRequestData
     */
    public static String name(String text, String what) {
        if (!isName(text)) {
            throw NgsiLdException.badRequest("\"" + clip(text) + "\" is no valid " + what
                    + "; allowed are a letter followed by letters, numbers and _, the same with a prefix, and an IRI");
        }
        return text;
    }

    /** Whether the text is a scope such as {@code /Schwerte/Am_Markt}; the leading slash may be missing. */
    public static boolean isScope(String text) {
        int start = text.startsWith("/") ? 1 : 0;
        while (true) {
            int slash = text.indexOf('/', start);
            int end = slash < 0 ? text.length() : slash;
            if (!isPlain(text, start, end)) {
                return false;
            }
            if (slash < 0) {
                return true;
            }
            start = slash + 1;
        }
    }

    private static boolean isPlain(String text, int from, int to) {
        if (from >= to || to > MAX_LENGTH) {
            return false;
        }
        int point = text.codePointAt(from);
        if (!Character.isLetter(point)) {
            return false;
        }
        for (int i = from + Character.charCount(point); i < to; i += Character.charCount(point)) {
            point = text.codePointAt(i);
            if (!Character.isLetter(point) && point != '_' && !isNumber(point)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(int point) {
        int type = Character.getType(point);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    static String clip(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100);
    }
}
