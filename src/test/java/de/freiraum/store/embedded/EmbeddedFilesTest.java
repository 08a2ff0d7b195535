package de.freiraum.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import de.freiraum.store.StoreException;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** What the store makes of its directory. */
class EmbeddedFilesTest {
    private static final String A = "urn:ngsi-ld:T:a";

    @TempDir
    @SuppressWarnings("NullAway.Init") // injected
    private Path parent;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stopVertx() throws TimeoutException {
        await(vertx.close());
    }

    @Test
    void refusesADirectoryThatIsInUse() throws TimeoutException {
        EmbeddedStore first = open(parent);
        try {
            assertThatThrownBy(() -> open(parent))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("in use")
                    .hasMessageContaining(parent.toString());
        } finally {
            await(first.close());
        }
    }

    @Test
    void canBeOpenedAgainAfterARefusal() throws TimeoutException {
        EmbeddedStore first = open(parent);
        assertThatThrownBy(() -> open(parent)).isInstanceOf(StoreException.class);
        await(first.close());

        await(open(parent).close());
    }

    @Test
    void refusesANewerFormatNamingBoth() throws TimeoutException {
        await(open(parent).close());
        RocksEngine engine = new RocksEngine(parent, true);
        engine.commit(List.of(Engine.Step.put(Engine.Column.META, Keys.of("format"), "7".getBytes(UTF_8))));
        engine.close();

        assertThatThrownBy(() -> open(parent))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("format 7")
                .hasMessageContaining("format 1");
    }

    @Test
    void refusesANewerFormatThatHasMoreColumns() throws TimeoutException, RocksDBException {
        await(open(parent).close());
        RocksEngine engine = new RocksEngine(parent, true);
        engine.commit(List.of(Engine.Step.put(Engine.Column.META, Keys.of("format"), "2".getBytes(UTF_8))));
        engine.close();
        addColumn("index");

        assertThatThrownBy(() -> open(parent))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void refusesEntitiesOfANewerLayout() throws TimeoutException {
        await(open(parent).close());
        RocksEngine engine = new RocksEngine(parent, true);
        engine.commit(List.of(Engine.Step.put(Engine.Column.ENTITIES, Keys.of("", A), new byte[] {9, 0, 0})));
        engine.close();

        assertThatThrownBy(() -> open(parent))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("layout 9")
                .hasMessageContaining("reads 1");
    }

    @Test
    void namesDamage() throws TimeoutException, IOException {
        EmbeddedStore store = open(parent);
        fill(store, 500);
        await(store.close());
        await(open(parent).close()); // recovery moves the log into a table
        try (Stream<Path> files = Files.list(parent)) {
            for (Path table : files.filter(f -> f.toString().endsWith(".sst")).toList()) {
                try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
                    file.write(new byte[200]);
                }
            }
        }

        assertThatThrownBy(() -> open(parent))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void namesADirectoryThatCannotBeCreated() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "x");

        assertThatThrownBy(() -> open(file.resolve("store")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be created");
    }

    @Test
    void theNumberOfShardsMayChange() throws TimeoutException {
        EmbeddedStore store = await(EmbeddedStore.open(vertx, options(parent).withShards(5)));
        fill(store, 100);
        await(store.close());
        EmbeddedStore reopened = await(EmbeddedStore.open(vertx, options(parent).withShards(2)));
        await(reopened.apply(Tenant.DEFAULT, id(7), set(id(7), 8), Origin.API));

        assertThat(await(reopened.query(Tenant.DEFAULT, EntityQuery.ALL, 0, 0, true))
                        .count())
                .isEqualTo(100);
        await(reopened.close());
    }

    @Test
    void aCopyMadeWhileWorkingIsAStore() throws TimeoutException {
        EmbeddedStore store = open(parent.resolve("store"));
        fill(store, 100);
        await(store.copyTo(parent.resolve("copy")));
        await(store.apply(Tenant.DEFAULT, A, set(A, 1), Origin.API));
        await(store.close());

        EmbeddedStore copy = open(parent.resolve("copy"));
        assertThat(await(copy.query(Tenant.DEFAULT, EntityQuery.ALL, 0, 0, true))
                        .count())
                .isEqualTo(100);
        assertThat(await(copy.retrieve(Tenant.DEFAULT, A))).isNull();
        await(copy.close());
    }

    @Test
    void deletesTheHistoryOfDeletedEntitiesWhereAsked() throws TimeoutException {
        EmbeddedStore store = await(EmbeddedStore.open(vertx, options(parent).withDeleteHistoryWithEntity(true)));
        await(store.apply(Tenant.DEFAULT, A, set(A, 1), Origin.API));
        await(store.apply(Tenant.DEFAULT, A, (before, now) -> Outcome.of(null, UpdateResult.EMPTY), Origin.API));

        assertThat(await(store.instances(Tenant.DEFAULT, A, Set.of(), Range.ALL)))
                .isEmpty();
        assertThat(await(store.head(Tenant.DEFAULT, A))).isNull();
        await(store.close());
    }

    @Test
    void readsAfterClosingAreRefusedAndDoNotCrash() throws TimeoutException {
        EmbeddedStore store = open(parent);
        await(store.close());

        assertThatThrownBy(() -> await(store.get(Tenant.DEFAULT, "c", "k"))).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> await(store.instances(Tenant.DEFAULT, A, Set.of(), Range.ALL)))
                .isInstanceOf(RuntimeException.class);
    }

    private void addColumn(String name) throws RocksDBException {
        try (Options listing = new Options();
                DBOptions options = new DBOptions();
                ColumnFamilyOptions column = new ColumnFamilyOptions()) {
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            try (RocksDB db = RocksDB.open(
                    options,
                    parent.toString(),
                    RocksDB.listColumnFamilies(listing, parent.toString()).stream()
                            .map(known -> new ColumnFamilyDescriptor(known, column))
                            .toList(),
                    handles)) {
                handles.add(db.createColumnFamily(new ColumnFamilyDescriptor(name.getBytes(UTF_8), column)));
                handles.forEach(ColumnFamilyHandle::close);
            }
        }
    }

    private static EmbeddedOptions options(Path directory) {
        return EmbeddedOptions.at(directory, InstantSource.system()).withShards(2);
    }

    private EmbeddedStore open(Path directory) throws TimeoutException {
        return await(EmbeddedStore.open(vertx, options(directory)));
    }

    private static void fill(EmbeddedStore store, int entities) throws TimeoutException {
        await(Future.all(IntStream.range(0, entities)
                .mapToObj(i -> store.apply(Tenant.DEFAULT, id(i), set(id(i), i), Origin.API))
                .toList()));
    }

    private static String id(int number) {
        return "urn:ngsi-ld:T:" + number;
    }

    private static EntityChange set(String id, long number) {
        return (before, now) -> Outcome.of(
                new Entity(
                        id,
                        List.of("T"),
                        List.of(),
                        Map.of(
                                "n",
                                List.of(new Attribute.Property(
                                        Value.of(number), AttributeMeta.NONE.withTimes(now, now, null)))),
                        now,
                        now,
                        null),
                UpdateResult.EMPTY);
    }

    private static <T extends @Nullable Object> T await(Future<T> future) throws TimeoutException {
        return future.await(20, TimeUnit.SECONDS);
    }
}
