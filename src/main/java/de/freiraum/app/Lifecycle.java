package de.freiraum.app;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started, to be stopped in the reverse order: first what accepts, then what works, then what keeps. Each part gets its share of time;
 * one that fails or hangs does not keep the others from ending.
 */
final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private record Part(String name, Supplier<Future<Void>> stop) {}

    private final Deque<Part> started = new ArrayDeque<>();
    private final Duration each;

    /** A lifecycle whose parts get this much time each. */
    Lifecycle(Duration each) {
        this.each = each;
    }

    /** Notes a part that now runs. */
    synchronized void started(String name, Supplier<Future<Void>> stop) {
        started.push(new Part(name, stop));
    }

    /** Stops everything. Always succeeds; calling it again does nothing more. */
    Future<Void> stop() {
        Part part;
        synchronized (this) {
            part = started.poll();
        }
        if (part == null) {
            return Future.succeededFuture();
        }
        Part last = part;
        return Future.succeededFuture()
                .compose(go -> last.stop().get())
                .timeout(each.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> {
                    LOG.warn("stopping {}: {}", last.name(), failure.toString());
                    return Future.succeededFuture();
                })
                .compose(done -> stop());
    }
}
