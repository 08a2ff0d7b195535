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

    /** The one of the two that this is not. */
    public Language other() {
        return this == DE ? EN : DE;
    }

    /** For numbers and dates. */
    public Locale locale() {
        return this == DE ? Locale.GERMANY : Locale.UK;
    }
}
