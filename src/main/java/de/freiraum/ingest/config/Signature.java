package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a sender proves that a body is its own: a keyed hash (HMAC, RFC 2104) of the body in a header.
 *
 * @param secret the key that both know; not empty
 * @param header name of the header
 * @param prefix what stands in front of the hash, such as {@code sha256=}; may be empty
 * @param encoding how the hash is written
 * @param algorithm of the hash
 */
public record Signature(Secret secret, String header, String prefix, Encoding encoding, Algorithm algorithm) {

    /** How a hash is written. */
    public enum Encoding {
        /** Hexadecimal digits, large or small. */
        HEX,
        /** Base64 with padding. */
        BASE64
    }

    /** A hash. */
    public enum Algorithm {
        /** SHA-256. */
        SHA256("HmacSHA256"),
        /** SHA-512. */
        SHA512("HmacSHA512"),
        /** SHA-1, which old senders have; as a keyed hash it is not broken. */
        SHA1("HmacSHA1");

        private final String name;

        Algorithm(String name) {
            this.name = name;
        }
    }

    /** Whether the header's value is that of the body. Takes as long for a wrong one as for the right one. */
    public boolean fits(@Nullable String value, byte[] body) {
        String text = value == null ? "" : value.strip();
        if (text.isEmpty() || !text.startsWith(prefix)) {
            return false;
        }
        String hash = text.substring(prefix.length());
        String given = encoding == Encoding.HEX ? hash.toLowerCase(Locale.ROOT) : hash;
        return MessageDigest.isEqual(
                of(body).getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
    }

    private String of(byte[] body) {
        try {
            Mac mac = Mac.getInstance(algorithm.name);
            mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), algorithm.name));
            byte[] hash = mac.doFinal(body);
            return encoding == Encoding.HEX
                    ? HexFormat.of().formatHex(hash)
                    : Base64.getEncoder().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + algorithm.name, e);
        }
    }
}
