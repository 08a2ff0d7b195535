package de.freiraum.ingest;

import de.freiraum.ingest.message.MessageJson;
import de.freiraum.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Reads the uplink fixtures and compares JSON values by content. */
public final class Fixtures {
    private Fixtures() {}

    /** The lines of a file of JSON documents. */
    public static List<byte[]> lines(String file) {
        try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream("/ingest/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.getBytes(StandardCharsets.UTF_8))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The objects of such a file. */
    public static List<Value.Obj> objects(String file) {
        return lines(file).stream()
                .map(line -> (Value.Obj) MessageJson.read(line))
                .toList();
    }

    /** A member that must be there. */
    public static Value member(Value.Obj object, String member) {
        return Objects.requireNonNull(object.get(member), member);
    }

    /** A text member. */
    public static String text(Value.Obj object, String member) {
        return ((Value.Text) member(object, member)).text();
    }

    /** A whole number member. */
    public static long whole(Value.Obj object, String member) {
        return ((Value.Num) Objects.requireNonNull(object.get(member), member))
                .number()
                .longValue();
    }

    /** The value with numbers and members in a form in which equal JSON is equal: 1 and 1.0 are the same number. */
    public static Object plain(Value value) {
        if (value instanceof Value.Obj object) {
            var members = new java.util.TreeMap<String, Object>();
            object.members().forEach((name, member) -> members.put(name, plain(member)));
            return members;
        }
        if (value instanceof Value.Array array) {
            return array.items().stream().map(Fixtures::plain).toList();
        }
        if (value instanceof Value.Num number) {
            BigDecimal decimal = number.asDecimal();
            return decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
        }
        return value;
    }
}
