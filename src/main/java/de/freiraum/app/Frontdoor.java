package de.freiraum.app;

import de.freiraum.http.ApiRouter;
import de.freiraum.ops.RequestLog;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP listeners, one on each of several event loops, all of one port. They listen before the server is ready, so that probes get an answer;
 * what a request meets is set later.
 */
final class Frontdoor {
    /** What is sent is what it says it is; nothing that somebody stored is taken for a script or a page. */
    private static final CharSequence NO_SNIFFING = HttpHeaders.createOptimized("X-Content-Type-Options");

    /** For a year browsers come by HTTPS alone (RFC 6797). */
    private static final CharSequence ONLY_TLS = HttpHeaders.createOptimized("Strict-Transport-Security");

    private final RequestLog log;
    private final @Nullable Turnstile turnstile;
    private final Credentials credentials;
    private final @Nullable Auditor auditor;
    private final Shedding shedding;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private volatile Handler<HttpServerRequest> pages;
    private volatile @Nullable ApiRouter api;

    /**
     * A closed door.
     *
     * @param turnstile lets clients in only so often, if there is one
     * @param credentials may have to get ready for a request
     * @param auditor notes requests, if there is one
     * @param shedding turns requests away when there is too much
     * @param starting answers until the server is ready
     */
    Frontdoor(
            RequestLog log,
            Optional<Turnstile> turnstile,
            Credentials credentials,
            Optional<Auditor> auditor,
            Shedding shedding,
            Handler<HttpServerRequest> starting) {
        this.log = log;
        this.turnstile = turnstile.orElse(null);
        this.credentials = credentials;
        this.auditor = auditor.orElse(null);
        this.shedding = shedding;
        this.pages = starting;
    }

    /**
     * Listens.
     *
     * @param certificate for HTTPS, or null for HTTP
     * @return the port
     */
    Future<Integer> open(Vertx vertx, String host, int port, int loops, @Nullable ServerSSLOptions certificate) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setReuseAddress(true)
                .setTcpNoDelay(true)
                .setIdleTimeout(120)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHandle100ContinueAutomatically(true)
                .setMaxHeaderSize(32 * 1024)
                .setMaxInitialLineLength(32 * 1024);
        if (certificate != null) {
            options.setSsl(true).setKeyCertOptions(certificate.getKeyCertOptions());
        }
        // Several listeners would each get a free port of their own.
        int instances = port == 0 ? 1 : loops;
        return vertx.deployVerticle(() -> new Listener(options), new DeploymentOptions().setInstances(instances))
                .map(id -> servers.get(0).actualPort());
    }

    /** From now on new connections see this certificate; fails, with nothing changed, if it cannot be used. */
    Future<Void> use(ServerSSLOptions certificate) {
        return Future.all(servers.stream()
                        .map(server -> server.updateSSLOptions(certificate.copy()))
                        .toList())
                .mapEmpty();
    }

    /** From now on requests meet these. */
    void serve(ApiRouter router, Handler<HttpServerRequest> others) {
        api = router;
        pages = others;
    }

    /** Accepts no more connections, lets requests under way end, and closes. */
    Future<Void> close(long millis) {
        return Future.join(servers.stream()
                        .map(server -> server.shutdown(millis, TimeUnit.MILLISECONDS))
                        .toList())
                .mapEmpty();
    }

    private void handle(HttpServerRequest request) {
        String path = Objects.requireNonNullElse(request.path(), "");
        request.response().headers().set(NO_SNIFFING, "nosniff");
        if (request.isSSL()) {
            request.response().headers().set(ONLY_TLS, "max-age=31536000");
        }
        Auditor watching = auditor;
        if (watching == null) {
            log.watch(request, path);
        } else {
            log.watch(request, path, () -> watching.note(request, path, this::onlyReads));
        }
        Future<Void> prepared = credentials.prepare(request);
        if (prepared == null) {
            pass(request, path);
        } else {
            request.pause();
            prepared.onComplete(done -> {
                request.resume();
                pass(request, path);
            });
        }
    }

    private boolean onlyReads(HttpServerRequest request) {
        ApiRouter router = api;
        return router != null && router.onlyReads(request);
    }

    private void pass(HttpServerRequest request, String path) {
        ApiRouter router = api;
        if (!shedding.letsIn(request, path)) {
            return;
        }
        if (turnstile != null && !turnstile.letsIn(request, path)) {
            return;
        }
        // The interface has a router of its own; it need not pass the one of the pages.
        if (router != null && path.startsWith("/ngsi-ld/")) {
            router.handle(request);
        } else {
            pages.handle(request);
        }
    }

    private final class Listener extends VerticleBase {
        private final HttpServerOptions options;

        Listener(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options).requestHandler(Frontdoor.this::handle);
            return server.listen().onSuccess(servers::add);
        }
    }
}
