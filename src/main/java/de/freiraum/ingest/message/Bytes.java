package de.freiraum.ingest.message;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** Bytes in text, as network servers write them. */
public final class Bytes {
    private static final HexFormat HEX = HexFormat.of();

    private Bytes() {}

    /** Base64 with the standard alphabet, padded or not. */
    public static byte[] base64(String text, String field) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        try {
            return Base64.getDecoder().decode(text.substring(0, end));
        } catch (IllegalArgumentException e) {
            throw Rejection.broken("\"" + field + "\" must be Base64");
        }
    }

    /** Hexadecimal digits in either case, without separators. */
    public static byte[] hex(String text, String field) {
        try {
            return HEX.parseHex(text.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw Rejection.broken("\"" + field + "\" must be an even number of hexadecimal digits");
        }
    }

    /** Lower-case hexadecimal digits. */
    public static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }
}
