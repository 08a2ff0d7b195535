package de.freiraum.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the certificate of the server, its key and the authorities of its clients, and reads them again when a file has changed. */
final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Path certificate;
    private final Path key;
    private final @Nullable Path trust;
    private final ClientAuth clients;
    private volatile @Nullable Pem current;

    /** What the files hold. */
    private record Pem(
            Buffer certificate, Buffer key, @Nullable Buffer trust) {
        ServerSSLOptions options(ClientAuth clients) {
            ServerSSLOptions options = new ServerSSLOptions()
                    .setKeyCertOptions(
                            new PemKeyCertOptions().addCertValue(certificate).addKeyValue(key));
            if (trust != null) {
                options.setTrustOptions(new PemTrustOptions().addCertValue(trust))
                        .setClientAuth(clients);
            }
            return options;
        }
    }

    CertificateWatch(Vertx vertx, Path certificate, Path key) {
        this(vertx, certificate, key, null, ClientAuth.NONE);
    }

    /**
     * With client certificates.
     *
     * @param trust certificates of the authorities that vouch for clients, or null
     * @param clients whether they need a certificate
     */
    CertificateWatch(Vertx vertx, Path certificate, Path key, @Nullable Path trust, ClientAuth clients) {
        this.vertx = vertx;
        this.certificate = certificate;
        this.key = key;
        this.trust = trust;
        this.clients = clients;
    }

    /** What the files hold. */
    Future<ServerSSLOptions> read() {
        return vertx.executeBlocking(this::load)
                .onSuccess(loaded -> current = loaded)
                .map(loaded -> loaded.options(clients));
    }

    /**
     * Tells of changes from now on. A pair that does not fit, as while only one of the files is written, is left until it does.
     *
     * @param take uses the new pair; fails if it cannot be used
     */
    void watch(Function<ServerSSLOptions, Future<Void>> take) {
        vertx.setPeriodic(LOOK.toMillis(), tick -> vertx.executeBlocking(this::load)
                .compose(loaded -> {
                    if (loaded.equals(current)) {
                        return Future.succeededFuture();
                    }
                    return take.apply(loaded.options(clients)).onSuccess(taken -> {
                        current = loaded;
                        LOG.info("the certificate in {} is in use", certificate);
                    });
                })
                .onFailure(e -> LOG.warn("the certificate stays as it was: {}", e.toString())));
    }

    private Pem load() throws IOException {
        return new Pem(buffer(certificate), buffer(key), trust == null ? null : buffer(trust));
    }

    private static Buffer buffer(Path file) throws IOException {
        return Buffer.buffer(Files.readAllBytes(file));
    }
}
