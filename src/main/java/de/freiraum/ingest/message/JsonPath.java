package de.freiraum.ingest.message;

import de.freiraum.model.Value;
import org.jspecify.annotations.Nullable;

/** Finds a value in a document by member names joined by dots, {@code sensor.values[0].id}. */
public final class JsonPath {
    private JsonPath() {}

    /**
     * Whether a text is a path.
     *
     * @return the text itself
     * @throws IllegalArgumentException saying what a path is
     */
    public static String check(String path) {
        if (path.matches("(?:[^.\\[\\]]+(?:\\[\\d{1,4}])?)(?:\\.[^.\\[\\]]+(?:\\[\\d{1,4}])?)*")) {
            return path;
        }
        throw new IllegalArgumentException("must be member names joined by dots, such as sensor.values[0].id");
    }

    /** The value at a path, or null. */
    public static @Nullable Value at(Value from, String path) {
        Value value = from;
        for (String step : path.split("\\.")) {
            String name = step;
            int index = -1;
            int bracket = step.indexOf('[');
            if (bracket >= 0 && step.endsWith("]")) {
                name = step.substring(0, bracket);
                index = Integer.parseInt(step.substring(bracket + 1, step.length() - 1));
            }
            if (!name.isEmpty()) {
                value = value instanceof Value.Obj object ? object.get(name) : null;
            }
            if (index >= 0) {
                value = value instanceof Value.Array array
                                && index < array.items().size()
                        ? array.items().get(index)
                        : null;
            }
            if (value == null) {
                return null;
            }
        }
        return value;
    }
}
