package de.freiraum.web;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Set;

/** What pages of other origins may do from a browser (the Fetch standard's CORS protocol). Credentials are never those of a cookie. */
public final class Browsers {
    /** Headers of answers that scripts may read. */
    public static final List<String> EXPOSED = List.of(
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
    public static final List<String> ACCEPTED = List.of(
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

    /** For how long a browser may remember what it may do. */
    public static final int MAX_AGE = 86_400;

    private Browsers() {}

    /**
     * Lets pages of some origins read what is at some paths.
     *
     * @param origins {@code *}: all
     * @param paths as {@link Router#route(String)} has them
     */
    public static void mayRead(Router router, List<String> origins, String... paths) {
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
}
