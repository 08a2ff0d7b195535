package de.freiraum.notify;

import static java.util.concurrent.TimeUnit.SECONDS;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that takes notifications. The path says how it answers: {@code /ok}, {@code /fail}, {@code /accepted}, {@code /hang}. */
final class Receiver {
    /** What came. */
    record Received(String path, MultiMap headers, Value.Obj body) {
        /** The entities. */
        List<Value> data() {
            return ((Value.Array) java.util.Objects.requireNonNull(body.get("data"))).items();
        }

        /** The one entity. */
        Value.Obj entity() {
            if (data().size() != 1) {
                throw new AssertionError("not one entity but " + data());
            }
            return (Value.Obj) data().get(0);
        }
    }

    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile boolean out;

    Receiver(Vertx vertx) throws Exception {
        server = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .await(10, SECONDS);
    }

    private void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            if (out) {
                request.response().setStatusCode(503).end();
                return;
            }
            received.add(new Received(
                    request.path(), MultiMap.caseInsensitiveMultiMap().addAll(request.headers()), (Value.Obj)
                            JsonReader.read(body.getBytes())));
            switch (request.path()) {
                case "/fail" -> request.response().setStatusCode(500).end();
                case "/accepted" -> request.response().setStatusCode(202).end();
                case "/hang" -> {}
                default -> request.response().end();
            }
        });
    }

    /** While out of order it answers 503 and forgets what came. */
    void outOfOrder(boolean now) {
        out = now;
    }

    String uri(String path) {
        return "http://127.0.0.1:" + server.actualPort() + path;
    }

    List<Received> received() {
        return received;
    }

    List<Received> received(String path) {
        return received.stream().filter(r -> r.path().equals(path)).toList();
    }
}
