package de.freiraum.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Weak entity tags (RFC 9110, 8.8.3) of answers whose bytes are at hand, and what clients say of those that they have. A tag is made of a checksum that
 * processors have an instruction for, and the length: half a microsecond for a page of 10 KiB, where a cryptographic hash would take as long as the rest of the
 * request. Of four thousand million changes of the same length one would not be seen.
 */
public final class EntityTags {
    private static final int LONGEST_LIST = 4096;

    private EntityTags() {}

    /**
     * The tag of a body.
     *
     * @param variant tells representations apart that could have the same bytes: a hash of media type and other headers
     */
    public static String weak(Buffer body, int variant) {
        CRC32C sum = new CRC32C();
        for (ByteBuffer part : ((BufferInternal) body).getByteBuf().nioBuffers()) {
            sum.update(part);
        }
        return "W/\"" + Long.toHexString(sum.getValue()) + '-' + Integer.toHexString(body.length()) + '-'
                + Integer.toHexString(variant) + '"';
    }

    /**
     * Whether {@code If-None-Match} names the tag, by weak comparison.
     *
     * @param ifNoneMatch the header's value, or null
     */
    public static boolean matches(@Nullable String ifNoneMatch, String tag) {
        if (ifNoneMatch == null || ifNoneMatch.length() > LONGEST_LIST) {
            return false;
        }
        if (ifNoneMatch.equals(tag) || ifNoneMatch.strip().equals("*")) {
            return true;
        }
        String opaque = opaque(tag);
        for (String known : ifNoneMatch.split(",")) {
            if (opaque(known.strip()).equals(opaque)) {
                return true;
            }
        }
        return false;
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
