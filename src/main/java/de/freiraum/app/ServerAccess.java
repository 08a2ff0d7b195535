package de.freiraum.app;

import de.freiraum.app.operations.Control;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of commands that talk to a running server: on the same machine by its control file, elsewhere by address and key. */
final class ServerAccess {
    private static final Logger LOG = LoggerFactory.getLogger(ServerAccess.class);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The server. Default: the one that runs with the data directory, else the one on the HTTP port.")
    @Nullable
    private String url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "An API key with the right to administer, or env:NAME. Not needed on the server's machine.")
    @Nullable
    private String key;

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    /** A server's answer. */
    record Answer(int status, Buffer body) {}

    /** A server that can be spoken to. For threads that may wait. */
    static final class Connection implements AutoCloseable {
        private final Vertx vertx = Vertx.vertx();
        private final HttpClient client;
        private final URI url;
        private final @Nullable String key;

        private Connection(URI url, @Nullable String key, boolean known) {
            boolean tls = "https".equals(url.getScheme());
            this.url = url;
            this.key = key;
            // Whoever wrote the control file is the one; the certificate is for another name.
            this.client = vertx.createHttpClient(
                    new HttpClientOptions().setSsl(tls).setTrustAll(known).setVerifyHost(!known));
        }

        /** Sends a request; fails with an IOException that names the server if it is not there. */
        Answer post(String path, byte[] json) throws Exception {
            RequestOptions request = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setHost(url.getHost())
                    .setPort(url.getPort() > 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80)
                    .setURI(withoutSlash(url.getRawPath()) + path)
                    .putHeader("Content-Type", "application/json");
            if (key != null) {
                request.putHeader("X-API-Key", key);
            }
            try {
                return Startup.waitFor(
                        client.request(request)
                                .compose(open -> open.send(Buffer.buffer(json)))
                                .compose(response ->
                                        response.body().map(body -> new Answer(response.statusCode(), body))),
                        PATIENCE);
            } catch (ConnectException nobody) {
                throw new IOException("there is no server at " + url + "; name it by --url or --data-dir", nobody);
            }
        }

        private static String withoutSlash(@Nullable String path) {
            return path == null ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        }

        @Override
        public void close() {
            vertx.close().onFailure(e -> LOG.debug("the client did not end in order", e));
        }
    }

    /** Finds the server. */
    Connection connect() throws IOException {
        String given = key != null && key.startsWith("env:") ? System.getenv(key.substring("env:".length())) : key;
        if (url != null) {
            return new Connection(address(url), given, false);
        }
        AppConfig config = options.load(System.getenv());
        Optional<Control> control = Control.read(config.dataDir());
        if (control.isPresent()) {
            return new Connection(
                    control.get().url(), given == null ? control.get().token() : given, true);
        }
        String scheme = config.http().tls().certificate().isPresent() ? "https" : "http";
        return new Connection(address(scheme + "://localhost:" + config.http().port()), given, false);
    }

    private static URI address(String text) throws IOException {
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("--url must be http://host:port or https://host:port", e);
        }
        throw new IOException("--url must be http://host:port or https://host:port");
    }
}
