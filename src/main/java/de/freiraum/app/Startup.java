package de.freiraum.app;

import de.freiraum.ingest.config.IngestConfig;
import io.vertx.core.Future;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a server from a thread that may wait, and stops it when the process is asked to end. */
final class Startup {
    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

    /** The time of day, to the microsecond: a DateTime has at most six digits behind the point (clause 4.6.3). */
    private static final InstantSource CLOCK = Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));

    private Startup() {}

    /** The time of day. */
    static Instant now() {
        return CLOCK.instant();
    }

    /** A running server. */
    static Freiraum start(AppConfig config, IngestConfig ingest) throws Exception {
        return start(config, ingest, null);
    }

    /** The same with sources that can be taken anew from these files. */
    static Freiraum start(AppConfig config, IngestConfig ingest, @Nullable SourceFiles files) throws Exception {
        return waitFor(Freiraum.start(config, ingest, files, CLOCK), Duration.ofMinutes(10));
    }

    /** Waits until the process is asked to end; the server is stopped in order before it does. */
    static void runUntilAsked(Freiraum server, AppConfig config, Runnable afterwards) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        Thread stopping = new Thread(
                () -> {
                    try {
                        waitFor(server.stop(), config.stopWithin().plusSeconds(5));
                        LOG.info("stopped");
                    } catch (Exception failure) {
                        LOG.warn("the server did not stop in order: {}", explain(failure));
                    }
                    afterwards.run();
                    asked.countDown();
                },
                "freiraum-stop");
        Runtime.getRuntime().addShutdownHook(stopping);
        asked.await();
    }

    /** The result of a future, or its failure. Only for threads that may wait. */
    static <T> T waitFor(Future<T> future, Duration bound) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        } catch (TimeoutException late) {
            throw new TimeoutException("not done within " + bound.toSeconds() + " s");
        }
    }

    /** A failure in a sentence for operators. */
    static String explain(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        if (cause instanceof BindException) {
            return "a port cannot be opened: " + cause.getMessage()
                    + "; choose others with --http-port and --mqtt-port (0: any free one)";
        }
        String outer = failure.getMessage();
        String message = outer == null ? cause.getMessage() : outer;
        return message == null ? failure.toString() : message;
    }
}
