package de.freiraum.web;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/** Bodies of ready bytes. */
public final class Bytes {
    private Bytes() {}

    /** The bytes as a buffer that shares them; neither may be changed. */
    public static Buffer asBuffer(byte[] bytes) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
    }
}
