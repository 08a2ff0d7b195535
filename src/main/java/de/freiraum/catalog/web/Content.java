package de.freiraum.catalog.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * A document in memory, ready to be sent: as it is, and compressed. Its entity tag is a hash of its bytes.
 *
 * @param type the Content-Type
 * @param plain the bytes
 * @param compressed the same by gzip
 * @param tag the hash, without quotes
 */
record Content(String type, Buffer plain, Buffer compressed, String tag) {
    private static final int TAG_BYTES = 12;

    /** Of those bytes. */
    static Content of(String type, byte[] bytes) {
        try {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
                gzip.write(bytes);
            }
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Content(
                    type,
                    Buffer.buffer(bytes),
                    Buffer.buffer(compressed.toByteArray()),
                    HexFormat.of().formatHex(hash, 0, TAG_BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /**
     * Sends it, or says that the client's copy is good.
     *
     * @param maxAge for how many seconds caches may keep it
     */
    void send(RoutingContext context, int maxAge) {
        boolean gzip = Requests.takesGzip(context.request());
        HttpServerResponse response = context.response();
        String etag = '"' + tag + (gzip ? "-gzip\"" : "\"");
        response.putHeader(HttpHeaders.ETAG, etag)
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=" + maxAge)
                .putHeader(HttpHeaders.VARY, Requests.VARY)
                .putHeader("X-Content-Type-Options", "nosniff");
        if (Conditions.answered(context, etag, null)) {
            return;
        }
        Buffer body = gzip ? compressed : plain;
        response.putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        if (gzip) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(body);
        }
    }
}
