package de.freiraum.federation;

import de.freiraum.broker.SourceIdentity;
import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.broker.registry.RegistryOperations;
import de.freiraum.query.QExpression;
import de.freiraum.registration.Operation;
import de.freiraum.registration.RegistrationQuery;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which registrations come into question for a request. */
final class SourceSelection {
    private final RegistryOperations registry;
    private final SourceIdentity identity;
    private final InstantSource clock;

    SourceSelection(RegistryOperations registry, SourceIdentity identity, InstantSource clock) {
        this.registry = registry;
        this.identity = identity;
        this.clock = clock;
    }

    /** Registrations in force, but those of brokers that the request has passed already (clause 5.12). */
    Stream<RegisteredSource> valid(Incoming incoming) {
        return registry.sources(incoming.caller().tenant())
                .valid(clock.instant())
                .filter(s -> {
                    String alias = s.registration().contextSourceAlias();
                    return alias == null || !incoming.via().contains(alias);
                });
    }

    /**
     * The same for changes: what has come back is not passed to equals again; what only others hold cannot be done then, which is told (clause
     * 6.3.17).
     */
    Stream<RegisteredSource> ofChanges(Incoming incoming) {
        boolean loop =
                incoming.via().contains(identity.describe(incoming.caller()).alias());
        return valid(incoming).filter(s -> !loop || s.registration().mode().isProxied());
    }

    /**
     * Those among them whose sources do one of several operations.
     *
     * @param csf condition on the registrations themselves, or null
     */
    Stream<RegisteredSource> offering(Incoming incoming, Set<Operation> oneOf, @Nullable QExpression csf) {
        return valid(incoming)
                .filter(s -> !Collections.disjoint(s.registration().operations(), oneOf))
                .filter(s -> meets(s, csf));
    }

    /** Whether a registration meets a condition on registrations (clause 4.9); null is met by all. */
    static boolean meets(RegisteredSource source, @Nullable QExpression csf) {
        return RegistrationQuery.matchesFilter(source.registration(), csf);
    }

    /** The registration of that id, if it is in force. */
    @Nullable
    RegisteredSource get(Incoming incoming, String registrationId) {
        return registry.sources(incoming.caller().tenant()).get(registrationId, now());
    }

    Instant now() {
        return clock.instant();
    }
}
