package de.freiraum.notify.live;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.query.TextPattern;
import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one client wants to see.
 *
 * @param tenants empty: all
 * @param types type IRIs, of which the entity has one; empty: all that are shown
 * @param idPattern found in the URI, or null
 * @param site URI of an entity: itself, and what has a Relationship to it; or null
 */
record LiveFilter(
        Set<Tenant> tenants,
        Set<String> types,
        @Nullable TextPattern idPattern,
        @Nullable String site) {
    private static final int MAX_NAMES = 100;
    private static final Set<String> PARAMETERS = Set.of("tenant", "type", "idPattern", "site");

    /**
     * Reads the parameters {@code tenant}, {@code type} (each with commas, or repeated), {@code idPattern} and {@code site}.
     *
     * @throws NgsiLdException naming what is wrong
     */
    static LiveFilter of(MultiMap parameters, UnaryOperator<String> expand) {
        for (String name : parameters.names()) {
            if (!PARAMETERS.contains(name)) {
                throw NgsiLdException.invalid("the live feed knows the parameters tenant, type, idPattern and site");
            }
        }
        Set<Tenant> tenants = new HashSet<>();
        names(parameters, "tenant")
                .forEach(name -> tenants.add(name.equals("default") ? Tenant.DEFAULT : new Tenant(name)));
        Set<String> types = new HashSet<>();
        names(parameters, "type").forEach(name -> types.add(expand.apply(name)));
        String pattern = parameters.get("idPattern");
        return new LiveFilter(
                tenants, types, pattern == null ? null : TextPattern.of("idPattern", pattern), parameters.get("site"));
    }

    private static List<String> names(MultiMap parameters, String name) {
        List<String> names = parameters.getAll(name).stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .filter(value -> !value.isBlank())
                .toList();
        if (names.size() > MAX_NAMES) {
            throw NgsiLdException.invalid(name + ": at most " + MAX_NAMES + " names are allowed");
        }
        return names;
    }

    boolean passes(Tenant tenant, Entity entity) {
        return (tenants.isEmpty() || tenants.contains(tenant))
                && (types.isEmpty() || entity.types().stream().anyMatch(types::contains))
                && (idPattern == null || idPattern.foundIn(entity.id()))
                && (site == null || belongsTo(entity, site));
    }

    private static boolean belongsTo(Entity entity, String site) {
        if (entity.id().equals(site)) {
            return true;
        }
        for (List<Attribute> instances : entity.attributes().values()) {
            for (Attribute instance : instances) {
                if (instance instanceof Attribute.Relationship r && r.objects().contains(site)) {
                    return true;
                }
            }
        }
        return false;
    }
}
