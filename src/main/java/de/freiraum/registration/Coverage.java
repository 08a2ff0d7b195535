package de.freiraum.registration;

import de.freiraum.query.EntitySelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of a request a source may have, by one part of its registration: all that may be asked of it, and all that is believed from it (clause
 * 4.3.6.1).
 *
 * @param info the part
 * @param entity which entities of the part, or null: any
 * @param asked which entities the request is about, or null: any
 */
public record Coverage(
        RegistrationInfo info,
        @Nullable EntityInfo entity,
        @Nullable EntitySelector asked) {

    /** What of the specified entities and attributes the source may have; empty if nothing. */
    public static List<Coverage> of(EntitySpecification specification, CSourceRegistration registration) {
        List<Coverage> coverages = new ArrayList<>();
        for (RegistrationInfo info : specification.matching(registration)) {
            Stream<@Nullable EntitySelector> selectors =
                    specification.selectors().isEmpty()
                            ? Stream.of((EntitySelector) null)
                            : specification.selectors().stream();
            selectors.forEach(asked -> {
                if (info.entities().isEmpty()) {
                    coverages.add(new Coverage(info, null, asked));
                }
                info.entities().stream()
                        .filter(entity -> asked == null || entity.matches(asked))
                        .forEach(entity -> coverages.add(new Coverage(info, entity, asked)));
            });
        }
        return coverages;
    }

    /** Whether an entity that the source sends is one that it was asked for. */
    public boolean covers(String entityId, List<String> types) {
        return (entity == null || entity.covers(entityId, types))
                && (asked == null
                        || (asked.matchesId(entityId)
                                && (asked.types() == null || asked.types().matches(types))));
    }

    /** Whether an entity of that URI can be one that the source was asked for. */
    public boolean coversId(String entityId) {
        return (entity == null || entity.coversId(entityId)) && (asked == null || asked.matchesId(entityId));
    }

    /** The URIs to ask for; empty if it is not a matter of URIs. */
    public Set<String> ids() {
        if (entity != null && entity.id() != null) {
            return Set.of(entity.id());
        }
        return asked == null
                ? Set.of()
                : asked.ids().stream()
                        .filter(id -> entity == null || entity.coversId(id))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The attributes to ask for: those wanted that are registered; empty if any. */
    public Set<String> attributes(Set<String> wanted) {
        if (info.anyAttribute() || wanted.isEmpty()) {
            return info.anyAttribute() ? wanted : info.attributes();
        }
        Set<String> both = new TreeSet<>(wanted);
        both.retainAll(info.attributes());
        return both;
    }
}
