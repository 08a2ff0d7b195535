package de.freiraum.store;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.EntityStore.EntityPage;
import de.freiraum.store.EntityStore.EntityWrite;
import de.freiraum.store.embedded.EmbeddedOptions;
import de.freiraum.store.embedded.EmbeddedStore;
import de.freiraum.store.mongodb.MongoOptions;
import de.freiraum.store.mongodb.MongoStore;
import de.freiraum.store.mongodb.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Both stores give the same answers to generated queries over generated entities: pages, order, whether there is more, counts, types. So does an embedded store
 * that indexes values as soon as they are asked for.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameAnswersTest {
    private static final long SEED = Long.getLong("freiraum.test.seed", 20261125);
    private static final int ENTITIES = 250;
    private static final int QUERIES = 3000;
    private static final Instant NOW = Instant.parse("2026-03-29T00:30:00Z");
    private static final Tenant OTHER = new Tenant("other");

    private final Random random = new Random(SEED);
    private final GeneratedEntities generated = new GeneratedEntities(random, ENTITIES, NOW);
    private final AtomicReference<Instant> time = new AtomicReference<>(NOW.minusSeconds(10));

    @SuppressWarnings("NullAway.Init") // opened before the first test
    private Vertx vertx;

    @SuppressWarnings("NullAway.Init")
    private Store embedded;

    @SuppressWarnings("NullAway.Init")
    private Store indexed;

    @SuppressWarnings("NullAway.Init")
    private Store mongodb;

    @BeforeAll
    void fill() {
        TestDatabase database = new TestDatabase();
        vertx = Vertx.vertx();
        InstantSource clock = time::get;
        Duration never = Duration.ofHours(1);
        embedded =
                await(EmbeddedStore.open(vertx, EmbeddedOptions.inMemory(clock).withSweepInterval(never)));
        indexed = await(EmbeddedStore.open(
                vertx, EmbeddedOptions.inMemory(clock).withSweepInterval(never).withIndexedFrom(0)));
        mongodb = await(
                MongoStore.open(vertx, MongoOptions.at(database.uri(), clock).withSweepInterval(never)));
        List<EntityWrite> writes = new ArrayList<>();
        for (int i = 0; i < ENTITIES; i++) {
            Entity entity = generated.entity(i);
            writes.add(new EntityWrite(entity.id(), (before, now) -> Outcome.of(entity, UpdateResult.EMPTY)));
        }
        for (Store store : List.of(embedded, indexed, mongodb)) {
            assertThat(await(store.applyAll(Tenant.DEFAULT, writes, Origin.API)))
                    .allMatch(r -> r.error() == null);
            await(store.applyAll(OTHER, writes.subList(0, 20), Origin.API));
        }
        time.set(NOW);
    }

    @AfterAll
    void close() {
        await(mongodb.close());
        await(indexed.close());
        await(embedded.close());
        await(vertx.close());
    }

    @Test
    void ofGeneratedQueries() {
        GeneratedQueries queries = new GeneratedQueries(random, generated, ENTITIES);
        int found = 0;
        for (int i = 0; i < QUERIES; i++) {
            EntityQuery query = queries.query();
            int offset = random.nextInt(3) == 0 ? random.nextInt(20) : 0;
            int limit = random.nextInt(4) == 0 ? random.nextInt(3) : 1000;
            boolean count = random.nextBoolean();
            EntityPage expected = await(embedded.query(Tenant.DEFAULT, query, offset, limit, count));
            EntityPage page = await(mongodb.query(Tenant.DEFAULT, query, offset, limit, count));
            assertThat(page.entities().stream().map(Entity::id))
                    .as("query %d: %s, offset %d, limit %d", i, query, offset, limit)
                    .containsExactlyElementsOf(
                            expected.entities().stream().map(Entity::id).toList());
            assertThat(await(indexed.query(Tenant.DEFAULT, query, offset, limit, count)))
                    .as("with indexed values, query %d: %s, offset %d, limit %d", i, query, offset, limit)
                    .isEqualTo(expected);
            assertThat(page)
                    .as("query %d: %s, offset %d, limit %d", i, query, offset, limit)
                    .isEqualTo(expected);
            found += expected.entities().isEmpty() ? 0 : 1;
        }
        assertThat(found).as("queries that find something").isGreaterThan(QUERIES / 3);
    }

    @Test
    void ofDiscovery() {
        assertThat(await(mongodb.types(Tenant.DEFAULT))).isEqualTo(await(embedded.types(Tenant.DEFAULT)));
        assertThat(await(mongodb.types(OTHER))).isEqualTo(await(embedded.types(OTHER)));
    }

    @Test
    void ofHeads() {
        GeneratedQueries queries = new GeneratedQueries(random, generated, ENTITIES);
        for (int i = 0; i < 200; i++) {
            EntityQuery query = queries.query().candidates();
            assertThat(await(mongodb.heads(Tenant.DEFAULT, query, "urn:x:15", 40)))
                    .as(query.toString())
                    .isEqualTo(await(embedded.heads(Tenant.DEFAULT, query, "urn:x:15", 40)));
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
