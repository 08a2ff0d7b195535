package de.freiraum.catalog;

import java.util.Locale;

/** The languages of texts. */
public enum Language {
    /** German, which comes first. */
    DE,
    /** English. */
    EN;

    /** The tag, such as {@code de}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For numbers and dates. */
    public Locale locale() {
        return this == DE ? Locale.GERMANY : Locale.UK;
    }
}
