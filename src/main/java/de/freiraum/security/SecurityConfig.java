package de.freiraum.security;

import java.util.List;

/**
 * How the broker is protected.
 *
 * @param open whether everybody may do everything; for trials on loopback only
 * @param keys the keys that exist
 * @param anonymousReads whether readers without a key may read at all
 * @param closedTenants names of tenants that readers without a key may not read
 * @param privateTypes entity type IRIs that readers without a key never see
 * @param privateAttributes attribute IRIs that readers without a key neither see nor can ask for
 */
public record SecurityConfig(
        boolean open,
        List<ApiKey> keys,
        boolean anonymousReads,
        List<String> closedTenants,
        List<String> privateTypes,
        List<String> privateAttributes) {

    /** Smart Data Models' type of devices, which says more about a sensor's owner than the public needs to know. */
    public static final String DEVICE_TYPE = "https://smartdatamodels.org/dataModel.Device/Device";

    /** Anonymous reads, no keys, devices hidden. */
    public static final SecurityConfig DEFAULT =
            new SecurityConfig(false, List.of(), true, List.of(), List.of(DEVICE_TYPE));

    /** Everybody may do everything. */
    public static final SecurityConfig OPEN = new SecurityConfig(true, List.of(), true, List.of(), List.of());

    /** Copies the lists. */
    public SecurityConfig {
        keys = List.copyOf(keys);
        closedTenants = List.copyOf(closedTenants);
        privateTypes = List.copyOf(privateTypes);
        privateAttributes = List.copyOf(privateAttributes);
    }

    /** One that hides no attributes. */
    public SecurityConfig(
            boolean open,
            List<ApiKey> keys,
            boolean anonymousReads,
            List<String> closedTenants,
            List<String> privateTypes) {
        this(open, keys, anonymousReads, closedTenants, privateTypes, List.of());
    }
}
