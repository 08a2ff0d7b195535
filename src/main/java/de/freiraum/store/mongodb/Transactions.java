package de.freiraum.store.mongodb;

import com.mongodb.MongoTimeoutException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.TransactionOptions;
import com.mongodb.WriteConcern;
import com.mongodb.reactivestreams.client.ClientSession;
import com.mongodb.reactivestreams.client.MongoClient;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Several writes as one: all of them are there, in the journals of a majority, or none. */
final class Transactions {
    /** How long to wait before something is tried again, multiplied by the number of the attempt. */
    private static final long PAUSE_MILLIS = 10;

    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final Vertx vertx;
    private final MongoClient client;
    private final TransactionOptions options;
    private final Duration patience;

    Transactions(Vertx vertx, MongoClient client, WriteConcern durable, Duration patience) {
        this.vertx = vertx;
        this.client = client;
        this.patience = patience;
        this.options = TransactionOptions.builder()
                .readPreference(ReadPreference.primary())
                .readConcern(ReadConcern.SNAPSHOT)
                .writeConcern(durable)
                .build();
    }

    /** Runs the writes once and commits them; fails as they do, with nothing written, unless the failure is {@link Failures#isCommitUnknown}. */
    <T> Future<T> once(Function<ClientSession, Future<T>> writes) {
        return Reactive.first(client.startSession()).compose(started -> {
            ClientSession session = Objects.requireNonNull(started);
            session.startTransaction(options);
            return within(writes.apply(session))
                    .compose(result -> commit(session, 1, System.nanoTime()).map(result), failure -> within(
                                    Reactive.done(session.abortTransaction()))
                            .transform(aborted -> Future.<T>failedFuture(failure)))
                    .onComplete(ended -> session.close());
        });
    }

    /** Runs the writes again while they meet others of the same documents, or a deployment that is away for less than the patience. */
    <T> Future<T> untilDone(Function<ClientSession, Future<T>> writes) {
        return attempt(writes, 1, System.nanoTime());
    }

    private <T> Future<T> attempt(Function<ClientSession, Future<T>> writes, int number, long since) {
        return once(writes)
                .recover(failure -> isWorthAnotherTry(failure) && !isOver(since)
                        ? pause(number).compose(v -> attempt(writes, number + 1, since))
                        : Future.failedFuture(failure));
    }

    static boolean isWorthAnotherTry(Throwable failure) {
        return !Failures.isCommitUnknown(failure) && (failure instanceof Failures.Away || Failures.isConflict(failure));
    }

    /** A commit may be repeated as often as it takes to learn what became of it. */
    private Future<Void> commit(ClientSession session, int number, long since) {
        return within(Reactive.done(session.commitTransaction()))
                .recover(failure -> Failures.isCommitUnknown(failure) && !isOver(since)
                        ? pause(number).compose(v -> commit(session, number + 1, since))
                        : Future.failedFuture(failure));
    }

    /** The same result, or {@link Failures.Away} if it takes longer than the patience. */
    <T extends @Nullable Object> Future<T> within(Future<T> outcome) {
        if (outcome.isComplete()) {
            return outcome;
        }
        Promise<T> promise = Promise.promise();
        long timer = vertx.setTimer(
                patience.toMillis(),
                late -> promise.tryFail(new Failures.Away(
                        new MongoTimeoutException("no answer within " + patience.toMillis() + " ms"))));
        outcome.onComplete(result -> {
            vertx.cancelTimer(timer);
            if (result.succeeded()) {
                promise.tryComplete(result.result());
            } else {
                promise.tryFail(result.cause());
            }
        });
        return promise.future();
    }

    boolean isOver(long sinceNanos) {
        return System.nanoTime() - sinceNanos > patience.toNanos();
    }

    /** A pause that grows with the number of attempts. */
    Future<Void> pause(int attempt) {
        return vertx.timer(Math.min(LONGEST_PAUSE_MILLIS, PAUSE_MILLIS * attempt), TimeUnit.MILLISECONDS)
                .mapEmpty();
    }
}
