package de.freiraum.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.QParser;
import de.freiraum.store.EntityStore.EntityWrite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries for a value find the same with an index of values, while it is made and afterwards. */
class ValueIndexesTest {
    private static final String TYPE = "https://example.org/Spot";
    private static final String STATUS = "https://example.org/status";
    private static final List<String> VALUES = List.of("free", "occupied", "unknown");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void whatChangesWhileAnIndexIsMadeIsFound() {
        for (int round = 0; round < 20; round++) {
            EmbeddedStore store = await(EmbeddedStore.open(
                    vertx, EmbeddedOptions.inMemory(InstantSource.system()).withIndexedFrom(0)));
            Random random = new Random(round);
            Map<String, String> expected = new HashMap<>();
            List<Future<?>> changes = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                String id = "urn:x:" + random.nextInt(300);
                String status = random.nextInt(10) == 0 ? null : VALUES.get(random.nextInt(VALUES.size()));
                expected.put(id, status == null ? "gone" : status);
                changes.add(store.apply(Tenant.DEFAULT, id, status(id, status), Origin.API));
                if (i % 50 == 0) {
                    changes.add(store.query(Tenant.DEFAULT, withStatus("\"free\""), 0, 10, false));
                }
            }
            changes.forEach(ValueIndexesTest::await);
            for (String value : VALUES) {
                assertThat(find(store, "\"" + value + "\""))
                        .as("round %d, %s", round, value)
                        .containsExactlyElementsOf(new TreeSet<>(expected.entrySet().stream()
                                .filter(e -> e.getValue().equals(value))
                                .map(Map.Entry::getKey)
                                .toList()));
            }
            await(store.close());
        }
    }

    @Test
    void severalValuesAreFoundInTheOrderOfTheIdsPageByPage() {
        EmbeddedStore store = indexedStore(EmbeddedOptions.inMemory(InstantSource.system()));

        assertThat(find(store, "\"free\",\"unknown\""))
                .hasSize(20)
                .isSorted()
                .containsExactlyElementsOf(IntStream.range(0, 30)
                        .filter(i -> i % 3 != 1)
                        .mapToObj(ValueIndexesTest::id)
                        .toList());
        assertThat(await(store.query(Tenant.DEFAULT, withStatus("\"free\""), 4, 3, true)))
                .satisfies(page ->
                        assertThat(page.entities()).extracting(Entity::id).containsExactly(id(12), id(15), id(18)))
                .satisfies(page -> assertThat(page.count()).isEqualTo(10))
                .satisfies(page -> assertThat(page.more()).isTrue());
        await(store.close());
    }

    @Test
    void aValueThatNoEntityHasIsFoundNowhere() {
        EmbeddedStore store = indexedStore(EmbeddedOptions.inMemory(InstantSource.system()));

        assertThat(find(store, "\"closed\"")).isEmpty();
        await(store.close());
    }

    @Test
    void anEntityWithMoreValuesThanAnIndexHoldsOfOneIsFound() {
        EmbeddedStore store = indexedStore(EmbeddedOptions.inMemory(InstantSource.system()));
        List<Value> many = IntStream.range(0, 500)
                .mapToObj(i -> (Value) new Value.Text("v" + i))
                .toList();
        await(store.apply(Tenant.DEFAULT, id(99), value(id(99), new Value.Array(many)), Origin.API));

        assertThat(find(store, "\"v321\"")).containsExactly(id(99));
        await(store.close());
    }

    @Test
    void entitiesThatWereThereBeforeTheStartAreFound(@TempDir Path directory) {
        EmbeddedOptions options = EmbeddedOptions.at(directory.resolve("store"), InstantSource.system());
        await(indexedStore(options).close());
        EmbeddedStore store = await(EmbeddedStore.open(vertx, options.withIndexedFrom(0)));
        askOften(store);

        assertThat(find(store, "\"occupied\"")).hasSize(10);
        await(store.close());
    }

    /** Thirty entities, every third with the same status, and an index that was asked for. */
    private EmbeddedStore indexedStore(EmbeddedOptions options) {
        EmbeddedStore store = await(EmbeddedStore.open(vertx, options.withIndexedFrom(0)));
        List<EntityWrite> writes = IntStream.range(0, 30)
                .mapToObj(i -> new EntityWrite(id(i), status(id(i), VALUES.get(i % 3))))
                .toList();
        await(store.applyAll(Tenant.DEFAULT, writes, Origin.API));
        askOften(store);
        return store;
    }

    private static void askOften(EmbeddedStore store) {
        for (int i = 0; i < 20; i++) {
            find(store, "\"free\"");
        }
    }

    private static String id(int number) {
        return String.format("urn:x:%03d", number);
    }

    private static List<String> find(EmbeddedStore store, String values) {
        return await(store.query(Tenant.DEFAULT, withStatus(values), 0, 1000, false)).entities().stream()
                .map(Entity::id)
                .toList();
    }

    private static EntityQuery withStatus(String values) {
        return EntityQuery.ofType(TYPE).withQ(QParser.parse("status==" + values, t -> "https://example.org/" + t));
    }

    private static EntityChange status(String id, @Nullable String status) {
        return status == null
                ? (before, now) -> Outcome.of(null, UpdateResult.EMPTY)
                : value(id, new Value.Text(status));
    }

    private static EntityChange value(String id, Value value) {
        return (before, now) -> Outcome.of(
                new Entity(
                        id,
                        List.of(TYPE),
                        List.of(),
                        Map.of(
                                STATUS,
                                List.of(new Attribute.Property(value, AttributeMeta.NONE.withTimes(now, now, null)))),
                        now,
                        now,
                        null),
                UpdateResult.EMPTY);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
