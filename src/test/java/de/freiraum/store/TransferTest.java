package de.freiraum.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.app.transfer.Progress;
import de.freiraum.app.transfer.StoreExport;
import de.freiraum.app.transfer.StoreImport;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.store.embedded.EmbeddedOptions;
import de.freiraum.store.embedded.EmbeddedStore;
import de.freiraum.store.mongodb.MongoOptions;
import de.freiraum.store.mongodb.MongoStore;
import de.freiraum.store.mongodb.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A city grows from the embedded store to MongoDB, and back: what is exported, imported and exported again is the same. */
class TransferTest {
    private static final Instant NOW = Instant.parse("2026-03-29T00:30:00Z");
    private static final InstantSource CLOCK = () -> NOW;
    private static final Tenant OTHER = new Tenant("schwerte");
    private static final int ENTITIES = 250;

    private final Vertx vertx = Vertx.vertx();
    private final List<Store> stores = new ArrayList<>();

    @AfterEach
    void close() {
        stores.forEach(store -> await(store.close()));
        await(vertx.close());
    }

    private Store embedded() {
        return opened(
                EmbeddedStore.open(vertx, EmbeddedOptions.inMemory(CLOCK).withSweepInterval(Duration.ofHours(1))));
    }

    private Store mongodb() {
        return opened(MongoStore.open(
                vertx, MongoOptions.at(new TestDatabase().uri(), CLOCK).withSweepInterval(Duration.ofHours(1))));
    }

    private Store opened(Future<? extends Store> opening) {
        Store store = await(opening);
        stores.add(store);
        return store;
    }

    @Test
    void everythingIsTheSameInTheOtherStore() throws IOException {
        Store first = embedded();
        fill(first);
        String exported = export(first);
        List<Change> published = new ArrayList<>();

        Store second = mongodb();
        second.onChange(published::add);
        restore(second, exported);
        Store third = embedded();
        restore(third, export(second));

        assertThat(export(second)).isEqualTo(exported);
        assertThat(export(third)).isEqualTo(exported);
        assertThat(exported.lines().count()).isGreaterThan(ENTITIES * 3);
        assertThat(published).isEmpty();
    }

    @Test
    void anImportCanBeRepeated() throws IOException {
        Store first = embedded();
        fill(first);
        String exported = export(first);

        Store second = mongodb();
        restore(second, exported);
        restore(second, exported);

        assertThat(export(second)).isEqualTo(exported);
    }

    @Test
    void aFileThatEndsTooEarlyOrIsNoneIsRefused() throws IOException {
        Store store = embedded();
        fill(store);
        String exported = export(store);
        String cut = exported.substring(0, exported.lastIndexOf('\n', exported.length() - 2) + 1);

        Store target = embedded();
        assertThatThrownBy(() -> restore(target, cut))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line");
        assertThatThrownBy(() -> restore(target, "")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> restore(target, "{\"a\":1}\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no export");
    }

    private static void fill(Store store) {
        GeneratedEntities generated = new GeneratedEntities(new Random(7), ENTITIES, NOW.plusSeconds(100));
        for (int i = 0; i < ENTITIES; i++) {
            Entity entity = generated.entity(i);
            Tenant tenant = i % 5 == 0 ? OTHER : Tenant.DEFAULT;
            await(store.apply(
                    tenant, entity.id(), (before, now) -> Outcome.of(entity, UpdateResult.EMPTY), Origin.API));
        }
        await(store.apply(
                Tenant.DEFAULT,
                GeneratedEntities.id(1),
                (before, now) -> Outcome.of(null, UpdateResult.EMPTY),
                Origin.API));
        await(store.add(
                OTHER,
                "urn:x:past",
                List.of("https://example.org/T"),
                List.of(new TemporalInstance(
                        "https://example.org/a",
                        new Attribute.Property(Value.of(1), AttributeMeta.NONE.withObservedAt(NOW.minusNanos(1))))),
                true));
        await(store.put(Tenant.DEFAULT, "subscriptions", "urn:s:1", new byte[] {0, 1, -1}));
        await(store.put(OTHER, "contexts", "c", new byte[0]));
    }

    private static String export(Store store) throws IOException {
        StringWriter text = new StringWriter();
        new StoreExport(store, new BufferedWriter(text), Progress.NONE).run();
        // a negative zero, which no JSON document brings into a store, is not kept by text
        return text.toString().replaceAll("-0\\.0(?=[,\\]}])", "0.0");
    }

    private static void restore(Store store, String exported) throws IOException {
        new StoreImport(store, new BufferedReader(new StringReader(exported)), Progress.NONE).run();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
