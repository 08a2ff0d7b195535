package de.freiraum.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShardsTest {
    private final Vertx vertx = Vertx.vertx();

    @SuppressWarnings("NullAway.Init") // started before each test
    private Shards shards;

    @BeforeEach
    void start() throws TimeoutException {
        shards = await(Shards.start(vertx, 3, 4, () -> new IllegalStateException("full")));
    }

    @AfterEach
    void stop() throws TimeoutException {
        await(vertx.close());
    }

    @Test
    void aKeyHasOneOwnerInRange() {
        List<Integer> owners = IntStream.range(0, 1000)
                .mapToObj(i -> shards.ownerOf("polygenelubricants" + i))
                .toList();

        assertThat(owners).allMatch(o -> o >= 0 && o < 3);
        assertThat(owners).contains(0, 1, 2);
        assertThat(shards.ownerOf("a")).isEqualTo(shards.ownerOf("a"));
    }

    @Test
    void tasksRunOnTheirOwner() throws TimeoutException {
        int owner = shards.ownerOf("a");

        assertThat(await(shards.onOwner("a", () -> Future.succeededFuture(shards.isOwner(owner)))))
                .isTrue();
        assertThat(shards.isOwner(owner)).isFalse();
    }

    @Test
    void aTaskOfTheOwnerRunsAtOnce() throws TimeoutException {
        List<String> order = new CopyOnWriteArrayList<>();
        await(shards.onOwner("a", () -> {
            Future<Boolean> inner = shards.onOwner("a", () -> Future.succeededFuture(order.add("inner")));
            order.add("outer");
            return inner;
        }));

        assertThat(order).containsExactly("inner", "outer");
    }

    @Test
    void tasksOfOneCallerRunInTheirOrder() throws TimeoutException {
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            all.add(shards.onOwner("a", () -> Future.succeededFuture(order.add(number))));
        }
        await(Future.all(all));

        assertThat(order).containsExactly(0, 1, 2, 3);
    }

    @Test
    void refusesTasksBeyondTheBoundUntilOneIsFinished() throws TimeoutException {
        Promise<Void> gate = Promise.promise();
        List<Future<Void>> running = IntStream.range(0, 4)
                .mapToObj(i -> shards.onOwner("a", gate::future))
                .toList();

        assertThatThrownBy(() -> await(shards.onOwner("a", gate::future)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("full");
        assertThat(shards.execute(shards.ownerOf("a"), () -> {})).isFalse();

        gate.complete();
        await(Future.all(running));
        assertThat(await(shards.onOwner("a", () -> Future.succeededFuture(1)))).isEqualTo(1);
        assertThat(shards.pending(shards.ownerOf("a"))).isZero();
    }

    @Test
    void aTaskThatThrowsFailsItsFuture() {
        assertThatThrownBy(() -> await(shards.onOwner("a", () -> {
                    throw new IllegalArgumentException("a fault");
                })))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(shards.pending(shards.ownerOf("a"))).isZero();
    }

    @Test
    void answersOnTheContextOfTheCaller() throws TimeoutException {
        Promise<Boolean> same = Promise.promise();
        await(vertx.deployVerticle(context -> {
            shards.onOwner("a", () -> Future.succeededFuture(1)).onComplete(r -> same.complete(isCurrent(context)));
            return Future.succeededFuture();
        }));

        assertThat(await(same.future())).isTrue();
    }

    @SuppressWarnings("ReferenceEquality") // a context is an identity
    private static boolean isCurrent(Context context) {
        return Vertx.currentContext() == context;
    }

    @Test
    void closingLetsAcceptedTasksFinishAndRefusesOthers() throws TimeoutException {
        Promise<Integer> gate = Promise.promise();
        Future<Integer> accepted = shards.onOwner("a", gate::future);
        Future<Void> closed = shards.close();

        assertThatThrownBy(() -> await(shards.onOwner("a", gate::future))).hasMessage("full");
        assertThat(closed.isComplete()).isFalse();
        gate.complete(7);

        assertThat(await(accepted)).isEqualTo(7);
        await(closed);
    }

    @Test
    void refusesANumberOfShardsThatMakesNoSense() {
        assertThatThrownBy(() -> await(Shards.start(vertx, 0, 1, IllegalStateException::new)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 1024");
    }

    private static <T extends @Nullable Object> T await(Future<T> future) throws TimeoutException {
        return future.await(20, TimeUnit.SECONDS);
    }
}
