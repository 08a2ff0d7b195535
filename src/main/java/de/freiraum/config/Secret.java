package de.freiraum.config;

/**
 * A value that must not appear in logs or print-outs. In the file it is written as {@code env:NAME}, {@code file:/path} (first line counts)
 * or as the plain text itself.
 *
 * @param value the secret itself
 */
public record Secret(String value) {
    /** Three stars, whatever the value is. */
    @Override
    public String toString() {
        return "***";
    }
}
