package de.freiraum.app.tryout;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/** JSON for people: one member a line, what is short in one line. */
final class Indented {
    private static final int WIDTH = 100;

    private final StringBuilder text = new StringBuilder();

    private Indented() {}

    /** The value as text, each line behind the given indentation. */
    static String text(Value value, String indentation) {
        Indented writer = new Indented();
        writer.text.append(indentation);
        writer.write(value, indentation);
        return writer.text.toString();
    }

    private void write(Value value, String indentation) {
        String inOneLine = new String(JsonWriter.write(value), StandardCharsets.UTF_8);
        boolean isShort = indentation.length() + inOneLine.length() <= WIDTH;
        if (value instanceof Value.Obj object && !object.members().isEmpty() && !isShort) {
            text.append("{\n");
            Iterator<Map.Entry<String, Value>> members =
                    object.members().entrySet().iterator();
            while (members.hasNext()) {
                Map.Entry<String, Value> member = members.next();
                text.append(indentation)
                        .append("  ")
                        .append(new String(JsonWriter.write(Value.of(member.getKey())), StandardCharsets.UTF_8))
                        .append(": ");
                write(member.getValue(), indentation + "  ");
                text.append(members.hasNext() ? ",\n" : "\n");
            }
            text.append(indentation).append('}');
        } else if (value instanceof Value.Array array && !array.items().isEmpty() && !isShort) {
            text.append("[\n");
            Iterator<Value> items = array.items().iterator();
            while (items.hasNext()) {
                text.append(indentation).append("  ");
                write(items.next(), indentation + "  ");
                text.append(items.hasNext() ? ",\n" : "\n");
            }
            text.append(indentation).append(']');
        } else {
            text.append(inOneLine);
        }
    }
}
