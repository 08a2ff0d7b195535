package de.freiraum.ops;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures every request and writes the access log. The log holds neither query parameters nor addresses of people, only what operation needs. */
public final class RequestLog {

    /** Which requests are written to the log. */
    public enum Level {
        /** None. */
        NONE,
        /** Those answered with 5xx. */
        ERRORS,
        /** Every one. */
        ALL
    }

    private static final Logger LOG = LoggerFactory.getLogger("access");
    private static final HttpMethod OTHER = HttpMethod.valueOf("OTHER");

    private final Level level;
    private final Metrics metrics;
    private final Map<HttpMethod, Timer[]> timers = new ConcurrentHashMap<>();

    /** A log that writes the requests of this level. */
    public RequestLog(Level level, Metrics metrics) {
        this.level = level;
        this.metrics = metrics;
    }

    /** Notes the end of a request that now begins. To be called before anything else looks at the request. */
    public void watch(HttpServerRequest request, String path) {
        watch(request, path, () -> {});
    }

    /** The same, telling somebody else of the end too. */
    public void watch(HttpServerRequest request, String path, Runnable atEnd) {
        long start = System.nanoTime();
        request.response().endHandler(ended -> {
            end(request, path, System.nanoTime() - start);
            atEnd.run();
        });
    }

    private void end(HttpServerRequest request, String path, long nanos) {
        int status = request.response().getStatusCode();
        Timer[] ofMethod = timers.computeIfAbsent(label(request.method()), this::timersOf);
        ofMethod[Math.min(5, Math.max(1, status / 100)) - 1].record(nanos, TimeUnit.NANOSECONDS);
        if (level == Level.ALL || (level == Level.ERRORS && status >= 500)) {
            LOG.info(
                    "method={} path={} status={} bytes={} ms={} request={}",
                    request.method().name(),
                    shortened(path),
                    status,
                    request.response().bytesWritten(),
                    nanos / 1_000_000,
                    request.response().headers().get("X-Request-ID"));
        }
    }

    private Timer[] timersOf(HttpMethod method) {
        Timer[] ofClass = new Timer[5];
        for (int i = 0; i < ofClass.length; i++) {
            ofClass[i] = metrics.timer(
                    "http.requests", "HTTP requests answered", "method", method.name(), "status", (i + 1) + "xx");
        }
        return ofClass;
    }

    /** A client can invent methods; each would be a label value. */
    private static HttpMethod label(HttpMethod method) {
        return HttpMethod.values().contains(method) ? method : OTHER;
    }

    private static String shortened(String path) {
        String one = path.replaceAll("\\p{Cntrl}", "?");
        return one.length() <= 200 ? one : one.substring(0, 200);
    }
}
