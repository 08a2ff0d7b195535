package de.freiraum.security;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key as the configuration knows it: never the key itself, only its hash.
 *
 * @param name who holds it; appears in logs
 * @param sha256 SHA-256 of the key's UTF-8 bytes, 64 hexadecimal digits
 * @param rights what it permits
 * @param expiresAt from when on it is not good any more; null: it does not expire
 */
public record ApiKey(
        String name, String sha256, Rights rights, @Nullable Instant expiresAt) {
    private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");

    /** Checks the hash. */
    public ApiKey {
        if (!HASH.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "sha256 of key " + name + ": 64 hexadecimal digits are needed (printf %s KEY | sha256sum)");
        }
    }

    /** A key for all entity types that does not expire. */
    public ApiKey(String name, String sha256, Access access, List<String> tenants) {
        this(name, sha256, Rights.of(access, tenants, List.of(), List.of()), null);
    }

    @Override
    public String toString() {
        return "ApiKey[" + name + " " + rights + "]";
    }
}
