package de.freiraum.broker;

import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.TypeSelection;
import de.freiraum.store.EntityStore;
import de.freiraum.store.EntityStore.AttributeSummary;
import de.freiraum.store.EntityStore.TypeSummary;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
     * @param kinds names of the kinds met
     * @param types IRIs of the types that have it
     */
    public record AttributeInformation(String iri, Set<String> kinds, Set<String> types) {
        /** Copies the sets, in alphabetical order. */
        public AttributeInformation {
            kinds = java.util.Collections.unmodifiableSet(new TreeSet<>(kinds));
            types = java.util.Collections.unmodifiableSet(new TreeSet<>(types));
        }
    }

    /**
     * One attribute with its number.
     *
     * @param information what is known of it
     * @param instances how many instances of it there are; an entity has several if they have different datasetIds
     */
    public record CountedAttribute(AttributeInformation information, long instances) {}

    /** The types of which entities exist, in the order of their IRIs (clauses 5.7.5 and 5.7.6). */
    public Future<List<TypeSummary>> types(Caller caller) {
        return store.types(caller.tenant())
                .compose(all -> {
                    List<TypeSummary> seen = new ArrayList<>();
                    List<TypeSelection> hidden = new ArrayList<>();
                    for (TypeSummary type : all) {
                        if (!caller.seesType(type.type())) {
                            hidden.add(new TypeSelection.Type(type.type()));
                        } else {
                            seen.add(type);
                        }
                    }
                    return hidden.isEmpty() || seen.isEmpty()
                            ? Future.succeededFuture(seen)
                            : withoutHidden(caller, seen, new TypeSelection.Or(hidden));
                })
                .map(types -> types.stream()
                        .filter(t -> t.entities() > 0)
                        .sorted(Comparator.comparing(TypeSummary::type))
                        .toList());
    }

    /** Types that entities have together with a hidden type are counted anew, without those entities. */
    private Future<List<TypeSummary>> withoutHidden(Caller caller, List<TypeSummary> seen, TypeSelection hidden) {
        TypeSelection others = new TypeSelection.Or(seen.stream()
                .map(t -> (TypeSelection) new TypeSelection.Type(t.type()))
                .toList());
        EntityQuery both = EntityQuery.ALL.withTypes(new TypeSelection.And(List.of(hidden, others)));
        return store.query(caller.tenant(), both, 0, Integer.MAX_VALUE, false).compose(mixed -> {
            Set<String> shared = new HashSet<>();
            mixed.entities().forEach(entity -> shared.addAll(entity.types()));
            List<Future<TypeSummary>> counted = new ArrayList<>();
            seen.forEach(type -> counted.add(
                    shared.contains(type.type()) ? count(caller, type.type()) : Future.succeededFuture(type)));
            return Future.all(counted)
                    .map(done -> counted.stream().map(Future::result).toList());
        });
    }

    private Future<TypeSummary> count(Caller caller, String type) {
        EntityQuery query = QueryOperations.visible(caller, EntityQuery.ofType(type));
        return store.query(caller.tenant(), query, 0, Integer.MAX_VALUE, false).map(found -> {
            Map<String, AttributeSummary> attributes = new TreeMap<>();
            for (Entity entity : found.entities()) {
                entity.attributes().forEach((iri, instances) -> {
                    Set<String> kinds = new TreeSet<>();
                    instances.forEach(instance -> kinds.add(String.valueOf(instance.kind())));
                    attributes.merge(iri, new AttributeSummary(1, kinds), DiscoveryOperations::both);
                });
            }
            return new TypeSummary(type, found.entities().size(), attributes);
        });
    }

    private static AttributeSummary both(AttributeSummary a, AttributeSummary b) {
        Set<String> kinds = new TreeSet<>(a.kinds());
        kinds.addAll(b.kinds());
        return new AttributeSummary(a.entities() + b.entities(), kinds);
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
    public Future<CountedAttribute> attribute(Caller caller, String iri) {
        return attributes(caller)
                .map(all -> all.stream()
                        .filter(a -> a.iri().equals(iri))
                        .findAny()
                        .orElseThrow(() -> NgsiLdException.notFound("no entity has this attribute")))
                .compose(found -> {
                    EntityQuery query = QueryOperations.visible(caller, EntityQuery.ALL.withAttributes(Set.of(iri)));
                    return store.query(caller.tenant(), query, 0, Integer.MAX_VALUE, false)
                            .map(page -> new CountedAttribute(
                                    found,
                                    page.entities().stream()
                                            .mapToLong(e -> e.attribute(iri).size())
                                            .sum()));
                });
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
        return new AttributeInformation(iri, summary.kinds(), Set.of(type));
    }

    /** What is known of one type from two brokers. */
    public static TypeSummary both(TypeSummary a, TypeSummary b) {
        Map<String, AttributeSummary> attributes = new TreeMap<>(a.attributes());
        b.attributes().forEach((iri, summary) -> attributes.merge(iri, summary, DiscoveryOperations::both));
        return new TypeSummary(a.type(), a.entities() + b.entities(), attributes);
    }

    /** What is known of one attribute from two brokers. */
    public static CountedAttribute both(CountedAttribute a, CountedAttribute b) {
        return new CountedAttribute(both(a.information(), b.information()), a.instances() + b.instances());
    }

    /** The same without numbers. */
    public static AttributeInformation both(AttributeInformation a, AttributeInformation b) {
        Set<String> kinds = new TreeSet<>(a.kinds());
        kinds.addAll(b.kinds());
        Set<String> types = new TreeSet<>(a.types());
        types.addAll(b.types());
        return new AttributeInformation(a.iri(), kinds, types);
    }
}
