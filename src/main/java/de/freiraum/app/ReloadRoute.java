package de.freiraum.app;

import de.freiraum.config.ConfigException;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;

/** {@code POST /operations/reload}: sources, devices and mappings are taken anew; answered with what changed, or with every problem and nothing changed. */
final class ReloadRoute {
    private final Handler<RoutingContext> guard;
    private final Supplier<Future<RunningSources.Change>> reload;

    /**
     * The route.
     *
     * @param guard lets operators pass by {@code next()} and answers everybody else
     */
    ReloadRoute(Handler<RoutingContext> guard, Supplier<Future<RunningSources.Change>> reload) {
        this.guard = guard;
        this.reload = reload;
    }

    void mount(Router router) {
        router.post("/operations/reload").handler(guard).handler(this::take);
    }

    private void take(RoutingContext request) {
        reload.get()
                .onSuccess(change -> send(
                        request,
                        200,
                        "application/json",
                        list(
                                list(
                                        list(new JsonWriter().beginObject(), "started", change.started()),
                                        "stopped",
                                        change.stopped()),
                                "unchanged",
                                change.kept())))
                .onFailure(failure -> fail(request, failure));
    }

    private static void fail(RoutingContext request, Throwable failure) {
        if (failure instanceof ConfigException config) {
            problem(
                    request,
                    ErrorType.BadRequestData,
                    "the configuration has problems; the sources stay as they were",
                    config.problems().stream().map(Object::toString).toList());
        } else if (failure instanceof NgsiLdException refusal) {
            problem(request, refusal.type(), refusal.detail(), List.of());
        } else {
            problem(request, ErrorType.InternalError, "the sources could not be taken anew; see the log", List.of());
        }
    }

    private static void problem(RoutingContext request, ErrorType type, String detail, List<String> problems) {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .member("type", type.uri())
                .member("title", type.title())
                .member("status", type.status())
                .member("detail", detail);
        send(
                request,
                type.status(),
                "application/problem+json",
                problems.isEmpty() ? json : list(json, "problems", problems));
    }

    private static JsonWriter list(JsonWriter json, String name, List<String> texts) {
        return json.name(name).texts(texts);
    }

    private static void send(RoutingContext request, int status, String type, JsonWriter json) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", type)
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(json.endObject().toBytes()));
    }
}
