package de.freiraum.http;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request must satisfy before its body is read (clause 6.3.4). */
final class Preconditions {
    static final String JSON = "application/json";
    static final String JSON_LD = "application/ld+json";
    private static final String MERGE_PATCH = "application/merge-patch+json";

    private Preconditions() {}

    /** Checks the length and the media type of the body that the route takes. */
    static void check(HttpServerRequest request, ApiRoute route, HttpSettings settings) {
        if (route.body() == ApiRoute.Body.NONE) {
            return;
        }
        String length = request.getHeader("Content-Length");
        if (length == null) {
            throw new NgsiLdException(ErrorType.LengthRequired, "Content-Length is needed");
        }
        if (length.length() > 9 || Long.parseLong(length) > settings.maxBodyBytes()) {
            throw new NgsiLdException(
                    ErrorType.PayloadTooLarge,
                    "the body has " + Parameters.clip(length) + " bytes; allowed are " + settings.maxBodyBytes());
        }
        String type = mediaType(request.getHeader("Content-Type"));
        boolean fits = JSON.equals(type)
                || JSON_LD.equals(type)
                || (MERGE_PATCH.equals(type) && route.body() == ApiRoute.Body.PATCH);
        if (!fits) {
            throw new NgsiLdException(ErrorType.UnsupportedMediaType, "Content-Type: allowed are JSON and JSON-LD");
        }
    }

    /** The media type that the answer gets. Operations that only change something do not negotiate, but never answer GeoJSON. */
    static MediaType accepted(HttpServerRequest request, ApiRoute route) {
        String accept = request.getHeader("Accept");
        if (!route.produces().isEmpty()) {
            return Negotiation.select(accept, route.produces());
        }
        if (MediaType.GEO_JSON.text().equals(mediaType(accept))) {
            return Negotiation.select(accept, List.of(MediaType.JSON, MediaType.JSON_LD));
        }
        return MediaType.JSON;
    }

    /** The media type of a header without its parameters, in lower case, or null. */
    static @Nullable String mediaType(@Nullable String header) {
        if (header == null) {
            return null;
        }
        int end = header.indexOf(';');
        return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
