package de.freiraum.app;

import de.freiraum.model.Tenant;
import de.freiraum.store.DocumentStore;
import de.freiraum.store.Store;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what is in memory of the store's documents as other replicas make it. */
final class Replication implements DocumentStore.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

    private final Store store;
    private final Map<String, Mirror> mirrors = new ConcurrentHashMap<>();

    /** Takes over one document, by tenant and key. */
    @FunctionalInterface
    interface Refresh {
        Future<Void> of(Tenant tenant, String key);
    }

    private record Mirror(Refresh one, Function<Tenant, Future<Void>> all) {}

    Replication(Store store) {
        this.store = store;
        store.watch(this);
    }

    /** Keeps a collection. */
    void keep(String collection, Refresh one, Function<Tenant, Future<Void>> all) {
        mirrors.put(collection, new Mirror(one, all));
    }

    @Override
    public void changed(Tenant tenant, String collection, String key) {
        Mirror mirror = mirrors.get(collection);
        if (mirror != null) {
            mirror.one()
                    .of(tenant, key)
                    .onFailure(
                            e -> LOG.error("what another replica wrote is not taken over: {} {}", collection, key, e));
        }
    }

    @Override
    public void missed() {
        for (Tenant tenant : store.tenants()) {
            mirrors.forEach((collection, mirror) -> mirror.all()
                    .apply(tenant)
                    .onFailure(e -> LOG.error("what other replicas wrote is not taken over: {}", collection, e)));
        }
    }
}
