package de.freiraum.registration;

import de.freiraum.model.Geometry;
import de.freiraum.query.GeoQuery;
import de.freiraum.query.LinkedEntities;
import de.freiraum.query.QExpression;
import de.freiraum.query.ScopeQuery;
import de.freiraum.query.TemporalQuery;
import org.jspecify.annotations.Nullable;

/**
 * Which registrations are asked for (clauses 5.10.2 and 5.11.2). Every condition that is there must hold.
 *
 * @param entities entities and attributes that the sources may have
 * @param geo where the sources may have information, or null: anywhere
 * @param temporal of which time they have history, or null: they have the latest information
 * @param csf condition on the registrations themselves, or null
 * @param scopeQ condition on their scopes, or null
 */
public record RegistrationQuery(
        EntitySpecification entities,
        @Nullable GeoQuery geo,
        @Nullable TemporalQuery temporal,
        @Nullable QExpression csf,
        @Nullable ScopeQuery scopeQ) {

    /** Whether a registration is one of those asked for. One without the space or the scopes that a condition is on is not. */
    public boolean matches(CSourceRegistration registration) {
        return entities.matches(registration)
                && registration.matchesTime(temporal)
                && (geo == null || matchesSpace(registration, geo))
                && (scopeQ == null || scopeQ.matches(registration.scopes()))
                && matchesFilter(registration, csf);
    }

    /** Whether a registration meets a context source filter (clause 4.9); null is met by all. */
    public static boolean matchesFilter(CSourceRegistration registration, @Nullable QExpression csf) {
        return csf == null || csf.matches(registration.properties(), LinkedEntities.NONE);
    }

    private static boolean matchesSpace(CSourceRegistration registration, GeoQuery geo) {
        String property = geo.property().attribute();
        Geometry space = property == null ? null : registration.spaces().get(property);
        return space != null && Spaces.mayMatch(space, geo);
    }
}
