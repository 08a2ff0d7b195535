package de.freiraum.ingest;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A thread beside the event loops for what they must not wait for, in the order in which it comes. It ends when there is nothing to do. */
final class Slowly {
    private static final int MOST_WAITING = 1000;

    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                Thread made = new Thread(task, "freiraum-slow-codecs");
                made.setDaemon(true);
                return made;
            });

    Slowly() {
        thread.allowCoreThreadTimeOut(true);
    }

    /** What the supplier gives or throws, told on the caller's event loop; fails with RejectedExecution when too much waits. */
    <T> Future<T> call(Supplier<T> work) {
        Promise<T> promise = Promise.promise();
        Context caller = Vertx.currentContext();
        try {
            thread.execute(() -> {
                try {
                    T result = work.get();
                    on(caller, () -> promise.complete(result));
                } catch (RuntimeException | Error e) {
                    // Whoever waits must hear of it, or the message would never be acknowledged nor sent again.
                    on(caller, () -> promise.fail(e));
                }
            });
        } catch (RejectedExecutionException full) {
            return Future.failedFuture(
                    new IllegalStateException("more than " + MOST_WAITING + " messages wait for a script"));
        }
        return promise.future();
    }

    private static void on(@Nullable Context caller, Runnable told) {
        if (caller == null) {
            told.run();
        } else {
            caller.runOnContext(v -> told.run());
        }
    }
}
