package de.freiraum.egress;

import de.freiraum.egress.EgressException.Reason;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The guarded HTTP client. One per process. */
public final class Egress {
    private static final Set<String> OWN_HEADERS =
            Set.of("host", "content-length", "connection", "transfer-encoding", "upgrade", "keep-alive", "te");

    /** What another host may see that a redirect leads to: no credentials, whatever header they are in. */
    private static final Set<String> FOR_EVERYBODY =
            Set.of("accept", "accept-language", "content-type", "link", "user-agent");

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Vertx vertx;
    private final EgressSettings settings;
    private final HttpClient client;

    /** Opens the client. */
    public Egress(Vertx vertx, EgressSettings settings) {
        this(vertx, settings, new HttpClientOptions());
    }

    /** A client with other certificates to trust, for tests. */
    Egress(Vertx vertx, EgressSettings settings, HttpClientOptions options) {
        this.vertx = vertx;
        this.settings = settings;
        this.client = vertx.httpClientBuilder()
                .with(options.setConnectTimeout((int) settings.connectTimeout().toMillis())
                        .setKeepAliveTimeout(15)
                        .setDecompressionSupported(false)
                        .setMaxRedirects(0))
                .with(new PoolOptions()
                        .setHttp1MaxSize(settings.connectionsPerDestination())
                        .setMaxWaitQueueSize(settings.waitingPerDestination()))
                .build();
    }

    /**
     * Checks all of a URI that can be checked without asking the name service.
     *
     * @throws EgressException INVALID_URI or FORBIDDEN_ADDRESS
     */
    public void check(URI uri) {
        check(uri, Set.of("http", "https"));
    }

    /** The same for the given schemes, in lower case. */
    public void check(URI uri, Set<String> schemes) {
        String scheme = uri.getScheme();
        if (scheme == null || !schemes.contains(scheme.toLowerCase(Locale.ROOT))) {
            throw new EgressException(
                    Reason.INVALID_URI, "the URI must begin with one of " + String.join(", ", schemes) + " and ://");
        }
        String host = uri.getHost();
        if (host == null || host.isEmpty() || uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new EgressException(
                    Reason.INVALID_URI, "the URI must name a host and, if any, a port from 1 to 65535");
        }
        if (uri.getUserInfo() != null && scheme.toLowerCase(Locale.ROOT).startsWith("http")) {
            throw new EgressException(
                    Reason.INVALID_URI,
                    "the URI must not hold user and password; send them in an Authorization header");
        }
        InetAddress literal = literal(bare(host));
        if (literal != null && !settings.addresses().allows(literal)) {
            throw forbidden(host);
        }
    }

    /**
     * Resolves a host name or address literal and applies the address rules.
     *
     * @return an allowed address to connect to; fails with an {@link EgressException}
     */
    public Future<InetAddress> resolve(String host) {
        String name = bare(host);
        InetAddress literal = literal(name);
        Future<List<InetAddress>> addresses = literal != null
                ? Future.succeededFuture(List.of(literal))
                : ((VertxInternal) vertx).nameResolver().resolveAll(name).map(all -> all.stream()
                        .map(InetSocketAddress::getAddress)
                        .toList());
        return addresses
                .recover(e ->
                        Future.failedFuture(new EgressException(Reason.UNRESOLVED, shown(host) + " has no address")))
                .compose(all -> {
                    for (InetAddress address : all) {
                        if (settings.addresses().allows(address)) {
                            return Future.succeededFuture(address);
                        }
                    }
                    return Future.failedFuture(
                            all.isEmpty()
                                    ? new EgressException(Reason.UNRESOLVED, shown(host) + " has no address")
                                    : forbidden(host));
                });
    }

    /**
     * Sends a request.
     *
     * @return the answer, of whatever status, on the caller's context; fails with an {@link EgressException} only
     */
    public Future<EgressResponse> request(EgressRequest request) {
        return attempt(request, request.uri(), request.headers(), request.maxRedirects(), deadline(request.timeout()));
    }

    /** Closes all connections. */
    public Future<Void> close() {
        return client.close();
    }

    private Future<EgressResponse> attempt(
            EgressRequest request, URI uri, MultiMap headers, int redirectsLeft, long deadline) {
        try {
            check(uri);
        } catch (EgressException e) {
            return Future.failedFuture(e);
        }
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            return Future.failedFuture(timedOut(uri, request.timeout()));
        }
        return exchange(request, uri, headers, left).compose(response -> {
            if (request.maxRedirects() == 0
                    || !REDIRECTS.contains(response.status())
                    || !(request.method().equals(HttpMethod.GET)
                            || request.method().equals(HttpMethod.HEAD))) {
                return Future.succeededFuture(response);
            }
            String location = response.headers().get("Location");
            if (redirectsLeft == 0 || location == null) {
                return Future.failedFuture(new EgressException(
                        Reason.REDIRECTED,
                        shown(uri.getHost()) + " redirects more than " + request.maxRedirects()
                                + " times or to nowhere"));
            }
            URI target;
            try {
                target = uri.resolve(location);
            } catch (IllegalArgumentException e) {
                return Future.failedFuture(
                        new EgressException(Reason.REDIRECTED, shown(uri.getHost()) + " redirects to no valid URI"));
            }
            return attempt(request, target, forRedirect(uri, target, headers), redirectsLeft - 1, deadline);
        });
    }

    private Future<EgressResponse> exchange(EgressRequest request, URI uri, MultiMap headers, long millis) {
        Promise<EgressResponse> promise = Promise.promise();
        AtomicReference<@Nullable HttpClientRequest> sent = new AtomicReference<>();
        long timer = vertx.setTimer(millis, id -> {
            if (promise.tryFail(timedOut(uri, request.timeout()))) {
                HttpClientRequest pending = sent.get();
                if (pending != null) {
                    pending.reset();
                }
            }
        });
        // The exchange hangs on the future of the request, which completes on the connection's event loop: handlers are
        // set in the turn in
        // which the answer's head comes, whichever thread calls, and no part of the body is missed.
        resolve(uri.getHost())
                .compose(address -> client.request(options(request.method(), uri, headers, address, millis))
                        .compose(open -> {
                            sent.set(open);
                            if (promise.future().isComplete()) {
                                open.reset();
                                return Future.failedFuture(timedOut(uri, request.timeout()));
                            }
                            Future<HttpClientResponse> response =
                                    request.body() == null ? open.send() : open.send(request.body());
                            return response.compose(r -> body(open, r, request, uri));
                        }))
                .onComplete(promise::tryComplete, e -> promise.tryFail(failure(e, uri, request.timeout())));
        return promise.future().andThen(done -> vertx.cancelTimer(timer));
    }

    private static Future<EgressResponse> body(
            HttpClientRequest open, HttpClientResponse response, EgressRequest request, URI uri) {
        Promise<EgressResponse> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(promise::tryFail);
        response.handler(part -> {
            if (promise.future().isComplete()) {
                return;
            }
            if (body.length() + part.length() > request.maxResponseBytes()) {
                promise.tryFail(new EgressException(
                        Reason.TOO_LARGE,
                        shown(uri.getHost()) + " answers with more than " + request.maxResponseBytes() + " bytes"));
                open.reset();
            } else {
                body.appendBuffer(part);
            }
        });
        response.endHandler(end -> promise.tryComplete(new EgressResponse(
                response.statusCode(), MultiMap.caseInsensitiveMultiMap().addAll(response.headers()), body, uri)));
        return promise.future();
    }

    private static RequestOptions options(
            HttpMethod method, URI uri, MultiMap headers, InetAddress address, long millis) {
        boolean tls = uri.getScheme().equalsIgnoreCase("https");
        int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        MultiMap allowed = MultiMap.caseInsensitiveMultiMap();
        headers.forEach(h -> {
            if (!OWN_HEADERS.contains(h.getKey().toLowerCase(Locale.ROOT))) {
                allowed.add(h.getKey(), h.getValue());
            }
        });
        // The server is the address that was checked; the host stays the name, for the Host header and the certificate.
        return new RequestOptions()
                .setMethod(method)
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, port)))
                .setHost(bare(uri.getHost()))
                .setPort(port)
                .setSsl(tls)
                .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
                .setHeaders(allowed)
                .setFollowRedirects(false)
                .setConnectTimeout(millis)
                .setIdleTimeout(millis);
    }

    private static MultiMap forRedirect(URI from, URI to, MultiMap headers) {
        boolean same = from.getScheme().equalsIgnoreCase(to.getScheme() == null ? "" : to.getScheme())
                && from.getHost().equalsIgnoreCase(to.getHost() == null ? "" : to.getHost())
                && from.getPort() == to.getPort();
        if (same) {
            return headers;
        }
        MultiMap harmless = MultiMap.caseInsensitiveMultiMap();
        headers.forEach(h -> {
            if (FOR_EVERYBODY.contains(h.getKey().toLowerCase(Locale.ROOT))) {
                harmless.add(h.getKey(), h.getValue());
            }
        });
        return harmless;
    }

    private static EgressException failure(Throwable cause, URI uri, Duration timeout) {
        if (cause instanceof EgressException e) {
            return e;
        }
        if (cause instanceof ConnectionPoolTooBusyException) {
            return new EgressException(Reason.BUSY, "too many requests wait for " + shown(uri.getHost()));
        }
        if (cause instanceof TimeoutException) {
            return timedOut(uri, timeout);
        }
        return new EgressException(
                Reason.UNREACHABLE,
                shown(uri.getHost()) + " cannot be reached: " + cause.getClass().getSimpleName());
    }

    private static EgressException timedOut(URI uri, Duration timeout) {
        return new EgressException(
                Reason.TIMEOUT, shown(uri.getHost()) + " gives no answer within " + timeout.toMillis() + " ms");
    }

    private static EgressException forbidden(String host) {
        return new EgressException(
                Reason.FORBIDDEN_ADDRESS,
                "the address of " + shown(host) + " is not public, and private addresses are not allowed");
    }

    private static long deadline(Duration timeout) {
        return System.nanoTime() + timeout.toNanos();
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static String shown(String host) {
        return host.length() > 100 ? host.substring(0, 100) + "…" : host;
    }

    private static @Nullable InetAddress literal(String host) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        if (bytes == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
