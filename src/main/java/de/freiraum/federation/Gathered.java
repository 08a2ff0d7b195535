package de.freiraum.federation;

import java.util.ArrayList;
import java.util.List;

/**
 * What several sources answered.
 *
 * @param parts what they sent, in the order of their registrations
 * @param warnings one for each source that did not contribute what it may have
 */
public record Gathered<T>(List<T> parts, List<Warning> warnings) {
    /** Copies the lists. */
    public Gathered {
        parts = List.copyOf(parts);
        warnings = List.copyOf(warnings);
    }

    /** Nothing from anybody. */
    public static <T> Gathered<T> nothing() {
        return new Gathered<>(List.of(), List.of());
    }

    /** Several in one. */
    static <T> Gathered<T> all(List<Gathered<T>> some) {
        List<T> parts = new ArrayList<>();
        List<Warning> warnings = new ArrayList<>();
        some.forEach(one -> {
            parts.addAll(one.parts);
            warnings.addAll(one.warnings);
        });
        return new Gathered<>(parts, warnings);
    }
}
