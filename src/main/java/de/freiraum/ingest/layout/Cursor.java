package de.freiraum.ingest.layout;

import de.freiraum.ingest.message.Rejection;
import java.util.Arrays;

/** A place in a payload, or in a part of it. Every read past the end is refused, naming the field. Used by one thread. */
final class Cursor {
    private final String device;
    private final byte[] bytes;
    private final int end;
    private int at;
    private int reach;

    private Cursor(String device, byte[] bytes, int from, int end) {
        this.device = device;
        this.bytes = bytes;
        this.end = end;
        this.at = from;
        this.reach = from;
    }

    static Cursor of(String device, byte[] payload) {
        return new Cursor(device, payload, 0, payload.length);
    }

    /** Moves to a byte of the payload; a negative place counts from its end. */
    void seek(int place) {
        at = place < 0 ? end + place : place;
        if (at < 0 || at > end) {
            throw refusal("the payload has " + end + " bytes, none at " + place);
        }
    }

    int position() {
        return at;
    }

    boolean atEnd() {
        return at >= end;
    }

    int left() {
        return end - at;
    }

    /** How many bytes behind the last one read there are. */
    int unread() {
        return end - reach;
    }

    /** The next bytes. */
    byte[] take(int count, String field) {
        if (count > left()) {
            throw refusal("the payload ends inside \"" + field + "\", which has " + count + " bytes at byte " + at
                    + " of " + end);
        }
        byte[] taken = Arrays.copyOfRange(bytes, at, at + count);
        advance(count);
        return taken;
    }

    /** The next bytes as a whole number without sign; all 64 bits of eight. */
    long number(int count, boolean littleEndian, String field) {
        if (count > left()) {
            take(count, field);
        }
        long number = 0;
        for (int i = 0; i < count; i++) {
            int index = littleEndian ? at + count - 1 - i : at + i;
            number = number << 8 | (bytes[index] & 0xFF);
        }
        advance(count);
        return number;
    }

    private void advance(int count) {
        at += count;
        reach = Math.max(reach, at);
    }

    /** The next bytes as a payload of their own, whose positions go on counting. */
    Cursor part(int count, String field) {
        int from = at;
        take(count, field);
        return new Cursor(device, bytes, from, from + count);
    }

    Rejection refusal(String detail) {
        return Rejection.payload(device + ": " + detail);
    }
}
