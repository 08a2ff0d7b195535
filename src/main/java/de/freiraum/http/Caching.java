package de.freiraum.http;

import de.freiraum.security.Access;
import de.freiraum.web.EntityTags;
import de.freiraum.web.HttpDates;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What answers to reading say to caches, and how whoever has the answer already is told so (RFC 9110, 13, and RFC 9111). The entity tag is made of the bytes, so
 * that it holds whatever they come from: views, other brokers, linked entities.
 */
final class Caching {
    private static final String LAST_MODIFIED = "Last-Modified";
    private static final String VARY = "Accept, Accept-Encoding, Link, Prefer, NGSILD-Tenant, NGSILD-Snapshot,"
            + " NGSILD-EntityMap, Authorization, X-API-Key";
    private static final int OK = 200;

    private final String shared;

    /**
     * Rules.
     *
     * @param sharedCache for how long caches between the server and many clients may answer for it; 0: they ask each time
     */
    Caching(Duration sharedCache) {
        this.shared =
                sharedCache.isZero() ? "public, no-cache" : "public, max-age=0, s-maxage=" + sharedCache.toSeconds();
    }

    /** The answer with what caches need to know, or 304 if the client has it. */
    Answer apply(HttpServerRequest request, ApiRoute route, Answer answer) {
        if (!route.method().equals(HttpMethod.GET)) {
            return answer;
        }
        boolean depends = answer.first("NGSILD-EntityMap") != null;
        if (route.access() != Access.READ || answer.status() != OK || answer.body() == null || depends) {
            return answer.with("Cache-Control", "no-store", "Vary", VARY);
        }
        String tag = EntityTags.weak(answer.body(), answer.headers().hashCode());
        boolean hasKey =
                request.headers().contains("Authorization") || request.headers().contains("X-API-Key");
        Answer told = answer.with("ETag", tag, "Cache-Control", hasKey ? "private, no-cache" : shared, "Vary", VARY);
        return isKnown(request, tag, answer) ? told.notModified() : told;
    }

    /** {@code If-Modified-Since} counts only where {@code If-None-Match} is not there. */
    private static boolean isKnown(HttpServerRequest request, String tag, Answer answer) {
        String tags = request.getHeader("If-None-Match");
        if (tags != null) {
            return EntityTags.matches(tags, tag);
        }
        String since = request.getHeader("If-Modified-Since");
        return since != null && HttpDates.isNoNewer(answer.first(LAST_MODIFIED), since);
    }

    /** Adds when something was modified last, if that is known. */
    static Answer lastModified(Answer answer, @Nullable Instant at) {
        return at == null ? answer : answer.with(LAST_MODIFIED, HttpDates.format(at));
    }
}
