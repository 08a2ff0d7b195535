package de.freiraum.app;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sends messages with QoS 1, a few at a time, and again after each reconnect, until each is acknowledged: what a gateway does. */
final class QosOnePublisher {
    /** A message. */
    record Message(String topic, String body) {}

    private static final int WINDOW = 60;
    private static final long PAUSE = 100;

    private final Context context;
    private final int port;
    private final Iterator<Message> messages;
    private final Deque<Message> again = new ArrayDeque<>();
    private final Map<Integer, Message> unacknowledged = new LinkedHashMap<>();
    private @Nullable MqttClient client;
    private int sent;
    private final AtomicInteger done = new AtomicInteger();

    QosOnePublisher(Vertx vertx, int port, Iterator<Message> messages) {
        this.context = vertx.getOrCreateContext();
        this.port = port;
        this.messages = messages;
    }

    void start() {
        context.runOnContext(v -> connect());
    }

    /** How many are acknowledged. */
    int done() {
        return done.get();
    }

    private void connect() {
        MqttClientOptions options =
                new MqttClientOptions().setCleanSession(true).setAckTimeout(-1).setMaxInflightQueue(2 * WINDOW);
        MqttClient next = MqttClient.create(context.owner(), options);
        client = next;
        next.closeHandler(gone -> lost(next));
        next.publishCompletionHandler(id -> acknowledged(next, id));
        next.connect(port, "127.0.0.1").onSuccess(connected -> pump(next)).onFailure(e -> lost(next));
    }

    private void pump(MqttClient current) {
        while (current == client && current.isConnected() && unacknowledged.size() < WINDOW) {
            Message message = again.isEmpty() ? messages.hasNext() ? messages.next() : null : again.remove();
            if (message == null) {
                return;
            }

            sent = sent % 65_535 + 1;
            int id = sent;
            unacknowledged.put(id, message);
            current.publish(id, message.topic(), Buffer.buffer(message.body()), MqttQoS.AT_LEAST_ONCE, false, false)
                    .onFailure(e -> current.disconnect());
        }
    }

    private void acknowledged(MqttClient current, int id) {
        if (current == client && unacknowledged.remove(id) != null) {
            done.incrementAndGet();
            pump(current);
        }
    }

    private void lost(MqttClient which) {
        if (which != client) {
            return;
        }
        client = null;
        sent = 0;
        unacknowledged.values().forEach(again::add);
        unacknowledged.clear();
        context.owner().setTimer(PAUSE, timer -> context.runOnContext(v -> connect()));
    }
}
