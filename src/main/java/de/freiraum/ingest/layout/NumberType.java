package de.freiraum.ingest.layout;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How bytes are a number: {@code u8} to {@code u64}, {@code s8} to {@code s64} in steps of eight bits, {@code f32} and {@code f64}, each
 * with {@code le} or {@code be} behind it where it differs from the rest of the layout.
 *
 * @param kind {@code u} without sign, {@code s} two's complement, {@code f} IEEE 754
 * @param bytes its length, 1 to 8
 * @param littleEndian whether the lowest byte comes first
 */
public record NumberType(char kind, int bytes, boolean littleEndian) {
    private static final Pattern NAME = Pattern.compile("([usf])(\\d{1,2})(le|be)?");

    /** Whether a text looks like a number type, right or wrong. */
    public static boolean looksLike(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * Reads a name such as {@code u16} or {@code s32le}.
     *
     * @throws IllegalArgumentException for any other
     */
    public static NumberType parse(String text, boolean littleEndian) {
        Matcher name = NAME.matcher(text);
        int bits = name.matches() ? Integer.parseInt(name.group(2)) : 0;
        char kind = bits == 0 ? ' ' : text.charAt(0);
        boolean known = kind == 'f' ? bits == 32 || bits == 64 : bits >= 8 && bits <= 64 && bits % 8 == 0;
        if (!known) {
            throw new IllegalArgumentException(
                    "must be u8 to u64 or s8 to s64 in steps of 8, f32 or f64, with le or be");
        }
        String order = name.group(3);
        return new NumberType(kind, bits / 8, order == null ? littleEndian : order.equals("le"));
    }

    /** The bits as they are, without sign. */
    long raw(Cursor in, String field) {
        return in.number(bytes, littleEndian, field);
    }

    /** The number that some bits are, counted from the lowest. */
    long signed(long bits, int width) {
        return kind == 's' ? bits << (64 - width) >> (64 - width) : bits;
    }

    double real(long bits) {
        return bytes == 4 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
    }
}
