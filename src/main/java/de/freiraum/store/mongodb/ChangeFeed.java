package de.freiraum.store.mongodb;

import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import com.mongodb.client.model.changestream.OperationType;
import de.freiraum.model.Change;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners the committed changes of all replicas, this one among them; opened when the first one listens. */
final class ChangeFeed {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);

    /** Changes are written once, and deleted when they are old. */
    static final List<Bson> NEW_ONES =
            List.of(Aggregates.match(Filters.eq("operationType", OperationType.INSERT.getValue())));

    private final ChangeStream stream;
    private final @Nullable BsonTimestamp since;
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private boolean opened;

    /**
     * A feed that nobody listens to.
     *
     * @param since the deployment's time from which on changes are told
     */
    ChangeFeed(Vertx vertx, Schema schema, @Nullable BsonTimestamp since) {
        this.since = since;
        this.stream = new ChangeStream(
                vertx,
                schema.changes(),
                NEW_ONES,
                this::tell,
                () -> false,
                () -> LOG.warn("listeners to changes were not told what happened for a while"));
    }

    synchronized void listen(Consumer<Change> listener) {
        listeners.add(listener);
        if (!opened) {
            opened = true;
            stream.open(null, since);
        }
    }

    void close() {
        stream.close();
    }

    /** The change that a document tells, or null if it tells none. */
    static @Nullable Change changeOf(ChangeStreamDocument<RawBsonDocument> written) {
        RawBsonDocument document = written.getFullDocument();
        if (written.getOperationType() != OperationType.INSERT || document == null) {
            return null;
        }
        try {
            return ChangeDocument.change(document);
        } catch (RuntimeException e) {
            LOG.error("a change of another replica cannot be read", e);
            return null;
        }
    }

    private void tell(ChangeStreamDocument<RawBsonDocument> written) {
        Change change = changeOf(written);
        if (change == null) {
            return;
        }
        for (Consumer<Change> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.error("a listener for changes failed", e);
            }
        }
    }
}
