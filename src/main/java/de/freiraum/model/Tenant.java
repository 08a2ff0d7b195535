package de.freiraum.model;

import java.util.regex.Pattern;

/**
 * A tenant (clause 4.14): information of one tenant is invisible to every other.
 *
 * @param name the value of the {@code NGSILD-Tenant} header; empty for the default tenant
 */
public record Tenant(String name) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_.:-]{0,64}");

    /** The tenant of requests that name none. */
    public static final Tenant DEFAULT = new Tenant("");

    /** Refuses names other than up to 64 letters, digits, {@code _ . : -}. */
    public Tenant {
        if (!ALLOWED.matcher(name).matches()) {
            throw NgsiLdException.badRequest("NGSILD-Tenant: allowed are up to 64 letters, digits and _ . : -");
        }
    }

    /** Whether this is the tenant of requests that name none. */
    public boolean isDefault() {
        return name.isEmpty();
    }
}
