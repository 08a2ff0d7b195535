package de.freiraum.store.embedded;

import de.freiraum.model.Tenant;
import de.freiraum.store.StoreException;
import de.freiraum.store.change.Reply;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes and deletes the places of snapshots (5.16). Callable from any thread. */
final class SnapshotPlaces {
    private final Workings work;
    private final CommittedEntities committed;
    private final Evolutions evolutions;
    private final Supplier<Future<Void>> settled;

    /**
     * @param settled completes when all that was committed is visible
     */
    SnapshotPlaces(Workings work, CommittedEntities committed, Evolutions evolutions, Supplier<Future<Void>> settled) {
        this.work = work;
        this.committed = committed;
        this.evolutions = evolutions;
        this.settled = settled;
    }

    Future<Void> createSnapshot(Tenant snapshot) {
        return place(snapshot, true);
    }

    Future<Void> deleteSnapshot(Tenant snapshot) {
        return place(snapshot, false);
    }

    private Future<Void> place(Tenant snapshot, boolean create) {
        if (!snapshot.isSnapshot()) {
            return Future.failedFuture(new IllegalArgumentException("not a snapshot: " + snapshot.partition()));
        }
        RuntimeException refusal = work.admission().admit(1);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        SnapshotItem item = new SnapshotItem(snapshot, create);
        work.committer().submit(item);
        return item.reply.future().mapEmpty();
    }

    /** Makes the place of a snapshot, or deletes it with everything in it. */
    private final class SnapshotItem extends GroupCommitter.Item {
        private final Reply<Boolean> reply = new Reply<>();
        private final Tenant snapshot;
        private final boolean create;

        SnapshotItem(Tenant snapshot, boolean create) {
            this.snapshot = snapshot;
            this.create = create;
        }

        @Override
        void collect(GroupCommitter.Group group) {
            if (create) {
                work.places().create(snapshot, group);
            } else {
                work.places().delete(snapshot, group);
            }
        }

        @Override
        void settle(@Nullable StoreException failed) {
            // Changes committed before this one are settled by their shards first; later ones are refused.
            Future<Void> done = failed != null
                    ? Future.failedFuture(failed)
                    : create
                            ? Future.succeededFuture()
                            : settled.get().compose(v -> work.readers()
                                    .executeBlocking(
                                            () -> {
                                                committed.drop(snapshot);
                                                evolutions.drop(snapshot);
                                                return null;
                                            },
                                            false));
            done.onComplete(end -> {
                work.admission().release(1);
                if (end.failed()) {
                    reply.fail(end.cause());
                } else {
                    reply.succeed(true);
                }
            });
        }

        @Override
        int shard() {
            return -1;
        }
    }
}
