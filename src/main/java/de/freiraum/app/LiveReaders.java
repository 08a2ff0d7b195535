package de.freiraum.app;

import de.freiraum.http.ApiRouter;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Tenant;
import de.freiraum.notify.live.LiveAccess;
import de.freiraum.security.AccessPolicy;
import de.freiraum.security.Principal;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who reads the live feed may read there what they may read in the interface. */
final class LiveReaders implements LiveAccess {
    private final AccessPolicy policy;
    private final ApiRouter api;

    LiveReaders(AccessPolicy policy, ApiRouter api) {
        this.policy = policy;
        this.api = api;
    }

    @Override
    public Predicate<Tenant> tenants(HttpServerRequest request) {
        Principal reader = policy.identify(request.getHeader("Authorization"), request.getHeader("X-API-Key"));
        policy.requireReader(reader);
        policy.checkOperation(reader, "live", false);
        return tenant -> policy.mayRead(reader, tenant);
    }

    @Override
    public Future<@Nullable Context> context(HttpServerRequest request) {
        return request.headers().contains("Link")
                ? api.linkedContext(request).map(found -> found)
                : Future.succeededFuture();
    }
}
