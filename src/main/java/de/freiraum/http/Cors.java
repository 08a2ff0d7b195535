package de.freiraum.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;

/** Lets pages of other origins use the API from a browser (the Fetch standard's CORS protocol). Credentials are never those of a cookie. */
final class Cors {
    private static final String EXPOSED = "NGSILD-Results-Count, NGSILD-Tenant, NGSILD-EntityMap, NGSILD-Snapshot,"
            + " NGSILD-Warning, Link, Location, ETag, Content-Range, Preference-Applied, Retry-After, X-Request-ID";
    private static final String REQUEST_HEADERS = "Accept, Content-Type, Link, Prefer, NGSILD-Tenant, NGSILD-EntityMap,"
            + " NGSILD-Snapshot, Authorization, X-API-Key, If-None-Match, X-Request-ID";
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private final Set<String> origins;
    private final boolean all;

    Cors(List<String> origins) {
        this.origins = Set.copyOf(origins);
        this.all = origins.contains("*");
    }

    /** Tells the browser what it may send. */
    Answer preflight(Answer answer) {
        return answer.with("Access-Control-Allow-Methods", METHODS)
                .with("Access-Control-Allow-Headers", REQUEST_HEADERS)
                .with("Access-Control-Max-Age", "86400");
    }

    /** Tells the browser whether the page may have the answer, and which headers of it. */
    void apply(HttpServerRequest request, HttpServerResponse response) {
        String origin = request.getHeader("Origin");
        if (!all) {
            response.headers().add("Vary", "Origin");
        }
        if (origin == null || !(all || origins.contains(origin))) {
            return;
        }
        response.putHeader("Access-Control-Allow-Origin", all ? "*" : origin);
        response.putHeader("Access-Control-Expose-Headers", EXPOSED);
    }
}
