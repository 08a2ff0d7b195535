package de.freiraum.ops;

import de.freiraum.json.JsonWriter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** {@code /health/live}, {@code /health/ready}, {@code /metrics} and {@code /version}. */
public final class OpsRoutes {
    private final Health health;
    private final Metrics metrics;
    private final Version version;

    /** Routes over these. */
    public OpsRoutes(Health health, Metrics metrics, Version version) {
        this.health = health;
        this.metrics = metrics;
        this.version = version;
    }

    /** Adds the routes. */
    public void mount(Router router) {
        router.get("/health/live").handler(context -> answer(context, health.notLive(), Map.of()));
        router.get("/health/ready").handler(context -> answer(context, health.notReady(), health.notices()));
        router.get("/version").handler(this::version);
        router.get("/metrics").handler(context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, Metrics.CONTENT_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(metrics.scrape()));
    }

    private void version(RoutingContext context) {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .member("name", version.name())
                .member("version", version.version())
                .member("specification", version.specification())
                .member("java", Runtime.version().toString())
                .endObject();
        send(context, 200, json);
    }

    private static void answer(RoutingContext context, Map<String, String> reasons, Map<String, String> notices) {
        JsonWriter json = new JsonWriter().beginObject().member("status", reasons.isEmpty() ? "UP" : "DOWN");
        member(json, "reasons", reasons);
        member(json, "notices", notices);
        send(context, reasons.isEmpty() ? 200 : 503, json.endObject());
    }

    private static void member(JsonWriter json, String name, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            json.name(name).beginObject();
            texts.forEach(json::member);
            json.endObject();
        }
    }

    private static void send(RoutingContext context, int status, JsonWriter json) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Buffer.buffer(json.toBytes()));
    }
}
