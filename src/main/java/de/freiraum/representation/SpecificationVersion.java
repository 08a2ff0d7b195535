package de.freiraum.representation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version of the NGSI-LD specification as clients name it (clause 4.3.6.8), such as 1.5.
 *
 * @param major the number before the point
 * @param minor the number behind it
 */
public record SpecificationVersion(int major, int minor) {
    /** The version that this broker implements. */
    public static final SpecificationVersion CURRENT = new SpecificationVersion(1, 9);

    private static final Pattern FORM = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})(\\.[0-9]{1,4})?");

    /** The version that the text names, or null if it names none. A third number makes no difference. */
    public static @Nullable SpecificationVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? new SpecificationVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : null;
    }

    /** The version that answers have if this one is preferred: itself if it is an earlier one of the same kind, otherwise the current one. */
    public SpecificationVersion conformant() {
        return major == CURRENT.major && minor < CURRENT.minor ? this : CURRENT;
    }

    /** Whether what came with 1.{@code introduced} is unknown to this version. */
    boolean isBefore(int introduced) {
        return minor < introduced;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
