package de.freiraum.ingest.webhook;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JSON answers and problem details. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    static void json(RoutingContext request, int status, Value body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(Buffer.buffer(JsonWriter.write(body)));
    }

    static void problem(RoutingContext request, ErrorType type, String detail) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("type", Value.of(type.uri()));
        members.put("title", Value.of(type.title()));
        members.put("detail", Value.of(detail));
        members.put("status", Value.of(type.status()));
        request.response()
                .setStatusCode(type.status())
                .putHeader("Content-Type", "application/problem+json")
                .end(Buffer.buffer(JsonWriter.write(new Value.Obj(members))));
    }

    /** A refusal with its reason; anything else is the store's trouble, and the sender shall come again. */
    static void failure(RoutingContext request, Throwable failure) {
        if (request.response().ended()) {
            return;
        }
        if (failure instanceof NgsiLdException refusal) {
            problem(request, refusal.type(), refusal.detail());
            return;
        }
        LOG.warn("a request to {} fails: {}", request.normalizedPath(), failure.toString());
        request.response().putHeader("Retry-After", "5");
        problem(request, ErrorType.Unavailable, "the store does not take changes at the moment; send it again");
    }
}
