package de.freiraum.aggregate.work;

import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.EntityStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads all entities that match, page by page. */
public final class Scan {
    private static final int PAGE = 1_000;

    private Scan() {}

    /** Hands over what matches in each tenant. An entity may be met twice when others come in meanwhile, and missed when others go. */
    public static Future<Void> allTenants(EntityStore store, EntityQuery query, BiConsumer<Tenant, Entity> each) {
        List<Tenant> tenants = new ArrayList<>(store.tenants());
        Future<Void> done = Future.succeededFuture();
        for (Tenant tenant : tenants) {
            done = done.compose(v -> pages(store, tenant, query, 0, each));
        }
        return done;
    }

    private static Future<Void> pages(
            EntityStore store, Tenant tenant, EntityQuery query, int offset, BiConsumer<Tenant, Entity> each) {
        return store.query(tenant, query, offset, PAGE, false).compose(page -> {
            page.entities().forEach(entity -> each.accept(tenant, entity));
            return page.more()
                    ? pages(store, tenant, query, offset + page.entities().size(), each)
                    : Future.succeededFuture();
        });
    }
}
