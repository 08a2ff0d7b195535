package de.freiraum.app;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.ErrorType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** What is said at addresses beside the NGSI-LD interface that lead nowhere. A method that an address does not take is refused by the router (405 with {@code Allow}). */
final class Problems {
    private static final int LONGEST_ECHO = 100;

    private Problems() {}

    /** From now on the router answers with problem documents (RFC 9457) where it has no route. */
    static void mount(Router router) {
        router.errorHandler(404, context -> {
            String path = context.request().path();
            String shown = path == null || path.length() <= LONGEST_ECHO ? path : path.substring(0, LONGEST_ECHO) + "…";
            answer(context, "there is nothing at " + shown + "; /docs lists what there is");
        });
    }

    private static void answer(RoutingContext context, String detail) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        context.response()
                .setStatusCode(404)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Buffer.buffer(new JsonWriter()
                        .beginObject()
                        .member("type", ErrorType.ResourceNotFound.uri())
                        .member("title", ErrorType.ResourceNotFound.name())
                        .member("status", 404)
                        .member("detail", detail)
                        .endObject()
                        .toBytes()));
    }
}
