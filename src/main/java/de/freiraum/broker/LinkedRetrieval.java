package de.freiraum.broker;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.LinkedEntities;
import de.freiraum.query.Projection;
import de.freiraum.store.EntityStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Follows Relationships from entities to the entities they link to (clause 4.5.23). */
public final class LinkedRetrieval {
    private static final int MAX_LINKED = 5000;

    private final EntityStore store;

    /** Looks up linked entities in that store. */
    public LinkedRetrieval(EntityStore store) {
        this.store = store;
    }

    /**
     * What was found.
     *
     * @param linked the linked entities by URI, in the order in which they were met, without those started from
     * @param projections what is shown of each
     */
    public record Graph(Map<String, Entity> linked, Map<String, Projection> projections) implements LinkedEntities {
        /** The same with other forms of the entities. */
        public Graph as(UnaryOperator<Entity> form) {
            Map<String, Entity> formed = new LinkedHashMap<>(linked);
            formed.replaceAll((id, entity) -> form.apply(entity));
            return new Graph(formed, projections);
        }

        /** Copies nothing: the maps are handed over. */
        @Override
        public @Nullable Entity find(String id) {
            return linked.get(id);
        }
    }

    /**
     * What is to be followed.
     *
     * @param levels how many Relationships in a row, above 0
     * @param projection what is shown; only Relationships that are shown are followed
     * @param datasets datasets whose instances are shown, as in {@link EntityQuery#datasetIds}; instances that are not shown are not followed
     * @param containedBy URIs of entities that the client has, which are not looked up again
     */
    public record Follow(int levels, Projection projection, Set<String> datasets, Set<String> containedBy) {
        boolean shows(Attribute instance) {
            String dataset = instance.meta().datasetId();
            return datasets.isEmpty() || datasets.contains(dataset == null ? EntityQuery.DEFAULT_INSTANCE : dataset);
        }
    }

    /** Finds linked entities. */
    public interface Lookup {
        /**
         * Those that there are.
         *
         * @param ids URIs, each with the type IRIs that Relationships state of it; no types: nothing is stated
         */
        Future<List<Entity>> find(Map<String, Set<String>> ids);
    }

    /** The entities that those given link to, over so many levels. @return fails with TooManyResults beyond {@value #MAX_LINKED} */
    public Future<Graph> from(Caller caller, List<Entity> entities, Follow follow) {
        return from(caller, entities, follow, ids -> own(caller, ids.keySet()));
    }

    /** Those of the URIs that the broker itself holds. */
    public Future<List<Entity>> own(Caller caller, Set<String> ids) {
        List<Future<@Nullable Entity>> lookups = new ArrayList<>();
        ids.forEach(id -> lookups.add(store.retrieve(caller.tenant(), id)));
        return Future.all(lookups).map(all -> {
            List<Entity> found = new ArrayList<>();
            for (Future<@Nullable Entity> lookup : lookups) {
                Entity entity = lookup.result();
                if (entity != null) {
                    found.add(entity);
                }
            }
            return found;
        });
    }

    /** The same where linked entities are found in another way. */
    public Future<Graph> from(Caller caller, List<Entity> entities, Follow follow, Lookup lookup) {
        Search search = new Search(caller, follow, lookup);
        entities.forEach(e -> search.starts.put(e.id(), e));
        Map<Entity, Projection> front = new LinkedHashMap<>();
        entities.forEach(e -> front.put(e, follow.projection()));
        return search.step(front, follow.levels()).map(v -> new Graph(search.found, search.projections));
    }

    private static final class Search {
        private final Caller caller;
        private final Follow follow;
        private final Map<String, Entity> starts = new LinkedHashMap<>();
        private final Map<String, Entity> found = new LinkedHashMap<>();
        private final Map<String, Projection> projections = new LinkedHashMap<>();

        private final Lookup lookup;
        private final Map<String, Set<String>> stated = new LinkedHashMap<>();

        Search(Caller caller, Follow follow, Lookup lookup) {
            this.lookup = lookup;
            this.caller = caller;
            this.follow = follow;
        }

        Future<Void> step(Map<Entity, Projection> front, int levels) {
            Map<String, Projection> wanted = new LinkedHashMap<>();
            front.forEach((entity, projection) -> collect(entity, projection, wanted));
            if (levels == 0 || wanted.isEmpty()) {
                return Future.succeededFuture();
            }
            if (found.size() + wanted.size() > MAX_LINKED) {
                return Future.failedFuture(new NgsiLdException(
                        ErrorType.TooManyResults,
                        "the entities link to more than " + MAX_LINKED + " others; ask for fewer levels or entities"));
            }
            Map<String, Set<String>> ids = new LinkedHashMap<>();
            wanted.keySet().forEach(id -> ids.put(id, stated.getOrDefault(id, Set.of())));
            return lookup.find(ids).compose(all -> {
                Map<Entity, Projection> next = new LinkedHashMap<>();
                for (Entity entity : all) {
                    if (wanted.containsKey(entity.id()) && caller.sees(entity.types())) {
                        Projection projection = wanted.getOrDefault(entity.id(), Projection.ALL);
                        found.put(entity.id(), entity);
                        projections.put(entity.id(), projection);
                        next.put(entity, projection);
                    }
                }
                return step(next, levels - 1);
            });
        }

        private void collect(Entity entity, Projection projection, Map<String, Projection> wanted) {
            entity.attributes().forEach((iri, instances) -> {
                if (!projection.keeps(iri)) {
                    return;
                }
                Projection below = projection.linked(iri);
                for (Attribute instance : instances) {
                    for (String id : follow.shows(instance) ? objects(instance) : Set.<String>of()) {
                        if (!starts.containsKey(id)
                                && !found.containsKey(id)
                                && !follow.containedBy().contains(id)) {
                            wanted.putIfAbsent(id, below);
                            stated.computeIfAbsent(id, i -> new LinkedHashSet<>())
                                    .addAll(instance.meta().objectTypes());
                        }
                    }
                }
            });
        }
    }

    private static Set<String> objects(Attribute instance) {
        if (instance instanceof Attribute.Relationship r) {
            return new LinkedHashSet<>(r.objects());
        }
        if (instance instanceof Attribute.ListRelationship r) {
            return new LinkedHashSet<>(r.objectList());
        }
        return Set.of();
    }
}
