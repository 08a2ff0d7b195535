package de.freiraum.security;

import java.util.List;
import java.util.Set;

/**
 * What a credential permits: tenant by operation by entity type.
 *
 * @param access the most it permits
 * @param tenants names of the tenants it is good for, with the empty name for the default tenant; an empty set: all
 * @param types entity type IRIs it is good for; an empty set: all. Where there are some, entities of other types do not exist for it, and it
 *     permits nothing but work on entities
 * @param operations names of the operations it permits, such as {@code queryEntities}; an empty set: all that {@code access} permits
 */
public record Rights(Access access, Set<String> tenants, Set<String> types, Set<String> operations) {
    /** Everything, everywhere. */
    public static final Rights ALL = of(Access.ADMIN);

    /** Copies the sets; refuses types that are no IRIs. */
    public Rights {
        tenants = Set.copyOf(tenants);
        types = Set.copyOf(types);
        operations = Set.copyOf(operations);
        for (String type : types) {
            if (!type.contains(":")) {
                throw new IllegalArgumentException("types: allowed are IRIs of entity types, such as "
                        + "https://smartdatamodels.org/dataModel.Parking/ParkingSpot; this is none: " + clip(type));
            }
        }
    }

    /** On all tenants and types. */
    public static Rights of(Access access) {
        return new Rights(access, Set.of(), Set.of(), Set.of());
    }

    /** Of lists that may name things twice. */
    public static Rights of(Access access, List<String> tenants, List<String> types, List<String> operations) {
        return new Rights(access, Set.copyOf(tenants), Set.copyOf(types), Set.copyOf(operations));
    }

    private static String clip(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
