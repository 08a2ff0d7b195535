package de.freiraum.store.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.store.ChangeFollower;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the replica that leads is told, and where the next one begins. */
class LeadingTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @SuppressWarnings("NullAway.Init") // made before the first test
    private static TestDatabase database;

    private final Vertx vertx = Vertx.vertx();
    private final List<MongoStore> stores = new ArrayList<>();

    /** Notes what it is told, and is done with what comes before a number. */
    private static final class Noting implements ChangeFollower {
        final List<String> told = new CopyOnWriteArrayList<>();
        final Map<String, Long> numbers = new LinkedHashMap<>();
        volatile long undone = Long.MAX_VALUE;
        volatile boolean full;
        volatile boolean leads;

        @Override
        public Future<Void> lead() {
            leads = true;
            return Future.succeededFuture();
        }

        @Override
        public synchronized void changed(Change change, long number) {
            told.add(change.entityId());
            numbers.put(change.entityId(), number);
        }

        synchronized long numberOf(int entity) {
            return numbers.getOrDefault(id(entity), 0L);
        }

        @Override
        public long undone() {
            return undone;
        }

        @Override
        public boolean isFull() {
            return full;
        }

        @Override
        public Future<Void> rest() {
            leads = false;
            return Future.succeededFuture();
        }
    }

    @BeforeAll
    static void findServer() {
        database = new TestDatabase();
    }

    @BeforeEach
    void empty() {
        database.clear();
    }

    @AfterEach
    void close() {
        stores.forEach(store -> TestDatabase.await(store.close()));
        TestDatabase.await(vertx.close());
    }

    @Test
    void oneThatIsNotDoneWithSomethingHearsOfWhatComesAfterIt() {
        MongoStore store = open();
        Noting follower = leading(store);
        follower.undone = 1;
        change(store, 0, 350);
        Awaitility.await().atMost(LONG).until(() -> follower.told.size() == 350);
    }

    @Test
    void oneThatIsFullIsToldTheRestLater() {
        MongoStore store = open();
        Noting follower = leading(store);
        follower.full = true;
        change(store, 0, 350);
        Awaitility.await().atMost(LONG).until(() -> follower.told.size() == 100);
        follower.full = false;
        Awaitility.await().atMost(LONG).until(() -> follower.told.size() == 350);
        assertThat(follower.told).doesNotHaveDuplicates();
    }

    @Test
    void theNextOneToLeadIsToldWhatWasNotDoneAndNothingBefore() {
        MongoStore first = open();
        MongoStore second = open();
        Noting old = leading(first);
        change(second, 0, 10);
        Awaitility.await().atMost(LONG).until(() -> old.told.size() == 10);
        old.undone = old.numberOf(9) + 5;
        change(first, 10, 10);
        Awaitility.await().atMost(LONG).until(() -> old.told.size() == 20);
        Noting next = new Noting();
        TestDatabase.await(second.follow(next));
        assertThat(next.told).isEmpty();

        TestDatabase.await(first.close());
        stores.remove(first);
        Awaitility.await().atMost(LONG).until(() -> next.told.size() >= 6);
        change(second, 20, 1);
        Awaitility.await().atMost(LONG).until(() -> next.told.contains(id(20)));
        assertThat(next.told).containsExactlyInAnyOrder(id(14), id(15), id(16), id(17), id(18), id(19), id(20));
        assertThat(old.leads).isFalse();
    }

    private MongoStore open() {
        MongoStore store =
                TestDatabase.await(MongoStore.open(vertx, MongoOptions.at(database.uri(), InstantSource.system())));
        stores.add(store);
        return store;
    }

    private static Noting leading(MongoStore store) {
        Noting follower = new Noting();
        TestDatabase.await(store.follow(follower));
        Awaitility.await().atMost(LONG).until(() -> follower.leads);
        return follower;
    }

    /** One entity after the other, so that the order is known. */
    private static void change(MongoStore store, int first, int count) {
        for (int i = first; i < first + count; i++) {
            TestDatabase.await(store.apply(Tenant.DEFAULT, id(i), create(id(i)), Origin.API));
        }
    }

    private static EntityChange create(String id) {
        return (before, now) -> EntityChange.Outcome.of(
                new Entity(id, List.of("https://example.org/T"), List.of(), Map.of(), now, now, null),
                UpdateResult.EMPTY);
    }

    private static String id(int number) {
        return "urn:x:" + number;
    }
}
