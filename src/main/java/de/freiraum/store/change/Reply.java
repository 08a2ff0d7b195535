package de.freiraum.store.change;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** An answer that is given on the context on which the question was asked. */
public final class Reply<T extends @Nullable Object> {
    private final @Nullable Context caller = Vertx.currentContext();
    private final Promise<T> promise = Promise.promise();

    /** What the caller gets. */
    public Future<T> future() {
        return promise.future();
    }

    /** Gives the result; once only. */
    public void succeed(T result) {
        if (inline()) {
            promise.complete(result);
        } else if (caller != null) {
            caller.runOnContext(v -> promise.complete(result));
        }
    }

    /** Gives the failure; once only. */
    public void fail(Throwable cause) {
        if (inline()) {
            promise.fail(cause);
        } else if (caller != null) {
            caller.runOnContext(v -> promise.fail(cause));
        }
    }

    /** An outcome that comes on any thread, given on the context of the caller of this method. */
    public static <T extends @Nullable Object> Future<T> of(Future<T> outcome) {
        Reply<T> reply = new Reply<>();
        outcome.onComplete(result -> {
            if (result.succeeded()) {
                reply.succeed(result.result());
            } else {
                reply.fail(result.cause());
            }
        });
        return reply.future();
    }

    private boolean inline() {
        return caller == null || Vertx.currentContext() == caller;
    }
}
