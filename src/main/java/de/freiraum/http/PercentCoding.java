package de.freiraum.http;

import de.freiraum.model.NgsiLdException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding of RFC 3986, strict when reading and sparing when writing. */
final class PercentCoding {
    private static final String HEX = "0123456789ABCDEF";

    private PercentCoding() {}

    /** Decodes a path segment. */
    static String decodeSegment(String raw, String what) {
        return decode(raw, false, what);
    }

    /** Decodes a name or value of the query part, where a plus is a blank. */
    static String decodeQuery(String raw, String what) {
        return decode(raw, true, what);
    }

    /** Encodes what may not stand in a query's value; what needs no encoding is left readable. */
    static String encodeQuery(String text) {
        return encode(text, "-._~!$'()*,;:@/?=");
    }

    /** Encodes what may not stand in a path segment. */
    static String encodeSegment(String text) {
        return encode(text, "-._~!$&'()*+,;=:@");
    }

    private static String decode(String raw, boolean plusIsBlank, String what) {
        int first = 0;
        while (first < raw.length() && raw.charAt(first) != '%' && !(plusIsBlank && raw.charAt(first) == '+')) {
            first++;
        }
        if (first == raw.length()) {
            return raw;
        }
        byte[] source = raw.getBytes(StandardCharsets.UTF_8);
        byte[] target = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            if (source[i] == '%') {
                int high = i + 2 <= source.length - 1 ? Character.digit(source[i + 1], 16) : -1;
                int low = i + 2 <= source.length - 1 ? Character.digit(source[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw NgsiLdException.invalid(what + ": a % must be followed by two hexadecimal digits");
                }
                target[length++] = (byte) (high * 16 + low);
                i += 2;
            } else {
                target[length++] = plusIsBlank && source[i] == '+' ? (byte) ' ' : source[i];
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(target, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw NgsiLdException.invalid(what + ": the percent-encoded bytes are not UTF-8");
        }
    }

    private static String encode(String text, String unchanged) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (isAlphanumeric(c) || unchanged.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return out.toString();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
