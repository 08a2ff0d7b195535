package de.freiraum.store.mongodb;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** What the driver publishes, as futures. They complete on the driver's threads, with its failures {@linkplain Failures translated}. */
final class Reactive {
    private Reactive() {}

    /** The first element, or null if there is none. */
    static <T> Future<@Nullable T> first(Publisher<T> publisher) {
        Promise<@Nullable T> promise = Promise.promise();
        publisher.subscribe(new Subscriber<T>() {
            private @Nullable T first;

            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(T element) {
                first = first == null ? element : first;
            }

            @Override
            public void onError(Throwable failure) {
                promise.fail(Failures.translate(failure));
            }

            @Override
            public void onComplete() {
                promise.complete(first);
            }
        });
        return promise.future();
    }

    /** Completes when the publisher does. */
    static Future<Void> done(Publisher<?> publisher) {
        return first(publisher).mapEmpty();
    }

    /** All elements; only for publishers that have few. */
    static <T> Future<List<T>> all(Publisher<T> publisher) {
        List<T> elements = new ArrayList<>();
        return chunks(publisher, Integer.MAX_VALUE, chunk -> {
                    elements.addAll(chunk);
                    return Future.succeededFuture(true);
                })
                .map(v -> elements);
    }

    /**
     * Hands over all elements in chunks, the next one only when the last is done with.
     *
     * @param size the most elements of a chunk
     * @param take called with each chunk, not concurrently; gives whether to go on
     */
    static <T> Future<Void> chunks(Publisher<T> publisher, int size, Function<List<T>, Future<Boolean>> take) {
        Chunks<T> chunks = new Chunks<>(size, take);
        publisher.subscribe(chunks);
        return chunks.end.future();
    }

    private static final class Chunks<T> implements Subscriber<T> {
        private final int size;
        private final Function<List<T>, Future<Boolean>> take;
        private final Promise<Void> end = Promise.promise();
        private @Nullable Subscription subscription;
        private List<T> chunk = new ArrayList<>();
        private Future<Boolean> handed = Future.succeededFuture(true);

        Chunks(int size, Function<List<T>, Future<Boolean>> take) {
            this.size = size;
            this.take = take;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(size);
        }

        @Override
        public void onNext(T element) {
            chunk.add(element);
            if (chunk.size() == size) {
                hand().onSuccess(goOn -> {
                    Subscription there = subscription;
                    if (there == null) {
                        return;
                    }
                    if (goOn) {
                        there.request(size);
                    } else {
                        there.cancel();
                        end.tryComplete();
                    }
                });
            }
        }

        /** Takes what is there; the next elements come into a new chunk. */
        private Future<Boolean> hand() {
            List<T> full = chunk;
            chunk = new ArrayList<>();
            handed = take.apply(full).onFailure(failure -> {
                if (subscription != null) {
                    subscription.cancel();
                }
                end.tryFail(failure);
            });
            return handed;
        }

        @Override
        public void onError(Throwable failure) {
            end.tryFail(Failures.translate(failure));
        }

        @Override
        public void onComplete() {
            (chunk.isEmpty() ? handed : hand()).onSuccess(goOn -> end.tryComplete());
        }
    }
}
