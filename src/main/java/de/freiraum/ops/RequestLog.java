package de.freiraum.ops;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
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

    /** The first handler of the router: lets the request pass and notes its end. */
    public void handle(RoutingContext context) {
        long start = System.nanoTime();
        context.addEndHandler(ended -> end(context, System.nanoTime() - start));
        context.next();
    }

    private void end(RoutingContext context, long nanos) {
        HttpServerRequest request = context.request();
        int status = context.response().getStatusCode();
        Timer[] ofMethod = timers.computeIfAbsent(label(request.method()), this::timersOf);
        ofMethod[Math.min(5, Math.max(1, status / 100)) - 1].record(nanos, TimeUnit.NANOSECONDS);
        if (level == Level.ALL || (level == Level.ERRORS && status >= 500)) {
            LOG.info(
                    "method={} path={} status={} bytes={} ms={}",
                    request.method().name(),
                    shortened(request.path()),
                    status,
                    context.response().bytesWritten(),
                    nanos / 1_000_000);
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
