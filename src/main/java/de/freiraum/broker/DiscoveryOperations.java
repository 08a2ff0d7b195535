package de.freiraum.broker;

import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.EntityStore;
import de.freiraum.store.EntityStore.AttributeSummary;
import de.freiraum.store.EntityStore.TypeSummary;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What types and attributes there are (clauses 5.7.5 to 5.7.10). */
public final class DiscoveryOperations {
    private final EntityStore store;

    /** Operations on that store. */
    public DiscoveryOperations(EntityStore store) {
        this.store = store;
    }

    /**
     * What is known of one attribute over all types.
     *
     * @param iri its IRI
     * @param entities how many entities have it
     * @param kinds names of the kinds met
     * @param types IRIs of the types that have it
     */
    public record AttributeInformation(String iri, long entities, Set<String> kinds, Set<String> types) {
        /** Copies the sets, in alphabetical order. */
        public AttributeInformation {
            kinds = java.util.Collections.unmodifiableSet(new TreeSet<>(kinds));
            types = java.util.Collections.unmodifiableSet(new TreeSet<>(types));
        }
    }

    /** The types of which entities exist, in the order of their IRIs (clauses 5.7.5 and 5.7.6). */
    public Future<List<TypeSummary>> types(Caller caller) {
        return store.types(caller.tenant()).map(types -> types.stream()
                .filter(t -> t.entities() > 0 && caller.sees(List.of(t.type())))
                .sorted(Comparator.comparing(TypeSummary::type))
                .toList());
    }

    /** One type (clause 5.7.7). @return fails with ResourceNotFound */
    public Future<TypeSummary> type(Caller caller, String iri) {
        return types(caller).map(types -> types.stream()
                .filter(t -> t.type().equals(iri))
                .findAny()
                .orElseThrow(() -> NgsiLdException.notFound("there is no entity of this type")));
    }

    /** The attributes that entities have, in the order of their IRIs (clauses 5.7.8 and 5.7.9). */
    public Future<List<AttributeInformation>> attributes(Caller caller) {
        return types(caller).map(DiscoveryOperations::attributesOf);
    }

    /** One attribute (clause 5.7.10). @return fails with ResourceNotFound */
    public Future<AttributeInformation> attribute(Caller caller, String iri) {
        return attributes(caller)
                .map(all -> all.stream()
                        .filter(a -> a.iri().equals(iri))
                        .findAny()
                        .orElseThrow(() -> NgsiLdException.notFound("no entity has this attribute")))
                // an entity of several types must not count several times, so the store counts anew
                .compose(found -> store.query(caller.tenant(), EntityQuery.ALL.withAttributes(Set.of(iri)), 0, 0, true)
                        .map(page -> new AttributeInformation(iri, page.count(), found.kinds(), found.types())));
    }

    private static List<AttributeInformation> attributesOf(List<TypeSummary> types) {
        Map<String, AttributeInformation> found = new TreeMap<>();
        for (TypeSummary type : types) {
            type.attributes().forEach((iri, summary) -> {
                if (summary.entities() > 0) {
                    found.merge(iri, of(iri, summary, type.type()), DiscoveryOperations::both);
                }
            });
        }
        return List.copyOf(found.values());
    }

    private static AttributeInformation of(String iri, AttributeSummary summary, String type) {
        return new AttributeInformation(iri, summary.entities(), summary.kinds(), Set.of(type));
    }

    private static AttributeInformation both(AttributeInformation a, AttributeInformation b) {
        Set<String> kinds = new TreeSet<>(a.kinds());
        kinds.addAll(b.kinds());
        Set<String> types = new TreeSet<>(a.types());
        types.addAll(b.types());
        return new AttributeInformation(a.iri(), a.entities() + b.entities(), kinds, types);
    }
}
