package de.freiraum.catalog;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The texts that are part of the program, below {@code /catalog}. */
final class Resources {
    private Resources() {}

    /** An object in a file. */
    static Value.Obj object(String name) {
        try (InputStream stream = Resources.class.getResourceAsStream("/catalog/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("the resource catalog/" + name + " is missing");
            }
            return (Value.Obj) JsonReader.read(stream.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A member that must be there. */
    static Value member(Value object, String name) {
        Value member = object instanceof Value.Obj o ? o.get(name) : null;
        if (member == null) {
            throw new IllegalStateException("a resource lacks \"" + name + '"');
        }
        return member;
    }

    /** A text that must be there. */
    static String text(Value object, String name) {
        return ((Value.Text) member(object, name)).text();
    }

    /** A list of texts that must be there. */
    static List<String> texts(Value object, String name) {
        return ((Value.Array) member(object, name))
                .items().stream().map(item -> ((Value.Text) item).text()).toList();
    }
}
