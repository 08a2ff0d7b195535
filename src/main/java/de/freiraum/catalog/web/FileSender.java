package de.freiraum.catalog.web;

import de.freiraum.catalog.Loop;
import de.freiraum.catalog.export.DatasetFile;
import de.freiraum.catalog.web.FrozenFiles.Frozen;
import de.freiraum.web.HttpDates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
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
    private final Vertx vertx;
    private final FrozenFiles frozen;

    FileSender(Vertx vertx, FrozenFiles frozen) {
        this.vertx = vertx;
        this.frozen = frozen;
    }

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
        boolean gzip = Requests.takesGzip(context.request());
        // Weak: two readers of one version can meet a change at different places of the file.
        String etag = "W/\"" + head.version() + (gzip ? "-gzip\"" : "\"");
        if (describe(context, head, etag, head.modified(), gzip)) {
            return;
        }
        if (context.request().method().equals(HttpMethod.HEAD)) {
            context.response().end();
            return;
        }
        stream(context, head.name(), file.get(), gzip ? new Gzip() : null);
    }

    /**
     * Sends a file that is frozen, or the part of it that is asked for; as it is being made if it cannot be kept.
     *
     * @param head whose version and time are those of a file that is not kept
     */
    void sendFrozen(RoutingContext context, Head head, Supplier<DatasetFile> file) {
        if (sending.incrementAndGet() > AT_ONCE) {
            sending.decrementAndGet();
            refuseMore(context);
            return;
        }
        frozen.get(head.name(), file).onComplete(kept -> {
            sending.decrementAndGet();
            if (kept.failed()) {
                LOG.warn("{} cannot be kept: {}", head.name(), String.valueOf(kept.cause()));
                send(context, head, file);
            } else {
                send(context, head, kept.result());
            }
        });
    }

    private void send(RoutingContext context, Head head, Frozen kept) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        ByteRange range = ByteRange.parse(request.getHeader("Range"), kept.length());
        boolean gzip = range == null && Requests.takesGzip(request);
        String etag = '"' + kept.sha256() + (gzip ? "-gzip\"" : "\"");
        response.putHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        if (describe(context, head, etag, kept.since(), gzip)) {
            return;
        }
        if (!Conditions.takesPart(request, etag, HttpDates.format(kept.since()))) {
            range = null;
        }
        if (gzip) {
            compress(context, head, kept);
            return;
        }
        long offset = 0;
        long length = kept.length();
        if (range != null && !request.method().equals(HttpMethod.HEAD)) {
            if (range.length() == 0) {
                response.putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + kept.length());
                Requests.refuse(context, 416, "Range Not Satisfiable", "the file has " + kept.length() + " bytes");
                return;
            }
            offset = range.offset();
            length = range.length();
            response.setStatusCode(206)
                    .putHeader(
                            HttpHeaders.CONTENT_RANGE,
                            "bytes " + offset + '-' + (offset + length - 1) + '/' + kept.length());
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length))
                    .end();
            return;
        }
        response.sendFile(kept.path(), offset, length)
                .onFailure(failed -> request.connection().close());
    }

    private void compress(RoutingContext context, Head head, Frozen kept) {
        if (context.request().method().equals(HttpMethod.HEAD)) {
            context.response().end();
            return;
        }
        vertx.fileSystem()
                .open(kept.path(), new OpenOptions().setCreate(false).setWrite(false))
                .onFailure(failed -> Requests.unavailable(context))
                .onSuccess(opened -> stream(context, head.name(), new KeptFile(opened, kept.length()), new Gzip())
                        .onComplete(sent -> opened.close()));
    }

    /** Reads a kept file part by part. */
    private static final class KeptFile implements DatasetFile {
        private final AsyncFile file;
        private final long length;
        private long read;

        KeptFile(AsyncFile file, long length) {
            this.file = file;
            this.length = length;
        }

        @Override
        public Future<Boolean> next(ByteArrayOutputStream out) {
            int size = (int) Math.min(FULL, length - read);
            return file.read(Buffer.buffer(size), 0, read, size).map(part -> {
                out.writeBytes(part.getBytes());
                read += size;
                return read < length;
            });
        }
    }

    private static void refuseMore(RoutingContext context) {
        context.response().headers().clear();
        context.response().putHeader(HttpHeaders.RETRY_AFTER, "30");
        Requests.refuse(context, 503, "Service Unavailable", "too many files are being sent; try again later");
    }

    /** Says what is common to all answers. @return whether that was all, by the request's conditions */
    private static boolean describe(RoutingContext context, Head head, String etag, Instant modified, boolean gzip) {
        HttpServerResponse response = context.response();
        String lastModified = HttpDates.format(modified);
        response.putHeader(HttpHeaders.ETAG, etag)
                .putHeader(HttpHeaders.LAST_MODIFIED, lastModified)
                .putHeader(HttpHeaders.CACHE_CONTROL, head.cacheControl())
                .putHeader(HttpHeaders.VARY, "Accept-Encoding")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (Conditions.answered(context, etag, lastModified)) {
            return true;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, head.type())
                .putHeader("Content-Disposition", "inline; filename=\"" + head.name() + '"');
        if (gzip) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        return false;
    }

    private Future<Void> stream(RoutingContext context, String name, DatasetFile file, @Nullable Gzip gzip) {
        HttpServerResponse response = context.response();
        if (sending.incrementAndGet() > AT_ONCE) {
            sending.decrementAndGet();
            refuseMore(context);
            return Future.succeededFuture();
        }
        response.setChunked(true);
        return stream(response, file, gzip).onComplete(done -> {
            sending.decrementAndGet();
            if (done.failed()) {
                if (!(done.cause() instanceof ClientGone)) {
                    LOG.warn("{} is sent in part only: {}", name, String.valueOf(done.cause()));
                }
                // The client must not take the part for the whole.
                context.request().connection().close();
            }
        });
    }

    private static Future<Void> stream(HttpServerResponse response, DatasetFile file, @Nullable Gzip gzip) {
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        return Loop.whileTrue(() -> file.next(part).compose(more -> {
                    if (response.closed()) {
                        return Future.failedFuture(new ClientGone());
                    }
                    if (more && part.size() < FULL) {
                        return Future.succeededFuture(true);
                    }
                    byte[] bytes = gzip == null ? part.toByteArray() : gzip.compress(part, !more);
                    part.reset();
                    return bytes.length == 0
                            ? Future.succeededFuture(more)
                            : response.write(Buffer.buffer(bytes))
                                    .map(more)
                                    .recover(closed -> Future.failedFuture(new ClientGone()));
                }))
                .compose(all -> response.end().recover(closed -> Future.failedFuture(new ClientGone())));
    }

    /** Why a file ends that nobody reads any more. */
    private static final class ClientGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClientGone() {
            super("the client is gone", null, false, false);
        }
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
}
