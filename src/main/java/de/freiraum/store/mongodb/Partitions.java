package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The tenants and snapshots there are, of all replicas: kept in memory, and read again by {@link #refresh}. A tenant is written down at its
 * first appearance, before what it holds. A snapshot's place is made and deleted; what another replica writes to it before it knows of the
 * deletion is deleted a while later.
 */
final class Partitions {
    private final Vertx vertx;
    private final Schema schema;
    private final Duration patience;
    private final Set<Tenant> tenants = ConcurrentHashMap.newKeySet();
    private final Set<Tenant> snapshots = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<Tenant, Use> uses = new ConcurrentHashMap<>();
    private final Turns turns = new Turns();

    /** How many writes of a snapshot are under way, and who waits until there is none. */
    private static final class Use {
        int count;
        final Promise<Void> ended = Promise.promise();
    }

    Partitions(Vertx vertx, Schema schema, Duration patience) {
        this.vertx = vertx;
        this.schema = schema;
        this.patience = patience;
        tenants.add(Tenant.DEFAULT);
    }

    Set<Tenant> tenants() {
        return Collections.unmodifiableSet(tenants);
    }

    Set<Tenant> snapshots() {
        return Collections.unmodifiableSet(snapshots);
    }

    /** Reads what other replicas wrote down. */
    Future<Void> refresh() {
        return Reactive.all(schema.tenants().find()).map(found -> {
            Set<Tenant> there = ConcurrentHashMap.newKeySet();
            found.forEach(document ->
                    there.add(Tenant.ofPartition(document.getString("_id").getValue())));
            for (Tenant partition : there) {
                (partition.isSnapshot() ? snapshots : tenants).add(partition);
            }
            snapshots.removeIf(snapshot -> !there.contains(snapshot) && !uses.containsKey(snapshot));
            return null;
        });
    }

    /** Does work that writes to a partition. */
    <T extends @Nullable Object> Future<T> writing(Tenant partition, Supplier<Future<T>> work) {
        if (!partition.isSnapshot()) {
            return (tenants.contains(partition) ? Future.<Void>succeededFuture() : writeDown(partition, tenants))
                    .compose(v -> work.get());
        }
        uses.compute(partition, (p, use) -> {
            Use used = use == null ? new Use() : use;
            used.count++;
            return used;
        });
        Future<T> done = snapshots.contains(partition)
                ? work.get()
                : Future.failedFuture(
                        NgsiLdException.notFound("there is no snapshot " + clip(String.valueOf(partition.snapshot()))));
        return done.onComplete(ended -> uses.computeIfPresent(partition, (p, use) -> {
            if (--use.count > 0) {
                return use;
            }
            use.ended.complete();
            return null;
        }));
    }

    private static String clip(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    private Future<Void> writeDown(Tenant partition, Set<Tenant> known) {
        String id = partition.partition();
        return Reactive.done(schema.tenants()
                        .updateOne(
                                Filters.eq("_id", id),
                                Updates.setOnInsert("_id", id),
                                new UpdateOptions().upsert(true)))
                .map(v -> {
                    known.add(partition);
                    return null;
                });
    }

    Future<Void> create(Tenant snapshot) {
        return turns.take(snapshot.partition(), () -> writeDown(snapshot, snapshots));
    }

    Future<Void> delete(Tenant snapshot) {
        return turns.take(snapshot.partition(), () -> {
            if (!snapshots.remove(snapshot)) {
                return Future.succeededFuture();
            }
            Use use = uses.get(snapshot);
            return Reactive.done(schema.tenants().deleteOne(Filters.eq("_id", snapshot.partition())))
                    .compose(v -> use == null ? Future.succeededFuture() : use.ended.future())
                    .compose(v -> empty(snapshot))
                    .onSuccess(v -> vertx.setTimer(2 * patience.toMillis(), late -> emptyAgain(snapshot)));
        });
    }

    private void emptyAgain(Tenant snapshot) {
        turns.take(
                snapshot.partition(), () -> snapshots.contains(snapshot) ? Future.succeededFuture() : empty(snapshot));
    }

    private Future<Void> empty(Tenant snapshot) {
        String partition = snapshot.partition();
        Bson ofHistory = Keys.allBelow(HistoryDocument.ENTITY, partition);
        return Future.all(List.of(
                        Reactive.done(schema.entities().deleteMany(Keys.allBelow(partition))),
                        Reactive.done(schema.history().deleteMany(ofHistory)),
                        Reactive.done(schema.evolutions().deleteMany(Keys.allBelow(partition))),
                        Reactive.done(schema.documents().deleteMany(Keys.allBelow(partition)))))
                .mapEmpty();
    }
}
