package de.freiraum.http;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

/** A context source that answers as it is told, whatever it is asked. */
final class HostileSource implements AutoCloseable {
    /** What came. */
    record Request(String method, String uri, MultiMap headers, String body) {}

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String body = "[]";
    private volatile String type = "";
    private volatile boolean hanging;

    HostileSource() {
        try {
            server = vertx.createHttpServer()
                    .requestHandler(this::handle)
                    .listen(0, "127.0.0.1")
                    .await(10, SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private void handle(HttpServerRequest request) {
        request.body().onSuccess(sent -> {
            requests.add(new Request(
                    request.method().name(),
                    request.uri(),
                    MultiMap.caseInsensitiveMultiMap().addAll(request.headers()),
                    sent.toString()));
            if (!hanging) {
                if (!type.isEmpty()) {
                    request.response().putHeader("Content-Type", type);
                }
                request.response()
                        .putHeader("NGSILD-Results-Count", "999999")
                        .setStatusCode(status)
                        .end(body);
            }
        });
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** Answers 200 with this body from now on; single quotes stand for double ones. */
    void answer(String text) {
        status = 200;
        body = text.replace('\'', '"');
    }

    /** Answers 206 from now on, with the body that it has. */
    void partially() {
        status = 206;
    }

    /** Calls its answers this from now on. */
    void contentType(String other) {
        type = other;
    }

    /** Answers this status without a body from now on. */
    void status(int other) {
        status = other;
        body = "";
    }

    /** Does not answer from now on. */
    void hang() {
        hanging = true;
    }

    List<Request> requests() {
        return requests;
    }

    @Override
    public void close() {
        try {
            vertx.close().await(10, SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
