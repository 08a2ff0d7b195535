package de.freiraum.store.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import com.mongodb.client.model.changestream.FullDocument;
import com.mongodb.client.model.changestream.OperationType;
import com.mongodb.reactivestreams.client.ChangeStreamPublisher;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.freiraum.store.DocumentStore.Watcher;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears by a change stream which documents other replicas write. The stream is taken up again where it broke off; where that is not possible any
 * more, since the deployment was away for longer than its log reaches back, watchers are told that they missed something.
 */
final class DocumentChanges {
    private static final Logger LOG = LoggerFactory.getLogger(DocumentChanges.class);
    private static final long PAUSE_MILLIS = 500;
    private static final long UNTIL_READ_AGAIN_MILLIS = 5000;
    private static final int AT_ONCE = 100;
    private static final Set<Integer> LOG_IS_TOO_SHORT = Set.of(136, 280, 286);

    private final Vertx vertx;
    private final MongoCollection<RawBsonDocument> documents;
    private final int replica;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private volatile @Nullable BsonTimestamp since;
    private volatile @Nullable BsonDocument position;
    private volatile @Nullable Subscription current;
    private volatile boolean closed;

    /**
     * Listens.
     *
     * @param since the deployment's time from which on changes are heard
     */
    DocumentChanges(
            Vertx vertx, MongoCollection<RawBsonDocument> documents, int replica, @Nullable BsonTimestamp since) {
        this.vertx = vertx;
        this.documents = documents;
        this.replica = replica;
        this.since = since;
        listen();
    }

    void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    void close() {
        closed = true;
        Subscription open = current;
        if (open != null) {
            open.cancel();
        }
    }

    private void listen() {
        ChangeStreamPublisher<RawBsonDocument> stream =
                documents.watch(RawBsonDocument.class).fullDocument(FullDocument.DEFAULT);
        BsonDocument last = position;
        BsonTimestamp start = since;
        if (last != null) {
            stream = stream.resumeAfter(last);
        } else if (start != null) {
            stream = stream.startAtOperationTime(start);
        }
        stream.subscribe(new Listening());
    }

    private void again(Throwable failure) {
        if (closed) {
            return;
        }
        if (failure instanceof MongoException mongo && LOG_IS_TOO_SHORT.contains(mongo.getCode())) {
            LOG.warn("what other replicas changed is not known for a while; everything is read again");
            position = null;
            since = null;
            // behind the beginning of the new stream, so that nothing falls between
            vertx.setTimer(UNTIL_READ_AGAIN_MILLIS, later -> watchers.forEach(Watcher::missed));
        } else {
            LOG.warn("changes of other replicas are not heard for the moment: {}", failure.getMessage());
        }
        vertx.setTimer(PAUSE_MILLIS, later -> {
            if (!closed) {
                listen();
            }
        });
    }

    private void take(ChangeStreamDocument<RawBsonDocument> change) {
        position = change.getResumeToken();
        OperationType type = change.getOperationType();
        BsonDocument key = change.getDocumentKey();
        if (key == null || type == null) {
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

    private final class Listening implements Subscriber<ChangeStreamDocument<RawBsonDocument>> {
        private @Nullable Subscription subscription;
        private int asked;

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            current = given;
            asked = AT_ONCE;
            given.request(AT_ONCE);
        }

        @Override
        public void onNext(ChangeStreamDocument<RawBsonDocument> change) {
            take(change);
            if (--asked == 0 && subscription != null) {
                asked = AT_ONCE;
                subscription.request(AT_ONCE);
            }
        }

        @Override
        public void onError(Throwable failure) {
            again(failure);
        }

        @Override
        public void onComplete() {
            again(new IllegalStateException("the stream of changes ended"));
        }
    }
}
