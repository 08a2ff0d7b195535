package de.freiraum.app;

import de.freiraum.app.operations.Control;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;

/** One request of the command line to a running server. */
final class ServerCall {
    private ServerCall() {}

    /** What a server answers. */
    record Answer(int status, Buffer body) {}

    /**
     * Sends a request and waits for its answer.
     *
     * @param server where it is, and the key to use unless that is empty
     * @param local whether the address is that of the control file, whose writer need not prove itself: the certificate is for another name
     * @param target path and query
     * @param body JSON, or empty
     * @throws java.net.ConnectException if nobody listens there
     */
    static Answer send(Control server, boolean local, HttpMethod method, String target, byte[] body, Duration patience)
            throws Exception {
        URI url = server.url();
        boolean tls = "https".equals(url.getScheme());
        int standard = tls ? 443 : 80;
        int port = url.getPort() < 0 ? standard : url.getPort();
        Vertx vertx = Vertx.vertx();
        try {
            HttpClient client = vertx.createHttpClient(
                    new HttpClientOptions().setSsl(tls).setTrustAll(local).setVerifyHost(!local));
            RequestOptions request = new RequestOptions()
                    .setMethod(method)
                    .setHost(url.getHost())
                    .setPort(port)
                    .setURI(target);
            if (!server.token().isEmpty()) {
                request.putHeader("X-API-Key", server.token());
            }
            if (body.length > 0) {
                request.putHeader("Content-Type", "application/json");
            }
            return Startup.waitFor(
                    client.request(request)
                            .compose(open -> open.send(Buffer.buffer(body)))
                            .compose(response -> response.body().map(text -> new Answer(response.statusCode(), text))),
                    patience);
        } finally {
            Startup.waitFor(vertx.close(), patience);
        }
    }
}
