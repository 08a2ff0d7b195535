package de.freiraum.broker;

import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import java.util.Collection;
import java.util.Set;

/**
 * On whose behalf an operation runs.
 *
 * @param tenant whose information it works on
 * @param name who asks, for logs
 * @param hiddenTypes entity type IRIs that do not exist for this caller
 * @param onlyTypes if there are any, entities that have another type do not exist for this caller either, and cannot be made
 * @param hiddenAttributes attribute IRIs that this caller neither sees nor can ask for; what answers and takes requests heeds them
 */
public record Caller(
        Tenant tenant, String name, Set<String> hiddenTypes, Set<String> onlyTypes, Set<String> hiddenAttributes) {
    /** Copies the sets. */
    public Caller {
        hiddenTypes = Set.copyOf(hiddenTypes);
        hiddenAttributes = Set.copyOf(hiddenAttributes);
        onlyTypes = Set.copyOf(onlyTypes);
    }

    /** One who sees every type but some. */
    public Caller(Tenant tenant, String name, Set<String> hiddenTypes) {
        this(tenant, name, hiddenTypes, Set.of(), Set.of());
    }

    /** The broker itself, which sees everything of the tenant. */
    public static Caller system(Tenant tenant) {
        return new Caller(tenant, "system", Set.of());
    }

    /** Whether entities of every type exist for this caller. */
    public boolean seesAll() {
        return hiddenTypes.isEmpty() && onlyTypes.isEmpty();
    }

    /** Whether an entity of these types exists for this caller. */
    public boolean sees(Collection<String> types) {
        if (!onlyTypes.isEmpty() && !onlyTypes.containsAll(types)) {
            return false;
        }
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

    /** Whether something of this type can exist for this caller. */
    public boolean seesType(String type) {
        return !hiddenTypes.contains(type) && (onlyTypes.isEmpty() || onlyTypes.contains(type));
    }

    /**
     * Refuses entities of these types.
     *
     * @throws NgsiLdException Forbidden if they do not exist for this caller
     */
    public void requireTypes(Collection<String> types) {
        if (!sees(types)) {
            throw new NgsiLdException(ErrorType.Forbidden, "the credential is not good for entities of this type");
        }
    }

    /** The same change, which is refused if the entity is or would become one that does not exist for this caller. */
    EntityChange guarded(EntityChange change) {
        if (seesAll()) {
            return change;
        }
        return (before, now) -> {
            if (before != null) {
                requireTypes(before.types());
            }
            EntityChange.Outcome outcome = change.apply(before, now);
            Entity after = outcome.after();
            if (after != null) {
                requireTypes(after.types());
            }
            return outcome;
        };
    }
}
