package de.freiraum.catalog.web;

import de.freiraum.catalog.Loop;
import de.freiraum.catalog.export.DatasetFile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends files that are made while they are sent. The next part is made when the one before is on its way, so that a slow client costs no
 * memory. So many at once, not more.
 */
final class FileSender {
    private static final Logger LOG = LoggerFactory.getLogger(FileSender.class);
    private static final int AT_ONCE = 64;
    private static final int FULL = 32 * 1024;

    private final AtomicInteger sending = new AtomicInteger();

    /**
     * What is known of a file before it is made.
     *
     * @param type the Content-Type
     * @param name for those who save it
     * @param version differs when the content does
     * @param modified when it changed last
     * @param cacheControl how long caches may keep it
     */
    record Head(String type, String name, String version, Instant modified, String cacheControl) {}

    /** Sends it, or says that the client's copy is good. */
    void send(RoutingContext context, Head head, Supplier<DatasetFile> file) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        boolean gzip = Requests.takesGzip(request);
        // Weak: two readers of one version can meet a change at different places of the file.
        String etag = "W/\"" + head.version() + (gzip ? "-gzip\"" : "\"");
        response.putHeader(HttpHeaders.ETAG, etag)
                .putHeader(HttpHeaders.LAST_MODIFIED, httpDate(head.modified()))
                .putHeader(HttpHeaders.CACHE_CONTROL, head.cacheControl())
                .putHeader(HttpHeaders.VARY, "Accept-Encoding")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (isKnown(request, etag, head.modified())) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, head.type())
                .putHeader("Content-Disposition", "inline; filename=\"" + head.name() + '"');
        if (gzip) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
            return;
        }
        if (sending.incrementAndGet() > AT_ONCE) {
            sending.decrementAndGet();
            response.headers().clear();
            response.putHeader(HttpHeaders.RETRY_AFTER, "30");
            Requests.refuse(context, 503, "Service Unavailable", "too many files are being sent; try again later");
            return;
        }
        response.setChunked(true);
        stream(response, file.get(), gzip ? new Gzip() : null).onComplete(done -> {
            sending.decrementAndGet();
            if (done.failed()) {
                if (!response.closed()) {
                    LOG.warn("{} is sent in part only: {}", head.name(), String.valueOf(done.cause()));
                }
                // The client must not take the part for the whole.
                request.connection().close();
            }
        });
    }

    private static Future<Void> stream(HttpServerResponse response, DatasetFile file, @Nullable Gzip gzip) {
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        return Loop.whileTrue(() -> file.next(part).compose(more -> {
                    if (response.closed()) {
                        return Future.failedFuture("the client is gone");
                    }
                    if (more && part.size() < FULL) {
                        return Future.succeededFuture(true);
                    }
                    byte[] bytes = gzip == null ? part.toByteArray() : gzip.compress(part, !more);
                    part.reset();
                    return bytes.length == 0
                            ? Future.succeededFuture(more)
                            : response.write(Buffer.buffer(bytes)).map(more);
                }))
                .compose(all -> response.end());
    }

    /** Compresses part after part. */
    private static final class Gzip {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final GZIPOutputStream gzip;

        Gzip() {
            try {
                gzip = new GZIPOutputStream(out);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        byte[] compress(ByteArrayOutputStream part, boolean last) {
            try {
                part.writeTo(gzip);
                if (last) {
                    gzip.finish();
                }
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            byte[] bytes = out.toByteArray();
            out.reset();
            return bytes;
        }
    }

    /** An entity tag counts more than a time (RFC 9110, section 13.2.2). */
    private static boolean isKnown(HttpServerRequest request, String etag, Instant modified) {
        if (request.getHeader(HttpHeaders.IF_NONE_MATCH) != null) {
            return Requests.has(request, etag);
        }
        String since = request.getHeader(HttpHeaders.IF_MODIFIED_SINCE);
        if (since == null) {
            return false;
        }
        try {
            Instant time = ZonedDateTime.parse(since, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(time);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static String httpDate(Instant time) {
        return DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
                .format(time.atOffset(ZoneOffset.UTC));
    }
}
