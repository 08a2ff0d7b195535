package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.freiraum.model.Tenant;
import de.freiraum.store.DocumentStore.Document;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Small documents by key. */
final class MongoDocuments {
    /** Which replica wrote it, so that it need not be told. */
    static final String WRITER = "r";

    private static final String BODY = "b";

    private final MongoCollection<RawBsonDocument> documents;
    private final int replica;
    private final Turns turns = new Turns();

    MongoDocuments(MongoCollection<RawBsonDocument> documents, int replica) {
        this.documents = documents;
        this.replica = replica;
    }

    Future<Void> put(Tenant tenant, String collection, String key, byte[] document) {
        String id = Keys.document(tenant, collection, key);
        return turns.take(
                id,
                () -> Reactive.done(documents.replaceOne(
                        Filters.eq("_id", id), of(id, document), new ReplaceOptions().upsert(true))));
    }

    Future<Boolean> putIfAbsent(Tenant tenant, String collection, String key, byte[] document) {
        String id = Keys.document(tenant, collection, key);
        return turns.take(id, () -> Reactive.done(documents.insertOne(of(id, document)))
                .map(true)
                .recover(failure ->
                        Failures.isDuplicate(failure) ? Future.succeededFuture(false) : Future.failedFuture(failure)));
    }

    Future<Boolean> update(Tenant tenant, String collection, String key, UnaryOperator<byte[]> change) {
        String id = Keys.document(tenant, collection, key);
        return turns.take(id, () -> attempt(id, change));
    }

    /** What another replica wrote in between is read and changed anew. */
    private Future<Boolean> attempt(String id, UnaryOperator<byte[]> change) {
        return Reactive.first(documents.find(Filters.eq("_id", id))).compose(there -> {
            if (there == null) {
                return Future.succeededFuture(false);
            }
            return Reactive.first(documents.replaceOne(
                            Filters.and(Filters.eq("_id", id), Filters.eq(BODY, there.get(BODY))),
                            of(id, change.apply(body(there)))))
                    .compose(result -> Objects.requireNonNull(result).getMatchedCount() > 0
                            ? Future.succeededFuture(true)
                            : attempt(id, change));
        });
    }

    Future<Boolean> delete(Tenant tenant, String collection, String key) {
        String id = Keys.document(tenant, collection, key);
        return turns.take(id, () -> Reactive.first(documents.deleteOne(Filters.eq("_id", id)))
                .map(result -> Objects.requireNonNull(result).getDeletedCount() > 0));
    }

    Future<byte @Nullable []> get(Tenant tenant, String collection, String key) {
        return Reactive.first(documents.find(Filters.eq("_id", Keys.document(tenant, collection, key))))
                .map(document -> document == null ? null : body(document));
    }

    Future<List<Document>> list(Tenant tenant, String collection, @Nullable String after, int limit) {
        String all = Keys.documents(tenant, collection);
        return Reactive.all(documents
                        .find(after == null ? Keys.allBelow(all) : Keys.behind(all, after))
                        .sort(Sorts.ascending("_id"))
                        .limit(limit))
                .map(found -> found.stream()
                        .map(document -> new Document(
                                document.getString("_id").getValue().substring(all.length() + 1), body(document)))
                        .toList());
    }

    /** Goes from collection to collection, without looking at the documents between. */
    Future<Set<String>> collections(Tenant tenant) {
        return collections(tenant.partition(), null, new TreeSet<>());
    }

    private Future<Set<String>> collections(String partition, @Nullable String last, Set<String> names) {
        Bson behind = last == null
                ? Keys.allBelow(partition)
                : Filters.and(Keys.allBelow(partition), Filters.gte("_id", Keys.end(partition, last)));
        return Reactive.first(
                        documents.find(behind).sort(Sorts.ascending("_id")).limit(1))
                .compose(document -> {
                    if (document == null) {
                        return Future.succeededFuture(names);
                    }
                    String name = Keys.ofDocument(
                            document.getString("_id").getValue(), (tenant, collection, key) -> collection);
                    names.add(name);
                    return collections(partition, name, names);
                });
    }

    private RawBsonDocument of(String id, byte[] body) {
        return of(id, body, replica);
    }

    /** The document of a key, as a replica writes it. */
    static RawBsonDocument of(String id, byte[] body, int replica) {
        return new RawBsonDocument(
                new BsonDocument("_id", new BsonString(id))
                        .append(WRITER, new BsonInt32(replica))
                        .append(BODY, new BsonBinary(body)),
                new BsonDocumentCodec());
    }

    private static byte[] body(RawBsonDocument document) {
        return document.getBinary(BODY).getData();
    }
}
