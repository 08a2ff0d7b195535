package de.freiraum.ingest.layout;

import de.freiraum.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields read so far; those of a list's element lie inside those around them. Used by one thread. */
final class Fields {
    /** So that no payload makes more than this, however its layout repeats. */
    static final int MOST_VALUES = 10_000;

    private static final String CHANNEL = "{channel}";

    private final Map<String, Value> values;
    private final @Nullable Fields around;
    private final int[] count;
    private final String channel;

    private Fields(Map<String, Value> values, @Nullable Fields around, int[] count, String channel) {
        this.values = values;
        this.around = around;
        this.count = count;
        this.channel = channel;
    }

    static Fields empty() {
        return new Fields(new LinkedHashMap<>(), null, new int[1], "");
    }

    /** Fields of an element of a list. */
    Fields inside() {
        return new Fields(new LinkedHashMap<>(), this, count, channel);
    }

    /** These fields, with a number for names that have {@code {channel}} in them. */
    Fields ofChannel(int number) {
        return new Fields(values, around, count, Integer.toString(number));
    }

    void put(String name, Value value, Cursor in) {
        if (++count[0] > MOST_VALUES) {
            throw in.refusal("the payload has more than " + MOST_VALUES + " values");
        }
        values.put(name.replace(CHANNEL, channel), value);
    }

    /** Adds to a list. */
    void append(String name, Value value, Cursor in) {
        List<Value> items = new ArrayList<>(find(name) instanceof Value.Array array ? array.items() : List.of());
        items.add(value);
        put(name, new Value.Array(items), in);
    }

    /** The field of that name, here or around. */
    @Nullable
    Value find(String name) {
        Value value = values.get(name.replace(CHANNEL, channel));
        return value != null || around == null ? value : around.find(name);
    }

    /** What was read; names that begin with an underscore were only needed while reading. */
    Value.Obj object() {
        if (values.keySet().stream().noneMatch(name -> name.startsWith("_"))) {
            return new Value.Obj(values);
        }
        Map<String, Value> shown = new LinkedHashMap<>(values);
        shown.keySet().removeIf(name -> name.startsWith("_"));
        return new Value.Obj(shown);
    }
}
