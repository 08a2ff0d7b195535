package de.freiraum.store.mongodb;

import com.mongodb.client.model.changestream.ChangeStreamDocument;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.freiraum.store.DocumentStore.Watcher;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells watchers which documents other replicas write. */
final class DocumentChanges {
    private static final Logger LOG = LoggerFactory.getLogger(DocumentChanges.class);

    private final int replica;
    private final ChangeStream stream;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    /**
     * Listens.
     *
     * @param since the deployment's time from which on changes are heard
     */
    DocumentChanges(
            Vertx vertx, MongoCollection<RawBsonDocument> documents, int replica, @Nullable BsonTimestamp since) {
        this.replica = replica;
        this.stream = new ChangeStream(
                        vertx, documents, List.of(), this::take, () -> false, () -> watchers.forEach(Watcher::missed))
                .open(null, since);
    }

    void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    void close() {
        stream.close();
    }

    private void take(ChangeStreamDocument<RawBsonDocument> change) {
        BsonDocument key = change.getDocumentKey();
        if (key == null) {
            return;
        }
        RawBsonDocument document = change.getFullDocument();
        BsonValue writer = document == null ? null : document.get(MongoDocuments.WRITER);
        if (writer != null && writer.asInt32().getValue() == replica) {
            return;
        }
        Keys.ofDocument(key.getString("_id").getValue(), (tenant, collection, name) -> {
            for (Watcher watcher : watchers) {
                try {
                    watcher.changed(tenant, collection, name);
                } catch (RuntimeException e) {
                    LOG.error("a watcher of documents failed", e);
                }
            }
            return true;
        });
    }
}
