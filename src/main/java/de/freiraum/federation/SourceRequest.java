package de.freiraum.federation;

import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.model.Value;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to a source.
 *
 * @param source whom to ask
 * @param method the verb
 * @param path below {@code /ngsi-ld/v1}, encoded
 * @param parameters of the URL, not encoded
 * @param body or null
 * @param entityMap URI of the source's map that it is to go by, or null
 */
record SourceRequest(
        RegisteredSource source,
        HttpMethod method,
        String path,
        Map<String, String> parameters,
        @Nullable Value body,
        @Nullable String entityMap) {
    private static final String BASE = "/ngsi-ld/v1";

    SourceRequest {
        parameters = new LinkedHashMap<>(parameters);
    }

    /** A request that goes by no map. */
    SourceRequest(
            RegisteredSource source,
            HttpMethod method,
            String path,
            Map<String, String> parameters,
            @Nullable Value body) {
        this(source, method, path, parameters, body, null);
    }

    /** The same by a map of the source, or by none. */
    SourceRequest byMap(@Nullable String other) {
        return new SourceRequest(source, method, path, parameters, body, other);
    }

    /** Where the map is that the request goes by (clause 6.4.3.2). */
    @Nullable
    String mapLocation() {
        return entityMap == null ? null : BASE + "/entityMaps/" + encode(entityMap);
    }

    /** The same with one more parameter. */
    SourceRequest with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new SourceRequest(source, method, path, more, body, entityMap);
    }

    /** The URL; the endpoint is where the API is, with or without the API's base path. */
    String url() {
        String endpoint = source.registration().endpoint();
        while (endpoint.endsWith("/")) {
            endpoint = endpoint.substring(0, endpoint.length() - 1);
        }
        List<String> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(name + "=" + encode(value)));
        return endpoint
                + (endpoint.endsWith(BASE) ? "" : BASE)
                + path
                + (pairs.isEmpty() ? "" : "?" + String.join("&", pairs));
    }

    /** A segment of the path. */
    static String segment(String text) {
        return encode(text);
    }

    /** Percent-encoded, but for what is plain in queries and segments. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":")
                .replace("%2C", ",")
                .replace("%3B", ";")
                .replace("%28", "(")
                .replace("%29", ")");
    }
}
