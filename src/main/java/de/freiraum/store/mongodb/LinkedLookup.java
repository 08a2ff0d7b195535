package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.LinkedEntities;
import de.freiraum.query.QExpression;
import de.freiraum.query.QExpression.Hop;
import de.freiraum.store.change.Expiry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bson.RawBsonDocument;

/** Reads the entities that the paths of a query lead to, level by level, before it is evaluated. */
final class LinkedLookup {
    private final MongoCollection<RawBsonDocument> entities;
    private final Tenant tenant;
    private final List<List<Hop>> paths;
    private final long now;

    LinkedLookup(MongoCollection<RawBsonDocument> entities, Tenant tenant, EntityQuery query, long now) {
        this.entities = entities;
        this.tenant = tenant;
        this.paths = Objects.requireNonNull(query.q()).targets().stream()
                .map(QExpression.Target::hops)
                .toList();
        this.now = now;
    }

    /** What the entities' Relationships lead to. */
    Future<LinkedEntities> of(List<Entity> start) {
        return follow(start, 0, new HashMap<>()).map(known -> known::get);
    }

    private Future<Map<String, Entity>> follow(Collection<Entity> from, int level, Map<String, Entity> known) {
        Set<String> ids = new LinkedHashSet<>();
        for (List<Hop> hops : paths) {
            if (level < hops.size()) {
                from.forEach(entity -> {
                    for (Attribute instance : entity.attribute(hops.get(level).relationship())) {
                        ids.addAll(Hop.objects(instance));
                    }
                });
            }
        }
        if (ids.isEmpty()) {
            return Future.succeededFuture(known);
        }
        List<String> unknown = ids.stream()
                .filter(id -> !known.containsKey(id))
                .map(id -> Keys.entity(tenant, id))
                .toList();
        return Reactive.all(
                        entities.find(Filters.in("_id", unknown)).projection(Projections.include(EntityDocument.BODY)))
                .compose(documents -> {
                    for (RawBsonDocument document : documents) {
                        Entity visible = Expiry.visible(EntityDocument.entity(document), now);
                        if (visible != null) {
                            known.put(visible.id(), visible);
                        }
                    }
                    List<Entity> next = new ArrayList<>();
                    ids.forEach(id -> {
                        Entity there = known.get(id);
                        if (there != null) {
                            next.add(there);
                        }
                    });
                    return follow(next, level + 1, known);
                });
    }
}
