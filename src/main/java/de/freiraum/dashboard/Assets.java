package de.freiraum.dashboard;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Files of the program, with the headers that keep a page to itself. */
final class Assets {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "json", "application/json",
            "yaml", "application/yaml; charset=utf-8");

    /** A file in memory. */
    record Asset(Buffer bytes, String type, String etag) {}

    private Assets() {}

    /** A resource of the program. */
    static Asset resource(String path) {
        try (InputStream stream = Assets.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalStateException("the resource " + path + " is missing");
            }
            String suffix = path.substring(path.lastIndexOf('.') + 1);
            return of(stream.readAllBytes(), TYPES.getOrDefault(suffix, "application/octet-stream"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Content made at start. */
    static Asset of(byte[] content, String type) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return new Asset(Buffer.buffer(content), type, '"' + HexFormat.of().formatHex(hash, 0, 8) + '"');
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /**
     * Sends it, or says that the client's copy is good.
     *
     * @param policy the Content-Security-Policy
     */
    static void send(RoutingContext context, Asset asset, String policy) {
        var response = context.response()
                .putHeader(HttpHeaders.ETAG, asset.etag())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader("Content-Security-Policy", policy)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        if (asset.etag().equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, asset.type()).end(asset.bytes());
        }
    }
}
