package de.freiraum.bench;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/** Publishes with QoS 1 over several connections, each keeping a window of unacknowledged messages full, for a time. */
final class MqttLoad {
    private static final int CONNECTIONS = 8;
    private static final int WINDOW = 32;

    private final int port;
    private final LongFunction<Buffer> message;
    private final String topic;
    private final List<Long> latencies = new ArrayList<>();
    private long sent;
    private long acknowledged;

    /**
     * A load to be run.
     *
     * @param port of the broker on loopback
     * @param topic to publish to
     * @param message makes the n-th message; called on one thread
     */
    MqttLoad(int port, String topic, LongFunction<Buffer> message) {
        this.port = port;
        this.topic = topic;
        this.message = message;
    }

    /** Runs for so many milliseconds and waits for the last acknowledgements. */
    Wrk.Result run(long millis) throws Exception {
        Vertx vertx = Vertx.vertx(new io.vertx.core.VertxOptions().setEventLoopPoolSize(1));
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        io.vertx.core.Context context = vertx.getOrCreateContext();
        io.vertx.core.Promise<Void> finished = io.vertx.core.Promise.promise();
        context.runOnContext(nothing -> {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(connection(vertx, end));
            }
            Future.all(all).<Void>mapEmpty().onComplete(finished);
        });
        finished.future().toCompletionStage().toCompletableFuture().get(millis + 60_000, TimeUnit.MILLISECONDS);
        long micros = (System.nanoTime() - start) / 1000;
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return new Wrk.Result(
                acknowledged,
                micros,
                sent - acknowledged,
                sorted.length == 0 ? 0 : sorted[sorted.length / 2],
                sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)]);
    }

    private Future<Void> connection(Vertx vertx, long end) {
        io.vertx.core.Promise<Void> finished = io.vertx.core.Promise.promise();
        MqttClient client = MqttClient.create(vertx, new MqttClientOptions().setMaxInflightQueue(WINDOW * 2));
        Map<Integer, Long> waiting = new HashMap<>();
        client.publishCompletionHandler(id -> {
            Long since = waiting.remove(id);
            if (since != null) {
                acknowledged++;
                latencies.add((System.nanoTime() - since) / 1000);
            }
            if (System.nanoTime() < end) {
                publish(client, waiting);
            } else if (waiting.isEmpty()) {
                finished.tryComplete();
            }
        });
        client.closeHandler(nothing -> finished.tryFail("the broker closed the connection"));
        return client.connect(port, "127.0.0.1").compose(connected -> {
            for (int i = 0; i < WINDOW; i++) {
                publish(client, waiting);
            }
            return finished.future();
        });
    }

    private void publish(MqttClient client, Map<Integer, Long> waiting) {
        long now = System.nanoTime();
        client.publish(topic, message.apply(sent++), MqttQoS.AT_LEAST_ONCE, false, false)
                .onSuccess(id -> waiting.put(id, now));
    }
}
