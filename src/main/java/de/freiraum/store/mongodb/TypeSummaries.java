package de.freiraum.store.mongodb;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.store.EntityStore.AttributeSummary;
import de.freiraum.store.EntityStore.TypeSummary;
import de.freiraum.store.change.Expiry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/** Counts entities by type and attribute, for discovery: MongoDB groups; the few entities in which something is just expired are counted here. */
final class TypeSummaries {
    private static final String TYPE = "$" + EntityDocument.TYPES;

    private final Map<String, Long> entities = new TreeMap<>();
    private final Map<String, Map<String, Long>> attributes = new TreeMap<>();
    private final Map<String, Map<String, Set<String>>> kinds = new TreeMap<>();

    private TypeSummaries() {}

    static Future<List<TypeSummary>> of(MongoCollection<RawBsonDocument> collection, Tenant tenant, long now) {
        Bson ofTenant = Filters.eq(EntityDocument.TENANT, tenant.partition());
        Bson current = Aggregates.match(Filters.and(ofTenant, Filters.not(Filters.lte(EntityDocument.EXPIRY, now))));
        Future<List<RawBsonDocument>> types = groups(
                collection,
                List.of(current, Aggregates.unwind(TYPE), Aggregates.group(TYPE, Accumulators.sum("c", 1))));
        Future<List<RawBsonDocument>> paths = groups(collection, byTypeAnd(EntityDocument.PATHS, current));
        Future<List<RawBsonDocument>> kinds = groups(collection, byTypeAnd(EntityDocument.KINDS, current));
        Future<List<RawBsonDocument>> expired = Reactive.all(collection
                .find(Filters.and(Filters.lte(EntityDocument.EXPIRY, now), ofTenant))
                .projection(Projections.include(EntityDocument.BODY)));
        return Future.all(types, paths, kinds, expired).map(all -> {
            TypeSummaries summaries = new TypeSummaries();
            types.result()
                    .forEach(group ->
                            summaries.addEntities(group.getString("_id").getValue(), number(group)));
            paths.result().forEach(summaries::addPath);
            kinds.result().forEach(summaries::addKind);
            expired.result().forEach(document -> {
                Entity visible = Expiry.visible(EntityDocument.entity(document), now);
                if (visible != null) {
                    summaries.add(visible);
                }
            });
            return summaries.list();
        });
    }

    private static List<Bson> byTypeAnd(String field, Bson current) {
        return List.of(
                current,
                Aggregates.unwind(TYPE),
                Aggregates.unwind("$" + field),
                Aggregates.group(new Document("y", TYPE).append("f", "$" + field), Accumulators.sum("c", 1)));
    }

    private static Future<List<RawBsonDocument>> groups(
            MongoCollection<RawBsonDocument> collection, List<Bson> stages) {
        return Reactive.all(collection.aggregate(stages).allowDiskUse(true));
    }

    private static long number(RawBsonDocument group) {
        return group.getNumber("c").longValue();
    }

    private void addEntities(String type, long number) {
        entities.merge(type, number, Long::sum);
    }

    private void addPath(RawBsonDocument group) {
        BsonDocument key = group.getDocument("_id");
        String path = key.getString("f").getValue();
        String iri = path.endsWith(IndexedValues.WITHOUT_VALUE)
                ? path.substring(0, path.length() - IndexedValues.WITHOUT_VALUE.length())
                : path;
        if (!iri.contains(Keys.SEPARATOR)) {
            addAttribute(key.getString("y").getValue(), iri, number(group));
        }
    }

    private void addAttribute(String type, String iri, long number) {
        attributes.computeIfAbsent(type, t -> new TreeMap<>()).merge(iri, number, Long::sum);
    }

    private void addKind(RawBsonDocument group) {
        BsonDocument key = group.getDocument("_id");
        String field = key.getString("f").getValue();
        int end = field.indexOf(Keys.SEPARATOR);
        addKind(key.getString("y").getValue(), field.substring(0, end), field.substring(end + 1));
    }

    private void addKind(String type, String iri, String kind) {
        kinds.computeIfAbsent(type, t -> new TreeMap<>())
                .computeIfAbsent(iri, i -> new TreeSet<>())
                .add(kind);
    }

    private void add(Entity entity) {
        for (String type : entity.types()) {
            addEntities(type, 1);
            entity.attributes().forEach((iri, instances) -> {
                addAttribute(type, iri, 1);
                for (Attribute instance : instances) {
                    addKind(type, iri, String.valueOf(instance.kind()));
                }
            });
        }
    }

    private List<TypeSummary> list() {
        List<TypeSummary> list = new ArrayList<>();
        entities.forEach((type, count) -> {
            Map<String, AttributeSummary> summaries = new TreeMap<>();
            attributes
                    .getOrDefault(type, Map.of())
                    .forEach((iri, number) -> summaries.put(
                            iri,
                            new AttributeSummary(
                                    number, kinds.getOrDefault(type, Map.of()).getOrDefault(iri, Set.of()))));
            list.add(new TypeSummary(type, count, summaries));
        });
        return list;
    }
}
