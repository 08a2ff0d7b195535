package de.freiraum.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Where notifications go: counts them. */
final class Sink implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    private final AtomicLong received = new AtomicLong();
    private volatile byte[] last = new byte[0];
    private final int port;

    Sink(int port) throws TimeoutException {
        this.port = port;
        vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    last = body.getBytes();
                    received.incrementAndGet();
                    request.response().end();
                }))
                .listen(port, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
    }

    String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    long received() {
        return received.get();
    }

    /** The body of the last notification. */
    byte[] last() {
        return last;
    }

    /** Waits for so many in all. @return how many are missing when nothing has come for a minute */
    long await(long expected) throws InterruptedException {
        long seen = received.get();
        long since = System.nanoTime();
        while (received.get() < expected && System.nanoTime() - since < PATIENCE) {
            if (received.get() != seen) {
                seen = received.get();
                since = System.nanoTime();
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return Math.max(0, expected - received.get());
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }
}
