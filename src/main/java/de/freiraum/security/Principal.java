package de.freiraum.security;

import java.util.Set;

/**
 * Who asks.
 *
 * @param name for logs
 * @param access the most this one may do
 * @param tenants the tenants this one may work on; empty: all
 * @param anonymous whether no credential was shown
 */
public record Principal(String name, Access access, Set<String> tenants, boolean anonymous) {
    /** Copies the set. */
    public Principal {
        tenants = Set.copyOf(tenants);
    }
}
