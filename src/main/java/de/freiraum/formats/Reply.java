package de.freiraum.formats;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.web.Compression;
import de.freiraum.web.EntityTags;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is sent back.
 *
 * @param type the Content-Type
 * @param body the bytes
 * @param cache the Cache-Control
 * @param link the Link header, or null
 */
public record Reply(
        String type, Buffer body, String cache, @Nullable String link) {
    /** For what changes whenever a sensor speaks: a browser asks again, a CDN answers for some seconds. */
    public static final String LIVE = "public, max-age=5, stale-while-revalidate=30";

    /** For what changes with the settings or when a new kind of data appears. */
    public static final String STEADY = "public, max-age=300";

    private static final Logger LOG = LoggerFactory.getLogger(Reply.class);
    private static final String VARY = "Accept-Encoding";

    /** A reply without links. */
    public static Reply of(String type, byte[] body, String cache) {
        return new Reply(type, Buffer.buffer(body), cache, null);
    }

    /** A JSON reply without links. */
    public static Reply json(JsonWriter json, String cache) {
        return of("application/json", json.toBytes(), cache);
    }

    /**
     * Adds a route for GET and HEAD.
     *
     * @param path as {@link Router#route(String)} has it
     * @param parameters those of the query that it knows; others are refused
     * @param handler makes the reply; fails with a {@link NgsiLdException} for what is wrong with the request
     */
    public static void route(
            Router router, String path, Set<String> parameters, Function<RoutingContext, Future<Reply>> handler) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            router.route(method, path).handler(context -> {
                Future<Reply> made;
                try {
                    refuseUnknown(context, parameters);
                    made = handler.apply(context);
                } catch (RuntimeException e) {
                    made = Future.failedFuture(e);
                }
                made.onSuccess(reply -> reply.send(context)).onFailure(failure -> refuse(context, failure));
            });
        }
    }

    private static void refuseUnknown(RoutingContext context, Set<String> parameters) {
        for (String name : context.queryParams().names()) {
            if (!parameters.contains(name)) {
                throw NgsiLdException.badRequest(
                        clip(name) + " is no parameter here; allowed are " + String.join(", ", sorted(parameters)));
            }
            if (context.queryParams().getAll(name).size() > 1) {
                throw NgsiLdException.badRequest(name + " occurs more than once");
            }
        }
    }

    private static List<String> sorted(Set<String> names) {
        return names.isEmpty() ? List.of("none") : names.stream().sorted().toList();
    }

    private static String clip(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    private void send(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        String tag = EntityTags.weak(body, type.hashCode());
        response.putHeader(HttpHeaders.ETAG, tag)
                .putHeader(HttpHeaders.CACHE_CONTROL, cache)
                .putHeader("X-Content-Type-Options", "nosniff");
        response.headers().add(HttpHeaders.VARY, VARY);
        if (link != null) {
            response.putHeader("Link", link);
        }
        if (EntityTags.matches(request.getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, type);
        if (Compression.suits(request.getHeader(HttpHeaders.ACCEPT_ENCODING), body.length())) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, Compression.GZIP);
            Compression.gzip(body)
                    .onSuccess(compressed -> end(request, response, compressed))
                    .onFailure(failure -> refuse(context, failure));
        } else {
            end(request, response, body);
        }
    }

    private static void end(HttpServerRequest request, HttpServerResponse response, Buffer bytes) {
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length()));
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(bytes);
        }
    }

    private static void refuse(RoutingContext context, Throwable failure) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        int status = 503;
        String type = ErrorType.Unavailable.uri();
        String title = "Service Unavailable";
        String detail = "the data cannot be read at present; try again later";
        if (failure instanceof NgsiLdException e) {
            status = e.type().status();
            type = e.type().uri();
            title = e.type().name();
            detail = e.detail();
        } else {
            LOG.warn("{} cannot be answered", context.request().path(), failure);
            response.putHeader(HttpHeaders.RETRY_AFTER, "10");
        }
        response.headers().remove(HttpHeaders.CONTENT_ENCODING);
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Buffer.buffer(new JsonWriter()
                        .beginObject()
                        .member("type", type)
                        .member("title", title)
                        .member("status", status)
                        .member("detail", detail)
                        .endObject()
                        .toBytes()));
    }
}
