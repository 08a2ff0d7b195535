package de.freiraum.ingest.layout;

import de.freiraum.model.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** One thing that lies in a frame. */
public interface Part {
    /** Reads it where the cursor is. */
    void read(Cursor in, Fields out);

    /** How many bytes it has at the least. */
    int least();

    /**
     * A number.
     *
     * @param name of the field, or empty: it is only checked
     * @param type how the bytes are a number
     * @param bits which of its bits
     * @param meaning what it stands for
     */
    record Numeric(String name, NumberType type, BitRange bits, Meaning meaning) implements Part {
        @Override
        public void read(Cursor in, Fields out) {
            Bits.put(type.raw(in, name), type, this, in, out);
        }

        @Override
        public int least() {
            return type.bytes();
        }
    }

    /**
     * Some of the bits of a number.
     *
     * @param lowest number of the lowest bit, from 0
     * @param count how many
     * @param mask further bits that count, after the shift; -1: all
     */
    record BitRange(int lowest, int count, long mask) {
        long of(long number) {
            long shifted = number >>> lowest;
            return (count == Long.SIZE ? shifted : shifted & ((1L << count) - 1)) & mask;
        }
    }

    /** Several fields out of the bits of one number. */
    record Bits(NumberType type, List<Numeric> fields) implements Part {
        /** Copies the list. */
        public Bits {
            fields = List.copyOf(fields);
        }

        @Override
        public void read(Cursor in, Fields out) {
            String names = String.join(", ", fields.stream().map(Numeric::name).toList());
            long number = type.raw(in, names);
            fields.forEach(field -> put(number, field.type(), field, in, out));
        }

        static void put(long number, NumberType type, Numeric field, Cursor in, Fields out) {
            long bits = field.bits().of(number);
            Value value = type.kind() == 'f'
                    ? field.meaning().of(type.real(number))
                    : field.meaning()
                            .of(
                                    type.signed(bits, field.bits().count()),
                                    type.kind() == 'u',
                                    field.name().isEmpty() ? "number" : field.name(),
                                    in);
            if (value != null && !field.name().isEmpty()) {
                out.put(field.name(), value, in);
            }
        }

        @Override
        public int least() {
            return type.bytes();
        }
    }

    /** How bytes become text. */
    enum Form {
        /** UTF-8; zeros at the end are left out. */
        text,
        /** Hexadecimal digits in lower case. */
        hex,
        /** Numbers joined by dots. */
        version,
        /** Decimal digits, two in a byte; gives a whole number. */
        bcd,
        /** Nothing: the bytes are passed over. */
        skip
    }

    /**
     * How long something is, or how often it is there.
     *
     * @param fixed the number, or -1
     * @param field the earlier field that says it, or null; neither: to the end
     */
    record Size(int fixed, @Nullable String field) {
        /** To the end of the frame. */
        public static final Size REST = new Size(-1, null);

        /** The number, or -1 for the rest. */
        int of(Cursor in, Fields fields) {
            if (field == null) {
                return fixed;
            }
            if (fields.find(field) instanceof Value.Num number
                    && number.asDouble() >= 0
                    && number.asDouble() == Math.rint(number.asDouble())) {
                return (int) Math.min(Integer.MAX_VALUE, (long) number.asDouble());
            }
            throw in.refusal("\"" + field + "\" must be a whole number from 0, since it tells a size");
        }

        int least() {
            return Math.max(0, fixed);
        }
    }

    /** Bytes that are no number. */
    record Bytes(String name, Form form, Size size) implements Part {
        @Override
        public void read(Cursor in, Fields out) {
            int wanted = size.of(in, out);
            byte[] bytes = in.take(wanted < 0 ? in.left() : wanted, name.isEmpty() ? "skip" : name);
            if (form != Form.skip) {
                out.put(name, value(bytes, in), in);
            }
        }

        private Value value(byte[] bytes, Cursor in) {
            return switch (form) {
                case hex, skip -> Value.of(HexFormat.of().formatHex(bytes));
                case version -> {
                    StringJoiner version = new StringJoiner(".");
                    for (byte b : bytes) {
                        version.add(Integer.toString(b & 0xFF));
                    }
                    yield Value.of(version.toString());
                }
                case bcd -> digits(bytes, in);
                case text -> text(bytes, in);
            };
        }

        private Value digits(byte[] bytes, Cursor in) {
            String digits = HexFormat.of().formatHex(bytes);
            if (digits.length() > 18 || !digits.chars().allMatch(Character::isDigit)) {
                throw in.refusal("\"" + name + "\" must be 1 to 18 decimal digits, two in a byte");
            }
            return Value.of(digits.isEmpty() ? 0 : Long.parseLong(digits));
        }

        private Value text(byte[] bytes, Cursor in) {
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] == 0) {
                end--;
            }
            try {
                return Value.of(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, 0, end))
                        .toString());
            } catch (CharacterCodingException e) {
                throw in.refusal("\"" + name + "\" must be text in UTF-8");
            }
        }

        @Override
        public int least() {
            return size.least();
        }
    }

    /** Several parts that belong together. */
    record Group(Sequence parts) implements Part {
        @Override
        public void read(Cursor in, Fields out) {
            parts.read(in, out);
        }

        @Override
        public int least() {
            return parts.least();
        }
    }

    /**
     * The same parts again and again; the field is a list.
     *
     * @param name of the field
     * @param times how often; without a number: to the end of the frame
     * @param parts what is repeated
     * @param item the one field that is the element, or null: the element is an object of all its fields
     */
    record Repeat(
            String name,
            Size times,
            Sequence parts,
            @Nullable String item) implements Part {
        @Override
        public void read(Cursor in, Fields out) {
            int wanted = times.of(in, out);
            List<Value> items = new java.util.ArrayList<>();
            while (wanted < 0 ? !in.atEnd() : items.size() < wanted) {
                int before = in.position();
                Fields inside = out.inside();
                parts.read(in, inside);
                if (in.position() == before || items.size() >= Fields.MOST_VALUES) {
                    throw in.refusal("\"" + name + "\" has too many elements");
                }
                Value element = item == null ? inside.object() : inside.find(item);
                if (element != null) {
                    items.add(element);
                }
            }
            out.put(name, new Value.Array(items), in);
        }

        @Override
        public int least() {
            return times.least() * parts.least();
        }
    }
}
