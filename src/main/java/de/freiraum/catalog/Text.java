package de.freiraum.catalog;

import de.freiraum.model.Value;

/**
 * A text in both languages.
 *
 * @param de German
 * @param en English
 */
public record Text(String de, String en) {
    /** The same in both languages, as names are. */
    public static Text of(String name) {
        return new Text(name, name);
    }

    /** From an object with the members {@code de} and {@code en}. */
    static Text of(Value value) {
        return new Text(Resources.text(value, "de"), Resources.text(value, "en"));
    }

    /** In one language. */
    public String in(Language language) {
        return language == Language.DE ? de : en;
    }

    /** With something after it, in both languages. */
    public Text plus(String suffix) {
        return new Text(de + suffix, en + suffix);
    }

    /** With something after it, in each language its own. */
    public Text plus(Text suffix) {
        return new Text(de + suffix.de, en + suffix.en);
    }
}
