package de.freiraum.store.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import com.mongodb.client.model.changestream.FullDocument;
import com.mongodb.reactivestreams.client.ChangeStreamPublisher;
import com.mongodb.reactivestreams.client.MongoCollection;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what is written to a collection, by whichever replica. The stream is taken up again where it broke off; where that is not possible any
 * more, since the deployment was away for longer than its log reaches back, it begins anew and says that something was missed.
 */
final class ChangeStream {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);
    private static final long PAUSE_MILLIS = 500;
    private static final long UNTIL_READ_AGAIN_MILLIS = 5000;
    private static final long WAIT_MILLIS = 20;
    private static final int AT_ONCE = 100;
    private static final Set<Integer> LOG_IS_TOO_SHORT = Set.of(136, 280, 286);

    private final Vertx vertx;
    private final MongoCollection<RawBsonDocument> collection;
    private final List<Bson> filter;
    private final Consumer<ChangeStreamDocument<RawBsonDocument>> taker;
    private final BooleanSupplier isFull;
    private final Runnable missed;
    private volatile @Nullable BsonTimestamp since;
    private volatile @Nullable BsonDocument position;
    private volatile @Nullable Subscription current;
    private volatile boolean closed;

    /**
     * A stream that is silent until {@link #open}.
     *
     * @param filter which events are told
     * @param taker takes what was written, one after the other, on a thread of the driver
     * @param isFull while that is so no more is asked for
     * @param missed called when it is not known what was written for a while; behind the beginning of the new stream, so that nothing falls
     *     between
     */
    ChangeStream(
            Vertx vertx,
            MongoCollection<RawBsonDocument> collection,
            List<Bson> filter,
            Consumer<ChangeStreamDocument<RawBsonDocument>> taker,
            BooleanSupplier isFull,
            Runnable missed) {
        this.vertx = vertx;
        this.collection = collection;
        this.filter = List.copyOf(filter);
        this.taker = taker;
        this.isFull = isFull;
        this.missed = missed;
    }

    /**
     * Listens.
     *
     * @param after the position behind which to begin, or null
     * @param from without such a position: the deployment's time from which on; null: from now on
     */
    ChangeStream open(@Nullable BsonDocument after, @Nullable BsonTimestamp from) {
        position = after;
        since = from;
        listen();
        return this;
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
                collection.watch(filter, RawBsonDocument.class).fullDocument(FullDocument.DEFAULT);
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
            vertx.setTimer(UNTIL_READ_AGAIN_MILLIS, later -> missed.run());
        } else {
            LOG.warn("changes of other replicas are not heard for the moment: {}", failure.getMessage());
        }
        vertx.setTimer(PAUSE_MILLIS, later -> {
            if (!closed) {
                listen();
            }
        });
    }

    private final class Listening implements Subscriber<ChangeStreamDocument<RawBsonDocument>> {
        private @Nullable Subscription subscription;
        private int asked;

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            current = given;
            if (closed) {
                given.cancel();
                return;
            }
            asked = AT_ONCE;
            given.request(AT_ONCE);
        }

        @Override
        public void onNext(ChangeStreamDocument<RawBsonDocument> change) {
            if (closed) {
                return;
            }
            taker.accept(change);
            position = change.getResumeToken();
            if (--asked == 0) {
                askForMore();
            }
        }

        private void askForMore() {
            Subscription open = subscription;
            if (closed || open == null) {
                return;
            }
            if (isFull.getAsBoolean()) {
                vertx.setTimer(WAIT_MILLIS, later -> askForMore());
            } else {
                asked = AT_ONCE;
                open.request(AT_ONCE);
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
