package de.freiraum.formats;

import de.freiraum.model.NgsiLdException;
import org.jspecify.annotations.Nullable;

/** Reads numbers in parameters. */
public final class Numbers {
    private Numbers() {}

    /**
     * A whole number.
     *
     * @param text what was given, or null
     * @param otherwise when nothing was given
     * @throws NgsiLdException naming the parameter
     */
    public static int whole(String parameter, @Nullable String text, int least, int otherwise) {
        if (text == null) {
            return otherwise;
        }
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) >= least) {
            return Integer.parseInt(text);
        }
        throw NgsiLdException.badRequest(parameter + ": allowed are whole numbers from " + least);
    }

    /**
     * A number in a range.
     *
     * @throws NgsiLdException naming the parameter
     */
    public static double between(String parameter, String text, double least, double most) {
        double number = Double.NaN;
        if (text.length() <= 40) {
            try {
                number = Double.parseDouble(text.strip());
            } catch (NumberFormatException e) {
                number = Double.NaN;
            }
        }
        if (!(number >= least && number <= most)) {
            throw NgsiLdException.badRequest(
                    parameter + ": allowed are numbers from " + plain(least) + " to " + plain(most));
        }
        return number;
    }

    private static String plain(double number) {
        return Double.isInfinite(number) ? Double.toString(number) : Long.toString((long) number);
    }
}
