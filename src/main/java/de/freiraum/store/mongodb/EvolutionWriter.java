package de.freiraum.store.mongodb;

import com.mongodb.client.model.DeleteManyModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import com.mongodb.reactivestreams.client.ClientSession;
import com.mongodb.reactivestreams.client.FindPublisher;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.store.TemporalStore.Added;
import de.freiraum.store.TemporalStore.Condensation;
import de.freiraum.store.TemporalStore.Condensed;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Spot;
import de.freiraum.store.change.Condenser;
import de.freiraum.store.change.Expiry;
import de.freiraum.store.change.Heads;
import de.freiraum.store.change.HistoryRecorder.Place;
import de.freiraum.store.change.Ticks;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Writes of history alone. Each is a transaction that gives the entity, or the head kept of it, another version: so two replicas that write one
 * evolution, or one that writes it and one that deletes it, get into each other's way and one of them begins again.
 */
final class EvolutionWriter {
    private static final Bson TO_READ = Projections.include(EntityDocument.VERSION, EntityDocument.BODY);

    private static final int CONDENSED_AT_ONCE = 2000;

    private final Schema schema;
    private final Transactions transactions;
    private final Replica replica;
    private final Turns turns = new Turns();

    /** What there is of an evolution beside its instances. */
    private record Known(
            @Nullable Entity current,
            long version,
            @Nullable Head kept) {
        @Nullable
        Head head() {
            return Heads.of(current, kept);
        }
    }

    /** What a write does with what is known, in its transaction. */
    private interface Write<T> {
        Future<T> apply(ClientSession session, Known known, long tick);
    }

    EvolutionWriter(Schema schema, Transactions transactions, Replica replica) {
        this.schema = schema;
        this.transactions = transactions;
        this.replica = replica;
    }

    private <T> Future<T> write(String key, Write<T> write) {
        return turns.take(
                key,
                () -> transactions.untilDone(session -> known(session, key).compose(known -> {
                    long tick = replica.tickAfter(known.version());
                    return touch(session, key, known, tick).compose(v -> write.apply(session, known, tick));
                })));
    }

    private Future<Known> known(ClientSession session, String key) {
        long now = replica.ticks().now();
        return Reactive.first(
                        schema.entities().find(session, Filters.eq("_id", key)).projection(TO_READ))
                .compose(document -> Reactive.first(schema.evolutions().find(session, Filters.eq("_id", key)))
                        .map(head -> new Known(
                                document == null ? null : Expiry.visible(EntityDocument.entity(document), now),
                                document == null ? 0 : EntityDocument.version(document),
                                head == null ? null : HeadDocument.head(head))));
    }

    private Future<Void> touch(ClientSession session, String key, Known known, long tick) {
        Bson version = Updates.set(EntityDocument.VERSION, EntityDocument.version(tick, replica.number()));
        if (known.version() != 0) {
            return Reactive.done(schema.entities().updateOne(session, Filters.eq("_id", key), version));
        }
        return known.kept() == null
                ? Future.succeededFuture()
                : Reactive.done(schema.evolutions().updateOne(session, Filters.eq("_id", key), version));
    }

    Future<Added> add(
            Tenant tenant, String entityId, List<String> types, List<TemporalInstance> instances, boolean create) {
        String key = Keys.entity(tenant, entityId);
        return write(key, (session, known, tick) -> {
            Head before = known.head();
            if (before == null && !create) {
                return Future.succeededFuture(Added.NOWHERE);
            }
            Instant now = Ticks.instant(tick);
            Head after = Heads.grown(entityId, before, known.kept() != null, types, now);
            return there(session, key, instances)
                    .compose(there -> put(session, key, replica.recorder().added(instances, tick, there::get), now))
                    .compose(v -> after == null ? Future.succeededFuture() : putHead(session, tenant, key, after))
                    .map(before == null ? Added.CREATED : Added.TO_EXISTING);
        });
    }

    /** Looks first, so that a transaction is begun only where there is something to do. */
    Future<Condensed> condense(Tenant tenant, String entityId, Condensation condensation, @Nullable Spot from) {
        String key = Keys.entity(tenant, entityId);
        return condenser(null, key, condensation, from).compose(seen -> {
            if (seen.replacements().isEmpty()) {
                return Future.succeededFuture(seen.result());
            }
            return transactions.untilDone(
                    session -> condenser(session, key, condensation, from).compose(condenser -> {
                        List<BsonValue> gone = new ArrayList<>();
                        List<WriteModel<RawBsonDocument>> writes = new ArrayList<>();
                        condenser.replacements().forEach(window -> {
                            gone.addAll(window.gone());
                            window.come()
                                    .forEach(instance -> writes.add(
                                            new InsertOneModel<>(HistoryDocument.of(key, instance, window.begin()))));
                        });
                        if (gone.isEmpty()) {
                            return Future.succeededFuture(condenser.result());
                        }
                        writes.add(
                                0,
                                new DeleteManyModel<>(
                                        Filters.and(Filters.eq(HistoryDocument.ENTITY, key), Filters.in("_id", gone))));
                        return Reactive.done(schema.history().bulkWrite(session, writes))
                                .map(condenser.result());
                    }));
        });
    }

    private Future<Condenser<BsonValue>> condenser(
            @Nullable ClientSession session, String key, Condensation condensation, @Nullable Spot from) {
        Condenser<BsonValue> condenser = new Condenser<>(condensation, CONDENSED_AT_ONCE);
        Bson filter = HistoryReader.behind(key, condensation, from);
        FindPublisher<RawBsonDocument> found = session == null
                ? schema.history().find(filter)
                : schema.history().find(session, filter);
        return Reactive.chunks(found.sort(HistoryReader.IN_ORDER), CONDENSED_AT_ONCE, documents -> {
                    for (RawBsonDocument document : documents) {
                        if (!condenser.take(
                                HistoryDocument.time(document),
                                HistoryDocument.instance(document),
                                Objects.requireNonNull(document.get("_id")))) {
                            return Future.succeededFuture(false);
                        }
                    }
                    return Future.succeededFuture(true);
                })
                .map(v -> {
                    condenser.end();
                    return condenser;
                });
    }

    /** Puts an evolution there as it is elsewhere. */
    Future<Void> takeOver(Tenant tenant, Head head, List<TemporalInstance> instances) {
        String key = Keys.entity(tenant, head.entityId());
        return this.<Boolean>write(key, (session, known, tick) -> put(session, key, instances, Ticks.instant(tick))
                        .compose(v -> putHead(session, tenant, key, Heads.taken(head, known.kept())))
                        .map(true))
                .mapEmpty();
    }

    /** The instances that were observed at the times of those given. */
    private Future<Map<Place, Attribute>> there(ClientSession session, String key, List<TemporalInstance> instances) {
        List<Bson> places = new ArrayList<>();
        for (TemporalInstance instance : instances) {
            Place place = Place.of(instance);
            if (place != null) {
                places.add(Filters.and(
                        Filters.eq(HistoryDocument.ENTITY, key),
                        Filters.eq(HistoryDocument.ATTRIBUTE, place.attribute()),
                        Filters.eq(HistoryDocument.DATASET, HistoryDocument.dataset(place.datasetId())),
                        Filters.eq(HistoryDocument.TIME, HistoryDocument.time(place.observedAt()))));
            }
        }
        return places(session, places, 0, new HashMap<>());
    }

    /** Some at a time, because a filter may have so many parts only. */
    private Future<Map<Place, Attribute>> places(
            ClientSession session, List<Bson> places, int from, Map<Place, Attribute> found) {
        if (from >= places.size()) {
            return Future.succeededFuture(found);
        }
        int to = Math.min(places.size(), from + 200);
        return Reactive.all(schema.history()
                        .find(session, Filters.or(places.subList(from, to)))
                        .sort(Sorts.ascending(HistoryDocument.INSTANCE)))
                .compose(documents -> {
                    for (RawBsonDocument document : documents) {
                        TemporalInstance instance = HistoryDocument.instance(document);
                        Place place = Place.of(instance);
                        if (place != null) {
                            found.put(place, instance.instance());
                        }
                    }
                    return places(session, places, to, found);
                });
    }

    private Future<Void> put(ClientSession session, String key, List<TemporalInstance> instances, Instant now) {
        if (instances.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<Bson, WriteModel<RawBsonDocument>> writes = new LinkedHashMap<>();
        instances.forEach(instance -> {
            RawBsonDocument document = HistoryDocument.of(key, instance, now);
            Bson identity = HistoryDocument.identity(document);
            writes.put(identity, new ReplaceOneModel<>(identity, document, new ReplaceOptions().upsert(true)));
        });
        return Reactive.done(schema.history().bulkWrite(session, List.copyOf(writes.values())));
    }

    private Future<Void> putHead(ClientSession session, Tenant tenant, String key, Head head) {
        return Reactive.done(schema.evolutions()
                .replaceOne(
                        session,
                        Filters.eq("_id", key),
                        HeadDocument.of(key, tenant.partition(), head),
                        new ReplaceOptions().upsert(true)));
    }

    Future<Boolean> replace(Tenant tenant, String entityId, String attribute, String instanceId, Attribute instance) {
        String key = Keys.entity(tenant, entityId);
        return write(key, (session, known, tick) -> Reactive.first(
                        schema.history().find(session, one(key, attribute, instanceId)))
                .compose(document -> {
                    if (document == null) {
                        return Future.succeededFuture(false);
                    }
                    Instant now = Ticks.instant(tick);
                    Attribute there = HistoryDocument.instance(document).instance();
                    AttributeMeta meta = instance.meta()
                            .withTimes(
                                    there.meta().createdAt(),
                                    now,
                                    instance.meta().deletedAt())
                            .withInstanceId(instanceId);
                    return Reactive.done(schema.history().deleteOne(session, Filters.eq("_id", document.get("_id"))))
                            .compose(v -> put(
                                    session, key, List.of(new TemporalInstance(attribute, instance.with(meta))), now))
                            .compose(v -> touchHead(session, tenant, key, known, now))
                            .map(true);
                }));
    }

    private static Bson one(String key, String attribute, String instanceId) {
        return Filters.and(ofAttribute(key, attribute), Filters.eq(HistoryDocument.INSTANCE, instanceId));
    }

    private static Bson ofAttribute(String key, String attribute) {
        return Filters.and(Filters.eq(HistoryDocument.ENTITY, key), Filters.eq(HistoryDocument.ATTRIBUTE, attribute));
    }

    Future<Boolean> deleteAttribute(Tenant tenant, String entityId, String attribute) {
        String key = Keys.entity(tenant, entityId);
        return delete(tenant, key, ofAttribute(key, attribute));
    }

    Future<Boolean> deleteDataset(Tenant tenant, String entityId, String attribute, @Nullable String datasetId) {
        String key = Keys.entity(tenant, entityId);
        return delete(
                tenant,
                key,
                Filters.and(
                        ofAttribute(key, attribute),
                        Filters.eq(HistoryDocument.DATASET, HistoryDocument.dataset(datasetId))));
    }

    Future<Boolean> deleteInstance(Tenant tenant, String entityId, String attribute, String instanceId) {
        String key = Keys.entity(tenant, entityId);
        return delete(tenant, key, one(key, attribute, instanceId));
    }

    private Future<Boolean> delete(Tenant tenant, String key, Bson instances) {
        return write(
                key, (session, known, tick) -> Reactive.first(schema.history().deleteMany(session, instances))
                        .compose(result -> Objects.requireNonNull(result).getDeletedCount() == 0
                                ? Future.succeededFuture(false)
                                : touchHead(session, tenant, key, known, Ticks.instant(tick))
                                        .map(true)));
    }

    /** A kept head says when its instances were corrected. */
    private Future<Void> touchHead(ClientSession session, Tenant tenant, String key, Known known, Instant now) {
        return known.kept() == null
                ? Future.succeededFuture()
                : putHead(session, tenant, key, Heads.touched(known.kept(), now));
    }

    Future<Boolean> deleteEvolution(Tenant tenant, String entityId) {
        String key = Keys.entity(tenant, entityId);
        return write(key, (session, known, tick) -> {
            if (known.head() == null) {
                return Future.succeededFuture(false);
            }
            return Reactive.done(schema.history().deleteMany(session, Filters.eq(HistoryDocument.ENTITY, key)))
                    .compose(v -> Reactive.done(schema.evolutions().deleteOne(session, Filters.eq("_id", key))))
                    .map(true);
        });
    }
}
