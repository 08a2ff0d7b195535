package de.freiraum.security;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A key as the configuration knows it: never the key itself, only its hash.
 *
 * @param name who holds it; appears in logs
 * @param sha256 SHA-256 of the key's UTF-8 bytes, 64 hexadecimal digits
 * @param access the most it permits
 * @param tenants names of the tenants it is good for, with the empty name for the default tenant; an empty list: all
 */
public record ApiKey(String name, String sha256, Access access, List<String> tenants) {
    private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");

    /** Checks the hash and copies the list. */
    public ApiKey {
        if (!HASH.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "sha256 of key " + name + ": 64 hexadecimal digits are needed (printf %s KEY | sha256sum)");
        }
        tenants = List.copyOf(tenants);
    }

    @Override
    public String toString() {
        return "ApiKey[" + name + " " + access + " " + tenants + "]";
    }
}
