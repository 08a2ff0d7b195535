package de.freiraum.notify.live;

import de.freiraum.jsonld.Context;
import de.freiraum.model.Tenant;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a request to the live feed may see, and with which names. */
public interface LiveAccess {
    /**
     * The tenants that the sender may read.
     *
     * @throws de.freiraum.model.NgsiLdException Unauthorized for a credential that nobody holds
     */
    Predicate<Tenant> tenants(HttpServerRequest request);

    /** The context that the Link header names, or null if there is none; fails if it cannot be had. */
    Future<@Nullable Context> context(HttpServerRequest request);
}
