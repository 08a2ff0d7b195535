package de.freiraum.broker.subscriptions;

import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import io.vertx.core.Future;

/** Gives every {@code @context} a URL, hosting it where it has none of its own. */
@FunctionalInterface
public interface ContextUrls {
    /** The URL of what {@code @context} says. */
    Future<String> urlOf(Tenant tenant, Value source);
}
