package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Which of the replicas leads: the one whose number is in a document, as long as it renews that in time. Times are those of the deployment, so
 * that the replicas' clocks do not matter; a replica itself stops to lead a while before the others may take over.
 */
final class Lease {
    private static final String ID = "lease";
    private static final Duration LENGTH = Duration.ofSeconds(6);
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private final Schema schema;
    private final int replica;
    private volatile boolean held;
    private volatile long heldUntil;

    Lease(Schema schema, int replica) {
        this.schema = schema;
        this.replica = replica;
    }

    /** Whether this replica leads now. */
    boolean isHeld() {
        return held && System.nanoTime() - heldUntil < 0;
    }

    /** Takes the lease if nobody has it, or renews it. */
    Future<Void> renew() {
        long asked = System.nanoTime();
        // What is not there is before every time: a lease that nobody ever had is free.
        Document mine = new Document(
                "$or",
                List.of(
                        new Document("$eq", List.of("$replica", replica)),
                        new Document("$lt", List.of("$until", "$$NOW"))));
        Document until = new Document("$add", List.of("$$NOW", LENGTH.toMillis()));
        List<Bson> takeOrKeep = List.of(new Document(
                "$set",
                new Document("replica", new Document("$cond", List.of(mine, replica, "$replica")))
                        .append("until", new Document("$cond", List.of(mine, until, "$until")))));
        return Reactive.first(schema.meta()
                        .findOneAndUpdate(
                                Filters.eq("_id", ID),
                                takeOrKeep,
                                new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER)))
                .map(lease -> {
                    heldUntil = asked + LENGTH.minus(MARGIN).toNanos();
                    held = Objects.requireNonNull(lease).getInt32("replica").getValue() == replica;
                    return null;
                });
    }

    /** Lets another replica take it at once. */
    Future<Void> giveUp() {
        boolean had = held;
        held = false;
        return had
                ? Reactive.done(
                        schema.meta().deleteOne(Filters.and(Filters.eq("_id", ID), Filters.eq("replica", replica))))
                : Future.succeededFuture();
    }
}
