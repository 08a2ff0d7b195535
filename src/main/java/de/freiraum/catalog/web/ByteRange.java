package de.freiraum.catalog.web;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file (RFC 9110, section 14).
 *
 * @param offset of the first byte
 * @param length in bytes; 0: the part that was asked for is not in the file
 */
record ByteRange(long offset, long length) {
    private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /**
     * What the header {@code Range} asks for.
     *
     * @param size of the file
     * @return null if it names no part, or more than one: then the whole file is the answer
     */
    static @Nullable ByteRange parse(@Nullable String header, long size) {
        Matcher range = ONE.matcher(header == null ? "" : header.strip());
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return null;
        }
        if (range.group(1).isEmpty()) {
            long last = Math.min(size, Long.parseLong(range.group(2)));
            return new ByteRange(size - last, last);
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
        if (last < first) {
            return null;
        }
        return new ByteRange(first, Math.max(0, Math.min(size - 1, last) - first + 1));
    }
}
