package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.change.Expiry;
import de.freiraum.store.change.Heads;
import de.freiraum.store.change.Ticks;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Which entities have an evolution: the current ones, and those of which a head is kept. */
final class EvolutionReader {
    private static final int LEAST_AT_ONCE = 100;
    private static final Bson ID = Projections.include("_id");
    private static final Bson BODY = Projections.include(EntityDocument.BODY);

    private final Schema schema;
    private final Ticks ticks;

    EvolutionReader(Schema schema, Ticks ticks) {
        this.schema = schema;
        this.ticks = ticks;
    }

    Future<@Nullable Head> head(Tenant tenant, String entityId) {
        return heads(List.of(Keys.entity(tenant, entityId))).map(heads -> heads.isEmpty() ? null : heads.get(0));
    }

    /** What a query's conditions on types and id find, ordered by id. */
    Future<List<Head>> heads(Tenant tenant, EntityQuery query, @Nullable String after, int limit) {
        Set<String> asked = query.idCandidates();
        if (asked != null) {
            TreeSet<String> keys = new TreeSet<>();
            asked.forEach(id -> keys.add(Keys.entity(tenant, id)));
            Collection<String> behind = after == null ? keys : keys.tailSet(Keys.entity(tenant, after), false);
            return heads(behind).map(heads -> heads.stream()
                    .filter(head -> Heads.matches(head, query))
                    .limit(limit)
                    .toList());
        }
        return collect(tenant, query, after, limit, new ArrayList<>());
    }

    private Future<List<Head>> collect(
            Tenant tenant, EntityQuery query, @Nullable String after, int limit, List<Head> found) {
        int atOnce = Math.max(LEAST_AT_ONCE, limit);
        Bson candidates = candidates(tenant, query.typeCandidates(), after);
        return Future.all(ids(schema.entities(), candidates, atOnce), ids(schema.evolutions(), candidates, atOnce))
                .compose(both -> {
                    List<String> current = both.resultAt(0);
                    List<String> kept = both.resultAt(1);
                    TreeSet<String> keys = new TreeSet<>(current);
                    keys.addAll(kept);
                    // What lies behind the end of a full list may not be all there is there.
                    String end = null;
                    for (List<String> list : List.of(current, kept)) {
                        String last = list.size() < atOnce ? null : list.get(atOnce - 1);
                        end = end == null || (last != null && last.compareTo(end) < 0) ? last : end;
                    }
                    String known = end;
                    Collection<String> sure = known == null ? keys : keys.headSet(known, true);
                    return heads(sure).compose(heads -> {
                        heads.stream()
                                .filter(head -> Heads.matches(head, query))
                                .limit((long) limit - found.size())
                                .forEach(found::add);
                        return known == null || found.size() == limit
                                ? Future.succeededFuture(found)
                                : collect(tenant, query, Keys.entityId(known), limit, found);
                    });
                });
    }

    private static Bson candidates(Tenant tenant, @Nullable Set<String> types, @Nullable String after) {
        String partition = tenant.partition();
        Bson range = after == null ? Keys.allBelow(partition) : Keys.behind(partition, after);
        return types == null
                ? range
                : Filters.and(
                        Filters.eq(EntityDocument.TENANT, partition), Filters.in(EntityDocument.TYPES, types), range);
    }

    private static Future<List<String>> ids(MongoCollection<RawBsonDocument> collection, Bson filter, int most) {
        return Reactive.all(collection
                        .find(filter)
                        .sort(Sorts.ascending("_id"))
                        .limit(most)
                        .projection(ID))
                .map(documents -> documents.stream()
                        .map(document -> document.getString("_id").getValue())
                        .toList());
    }

    /** The heads of those of the entities that have one, in the order of the keys. */
    private Future<List<Head>> heads(Collection<String> keys) {
        long now = ticks.now();
        Future<List<RawBsonDocument>> current =
                Reactive.all(schema.entities().find(Filters.in("_id", keys)).projection(BODY));
        Future<List<RawBsonDocument>> kept = Reactive.all(schema.evolutions().find(Filters.in("_id", keys)));
        return Future.all(current, kept).map(both -> {
            Map<String, Entity> entities = new HashMap<>();
            current.result().forEach(document -> {
                Entity visible = Expiry.visible(EntityDocument.entity(document), now);
                if (visible != null) {
                    entities.put(document.getString("_id").getValue(), visible);
                }
            });
            Map<String, Head> heads = new HashMap<>();
            kept.result()
                    .forEach(document -> heads.put(document.getString("_id").getValue(), HeadDocument.head(document)));
            List<Head> all = new ArrayList<>();
            for (String key : keys) {
                Head head = Heads.of(entities.get(key), heads.get(key));
                if (head != null) {
                    all.add(head);
                }
            }
            return all;
        });
    }
}
