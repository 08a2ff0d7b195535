package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import de.freiraum.model.Change;
import de.freiraum.store.ChangeFollower;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this replica does while it leads: it tells followers the changes of all replicas, and writes down how far they are done with them. The next
 * one to lead begins there, so that every change is told to a follower that is done with it, whichever replicas are killed meanwhile.
 */
final class Leading {
    private static final Logger LOG = LoggerFactory.getLogger(Leading.class);
    private static final String ID = "position";
    private static final String TOKEN = "token";
    private static final String SINCE = "since";
    private static final long SAVE_MILLIS = 100;
    private static final long LONGEST_RESIGNING_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_MILLIS = 20;

    private final Vertx vertx;
    private final Schema schema;
    private final Lease lease;
    private final @Nullable BsonTimestamp began;
    private final List<ChangeFollower> followers = new CopyOnWriteArrayList<>();

    /** What is done to begin and end, one after the other. */
    private Future<Void> turn = Future.succeededFuture();

    private volatile @Nullable ChangeStream stream;
    private volatile boolean resigned;
    private final Positions positions = new Positions();
    private final AtomicBoolean saving = new AtomicBoolean();
    private @Nullable BsonDocument unsaved;
    private long saver = -1;

    Leading(Vertx vertx, Schema schema, Lease lease, @Nullable BsonTimestamp began) {
        this.vertx = vertx;
        this.schema = schema;
        this.lease = lease;
        this.began = began;
    }

    Future<Void> follow(ChangeFollower follower) {
        followers.add(follower);
        return inTurn(v -> stream == null ? Future.succeededFuture() : follower.lead());
    }

    /** Begins, goes on or ends, as the lease says. */
    void beat() {
        boolean leads = lease.isHeld() && !resigned;
        boolean led = stream != null;
        Future<Void> done = leads == led ? Future.succeededFuture() : inTurn(v -> leads ? begin() : end());
        done.onFailure(e -> LOG.warn("the lead cannot be taken, kept or left in order: {}", e.getMessage()));
    }

    /** Leads no more from now on, so that another replica goes on where this one is. */
    Future<Void> resign() {
        resigned = true;
        return inTurn(v -> {
            ChangeStream open = stream;
            if (open == null) {
                return Future.succeededFuture();
            }
            open.close();
            return idle(System.nanoTime()).compose(idle -> save()).eventually(this::end);
        });
    }

    private synchronized Future<Void> inTurn(Function<? super Void, Future<Void>> work) {
        turn = turn.otherwiseEmpty().compose(work);
        return turn;
    }

    private Future<Void> begin() {
        if (stream != null) {
            return Future.succeededFuture();
        }
        Bson update = began == null ? Updates.setOnInsert(TOKEN, null) : Updates.setOnInsert(SINCE, began);
        return Reactive.done(schema.meta().updateOne(Filters.eq("_id", ID), update, new UpdateOptions().upsert(true)))
                .compose(v -> Reactive.first(schema.meta().find(Filters.eq("_id", ID))))
                .compose(found -> {
                    RawBsonDocument position = Objects.requireNonNull(found);
                    BsonDocument token = position.isDocument(TOKEN) ? position.getDocument(TOKEN) : null;
                    BsonTimestamp since = position.isTimestamp(SINCE) ? position.getTimestamp(SINCE) : began;
                    LOG.info("this replica leads");
                    stream = new ChangeStream(
                                    vertx,
                                    schema.changes(),
                                    ChangeFeed.NEW_ONES,
                                    this::tell,
                                    this::isFull,
                                    this::missed)
                            .open(token, since);
                    saver = vertx.setPeriodic(SAVE_MILLIS, tick -> saveNow());
                    return all(ChangeFollower::lead);
                });
    }

    private Future<Void> end() {
        ChangeStream open = stream;
        if (open == null) {
            return Future.succeededFuture();
        }
        LOG.info("this replica leads no more");
        open.close();
        stream = null;
        vertx.cancelTimer(saver);
        positions.clear();
        unsaved = null;
        return all(ChangeFollower::rest);
    }

    /** Followers that are told of everything that is there find out themselves what they missed. */
    private void missed() {
        inTurn(v -> stream == null
                        ? Future.succeededFuture()
                        : all(ChangeFollower::rest).compose(rested -> all(ChangeFollower::lead)))
                .onFailure(e -> LOG.error("what was missed is not made up for", e));
    }

    private Future<Void> all(Function<ChangeFollower, Future<Void>> what) {
        return Future.join(followers.stream().map(what).toList()).mapEmpty();
    }

    private void tell(ChangeStreamDocument<RawBsonDocument> written) {
        Change change = ChangeFeed.changeOf(written);
        if (change == null) {
            return;
        }
        long number = positions.add(written.getResumeToken());
        for (ChangeFollower follower : followers) {
            try {
                follower.changed(change, number);
            } catch (RuntimeException e) {
                LOG.error("a follower of changes failed", e);
            }
        }
    }

    private boolean isFull() {
        return followers.stream().anyMatch(ChangeFollower::isFull);
    }

    private long undone() {
        return followers.stream().mapToLong(ChangeFollower::undone).min().orElse(Long.MAX_VALUE);
    }

    private Future<Void> idle(long since) {
        return undone() == Long.MAX_VALUE || System.nanoTime() - since > LONGEST_RESIGNING_NANOS
                ? Future.succeededFuture()
                : vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS).compose(again -> idle(since));
    }

    private void saveNow() {
        if (saving.compareAndSet(false, true)) {
            inTurn(v -> stream == null ? Future.succeededFuture() : save())
                    .onFailure(
                            e -> LOG.debug("how far this replica is done cannot be written down: {}", e.getMessage()))
                    .onComplete(done -> saving.set(false));
        }
    }

    /** One that was overtaken must not put the position back. */
    private Future<Void> save() {
        BsonDocument done = positions.before(undone());
        if (done != null) {
            unsaved = done;
        }
        return unsaved == null || !lease.isHeld()
                ? Future.succeededFuture()
                : Reactive.done(schema.meta().updateOne(Filters.eq("_id", ID), Updates.set(TOKEN, unsaved)))
                        .map(v -> {
                            unsaved = null;
                            return null;
                        });
    }
}
