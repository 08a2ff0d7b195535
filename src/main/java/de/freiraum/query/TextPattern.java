package de.freiraum.query;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression given by a client. It is matched in time linear in the text (RE2), so that no pattern can stall the broker; back
 * references and look-around are therefore refused. Equal by its source.
 */
public final class TextPattern {
    /** The longest accepted source, in characters. */
    public static final int MAX_LENGTH = 512;

    /** The most parts of a pattern whose repetitions are written out. */
    private static final long MOST_PARTS = 10_000;

    private final String source;
    private final Pattern pattern;

    private TextPattern(String source, Pattern pattern) {
        this.source = source;
        this.pattern = pattern;
    }

    /**
     * Compiles a pattern.
     *
     * @param parameter the request parameter or member to name in errors, such as {@code idPattern}
     * @throws NgsiLdException BadRequestData if it is empty, longer than {@link #MAX_LENGTH}, or no regular expression; TooComplexQuery if its repetitions
     *     would make it too large
     */
    public static TextPattern of(String parameter, String source) {
        if (source.isEmpty() || source.length() > MAX_LENGTH) {
            throw NgsiLdException.badRequest(parameter + ": a regular expression has 1 to " + MAX_LENGTH
                    + " characters, not " + source.length());
        }
        if (PatternSize.of(source) > MOST_PARTS) {
            throw new NgsiLdException(
                    ErrorType.TooComplexQuery, parameter + ": the regular expression repeats too much, too often");
        }
        try {
            return new TextPattern(source, Pattern.compile(source));
        } catch (PatternSyntaxException e) {
            throw NgsiLdException.badRequest(parameter + ": no valid regular expression: " + e.getDescription()
                    + " (back references and look-around are not supported)");
        }
    }

    /** Whether the pattern occurs anywhere in the text; {@code ^} and {@code $} anchor it. */
    public boolean foundIn(CharSequence text) {
        return pattern.matcher(text).find();
    }

    /** The text as it was given. */
    public String source() {
        return source;
    }

    /** What every match begins with, when the pattern is anchored at the start and begins with plain characters; otherwise empty. */
    public String literalPrefix() {
        if (!source.startsWith("^") || source.indexOf('|') >= 0) {
            return "";
        }
        int end = 1;
        while (end < source.length() && isPlain(source.charAt(end))) {
            end++;
        }
        if (end < source.length() && "*?{".indexOf(source.charAt(end)) >= 0) {
            end--;
        }
        return end <= 1 ? "" : source.substring(1, end);
    }

    private static boolean isPlain(char c) {
        return Character.isLetterOrDigit(c) || ":-_/#%@&=,;~".indexOf(c) >= 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TextPattern p && p.source.equals(source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return source;
    }
}
