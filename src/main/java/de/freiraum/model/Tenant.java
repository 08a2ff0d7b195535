package de.freiraum.model;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose information it is: that of a tenant (clause 4.14) or of one of its snapshots (clause 5.5.15). Information of one is invisible to every
 * other.
 *
 * @param name the value of the {@code NGSILD-Tenant} header; empty for the default tenant
 * @param snapshot the URI of a snapshot of that tenant, or null for the tenant's own information
 */
public record Tenant(String name, @Nullable String snapshot) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_.:-]{0,64}");
    /** Between the parts of a partition; no character of a name. */
    private static final char SEPARATOR = '#';

    /** The tenant of requests that name none. */
    public static final Tenant DEFAULT = new Tenant("");

    /** Refuses names other than up to 64 letters, digits, {@code _ . : -}. */
    public Tenant {
        if (!ALLOWED.matcher(name).matches()) {
            throw NgsiLdException.badRequest("NGSILD-Tenant: allowed are up to 64 letters, digits and _ . : -");
        }
    }

    /** A tenant's own information. */
    public Tenant(String name) {
        this(name, null);
    }

    /** Whether this belongs to the tenant of requests that name none. */
    public boolean isDefault() {
        return name.isEmpty();
    }

    /** Whether this is a snapshot's information. */
    public boolean isSnapshot() {
        return snapshot != null;
    }

    /** One of this tenant's snapshots. */
    public Tenant snapshot(String id) {
        return new Tenant(name, id);
    }

    /** The tenant's own information. */
    public Tenant live() {
        return snapshot == null ? this : new Tenant(name);
    }

    /** A text that is this one's alone, under which stores keep what belongs to it. */
    public String partition() {
        return snapshot == null ? name : name + SEPARATOR + Objects.requireNonNull(snapshot);
    }

    /** Whose partition it is. */
    public static Tenant ofPartition(String partition) {
        int end = partition.indexOf(SEPARATOR);
        return end < 0 ? new Tenant(partition) : new Tenant(partition.substring(0, end), partition.substring(end + 1));
    }
}
