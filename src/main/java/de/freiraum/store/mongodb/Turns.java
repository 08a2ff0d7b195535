package de.freiraum.store.mongodb;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** Work of this process by key: that of one key happens one after the other, in the order in which it was asked for. Safe for any thread. */
final class Turns {
    private final ConcurrentMap<String, Future<Void>> last = new ConcurrentHashMap<>();

    <T> Future<T> take(String key, Supplier<Future<T>> work) {
        Promise<Void> turn = Promise.promise();
        Future<Void> before = last.put(key, turn.future());
        return (before == null ? Future.<Void>succeededFuture() : before)
                .compose(v -> work.get())
                .onComplete(done -> {
                    last.remove(key, turn.future());
                    turn.complete();
                });
    }
}
