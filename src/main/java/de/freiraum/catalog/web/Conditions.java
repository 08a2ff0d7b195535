package de.freiraum.catalog.web;

import de.freiraum.web.EntityTags;
import de.freiraum.web.HttpDates;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Requests that are to be answered only if the file is, or is not, what the client has (RFC 9110, section 13). */
final class Conditions {
    private Conditions() {}

    /**
     * Answers at once with 412 or 304 if the request's conditions want that. The order is that of RFC 9110, section 13.2.2; an entity tag counts
     * more than a time.
     *
     * @param etag of what would be sent
     * @param modified when it changed last, as a header has it; null if that is not known
     * @return whether that was the answer
     */
    static boolean answered(RoutingContext context, String etag, @Nullable String modified) {
        HttpServerRequest request = context.request();
        if (!isStill(request, etag, modified)) {
            Requests.refuse(
                    context,
                    412,
                    "Precondition Failed",
                    "the file is not, or not for certain, the one that the request names; leave If-Match or If-Unmodified-Since out");
            return true;
        }
        if (isKnown(request, etag, modified)) {
            context.response().setStatusCode(304).end();
            return true;
        }
        return false;
    }

    /** By strong comparison: a weak tag never says that the bytes are the same. */
    private static boolean isStill(HttpServerRequest request, String etag, @Nullable String modified) {
        String expected = request.getHeader("If-Match");
        if (expected != null) {
            return expected.strip().equals("*")
                    || (!etag.startsWith("W/") && EntityTags.matches(withoutWeak(expected), etag));
        }
        String since = request.getHeader("If-Unmodified-Since");
        return since == null
                || modified == null
                || !HttpDates.isNoNewer(since, since)
                || HttpDates.isNoNewer(modified, since);
    }

    private static String withoutWeak(String tags) {
        return tags.replaceAll("W/\"[^\"]*\"", "");
    }

    private static boolean isKnown(HttpServerRequest request, String etag, @Nullable String modified) {
        String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        return known != null
                ? EntityTags.matches(known, etag)
                : HttpDates.isNoNewer(modified, request.getHeader(HttpHeaders.IF_MODIFIED_SINCE));
    }

    /** Whether the part that a request asks for is one of these bytes: it names no version, or this one (RFC 9110, section 13.1.5). */
    static boolean takesPart(HttpServerRequest request, String etag, String modified) {
        String version = request.getHeader("If-Range");
        return version == null || version.equals(etag) || version.equals(modified);
    }
}
