package de.freiraum.store.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.store.DocumentStore;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several stores over one database, as replicas have them. */
class SeveralReplicasTest {
    private static final String COUNT = "https://example.org/count";
    private static final String ID = "urn:x:1";
    private static final Duration LONG = Duration.ofSeconds(20);

    @SuppressWarnings("NullAway.Init") // made before the first test
    private static TestDatabase database;

    private final Vertx vertx = Vertx.vertx();
    private final List<MongoStore> stores = new ArrayList<>();
    private final List<Change> published = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void findServer() {
        database = new TestDatabase();
    }

    @BeforeEach
    void open() {
        database.clear();
        for (int i = 0; i < 3; i++) {
            MongoStore store =
                    TestDatabase.await(MongoStore.open(vertx, MongoOptions.at(database.uri(), InstantSource.system())));
            store.onChange(published::add);
            stores.add(store);
        }
    }

    @AfterEach
    void close() {
        stores.forEach(store -> TestDatabase.await(store.close()));
        TestDatabase.await(vertx.close());
    }

    @Test
    void concurrentChangesOfOneEntityAllCountAndArePublishedOnce() {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(stores.get(i % 3).apply(Tenant.DEFAULT, ID, increment(), Origin.API));
        }
        TestDatabase.await(Future.all(all));

        assertThat(count(TestDatabase.await(stores.get(0).retrieve(Tenant.DEFAULT, ID))))
                .isEqualTo(300);
        assertThat(published).hasSize(300);
        List<Change> inOrder = published.stream()
                .sorted(Comparator.comparing(Change::sequence))
                .toList();
        for (int i = 0; i < 300; i++) {
            assertThat(count(inOrder.get(i).after())).isEqualTo(i + 1);
        }
        assertThat(TestDatabase.await(stores.get(1).instances(Tenant.DEFAULT, ID, Set.of(), Range.ALL)))
                .hasSize(300);
    }

    @Test
    void oneEntityIsCreatedByOneOfThem() {
        EntityChange create = (before, now) ->
                Outcome.of(before == null ? increment().apply(null, now).after() : before, UpdateResult.EMPTY);
        List<Future<?>> all = IntStream.range(0, 60)
                .mapToObj(i -> stores.get(i % 3).apply(Tenant.DEFAULT, ID, create, Origin.API))
                .<Future<?>>map(future -> future)
                .toList();
        TestDatabase.await(Future.all(all));

        assertThat(published).hasSize(1);
    }

    @Test
    void deletingAndCreatingAnewLosesNothing() {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            EntityChange change = i % 5 == 0 ? (before, now) -> Outcome.of(null, UpdateResult.EMPTY) : increment();
            all.add(stores.get(i % 3).apply(Tenant.DEFAULT, ID, change, Origin.API));
        }
        TestDatabase.await(Future.all(all));

        List<Change> inOrder = published.stream()
                .sorted(Comparator.comparing(Change::sequence))
                .toList();
        for (int i = 1; i < inOrder.size(); i++) {
            assertThat(inOrder.get(i).before()).isEqualTo(inOrder.get(i - 1).after());
        }
    }

    @Test
    void additionsToOneEvolutionAllCount() {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Attribute value = new Attribute.Property(
                    Value.of(i), AttributeMeta.NONE.withObservedAt(java.time.Instant.EPOCH.plusSeconds(i)));
            all.add(stores.get(i % 3)
                    .add(
                            Tenant.DEFAULT,
                            ID,
                            List.of("https://example.org/T"),
                            List.of(new TemporalInstance(COUNT, value)),
                            true));
        }
        TestDatabase.await(Future.all(all));

        assertThat(TestDatabase.await(stores.get(2).instances(Tenant.DEFAULT, ID, Set.of(), Range.ALL)))
                .hasSize(30);
    }

    @Test
    void oneOfThemLeadsAndAnotherWhenThatOneEnds() {
        Awaitility.await().atMost(LONG).until(() -> leaders().size() == 1);
        MongoStore first = leaders().get(0);
        TestDatabase.await(first.close());
        stores.remove(first);

        Awaitility.await().atMost(LONG).until(() -> leaders().size() == 1);
    }

    private List<MongoStore> leaders() {
        return stores.stream().filter(MongoStore::leads).toList();
    }

    @Test
    void eachHearsOfTheDocumentsThatOthersWriteAndDelete() {
        List<String> heard = new CopyOnWriteArrayList<>();
        stores.get(0).watch(new DocumentStore.Watcher() {
            @Override
            public void changed(Tenant tenant, String collection, String key) {
                heard.add(tenant.name() + " " + collection + " " + key);
            }

            @Override
            public void missed() {
                heard.add("missed");
            }
        });
        TestDatabase.await(stores.get(0).put(Tenant.DEFAULT, "c", "own", new byte[0]));
        TestDatabase.await(stores.get(1).put(new Tenant("schwerte"), "c", "k\n1", new byte[0]));
        TestDatabase.await(stores.get(1).update(new Tenant("schwerte"), "c", "k\n1", bytes -> new byte[1]));
        TestDatabase.await(stores.get(2).delete(new Tenant("schwerte"), "c", "k\n1"));

        Awaitility.await().atMost(LONG).until(() -> heard.size() == 3);
        assertThat(heard).containsOnly("schwerte c k\n1");
    }

    @Test
    void eachKnowsTheTenantsOfOthersSoon() {
        Tenant tenant = new Tenant("schwerte");
        TestDatabase.await(stores.get(0).apply(tenant, ID, increment(), Origin.API));

        assertThat(TestDatabase.await(stores.get(1).retrieve(tenant, ID))).isNotNull();
        Awaitility.await().atMost(LONG).until(() -> stores.stream()
                .allMatch(store -> store.tenants().contains(tenant)));
    }

    private static EntityChange increment() {
        return (before, now) -> Outcome.of(
                new Entity(
                        ID,
                        List.of("https://example.org/T"),
                        List.of(),
                        Map.of(
                                COUNT,
                                List.of(new Attribute.Property(
                                        Value.of(before == null ? 1 : count(before) + 1),
                                        AttributeMeta.NONE.withTimes(now, now, null)))),
                        now,
                        now,
                        null),
                UpdateResult.EMPTY);
    }

    private static long count(@Nullable Entity entity) {
        Attribute count = Objects.requireNonNull(Objects.requireNonNull(entity).defaultInstance(COUNT));
        return ((Value.Num) ((Attribute.Property) count).value()).number().longValue();
    }
}
