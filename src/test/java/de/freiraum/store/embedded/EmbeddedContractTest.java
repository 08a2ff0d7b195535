package de.freiraum.store.embedded;

import de.freiraum.store.DocumentStoreContract;
import de.freiraum.store.EntityStoreContract;
import de.freiraum.store.SnapshotStoreContract;
import de.freiraum.store.TemporalStoreContract;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The embedded store keeps the contracts with each durability. */
class EmbeddedContractTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // injected
    Path directory;

    private Future<EmbeddedStore> embedded(Durability durability, Vertx vertx, InstantSource clock) {
        return EmbeddedStore.open(
                vertx,
                EmbeddedOptions.at(directory.resolve("store"), clock)
                        .withDurability(durability)
                        .withShards(3)
                        .withSweepInterval(Duration.ofMillis(20)));
    }

    @Nested
    class EntitySync extends EntityStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.SYNC, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class TemporalSync extends TemporalStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.SYNC, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class DocumentSync extends DocumentStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.SYNC, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class EntityAsync extends EntityStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.ASYNC, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class TemporalAsync extends TemporalStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.ASYNC, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class DocumentAsync extends DocumentStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.ASYNC, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class EntityMemory extends EntityStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.MEMORY, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return false;
        }
    }

    @Nested
    class TemporalMemory extends TemporalStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.MEMORY, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return false;
        }
    }

    @Nested
    class DocumentMemory extends DocumentStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.MEMORY, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return false;
        }
    }

    @Nested
    class SnapshotSync extends SnapshotStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.SYNC, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class SnapshotAsync extends SnapshotStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.ASYNC, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class SnapshotMemory extends SnapshotStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return embedded(Durability.MEMORY, onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return false;
        }
    }
}
