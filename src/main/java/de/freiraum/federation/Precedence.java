package de.freiraum.federation;

import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.registration.Mode;
import de.freiraum.registration.RegistrationInfo;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From where attributes of one entity may come (clause 4.3.6.3): those that an exclusive registration names from there alone, those of redirect
 * registrations from such sources alone.
 *
 * @param exclusive parts of exclusive registrations that cover the entity
 * @param redirected parts of redirect registrations that cover it
 */
record Precedence(List<RegistrationInfo> exclusive, List<RegistrationInfo> redirected) {

    /** Attributes may come from anywhere. */
    static final Precedence NONE = new Precedence(List.of(), List.of());

    /** Those among registrations that can take precedence. */
    static List<RegisteredSource> proxied(Stream<RegisteredSource> sources) {
        return sources.filter(s -> s.registration().mode().isProxied()).toList();
    }

    /** For an entity, among registrations in force. */
    static Precedence of(String entityId, List<String> types, Stream<RegisteredSource> sources) {
        return of(entityId, types, proxied(sources));
    }

    /** The same among those that can take precedence. */
    static Precedence of(String entityId, List<String> types, List<RegisteredSource> proxied) {
        if (proxied.isEmpty()) {
            return NONE;
        }
        return new Precedence(
                infos(Mode.exclusive, entityId, types, proxied), infos(Mode.redirect, entityId, types, proxied));
    }

    private static List<RegistrationInfo> infos(
            Mode mode, String entityId, List<String> types, List<RegisteredSource> proxied) {
        return proxied.stream()
                .filter(s -> s.registration().mode() == mode)
                .flatMap(s -> s.registration().information().stream())
                .filter(info -> info.coversEntity(entityId, types))
                .toList();
    }

    /** Whether nothing takes precedence. */
    boolean isNone() {
        return exclusive.isEmpty() && redirected.isEmpty();
    }

    /**
     * Whether an attribute counts that comes from there.
     *
     * @param mode of the registration it comes by; null: the broker's own
     */
    boolean counts(@Nullable Mode mode, String iri) {
        if (mode == Mode.exclusive) {
            return true;
        }
        return !covers(exclusive, iri) && (mode == Mode.redirect || !covers(redirected, iri));
    }

    private static boolean covers(List<RegistrationInfo> infos, String iri) {
        return infos.stream().anyMatch(info -> info.coversAttribute(iri));
    }
}
