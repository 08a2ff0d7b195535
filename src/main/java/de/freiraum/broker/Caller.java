package de.freiraum.broker;

import de.freiraum.model.Tenant;
import java.util.Set;

/**
 * On whose behalf an operation runs.
 *
 * @param tenant whose information it works on
 * @param name who asks, for logs
 * @param hiddenTypes entity type IRIs that do not exist for this caller
 */
public record Caller(Tenant tenant, String name, Set<String> hiddenTypes) {
    /** Copies the set. */
    public Caller {
        hiddenTypes = Set.copyOf(hiddenTypes);
    }

    /** The broker itself, which sees everything of the tenant. */
    public static Caller system(Tenant tenant) {
        return new Caller(tenant, "system", Set.of());
    }

    /** Whether an entity of these types exists for this caller. */
    public boolean sees(Iterable<String> types) {
        if (hiddenTypes.isEmpty()) {
            return true;
        }
        for (String type : types) {
            if (hiddenTypes.contains(type)) {
                return false;
            }
        }
        return true;
    }
}
