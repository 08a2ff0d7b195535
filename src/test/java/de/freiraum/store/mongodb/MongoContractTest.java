package de.freiraum.store.mongodb;

import de.freiraum.store.DocumentStoreContract;
import de.freiraum.store.EntityStoreContract;
import de.freiraum.store.SnapshotStoreContract;
import de.freiraum.store.TemporalStoreContract;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** The MongoDB store keeps the contracts, with a real server. */
class MongoContractTest {
    @SuppressWarnings("NullAway.Init") // made before the first test
    private static TestDatabase database;

    @BeforeAll
    static void findServer() {
        database = new TestDatabase();
    }

    @BeforeEach
    void empty() {
        database.clear();
    }

    private static Future<MongoStore> store(Vertx vertx, InstantSource clock) {
        return MongoStore.open(vertx, MongoOptions.at(database.uri(), clock).withSweepInterval(Duration.ofMillis(20)));
    }

    @Nested
    class Entities extends EntityStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return store(onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class Temporal extends TemporalStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return store(onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class Documents extends DocumentStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return store(onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }

    @Nested
    class Snapshots extends SnapshotStoreContract {
        @Override
        protected Future<Opened> open(Vertx onVertx, InstantSource clock) {
            return store(onVertx, clock).map(s -> new Opened(s, s, s, s, s::close));
        }

        @Override
        protected boolean persistent() {
            return true;
        }
    }
}
