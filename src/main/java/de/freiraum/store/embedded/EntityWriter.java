package de.freiraum.store.embedded;

import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.shard.Shards;
import de.freiraum.store.EntityStore.Applied;
import de.freiraum.store.EntityStore.EntityWrite;
import de.freiraum.store.EntityStore.WriteResult;
import de.freiraum.store.StoreException;
import de.freiraum.store.change.Companions;
import de.freiraum.store.change.Computed;
import de.freiraum.store.change.Expiry;
import de.freiraum.store.change.Reply;
import de.freiraum.store.embedded.CommittedEntities.Expiring;
import de.freiraum.store.embedded.Engine.Column;
import de.freiraum.store.embedded.Engine.Step;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of each entity (5.6): computes changes from the newest version on the event loop that owns the entity, hands them over for
 * commit, and makes them visible and known in order. Callable from any thread.
 */
final class EntityWriter {
    private static final Logger LOG = LoggerFactory.getLogger(EntityWriter.class);

    private final Workings work;
    private final Shards shards;
    private final CommittedEntities committed;
    private final Histories histories;
    private final Evolutions evolutions;
    private final Companions companions = new Companions();
    private final CopyOnWriteArrayList<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder changes = new LongAdder();

    /** For each shard the entities with changes under way; touched by its owner alone. */
    private final List<Map<EntityKey, Pending>> pending;

    /** The newest version of an entity that is not yet committed, and how many changes stand before its commit. */
    private static final class Pending {
        @Nullable
        Entity newest;

        int changes;
    }

    EntityWriter(
            Workings work, Shards shards, CommittedEntities committed, Histories histories, Evolutions evolutions) {
        this.work = work;
        this.shards = shards;
        this.committed = committed;
        this.histories = histories;
        this.evolutions = evolutions;
        this.pending = new ArrayList<>();
        for (int i = 0; i < shards.count(); i++) {
            pending.add(new HashMap<>());
        }
    }

    /** Whom committed changes are told, in the order of each entity, on its owner; not those that fill snapshots. */
    void onChange(Consumer<Change> listener) {
        listeners.add(listener);
    }

    /** Who writes documents together with changes. */
    Companions companions() {
        return companions;
    }

    /** How many changes were committed since the store was opened. */
    long changes() {
        return changes.sum();
    }

    /** Deletes what has expired, by changes like any other. */
    void sweep() {
        for (Expiring expired : committed.expiredBy(work.ticks().now())) {
            apply(expired.tenant(), expired.id(), Expiry.CHANGE, Origin.SYSTEM)
                    .onFailure(e -> LOG.warn("an expired entity could not be deleted; it will be tried again", e));
        }
    }

    /** Takes the result of one change, on the entity's owner: the first is given if it was accepted, otherwise the second. */
    private interface Sink {
        void done(@Nullable Applied applied, @Nullable RuntimeException error);
    }

    Future<Applied> apply(Tenant tenant, String entityId, EntityChange change, Origin origin) {
        Reply<Applied> reply = new Reply<>();
        RuntimeException refusal = work.admission().admit(1);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        Sink sink = (applied, error) -> {
            work.admission().release(1);
            if (applied != null) {
                reply.succeed(applied);
            } else {
                reply.fail(Objects.requireNonNull(error));
            }
        };
        int owner = shards.ownerOf(entityId);
        if (!shards.execute(owner, () -> change(owner, tenant, entityId, change, origin, sink))) {
            sink.done(null, work.admission().overloaded());
        }
        return reply.future();
    }

    Future<List<WriteResult>> applyAll(Tenant tenant, List<EntityWrite> writes, Origin origin) {
        if (writes.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        RuntimeException refusal = work.admission().admit(writes.size());
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        Batch batch = new Batch(writes.size());
        Map<Integer, List<Integer>> byOwner = new HashMap<>();
        for (int i = 0; i < writes.size(); i++) {
            byOwner.computeIfAbsent(shards.ownerOf(writes.get(i).entityId()), o -> new ArrayList<>())
                    .add(i);
        }
        byOwner.forEach((owner, indexes) -> {
            boolean accepted = shards.execute(owner, () -> {
                for (int index : indexes) {
                    EntityWrite write = writes.get(index);
                    change(owner, tenant, write.entityId(), write.change(), origin, batch.sink(index));
                }
            });
            if (!accepted) {
                indexes.forEach(
                        index -> batch.sink(index).done(null, work.admission().overloaded()));
            }
        });
        return batch.reply.future();
    }

    /** The results of a batch, which come from several shards. */
    private final class Batch {
        private final Reply<List<WriteResult>> reply = new Reply<>();
        private final AtomicReferenceArray<WriteResult> results;
        private final AtomicInteger missing;
        private volatile @Nullable RuntimeException failure;

        Batch(int size) {
            results = new AtomicReferenceArray<>(size);
            missing = new AtomicInteger(size);
        }

        Sink sink(int index) {
            return (applied, error) -> {
                work.admission().release(1);
                if (applied != null) {
                    results.set(index, new WriteResult(applied, null));
                } else if (error instanceof NgsiLdException refusal) {
                    results.set(index, new WriteResult(null, refusal));
                } else {
                    failure = Objects.requireNonNull(error);
                }
                if (missing.decrementAndGet() == 0) {
                    finish();
                }
            };
        }

        private void finish() {
            RuntimeException failed = failure;
            if (failed != null) {
                reply.fail(failed);
                return;
            }
            List<WriteResult> all = new ArrayList<>(results.length());
            for (int i = 0; i < results.length(); i++) {
                all.add(results.get(i));
            }
            reply.succeed(List.copyOf(all));
        }
    }

    /** Computes a change from the newest version and hands it over for commit. On the owner. */
    private void change(int owner, Tenant tenant, String entityId, EntityChange change, Origin origin, Sink sink) {
        RuntimeException failure = work.places().isGone(tenant)
                ? Places.gone(tenant)
                : work.committer().failure();
        if (failure != null) {
            sink.done(null, failure);
            return;
        }
        EntityKey key = new EntityKey(tenant, entityId);
        Entity before = newest(owner, key);
        long tick = work.ticks().next();
        if (before != null && Expiry.next(before) <= tick) {
            // What is expired is deleted by a change of its own, so that listeners and history learn of it.
            compute(owner, key, before, tick, Expiry.CHANGE, Origin.SYSTEM, (applied, error) -> {});
            before = newest(owner, key);
            tick = work.ticks().next();
        }
        compute(owner, key, before, tick, change, origin, sink);
    }

    private @Nullable Entity newest(int owner, EntityKey key) {
        Pending waiting = pending.get(owner).get(key);
        return waiting != null ? waiting.newest : committed.get(key.tenant(), key.id());
    }

    private void compute(
            int owner,
            EntityKey key,
            @Nullable Entity before,
            long tick,
            EntityChange change,
            Origin origin,
            Sink sink) {
        Computed computed = Computed.of(key.tenant(), key.id(), before, tick, change, origin);
        List<Step> steps = List.of();
        if (computed.change() != null) {
            try {
                steps = steps(computed.change());
            } catch (RuntimeException e) {
                computed = Computed.failed(e);
            }
        }
        Change made = computed.change();
        if (made == null) {
            NgsiLdException refusal = computed.refusal();
            answer(owner, key, refusal == null ? new Applied(null, computed.result()) : null, refusal, sink);
            return;
        }
        Pending waiting = pending.get(owner).computeIfAbsent(key, k -> new Pending());
        waiting.newest = made.after();
        waiting.changes++;
        work.committer().submit(new ChangeItem(owner, key, waiting, made, steps, computed.result(), sink));
    }

    private List<Step> steps(Change change) {
        List<Step> steps = new ArrayList<>();
        Entity after = change.after();
        if (!Computed.isSame(change.before(), after)) {
            byte[] key = Keys.of(change.tenant().partition(), change.entityId());
            steps.add(
                    after == null
                            ? Step.delete(Column.ENTITIES, key)
                            : Step.put(Column.ENTITIES, key, StoredEntity.encode(after)));
        }
        histories.record(change, steps);
        evolutions.record(change, steps);
        companions
                .of(change)
                .forEach(note -> steps.add(Step.put(
                        Column.DOCUMENTS,
                        Keys.of(change.tenant().partition(), note.collection(), note.key()),
                        note.document())));
        return steps;
    }

    /** Answers a request that changes nothing; behind the commit of the version from which the answer follows. */
    private void answer(
            int owner, EntityKey key, @Nullable Applied applied, @Nullable RuntimeException error, Sink sink) {
        if (pending.get(owner).containsKey(key)) {
            work.committer().submit(new AnswerItem(owner, applied, error, sink));
        } else {
            sink.done(applied, error);
        }
    }

    private final class ChangeItem extends Places.PlacedItem {
        private final int owner;
        private final EntityKey key;
        private final Pending waiting;
        private final Change change;
        private final List<Step> steps;
        private final UpdateResult result;
        private final Sink sink;

        ChangeItem(
                int owner,
                EntityKey key,
                Pending waiting,
                Change change,
                List<Step> steps,
                UpdateResult result,
                Sink sink) {
            super(work.places(), key.tenant());
            this.owner = owner;
            this.key = key;
            this.waiting = waiting;
            this.change = change;
            this.steps = steps;
            this.result = result;
            this.sink = sink;
        }

        @Override
        boolean write(GroupCommitter.Group group) {
            group.addAll(steps);
            group.tick(change.sequence());
            return true;
        }

        @Override
        void settled(@Nullable RuntimeException failed) {
            if (--waiting.changes == 0) {
                pending.get(owner).remove(key);
            }
            if (failed != null) {
                sink.done(null, failed);
                return;
            }
            changes.increment();
            if (!Computed.isSame(change.before(), change.after())) {
                committed.set(key.tenant(), key.id(), change.after());
                evolutions.settled(change);
            }
            if (change.origin() != Origin.SNAPSHOT) {
                publish(change);
            }
            sink.done(new Applied(change, result), null);
        }

        @Override
        int shard() {
            return owner;
        }
    }

    private static final class AnswerItem extends GroupCommitter.Item {
        private final int owner;
        private final @Nullable Applied applied;
        private final @Nullable RuntimeException error;
        private final Sink sink;

        AnswerItem(int owner, @Nullable Applied applied, @Nullable RuntimeException error, Sink sink) {
            this.owner = owner;
            this.applied = applied;
            this.error = error;
            this.sink = sink;
        }

        @Override
        void collect(GroupCommitter.Group group) {
            // only waits for what stands before it
        }

        @Override
        void settle(@Nullable StoreException failed) {
            if (failed != null) {
                sink.done(null, failed);
            } else {
                sink.done(applied, error);
            }
        }

        @Override
        int shard() {
            return owner;
        }
    }

    private void publish(Change change) {
        for (Consumer<Change> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.error("a listener for changes failed", e);
            }
        }
    }
}
