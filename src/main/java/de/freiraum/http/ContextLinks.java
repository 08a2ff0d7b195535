package de.freiraum.http;

import de.freiraum.model.Value;

/** Finds a URI for a context, to name it in a Link header. */
@FunctionalInterface
public interface ContextLinks {
    /** A URI where the context can be had that a value of {@code @context} stands for. */
    String linkOf(Value source);

    /** Names the first URI in the value; the fallback if there is none. */
    static ContextLinks firstUriOr(String fallback) {
        return source -> {
            if (source instanceof Value.Text text) {
                return text.text();
            }
            if (source instanceof Value.Array array) {
                for (Value item : array.items()) {
                    if (item instanceof Value.Text text) {
                        return text.text();
                    }
                }
            }
            return fallback;
        };
    }
}
