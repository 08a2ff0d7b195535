package de.freiraum.app;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.ErrorType;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/**
 * Turns requests away before the memory is full: while more of the heap than a share of it was in use after the last collection. Probes, metrics and what operators
 * do get through.
 */
final class Shedding {
    private static final List<String> FREE = List.of("/health/", "/metrics", "/version", "/operations/");
    private static final long LOOK_MILLIS = 500;
    private static final String RETRY_AFTER = "5";

    private final double most;
    private final DoubleSupplier inUse;
    private final AtomicLong shed = new AtomicLong();
    private volatile boolean full;

    /** Sheds while more than this share of the heap is in use. */
    Shedding(double most) {
        this(most, Shedding::inUse);
    }

    /** The same, told by somebody else what share is in use. */
    Shedding(double most, DoubleSupplier inUse) {
        this.most = most;
        this.inUse = inUse;
    }

    void start(Vertx vertx) {
        vertx.setPeriodic(LOOK_MILLIS, tick -> full = inUse.getAsDouble() > most);
    }

    /** Requests turned away. */
    long shed() {
        return shed.get();
    }

    /** Why requests are turned away, if they are. */
    Optional<String> fault() {
        return full ? Optional.of("the memory is nearly full; requests are turned away") : Optional.empty();
    }

    /** Whether the request may go on; otherwise it has been answered. */
    boolean letsIn(HttpServerRequest request, String path) {
        if (!full || FREE.stream().anyMatch(path::startsWith)) {
            return true;
        }
        shed.incrementAndGet();
        request.response()
                .setStatusCode(ErrorType.Unavailable.status())
                .putHeader("Retry-After", RETRY_AFTER)
                .putHeader("Connection", "close")
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(new JsonWriter()
                        .beginObject()
                        .member("type", ErrorType.Unavailable.uri())
                        .member("title", ErrorType.Unavailable.title())
                        .member("status", ErrorType.Unavailable.status())
                        .member("detail", "the server's memory is nearly full; try again in " + RETRY_AFTER + " s")
                        .endObject()
                        .toBytes()));
        return false;
    }

    /** The share of the heap that was in use after the last collection of each pool, as far as pools tell. */
    private static double inUse() {
        long used = 0;
        long max = Runtime.getRuntime().maxMemory();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage after = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            used += after == null ? 0 : after.getUsed();
        }
        return max <= 0 ? 0 : (double) used / max;
    }
}
