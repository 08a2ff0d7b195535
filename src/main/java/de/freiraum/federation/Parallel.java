package de.freiraum.federation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/** Does several things at a time, but not too many. */
final class Parallel {
    private Parallel() {}

    /**
     * Does something for each item.
     *
     * @param most how many at a time, above 0
     * @param work what to do
     * @return the results in the order of the items; fails with the first failure, when everything has ended
     */
    static <T, R> Future<List<R>> all(List<T> items, int most, Function<T, Future<R>> work) {
        if (items.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        AtomicReferenceArray<R> results = new AtomicReferenceArray<>(items.size());
        AtomicInteger next = new AtomicInteger();
        List<Future<Void>> lanes = new ArrayList<>();
        for (int lane = 0; lane < Math.min(most, items.size()); lane++) {
            Promise<Void> ended = Promise.promise();
            lane(items, next, results, work, ended);
            lanes.add(ended.future());
        }
        return Future.join(lanes).map(all -> {
            List<R> list = new ArrayList<>();
            for (int i = 0; i < results.length(); i++) {
                list.add(results.get(i));
            }
            return list;
        });
    }

    private static <T, R> void lane(
            List<T> items,
            AtomicInteger next,
            AtomicReferenceArray<R> results,
            Function<T, Future<R>> work,
            Promise<Void> ended) {
        int i = next.getAndIncrement();
        if (i >= items.size()) {
            ended.complete();
            return;
        }
        work.apply(items.get(i))
                .onComplete(
                        result -> {
                            results.set(i, result);
                            lane(items, next, results, work, ended);
                        },
                        ended::fail);
    }
}
