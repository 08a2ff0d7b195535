package de.freiraum.store;

import de.freiraum.store.embedded.EmbeddedOptions;
import de.freiraum.store.embedded.EmbeddedStore;
import de.freiraum.store.mongodb.MongoOptions;
import de.freiraum.store.mongodb.MongoStore;
import de.freiraum.store.mongodb.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/**
 * An empty store for tests of what is above it: embedded, in memory; or with the system property {@code freiraum.test.store=mongodb} a real
 * MongoDB. The build runs the tests that use it with both.
 */
public final class TestStore {
    private TestStore() {}

    /** Opens one, which the caller closes. */
    public static Future<Store> open(Vertx vertx, InstantSource clock) {
        return System.getProperty("freiraum.test.store", "embedded").equals("mongodb")
                ? MongoStore.open(vertx, MongoOptions.at(new TestDatabase().uri(), clock))
                        .map(store -> store)
                : EmbeddedStore.open(vertx, EmbeddedOptions.inMemory(clock)).map(store -> store);
    }
}
