package de.freiraum.app;

import de.freiraum.ops.Health;
import de.freiraum.ops.Metrics;
import de.freiraum.store.Store;
import de.freiraum.store.embedded.Durability;
import de.freiraum.store.embedded.EmbeddedOptions;
import de.freiraum.store.embedded.EmbeddedStore;
import de.freiraum.store.mongodb.MongoStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** Opens the store that the settings name, with its health check and its metrics. */
final class StoreOpening {
    private final Vertx vertx;
    private final AppConfig config;
    private final InstantSource clock;
    private final Health health;
    private final Metrics metrics;

    StoreOpening(Vertx vertx, AppConfig config, InstantSource clock, Health health, Metrics metrics) {
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
        this.health = health;
        this.metrics = metrics;
    }

    Future<Store> open() {
        return config.store() == AppConfig.Store.MONGODB
                ? mongodb().map(store -> store)
                : embedded().map(store -> store);
    }

    /** The embedded store, whatever the settings name. */
    Future<EmbeddedStore> embedded() {
        EmbeddedOptions options = config.durability() == Durability.MEMORY
                ? EmbeddedOptions.inMemory(clock)
                : EmbeddedOptions.at(config.dataDir(), clock).withDurability(config.durability());
        return EmbeddedStore.open(
                        vertx,
                        options.withDeleteHistoryWithEntity(config.history().deleteWithEntity())
                                .withQueryTime(config.http().queryTime()))
                .onSuccess(store -> {
                    // After a failed commit only a restart helps, unless the disk was full.
                    health.addLive("store", store::broken);
                    health.addReady("store", store::fault);
                    metrics.gauge("store.entities", "Current entities", () -> store.metrics()
                            .entities());
                    metrics.gauge("store.pending", "Changes accepted and not committed", () -> store.metrics()
                            .pending());
                    metrics.total("store.changes", "Committed changes", () -> store.metrics()
                            .changes());
                    metrics.total("store.commits", "Groups of changes written", () -> store.metrics()
                            .commits());
                    metrics.total("store.refused", "Changes refused because too many waited", () -> store.metrics()
                            .refused());
                });
    }

    private Future<MongoStore> mongodb() {
        return MongoStore.open(
                        vertx,
                        config.mongodb()
                                .options(clock)
                                .withDeleteHistoryWithEntity(config.history().deleteWithEntity())
                                .withQueryTime(config.http().queryTime()))
                .onSuccess(store -> {
                    // A deployment that is away comes back without a restart.
                    health.addReady("store", store::fault);
                    metrics.gauge("store.pending", "Changes accepted and not committed", store::pending);
                    metrics.total("store.changes", "Changes committed by this replica", store::changes);
                    metrics.total("store.refused", "Changes refused because too many waited", store::refused);
                });
    }
}
