package de.freiraum.ingest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes that tell messages apart. */
public final class Hashes {
    private Hashes() {}

    /** The first 128 bits of the SHA-256 of the parts, in hexadecimal digits. Each part's length counts too. */
    public static String of(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update((byte) (part.length >>> 24));
                digest.update((byte) (part.length >>> 16));
                digest.update((byte) (part.length >>> 8));
                digest.update((byte) part.length);
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
