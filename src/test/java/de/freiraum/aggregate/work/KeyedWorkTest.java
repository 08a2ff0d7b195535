package de.freiraum.aggregate.work;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyedWorkTest {
    private final Vertx vertx = Vertx.vertx();
    private final Backlog backlog = new Backlog();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() throws TimeoutException {
        vertx.close().await(10, SECONDS);
    }

    @Test
    void workThatComesWhileItsKeyIsBusyIsMergedIntoOnePiece() throws TimeoutException {
        Promise<Void> first = Promise.promise();
        KeyedWork<String, Integer> work = work(4, (key, piece) -> {
            log.add(key + piece);
            return log.size() == 1 ? first.future() : Future.succeededFuture();
        });
        work.add("a", 1);
        Awaitility.await().until(() -> log.size() == 1);

        work.add("a", 2);
        work.add("a", 3);
        work.add("b", 9);
        Awaitility.await().until(() -> log.contains("b9"));
        assertThat(log).containsExactly("a1", "b9");
        first.complete();

        backlog.whenEmpty().await(10, SECONDS);
        assertThat(log).containsExactly("a1", "b9", "a5");
        assertThat(work.done()).isEqualTo(3);
    }

    @Test
    void noMoreThanTheBoundRunAtATime() throws TimeoutException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        KeyedWork<String, Integer> work = work(3, (key, piece) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            return vertx.timer(2).onComplete(t -> running.decrementAndGet()).mapEmpty();
        });
        for (int i = 0; i < 50; i++) {
            work.add("k" + i, 1);
        }

        backlog.whenEmpty().await(10, SECONDS);

        assertThat(work.done()).isEqualTo(50);
        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void failedWorkIsDoneAgainWithWhatCameMeanwhile() throws TimeoutException {
        KeyedWork<String, Integer> work = work(1, (key, piece) -> {
            log.add(key + piece);
            return log.size() == 1 ? Future.failedFuture("the disk is full") : Future.succeededFuture();
        });
        work.add("a", 1);
        Awaitility.await().until(() -> work.failures() == 1);
        work.add("a", 2);

        backlog.whenEmpty().await(10, SECONDS);

        assertThat(log).containsExactly("a1", "a3");
    }

    @Test
    void workThatThrowsIsTriedAgain() throws TimeoutException {
        KeyedWork<String, Integer> work = work(1, (key, piece) -> {
            log.add(key);
            if (log.size() == 1) {
                throw new IllegalStateException("broken");
            }
            return Future.succeededFuture();
        });
        work.add("a", 1);

        backlog.whenEmpty().await(10, SECONDS);

        assertThat(log).hasSize(2);
    }

    @Test
    void closingWaitsForWhatRunsAndDropsTheRest() throws TimeoutException {
        Promise<Void> first = Promise.promise();
        KeyedWork<String, Integer> work = work(1, (key, piece) -> {
            log.add(key);
            return first.future();
        });
        work.add("a", 1);
        Awaitility.await().until(() -> log.size() == 1);
        work.add("b", 1);

        Future<Void> closed = work.close();
        assertThat(closed.isComplete()).isFalse();
        first.complete();

        closed.await(10, SECONDS);
        backlog.whenEmpty().await(10, SECONDS);
        work.add("c", 1);
        assertThat(backlog.size()).isZero();
        assertThat(log).containsExactly("a");
    }

    private KeyedWork<String, Integer> work(int parallel, BiFunction<String, Integer, Future<Void>> body) {
        return new KeyedWork<>("test", vertx.getOrCreateContext(), backlog, parallel, Integer::sum, body);
    }
}
