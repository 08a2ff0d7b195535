package de.freiraum.aggregate.work;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** How many pieces of work are open, over several {@link KeyedWork}s that may give work to one another. Thread-safe. */
public final class Backlog {
    private long open;
    private List<Promise<Void>> waiting = new ArrayList<>();

    /** Nothing open. */
    public Backlog() {}

    /** One more. */
    public synchronized void begin() {
        open++;
    }

    /** One less. Work that follows from it must have begun before. */
    public void end() {
        List<Promise<Void>> done = List.of();
        synchronized (this) {
            if (--open == 0) {
                done = waiting;
                waiting = new ArrayList<>();
            }
        }
        done.forEach(Promise::tryComplete);
    }

    /** How many are open. */
    public synchronized long size() {
        return open;
    }

    /** Completes as soon as nothing is open. */
    public Future<Void> whenEmpty() {
        synchronized (this) {
            if (open > 0) {
                Promise<Void> promise = Promise.promise();
                waiting.add(promise);
                return promise.future();
            }
        }
        return Future.succeededFuture();
    }
}
