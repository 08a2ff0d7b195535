package de.freiraum.http;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids for requests that bring none: a random part for each start of the server, and a number. Unique, but to be guessed; for logs, not for secrets. Safe for any
 * thread.
 */
public final class RequestIds {
    private static final int RANDOM_BYTES = 8;

    private final String start;
    private final AtomicLong number = new AtomicLong();

    /** Ids that no other start gave. */
    public RequestIds() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        start = HexFormat.of().formatHex(random) + '-';
    }

    /** The next id. */
    public String next() {
        return start + Long.toHexString(number.incrementAndGet());
    }
}
