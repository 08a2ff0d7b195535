package de.freiraum.app;

import de.freiraum.app.operations.Control;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.security.Access;
import de.freiraum.security.AccessPolicy;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** Lets requests pass whose credential permits operating the server, or that come from the command line on the same machine. */
final class OperatorGuard {
    private final AccessPolicy policy;
    private final Control control;

    OperatorGuard(AccessPolicy policy, Control control) {
        this.policy = policy;
        this.control = control;
    }

    void handle(RoutingContext context) {
        if (control.knows(context.request().getHeader("X-API-Key"))) {
            context.next();
            return;
        }
        try {
            policy.check(
                    policy.identify(
                            context.request().getHeader("Authorization"),
                            context.request().getHeader("X-API-Key")),
                    Access.ADMIN,
                    Tenant.DEFAULT);
        } catch (NgsiLdException refused) {
            JsonWriter json = new JsonWriter()
                    .beginObject()
                    .member("type", refused.type().uri())
                    .member("title", refused.type().title())
                    .member("status", refused.type().status())
                    .member("detail", refused.detail())
                    .endObject();
            context.response()
                    .setStatusCode(refused.type().status())
                    .putHeader("Content-Type", "application/problem+json")
                    .end(Buffer.buffer(json.toBytes()));
            return;
        }
        context.next();
    }
}
