package de.freiraum.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the certificate of the server and its key, and reads them again when a file has changed. */
final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Path certificate;
    private final Path key;
    private volatile @Nullable PemKeyCertOptions current;

    CertificateWatch(Vertx vertx, Path certificate, Path key) {
        this.vertx = vertx;
        this.certificate = certificate;
        this.key = key;
    }

    /** What the files hold. */
    Future<PemKeyCertOptions> read() {
        return vertx.executeBlocking(this::load).onSuccess(loaded -> current = loaded);
    }

    /**
     * Tells of changes from now on. A pair that does not fit, as while only one of the files is written, is left until it does.
     *
     * @param take uses the new pair; fails if it cannot be used
     */
    void watch(Function<PemKeyCertOptions, Future<Void>> take) {
        vertx.setPeriodic(LOOK.toMillis(), tick -> vertx.executeBlocking(this::load)
                .compose(loaded -> {
                    if (loaded.equals(current)) {
                        return Future.succeededFuture();
                    }
                    return take.apply(loaded).onSuccess(taken -> {
                        current = loaded;
                        LOG.info("the certificate in {} is in use", certificate);
                    });
                })
                .onFailure(e -> LOG.warn("the certificate stays as it was: {}", e.toString())));
    }

    private PemKeyCertOptions load() throws IOException {
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
                .addKeyValue(Buffer.buffer(Files.readAllBytes(key)));
    }
}
