package de.freiraum.notify;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.query.QExpression;
import de.freiraum.store.EntityStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Reads the entities that a query reaches through Relationships, before they are needed (clause 4.9). Loops are followed once. */
final class LinkedLookup {
    private static final int MAX_ENTITIES = 1000;

    private LinkedLookup() {}

    /** What a query over linked entities can reach from an entity, by URI. */
    static Future<Map<String, Entity>> forQuery(EntityStore store, Tenant tenant, Entity entity, QExpression q) {
        Set<String> relationships = new LinkedHashSet<>();
        for (QExpression.Target target : q.targets()) {
            target.hops().forEach(hop -> relationships.add(hop.relationship()));
        }
        return follow(store, tenant, List.of(entity), relationships::contains, q.linkedDepth(), new LinkedHashMap<>());
    }

    private static Future<Map<String, Entity>> follow(
            EntityStore store,
            Tenant tenant,
            Collection<Entity> from,
            Predicate<String> relationships,
            int levels,
            Map<String, Entity> found) {
        Set<String> wanted = new LinkedHashSet<>();
        for (Entity entity : from) {
            entity.attributes().forEach((iri, instances) -> {
                if (relationships.test(iri)) {
                    instances.forEach(instance -> wanted.addAll(objects(instance)));
                }
            });
        }
        wanted.removeAll(found.keySet());
        if (levels <= 0 || wanted.isEmpty() || found.size() >= MAX_ENTITIES) {
            return Future.succeededFuture(found);
        }
        List<Future<Entity>> reads = wanted.stream()
                .limit(MAX_ENTITIES - found.size())
                .map(id -> store.retrieve(tenant, id))
                .toList();
        return Future.join(reads).compose(done -> {
            List<Entity> next = new ArrayList<>();
            for (Future<Entity> read : reads) {
                Entity entity = read.result();
                if (entity != null) {
                    next.add(entity);
                    found.put(entity.id(), entity);
                }
            }
            return follow(store, tenant, next, relationships, levels - 1, found);
        });
    }

    /** The URIs that an instance points to; none if it is no relationship. */
    private static List<String> objects(Attribute instance) {
        if (instance instanceof Attribute.Relationship relationship) {
            return relationship.objects();
        }
        return instance instanceof Attribute.ListRelationship list ? list.objectList() : List.of();
    }
}
