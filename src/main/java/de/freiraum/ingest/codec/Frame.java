package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads numbers out of a payload, with a cursor and with names for messages. */
final class Frame {
    private final String device;
    private final byte[] bytes;
    private int at;

    Frame(String device, byte[] bytes) {
        this.device = device;
        this.bytes = bytes;
    }

    /** Refuses any other length. */
    Frame length(int... allowed) {
        for (int length : allowed) {
            if (bytes.length == length) {
                return this;
            }
        }
        StringBuilder lengths = new StringBuilder();
        for (int length : allowed) {
            lengths.append(lengths.isEmpty() ? "" : " or ").append(length);
        }
        throw Rejection.payload(
                device + ": the payload has " + bytes.length + " bytes; this port's frame has " + lengths);
    }

    int position() {
        return at;
    }

    boolean atEnd() {
        return at >= bytes.length;
    }

    int size() {
        return bytes.length;
    }

    /** Moves the cursor. */
    Frame seek(int position) {
        at = position;
        return this;
    }

    private int next() {
        if (at >= bytes.length) {
            throw Rejection.payload(device + ": the payload ends after " + bytes.length + " bytes, inside a field");
        }
        return bytes[at++] & 0xFF;
    }

    int u8() {
        return next();
    }

    int s8() {
        return (byte) next();
    }

    int u16be() {
        return next() << 8 | next();
    }

    int s16be() {
        return (short) u16be();
    }

    int u16le() {
        return next() | next() << 8;
    }

    int s16le() {
        return (short) u16le();
    }

    long u32le() {
        return u16le() | (long) u16le() << 16;
    }

    String hex(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int b = next();
            text.append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 0xF, 16));
        }
        return text.toString();
    }

    /** Bytes as a version, {@code 1.2.3}. */
    String version(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(text.isEmpty() ? "" : ".").append(next());
        }
        return text.toString();
    }

    static Out out() {
        return new Out();
    }

    /** The fields found so far. */
    static final class Out {
        private final Map<String, Value> fields = new LinkedHashMap<>();

        Out put(String name, String text) {
            fields.put(name, Value.of(text));
            return this;
        }

        Out put(String name, long number) {
            fields.put(name, Value.of(number));
            return this;
        }

        Out put(String name, double number) {
            fields.put(name, Value.of(number));
            return this;
        }

        Out put(String name, boolean truth) {
            fields.put(name, Value.of(truth));
            return this;
        }

        Out put(String name, Value value) {
            fields.put(name, value);
            return this;
        }

        @Nullable
        Value get(String name) {
            return fields.get(name);
        }

        boolean isEmpty() {
            return fields.isEmpty();
        }

        Value.Obj object() {
            return new Value.Obj(fields);
        }
    }
}
