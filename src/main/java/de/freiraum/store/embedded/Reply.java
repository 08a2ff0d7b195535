package de.freiraum.store.embedded;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** An answer that is given on the context on which the question was asked. */
final class Reply<T extends @Nullable Object> {
    private final @Nullable Context caller = Vertx.currentContext();
    private final Promise<T> promise = Promise.promise();

    Future<T> future() {
        return promise.future();
    }

    void succeed(T result) {
        if (inline()) {
            promise.complete(result);
        } else if (caller != null) {
            caller.runOnContext(v -> promise.complete(result));
        }
    }

    void fail(Throwable cause) {
        if (inline()) {
            promise.fail(cause);
        } else if (caller != null) {
            caller.runOnContext(v -> promise.fail(cause));
        }
    }

    private boolean inline() {
        return caller == null || Vertx.currentContext() == caller;
    }
}
