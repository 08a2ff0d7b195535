package de.freiraum.store.mongodb;

import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * The collections with their indexes; docs/storage.md tells which query uses which.
 *
 * @param entities current entities, see {@link EntityDocument}
 * @param history instances of attributes, see {@link HistoryDocument}
 * @param evolutions heads of evolutions that differ from the current entity
 * @param changes what was changed lately, see {@link ChangeDocument}
 * @param documents small documents by key
 * @param tenants a document for each tenant that holds or held something
 * @param meta format, clock and replicas
 */
record Schema(
        MongoCollection<RawBsonDocument> entities,
        MongoCollection<RawBsonDocument> history,
        MongoCollection<RawBsonDocument> evolutions,
        MongoCollection<RawBsonDocument> changes,
        MongoCollection<RawBsonDocument> documents,
        MongoCollection<RawBsonDocument> tenants,
        MongoCollection<RawBsonDocument> meta) {

    private static final long CHANGES_KEPT_MINUTES = 10;

    static Schema of(MongoDatabase database) {
        return new Schema(
                collection(database, "entities"),
                collection(database, "history"),
                collection(database, "evolutions"),
                collection(database, "changes"),
                collection(database, "documents"),
                collection(database, "tenants"),
                collection(database, "meta"));
    }

    private static MongoCollection<RawBsonDocument> collection(MongoDatabase database, String name) {
        return database.getCollection(name, RawBsonDocument.class);
    }

    /** Makes the indexes that are not there. */
    Future<Void> createIndexes() {
        Future<Void> forEntities = Reactive.done(entities.createIndexes(List.of(
                index(EntityDocument.TENANT, EntityDocument.TYPES, "_id"),
                index(EntityDocument.TENANT, EntityDocument.PATHS, "_id"),
                index(EntityDocument.TENANT, EntityDocument.VALUE_PATH, EntityDocument.VALUE, "_id"),
                index(EntityDocument.TENANT, EntityDocument.SCOPES, "_id"),
                new IndexModel(Indexes.compoundIndex(
                        Indexes.ascending(EntityDocument.TENANT), Indexes.geo2dsphere(EntityDocument.PLACE))),
                new IndexModel(Indexes.ascending(EntityDocument.EXPIRY), new IndexOptions().sparse(true)))));
        Future<Void> forHistory = Reactive.done(history.createIndexes(List.of(new IndexModel(
                ascending(
                        HistoryDocument.ENTITY,
                        HistoryDocument.ATTRIBUTE,
                        HistoryDocument.DATASET,
                        HistoryDocument.TIME,
                        HistoryDocument.INSTANCE),
                new IndexOptions().unique(true)))));
        Future<Void> forEvolutions = Reactive.done(
                evolutions.createIndexes(List.of(index(EntityDocument.TENANT, EntityDocument.TYPES, "_id"))));
        Future<Void> forChanges = Reactive.done(changes.createIndexes(List.of(new IndexModel(
                Indexes.ascending(ChangeDocument.AT),
                new IndexOptions().expireAfter(CHANGES_KEPT_MINUTES, TimeUnit.MINUTES)))));
        return Future.all(forEntities, forHistory, forEvolutions, forChanges).mapEmpty();
    }

    private static IndexModel index(String... fields) {
        return new IndexModel(ascending(fields));
    }

    private static Bson ascending(String... fields) {
        return Indexes.ascending(fields);
    }
}
