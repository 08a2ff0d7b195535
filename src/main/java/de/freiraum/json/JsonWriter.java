package de.freiraum.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes JSON as UTF-8 into a growing buffer. Commas are set by themselves; the caller keeps begin and end in balance. One thread at a
 * time; {@link #reset()} makes a writer as good as new and keeps its buffer.
 */
public final class JsonWriter {
    private static final int INITIAL_BYTES = 1024;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private byte[] buffer;
    private int length;
    private boolean comma;

    /** An empty writer. */
    public JsonWriter() {
        this(INITIAL_BYTES);
    }

    /** An empty writer with room for so many bytes before it has to grow. */
    public JsonWriter(int bytes) {
        buffer = new byte[Math.max(bytes, 16)];
    }

    /** The value as JSON. */
    public static byte[] write(Value value) {
        return new JsonWriter(256).value(value).toBytes();
    }

    /** The value as JSON text, for logs and headers. */
    public static String text(Value value) {
        return new String(write(value), StandardCharsets.UTF_8);
    }

    /** Opens an object. */
    public JsonWriter beginObject() {
        separate();
        put('{');
        comma = false;
        return this;
    }

    /** Closes an object. */
    public JsonWriter endObject() {
        put('}');
        comma = true;
        return this;
    }

    /** Opens an array. */
    public JsonWriter beginArray() {
        separate();
        put('[');
        comma = false;
        return this;
    }

    /** Closes an array. */
    public JsonWriter endArray() {
        put(']');
        comma = true;
        return this;
    }

    /** The name of the member whose value follows. */
    public JsonWriter name(String name) {
        separate();
        string(name);
        put(':');
        comma = false;
        return this;
    }

    /** A string. */
    public JsonWriter text(String text) {
        separate();
        string(text);
        comma = true;
        return this;
    }

    /** A whole number. */
    public JsonWriter number(long number) {
        return ascii(Long.toString(number));
    }

    /** A number; must be finite. */
    public JsonWriter number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            double d = number.doubleValue();
            if (!Double.isFinite(d)) {
                throw new IllegalArgumentException("a JSON number is finite");
            }
            return ascii(NumberOutput.toString(d, true));
        }
        return ascii(number instanceof BigDecimal b ? b.toString() : number.toString());
    }

    /** True or false. */
    public JsonWriter bool(boolean truth) {
        return literal(truth ? TRUE : FALSE);
    }

    /** JSON null. */
    public JsonWriter nul() {
        return literal(NULL);
    }

    /** A time as a string: ISO 8601 in UTC with three, six or nine digits after the point (clause 4.6.3). */
    public JsonWriter time(Instant time) {
        return text(Times.format(time));
    }

    /** A member with a string. */
    public JsonWriter member(String name, String text) {
        return name(name).text(text);
    }

    /** A member with a whole number. */
    public JsonWriter member(String name, long number) {
        return name(name).number(number);
    }

    /** A member with any value. */
    public JsonWriter member(String name, Value value) {
        return name(name).value(value);
    }

    /** An array of strings. */
    public JsonWriter texts(List<String> texts) {
        beginArray();
        texts.forEach(this::text);
        return endArray();
    }

    /** Any value, with its member names as they are. */
    public JsonWriter value(Value value) {
        if (value instanceof Value.Text t) {
            return text(t.text());
        }
        if (value instanceof Value.Num n) {
            return number(n.number());
        }
        if (value instanceof Value.Bool b) {
            return bool(b.truth());
        }
        if (value instanceof Value.Array a) {
            beginArray();
            a.items().forEach(this::value);
            return endArray();
        }
        if (value instanceof Value.Obj o) {
            beginObject();
            for (Map.Entry<String, Value> m : o.members().entrySet()) {
                name(m.getKey()).value(m.getValue());
            }
            return endObject();
        }
        return nul();
    }

    /** A complete JSON value, ready as bytes. */
    public JsonWriter raw(byte[] json) {
        return raw(json, 0, json.length);
    }

    /** A complete JSON value, ready as a range of bytes. */
    public JsonWriter raw(byte[] json, int from, int bytes) {
        separate();
        copy(json, from, bytes);
        comma = true;
        return this;
    }

    /** A member's name, ready as {@link #encodedName} made it. */
    public JsonWriter rawName(byte[] encodedName) {
        separate();
        copy(encodedName, 0, encodedName.length);
        comma = false;
        return this;
    }

    /** The quoted name with its colon, for {@link #rawName}. */
    public static byte[] encodedName(String name) {
        return new JsonWriter(name.length() + 16).name(name).toBytes();
    }

    /** How many bytes there are. */
    public int size() {
        return length;
    }

    /** The bytes written; valid up to {@link #size()} and until the next write. Not a copy. */
    public byte[] buffer() {
        return buffer;
    }

    /** A copy of the bytes written. */
    public byte[] toBytes() {
        return Arrays.copyOf(buffer, length);
    }

    /** The bytes written, without a copy if they fill the buffer; nothing more may be written. */
    public byte[] takeBytes() {
        return length == buffer.length ? buffer : toBytes();
    }

    /** A copy of the bytes from a position. */
    public byte[] toBytes(int from) {
        return Arrays.copyOfRange(buffer, from, length);
    }

    /** Forgets what was written and keeps the buffer. */
    public JsonWriter reset() {
        length = 0;
        comma = false;
        return this;
    }

    @Override
    public String toString() {
        return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }

    private JsonWriter literal(byte[] ascii) {
        separate();
        copy(ascii, 0, ascii.length);
        comma = true;
        return this;
    }

    @SuppressWarnings("deprecation") // getBytes(int, int, byte[], int) is the cheapest copy of ASCII there is
    private JsonWriter ascii(String text) {
        separate();
        int n = text.length();
        room(n);
        text.getBytes(0, n, buffer, length);
        length += n;
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            put(',');
        }
    }

    private void put(char ascii) {
        room(1);
        buffer[length++] = (byte) ascii;
    }

    private void copy(byte[] bytes, int from, int count) {
        room(count);
        System.arraycopy(bytes, from, buffer, length, count);
        length += count;
    }

    private void room(int bytes) {
        int needed = length + bytes;
        if (needed < 0) {
            throw new IllegalStateException("a JSON document has at most 2 GiB");
        }
        if (needed > buffer.length) {
            buffer =
                    Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, buffer.length * 2L)));
        }
    }

    private void string(String text) {
        int n = text.length();
        room(n + 2);
        buffer[length++] = '"';
        int i = 0;
        // plain ASCII needs no room beyond what is reserved
        for (; i < n; i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
                break;
            }
            buffer[length++] = (byte) c;
        }
        if (i < n) {
            rest(text, i);
        }
        put('"');
    }

    private void rest(String text, int from) {
        int n = text.length();
        for (int i = from; i < n; i++) {
            char c = text.charAt(i);
            room(6);
            if (c < 0x80) {
                oneByte(c);
            } else if (c < 0x800) {
                buffer[length++] = (byte) (0xc0 | (c >> 6));
                buffer[length++] = (byte) (0x80 | (c & 0x3f));
            } else if (Character.isHighSurrogate(c) && i + 1 < n && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                buffer[length++] = (byte) (0xf0 | (point >> 18));
                buffer[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
                buffer[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
                buffer[length++] = (byte) (0x80 | (point & 0x3f));
            } else if (Character.isSurrogate(c)) {
                escape(c); // half a pair has no UTF-8 form
            } else {
                buffer[length++] = (byte) (0xe0 | (c >> 12));
                buffer[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
                buffer[length++] = (byte) (0x80 | (c & 0x3f));
            }
        }
    }

    private void oneByte(char c) {
        switch (c) {
            case '"', '\\' -> pair(c);
            case '\n' -> pair('n');
            case '\r' -> pair('r');
            case '\t' -> pair('t');
            case '\b' -> pair('b');
            case '\f' -> pair('f');
            default -> {
                if (c < 0x20 || c == 0x7f) {
                    escape(c);
                } else {
                    buffer[length++] = (byte) c;
                }
            }
        }
    }

    private void pair(char c) {
        buffer[length++] = '\\';
        buffer[length++] = (byte) c;
    }

    private void escape(char c) {
        pair('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            buffer[length++] = HEX[(c >> shift) & 0xf];
        }
    }
}
