package de.freiraum.web;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Set;

/** What pages of other origins may do from a browser (the Fetch standard's CORS protocol). Credentials are never those of a cookie. */
public final class Browsers {
    /** Headers of answers that scripts may read. */
    private static final List<String> EXPOSED = List.of(
            "NGSILD-Results-Count",
            "NGSILD-Tenant",
            "NGSILD-EntityMap",
            "NGSILD-Snapshot",
            "NGSILD-Warning",
            "Link",
            "Location",
            "ETag",
            "Last-Modified",
            "Content-Range",
            "Content-Disposition",
            "Preference-Applied",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-ID");

    /** Headers that scripts may send. */
    private static final List<String> ACCEPTED = List.of(
            "Accept",
            "Content-Type",
            "Link",
            "Prefer",
            "NGSILD-Tenant",
            "NGSILD-EntityMap",
            "NGSILD-Snapshot",
            "Authorization",
            "X-API-Key",
            "If-None-Match",
            "If-Modified-Since",
            "Last-Event-ID",
            "Range",
            "X-Request-ID");

    private static final String EXPOSED_TEXT = String.join(", ", EXPOSED);
    private static final String ACCEPTED_TEXT = String.join(", ", ACCEPTED);
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    /** For how long a browser may remember what it may do. */
    private static final int MAX_AGE = 86_400;

    private final List<String> origins;
    private final boolean all;

    /**
     * Rules for pages of some origins.
     *
     * @param origins {@code *}: all
     */
    public Browsers(List<String> origins) {
        this.origins = List.copyOf(origins);
        this.all = origins.contains("*");
    }

    /** Lets pages read what is at some paths, as {@link Router#route(String)} has them. */
    public void mayRead(Router router, String... paths) {
        CorsHandler handler = CorsHandler.create()
                .addOrigins(origins)
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.HEAD))
                .allowedHeaders(Set.copyOf(ACCEPTED))
                .exposedHeaders(Set.copyOf(EXPOSED))
                .maxAgeSeconds(MAX_AGE);
        for (String path : paths) {
            router.route(path).handler(handler);
        }
    }

    /** Headers that tell the browser before a request what it may send; names and values in turn. */
    public static List<String> preflight() {
        return List.of(
                "Access-Control-Allow-Methods",
                METHODS,
                "Access-Control-Allow-Headers",
                ACCEPTED_TEXT,
                "Access-Control-Max-Age",
                Integer.toString(MAX_AGE));
    }

    /** Tells the browser whether the page may have the answer, and which headers of it. */
    public void apply(HttpServerRequest request, HttpServerResponse response) {
        String origin = request.getHeader("Origin");
        if (!all) {
            response.headers().add("Vary", "Origin");
        }
        if (origin == null || !(all || origins.contains(origin))) {
            return;
        }
        response.putHeader("Access-Control-Allow-Origin", all ? "*" : origin);
        response.putHeader("Access-Control-Expose-Headers", EXPOSED_TEXT);
    }
}
