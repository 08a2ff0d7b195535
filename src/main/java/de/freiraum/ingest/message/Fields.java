package de.freiraum.ingest.message;

import de.freiraum.model.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Typed reading of JSON objects whose members may be missing. A member of the wrong type is a broken message, a missing one is not. */
public final class Fields {
    private final Value.Obj object;
    private final String path;

    private Fields(Value.Obj object, String path) {
        this.object = object;
        this.path = path;
    }

    /** The fields of a whole message, which must be an object. */
    public static Fields of(Value message) {
        if (!(message instanceof Value.Obj object)) {
            throw Rejection.broken("the message must be a JSON object");
        }
        return new Fields(object, "");
    }

    /** The object itself. */
    public Value.Obj object() {
        return object;
    }

    /** Whether there is such a member, other than null. */
    public boolean has(String name) {
        return get(name) != null;
    }

    private @Nullable Value get(String name) {
        Value value = object.get(name);
        return value instanceof Value.Null ? null : value;
    }

    /** A member object; empty when missing. */
    public Fields object(String name) {
        Value value = get(name);
        if (value == null) {
            return new Fields(new Value.Obj(java.util.Map.of()), path + name + ".");
        }
        if (value instanceof Value.Obj member) {
            return new Fields(member, path + name + ".");
        }
        throw wrong(name, "an object");
    }

    /** The objects of a member array; empty when missing. */
    public List<Fields> objects(String name) {
        Value value = get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof Value.Array array)) {
            throw wrong(name, "an array of objects");
        }
        return array.items().stream()
                .map(item -> {
                    if (item instanceof Value.Obj member) {
                        return new Fields(member, path + name + "[].");
                    }
                    throw wrong(name, "an array of objects");
                })
                .toList();
    }

    /** A string, or null when missing or empty. */
    public @Nullable String text(String name) {
        Value value = get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Value.Text text) {
            return text.text().isEmpty() ? null : text.text();
        }
        throw wrong(name, "a string");
    }

    /** A string that must be there. */
    public String required(String name) {
        String text = text(name);
        if (text == null) {
            throw Rejection.broken("\"" + path + name + "\" is missing");
        }
        return text;
    }

    /** A whole number within limits; network servers leave out zero, so a missing one is 0. */
    public long whole(String name, long most) {
        Value value = get(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof Value.Num number && number.number() instanceof Long whole && whole >= 0 && whole <= most) {
            return whole;
        }
        throw wrong(name, "a whole number from 0 to " + most);
    }

    /** A number, or null when missing. */
    public @Nullable Double number(String name) {
        Value value = get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Value.Num number) {
            return number.asDouble();
        }
        throw wrong(name, "a number");
    }

    /** An instant written in ISO 8601 with an offset, or null when missing. */
    public @Nullable Instant time(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw wrong(name, "a time in ISO 8601 with an offset, such as 2026-03-02T07:00:00Z");
        }
    }

    private Rejection wrong(String name, String allowed) {
        return Rejection.broken("\"" + path + name + "\" must be " + allowed);
    }
}
