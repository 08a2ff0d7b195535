package de.freiraum.ingest.layout;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which keys a channel is for: for each byte a hexadecimal number, a range of them, or any, such as {@code 03 67}, {@code * 67} or {@code f8-ff *}. */
public record ChannelKey(List<Range> bytes) {
    private static final Pattern BYTE = Pattern.compile("([0-9a-fA-F]{2})(?:-([0-9a-fA-F]{2}))?");

    /** From one byte to another. */
    public record Range(int from, int to) {}

    /** Copies the list. */
    public ChannelKey {
        bytes = List.copyOf(bytes);
    }

    /**
     * Reads such a text.
     *
     * @throws IllegalArgumentException for any other, or for another number of bytes
     */
    public static ChannelKey parse(String text, int keyBytes) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.strip().split(" +")) {
            Matcher matcher = BYTE.matcher(part);
            if (part.equals("*")) {
                ranges.add(new Range(0, 255));
            } else if (matcher.matches()) {
                int from = Integer.parseInt(matcher.group(1), 16);
                ranges.add(new Range(from, matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2), 16)));
            } else {
                ranges.clear();
                break;
            }
        }
        if (ranges.size() != keyBytes) {
            throw new IllegalArgumentException("the key must be " + keyBytes
                    + " hexadecimal bytes with a space between, such as \"03 67\", \"* 67\" or \"f8-ff *\"");
        }
        return new ChannelKey(ranges);
    }

    boolean matches(byte[] key) {
        for (int i = 0; i < key.length; i++) {
            int b = key[i] & 0xFF;
            if (b < bytes.get(i).from() || b > bytes.get(i).to()) {
                return false;
            }
        }
        return true;
    }

    static String text(byte[] key) {
        return HexFormat.ofDelimiter(" ").formatHex(key);
    }
}
