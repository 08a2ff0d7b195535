package de.freiraum.store.mongodb;

import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.WriteModel;
import com.mongodb.reactivestreams.client.ClientSession;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.freiraum.model.Change;
import de.freiraum.model.EntityChange;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.shard.Shards;
import de.freiraum.store.EntityStore.Applied;
import de.freiraum.store.change.Computed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The changes of the entities that one event loop owns in this process, group by group: what waits while a group is written becomes the next
 * one. Of one group the entities are read, all changes computed, and everything is written in one transaction. Where another replica changed
 * one of the entities in between the group is read and computed anew, and the smaller the more often that happens. Used by its event loop alone.
 */
final class Lane {
    private static final int MOST_AT_ONCE = 500;
    private static final BulkWriteOptions IN_ANY_ORDER = new BulkWriteOptions().ordered(false);
    private static final Bson TO_CHANGE = Projections.include(EntityDocument.VERSION, EntityDocument.BODY);

    private final int owner;
    private final Shards shards;
    private final Schema schema;
    private final Transactions transactions;
    private final Replica replica;
    private final Consumer<Change> publish;
    private final ArrayDeque<Task> waiting = new ArrayDeque<>();
    private boolean busy;
    private int most = MOST_AT_ONCE;

    /**
     * A change that is asked for.
     *
     * @param since when, by {@link System#nanoTime}
     */
    record Task(Tenant tenant, String entityId, EntityChange change, Origin origin, long since, Sink sink) {
        String key() {
            return Keys.entity(tenant, entityId);
        }
    }

    /** Takes the result of a change: the first is given if it was accepted, otherwise the second. */
    interface Sink {
        void done(@Nullable Applied applied, @Nullable Throwable error);
    }

    /** Another replica was faster. */
    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Overtaken() {
            super("the entity was changed by another replica all the time", null, false, false);
        }
    }

    Lane(
            int owner,
            Shards shards,
            Schema schema,
            Transactions transactions,
            Replica replica,
            Consumer<Change> publish) {
        this.owner = owner;
        this.shards = shards;
        this.schema = schema;
        this.transactions = transactions;
        this.replica = replica;
        this.publish = publish;
    }

    void submit(Task task) {
        waiting.add(task);
        if (!busy) {
            next(1);
        }
    }

    private void next(int attempt) {
        busy = true;
        List<Task> group = new ArrayList<>();
        while (group.size() < most && !waiting.isEmpty()) {
            group.add(waiting.remove());
        }
        List<Computed> computed = new ArrayList<>();
        read(group)
                .compose(read -> here(Future.succeededFuture(read)))
                .compose(plan -> {
                    group.forEach(task ->
                            computed.add(plan.compute(task.tenant(), task.entityId(), task.change(), task.origin())));
                    return plan.isEmpty()
                            ? Future.succeededFuture(plan)
                            : commit(plan).map(plan);
                })
                .onComplete(outcome -> shards.resume(owner, () -> {
                    if (outcome.succeeded()) {
                        settle(group, computed, outcome.result());
                    } else {
                        fail(group, attempt, outcome.cause());
                    }
                }));
    }

    private <T> Future<T> here(Future<T> future) {
        Promise<T> promise = Promise.promise();
        future.onComplete(outcome -> shards.resume(owner, () -> promise.handle(outcome)));
        return promise.future();
    }

    private Future<Plan> read(List<Task> group) {
        Set<String> keys = new LinkedHashSet<>();
        group.forEach(task -> keys.add(task.key()));
        return transactions
                .within(Reactive.all(
                        schema.entities().find(Filters.in("_id", keys)).projection(TO_CHANGE)))
                .map(read -> new Plan(replica, keys, read));
    }

    private Future<Void> commit(Plan plan) {
        return transactions.once(session -> headsOf(plan, session)
                .compose(v -> writeEntities(plan, session))
                .compose(v -> plan.historiesToClear().isEmpty()
                        ? Future.succeededFuture()
                        : Reactive.done(schema.history()
                                .deleteMany(session, Filters.in(HistoryDocument.ENTITY, plan.historiesToClear()))))
                .compose(v -> write(schema.history(), session, plan.instanceWrites()))
                .compose(v -> write(schema.evolutions(), session, plan.headWrites()))
                .compose(v -> write(schema.documents(), session, plan.noteWrites()))
                .compose(v -> write(schema.changes(), session, plan.changeWrites()))
                .<Void>mapEmpty());
    }

    private Future<Void> headsOf(Plan plan, ClientSession session) {
        return plan.headsToMerge().isEmpty()
                ? Future.succeededFuture()
                : Reactive.all(schema.evolutions().find(session, Filters.in("_id", plan.headsToMerge())))
                        .map(heads -> {
                            plan.merge(heads);
                            return null;
                        });
    }

    private Future<Void> writeEntities(Plan plan, ClientSession session) {
        List<WriteModel<RawBsonDocument>> writes = plan.entityWrites();
        return write(schema.entities(), session, writes)
                .compose(result -> result == null
                                || result.getInsertedCount() + result.getMatchedCount() + result.getDeletedCount()
                                        == writes.size()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new Overtaken()));
    }

    private static Future<@Nullable BulkWriteResult> write(
            MongoCollection<RawBsonDocument> collection,
            ClientSession session,
            List<WriteModel<RawBsonDocument>> writes) {
        return writes.isEmpty()
                ? Future.succeededFuture()
                : Reactive.first(collection.bulkWrite(session, writes, IN_ANY_ORDER));
    }

    private void settle(List<Task> group, List<Computed> computed, Plan plan) {
        most = Math.min(MOST_AT_ONCE, most * 2);
        plan.changes().forEach(publish);
        for (int i = 0; i < group.size(); i++) {
            Computed result = computed.get(i);
            group.get(i)
                    .sink()
                    .done(
                            result.refusal() == null ? new Applied(result.change(), result.result()) : null,
                            result.refusal());
        }
        goOn();
    }

    private void fail(List<Task> group, int attempt, Throwable failure) {
        boolean overtaken = failure instanceof Overtaken || Failures.isConflict(failure);
        boolean again = overtaken || Transactions.isWorthAnotherTry(failure);
        if ((again && !transactions.isOver(group.get(0).since())) || (!again && group.size() > 1)) {
            // A failure that has to do with one of the changes shall not hit the others, nor shall one that is always
            // overtaken.
            most = overtaken ? Math.max(1, group.size() / 2) : again ? most : 1;
            for (int i = group.size() - 1; i >= 0; i--) {
                waiting.addFirst(group.get(i));
            }
            transactions.pause(attempt).onComplete(v -> shards.resume(owner, () -> next(attempt + 1)));
            return;
        }
        Throwable told = failure instanceof Overtaken ? new Failures.Away(failure) : failure;
        group.forEach(task -> task.sink().done(null, told));
        while (!waiting.isEmpty()
                && again
                && transactions.isOver(Objects.requireNonNull(waiting.peek()).since())) {
            waiting.remove().sink().done(null, told);
        }
        goOn();
    }

    private void goOn() {
        if (waiting.isEmpty()) {
            busy = false;
        } else {
            next(1);
        }
    }
}
