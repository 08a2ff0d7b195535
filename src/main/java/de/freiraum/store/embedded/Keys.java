package de.freiraum.store.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the engine. A text part is its UTF-8 bytes, each 0 escaped as 0 255, ended by 0 0: so keys of several parts are ordered
 * part by part, and no part can run into the next.
 */
final class Keys {
    private static final int TIME_BYTES = 12;

    private byte[] bytes = new byte[160];
    private int length;

    private Keys() {}

    static byte[] of(String... parts) {
        Keys key = new Keys();
        for (String part : parts) {
            key.text(part);
        }
        return key.done();
    }

    /** Of one history instance. */
    static byte[] instance(
            String tenant, String entity, String attribute, @Nullable String dataset, Instant time, String instanceId) {
        return new Keys()
                .text(tenant)
                .text(entity)
                .text(attribute)
                .text(dataset == null ? "" : dataset)
                .time(time)
                .raw(instanceId.getBytes(StandardCharsets.UTF_8))
                .done();
    }

    /** A group's key with a time: before all instances of that time and after all earlier ones. */
    static byte[] atTime(byte[] group, Instant time) {
        return new Keys().raw(group).time(time).done();
    }

    /** The first key behind all keys that start with these whole parts. */
    static byte[] behind(byte[] parts) {
        byte[] end = parts.clone();
        // A key of whole parts ends with 0 0, so that 0 1 is behind every continuation and before every longer last
        // part (0 255 …).
        end[end.length - 1] = 1;
        return end;
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.mismatch(key, 0, prefix.length, prefix, 0, prefix.length) < 0;
    }

    static boolean endsWith(byte[] key, byte[] end) {
        int start = key.length - end.length;
        return start >= 0 && Arrays.mismatch(key, start, key.length, end, 0, end.length) < 0;
    }

    /** The text parts from the start of a key, at most so many. */
    static String[] parts(byte[] key, int count) {
        String[] parts = new String[count];
        int[] at = {0};
        for (int i = 0; i < count; i++) {
            parts[i] = part(key, at);
        }
        return parts;
    }

    /** Where the given number of text parts ends. */
    static int endOfParts(byte[] key, int count) {
        int[] at = {0};
        for (int i = 0; i < count; i++) {
            part(key, at);
        }
        return at[0];
    }

    /** The time that stands in a key behind its text parts. */
    static Instant time(byte[] key, int at) {
        ByteBuffer buffer = ByteBuffer.wrap(key, at, TIME_BYTES);
        return Instant.ofEpochSecond(buffer.getLong() ^ Long.MIN_VALUE, buffer.getInt());
    }

    private static String part(byte[] key, int[] at) {
        int start = at[0];
        int end = start;
        boolean escaped = false;
        while (true) {
            if (end + 1 >= key.length) {
                throw new IllegalArgumentException("a stored key is damaged");
            }
            if (key[end] == 0) {
                if (key[end + 1] == 0) {
                    break;
                }
                escaped = true;
                end++;
            }
            end++;
        }
        at[0] = end + 2;
        String text = new String(key, start, end - start, StandardCharsets.ISO_8859_1);
        if (escaped) {
            text = text.replace("\0\u00ff", "\0");
        }
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private Keys text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        room(2 * utf8.length + 2);
        for (byte b : utf8) {
            bytes[length++] = b;
            if (b == 0) {
                bytes[length++] = (byte) 0xff;
            }
        }
        bytes[length++] = 0;
        bytes[length++] = 0;
        return this;
    }

    private Keys raw(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    private Keys time(Instant time) {
        room(TIME_BYTES);
        number(time.getEpochSecond() ^ Long.MIN_VALUE, 8);
        number(time.getNano(), 4);
        return this;
    }

    private void number(long number, int size) {
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (number >>> shift);
        }
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    private byte[] done() {
        return Arrays.copyOf(bytes, length);
    }
}
