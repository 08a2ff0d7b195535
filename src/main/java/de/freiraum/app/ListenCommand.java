package de.freiraum.app;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A receiver of notifications that shows them. */
@Command(
        name = "listen",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Receives notifications on loopback and prints them; for trying subscriptions out.")
final class ListenCommand implements Callable<Integer> {
    private static final int MAX_BYTES = 4 << 20;

    @Option(names = "--port", paramLabel = "PORT", description = "Where to listen; 0: any free port. Default: 9090.")
    private int port = 9090;

    @Option(names = "--count", paramLabel = "N", description = "End after this many notifications. Default: never.")
    private int count;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch enough = new CountDownLatch(count > 0 ? count : Integer.MAX_VALUE);
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer server = Startup.waitFor(
                    vertx.createHttpServer(
                                    new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                            .requestHandler(request -> take(request, out, enough))
                            .listen(),
                    Duration.ofSeconds(10));
            out.println("Listening for notifications at http://localhost:" + server.actualPort() + "/notify");
            out.flush();
            enough.await();
        } finally {
            Startup.waitFor(vertx.close(), Duration.ofSeconds(10));
        }
        return 0;
    }

    private static void take(HttpServerRequest request, PrintWriter out, CountDownLatch enough) {
        String length = request.getHeader("Content-Length");
        if (length != null && length.length() > 7) {
            request.response()
                    .setStatusCode(413)
                    .putHeader("Connection", "close")
                    .end();
            return;
        }
        request.body().onSuccess(body -> {
            request.response().setStatusCode(204).end();
            show(request, body, out);
            enough.countDown();
        });
    }

    private static void show(HttpServerRequest request, Buffer body, PrintWriter out) {
        StringBuilder text = new StringBuilder("\n")
                .append(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS))
                .append(' ');
        try {
            if (JsonReader.read(body.getBytes(), MAX_BYTES) instanceof Value.Obj notification
                    && notification.get("data") instanceof Value.Array data) {
                text.append("notification of ").append(plain(notification.get("subscriptionId")));
                String tenant = request.getHeader("NGSILD-Tenant");
                text.append(tenant == null ? "" : ", tenant " + tenant);
                data.items().forEach(entity -> text.append("\n  ").append(JsonWriter.text(entity)));
            } else {
                text.append(request.method()).append(' ').append(body);
            }
        } catch (NgsiLdException notJson) {
            text.append(request.method()).append(": ").append(notJson.detail());
        }
        out.println(text);
        out.flush();
    }

    private static String plain(@org.jspecify.annotations.Nullable Value value) {
        return value instanceof Value.Text text ? text.text() : "an unnamed subscription";
    }
}
