package de.freiraum.app;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT broker with the one virtue that matters here: sessions outlive connections and restarts, and what is not acknowledged is sent again, in order. Everybody
 * with a persistent session gets every message, with QoS 1.
 */
final class TestBroker {
    private static final int WINDOW = 100;

    private final Vertx vertx;
    private final Map<String, Session> sessions = new HashMap<>();
    private MqttServer server;
    private int port;

    private record Sent(String topic, Buffer payload) {}

    private static final class Session {
        private final Deque<Sent> waiting = new ArrayDeque<>();
        private final Map<Integer, Sent> unacknowledged = new LinkedHashMap<>();
        private @Nullable MqttEndpoint client;
        private int lastId;

        void pump() {
            while (client != null && client.isConnected() && unacknowledged.size() < WINDOW && !waiting.isEmpty()) {
                lastId = lastId % 65_535 + 1;
                unacknowledged.put(lastId, waiting.peek());
                send(lastId, waiting.remove(), false);
            }
        }

        void send(int id, Sent message, boolean again) {
            Objects.requireNonNull(client)
                    .publish(message.topic(), message.payload(), MqttQoS.AT_LEAST_ONCE, again, false, id);
        }
    }

    TestBroker(Vertx vertx) {
        this.vertx = vertx;
        this.server = create();
    }

    private MqttServer create() {
        return MqttServer.create(vertx, new MqttServerOptions().setHost("127.0.0.1"))
                .endpointHandler(this::connect)
                .exceptionHandler(e -> {});
    }

    /** Listens, on the same port each time. */
    Future<Integer> start() {
        return server.listen(port, "127.0.0.1").map(listening -> port = listening.actualPort());
    }

    /** Ends all connections and begins anew with the sessions as they are. */
    Future<Integer> restart() {
        return server.close().compose(closed -> {
            server = create();
            return start();
        });
    }

    /** How many clients have a session. */
    synchronized int sessions() {
        return sessions.size();
    }

    /** How many messages somebody has not acknowledged. */
    synchronized int left() {
        return sessions.values().stream()
                .mapToInt(session -> session.waiting.size() + session.unacknowledged.size())
                .sum();
    }

    private synchronized void connect(MqttEndpoint client) {
        client.publishAutoAck(false).publishHandler(message -> publish(client, message));
        client.subscribeHandler(subscribe -> client.subscribeAcknowledge(
                subscribe.messageId(),
                subscribe.topicSubscriptions().stream()
                        .map(topic -> MqttQoS.AT_LEAST_ONCE)
                        .toList()));
        if (client.isCleanSession()) {
            client.accept(false);
            return;
        }
        boolean known = sessions.containsKey(client.clientIdentifier());
        Session session = sessions.computeIfAbsent(client.clientIdentifier(), id -> new Session());
        session.client = client;
        client.publishAcknowledgeHandler(id -> acknowledged(session, client, id));
        client.accept(known);
        List<Integer> again = new ArrayList<>(session.unacknowledged.keySet());
        again.forEach(id -> session.send(id, Objects.requireNonNull(session.unacknowledged.get(id)), true));
        session.pump();
    }

    private synchronized void acknowledged(Session session, MqttEndpoint client, int id) {
        if (session.client == client) {
            session.unacknowledged.remove(id);
            session.pump();
        }
    }

    private synchronized void publish(MqttEndpoint client, MqttPublishMessage message) {
        sessions.values().forEach(session -> {
            session.waiting.add(new Sent(message.topicName(), message.payload()));
            session.pump();
        });
        if (client.isConnected()) {
            client.publishAcknowledge(message.messageId());
        }
    }
}
