package de.freiraum.registration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who has a part in a change of one entity (clause 4.3.6; "Context Source Registrations" of clauses 5.6.1 to 5.6.6 and 5.6.17 to 5.6.19):
 * exclusive sources take their attributes, then redirect sources theirs; what remains goes to inclusive sources and to the broker itself.
 *
 * @param parts what goes to sources, in that order
 * @param local attribute IRIs that the broker changes itself
 * @param proxied whether anything is at sources instead of the broker
 */
public record ProvisionPlan(List<Part> parts, Set<String> local, boolean proxied) {

    /** Copies the collections. */
    public ProvisionPlan {
        parts = List.copyOf(parts);
        local = Set.copyOf(local);
    }

    /**
     * What goes to one source.
     *
     * @param registrationId by which registration
     * @param mode its mode
     * @param attributes attribute IRIs; empty if the change is not about attributes
     * @param supported whether the source offers the operation; otherwise the part fails
     */
    public record Part(String registrationId, Mode mode, Set<String> attributes, boolean supported) {
        /** Copies the set. */
        public Part {
            attributes = Set.copyOf(attributes);
        }
    }

    /**
     * The plan of a change.
     *
     * @param entityId which entity
     * @param types its type IRIs; empty if they are not known
     * @param attributes what is changed of it; null: the entity as a whole
     * @param oneOf the operations, one of which a source must offer
     * @param registrations those in force
     */
    public static ProvisionPlan of(
            String entityId,
            List<String> types,
            @Nullable Set<String> attributes,
            Set<Operation> oneOf,
            Collection<CSourceRegistration> registrations) {
        List<Part> parts = new ArrayList<>();
        Set<String> remaining = new LinkedHashSet<>(attributes == null ? Set.of() : attributes);
        boolean proxied = false;
        boolean history = oneOf.stream().anyMatch(Operation::isTemporal);
        for (Mode mode : List.of(Mode.exclusive, Mode.redirect, Mode.inclusive)) {
            Set<String> here = Set.copyOf(remaining);
            if (proxied && here.isEmpty() && attributes != null) {
                break;
            }
            for (CSourceRegistration registration : registrations) {
                if (registration.mode() != mode || (registration.isTemporal() && !history)) {
                    continue;
                }
                List<RegistrationInfo> matching = registration.information().stream()
                        .filter(info -> mayHave(info, entityId, types))
                        .toList();
                Set<String> covered = here.stream()
                        .filter(iri -> matching.stream().anyMatch(info -> info.coversAttribute(iri)))
                        .collect(Collectors.toSet());
                boolean whole = attributes == null
                        ? !matching.isEmpty()
                        : attributes.isEmpty() && matching.stream().anyMatch(RegistrationInfo::anyAttribute);
                boolean supported = !Collections.disjoint(registration.operations(), oneOf);
                if ((covered.isEmpty() && !whole) || (mode == Mode.inclusive && !supported)) {
                    continue;
                }
                parts.add(new Part(registration.id(), mode, covered, supported));
                if (mode.isProxied()) {
                    remaining.removeAll(covered);
                    proxied = true;
                }
            }
        }
        return new ProvisionPlan(parts, remaining, proxied);
    }

    private static boolean mayHave(RegistrationInfo info, String entityId, List<String> types) {
        return info.entities().isEmpty()
                || info.entities().stream()
                        .anyMatch(e -> types.isEmpty() ? e.coversId(entityId) : e.covers(entityId, types));
    }
}
