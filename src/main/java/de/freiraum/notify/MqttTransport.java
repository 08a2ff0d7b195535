package de.freiraum.notify;

import de.freiraum.egress.Egress;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Subscription.Endpoint;
import de.freiraum.model.Subscription.KeyValuePair;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes notifications by MQTT 3.1.1 or 5 (clause 7.2). Connections are shared by subscriptions with the same broker and credentials, closed
 * when idle, and dropped when they break; the next message connects anew. Lives on the notifier's event loop.
 */
final class MqttTransport implements Transport {
    private static final int MQTT_3_1_1 = 4;
    private static final int MQTT_5 = 5;
    private static final int MAX_CONNECTIONS = 200;
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** What a connection is for. */
    private record Broker(String scheme, String host, int port, String userInfo, int version) {
        boolean tls() {
            return scheme.equals("mqtts");
        }
    }

    private final Vertx vertx;
    private final Egress egress;
    private final Supplier<String> ids;
    private final MqttClientOptions base;
    private final Map<Broker, Connection> connections = new HashMap<>();

    MqttTransport(Vertx vertx, Egress egress, Supplier<String> ids) {
        this(vertx, egress, ids, new MqttClientOptions());
    }

    /** A transport with other certificates to trust, for tests. */
    MqttTransport(Vertx vertx, Egress egress, Supplier<String> ids, MqttClientOptions base) {
        this.vertx = vertx;
        this.egress = egress;
        this.ids = ids;
        this.base = base;
    }

    @Override
    public Future<Void> send(Message message) {
        Endpoint endpoint = message.endpoint();
        URI uri = URI.create(endpoint.uri());
        egress.check(uri, Set.of("mqtt", "mqtts"));
        boolean five = !"mqtt3.1.1".equals(endpoint.notifierInfo().get("MQTT-Version"));
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() > 0 ? uri.getPort() : scheme.equals("mqtts") ? 8883 : 1883;
        Broker broker = new Broker(
                scheme,
                uri.getHost(),
                port,
                Objects.requireNonNullElse(uri.getRawUserInfo(), ""),
                five ? MQTT_5 : MQTT_3_1_1);
        MqttQoS qos = MqttQoS.valueOf(Integer.parseInt(endpoint.notifierInfo().getOrDefault("MQTT-QoS", "0")));
        return connection(broker, message.timeout())
                .compose(c -> c.publish(uri.getPath().substring(1), payload(message), qos))
                .timeout(message.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The notification with what HTTP would say in headers. */
    private static Buffer payload(Message message) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (KeyValuePair pair : message.endpoint().receiverInfo()) {
            metadata.put(pair.key(), pair.value());
        }
        metadata.put("Content-Type", message.contentType());
        String link = message.link();
        if (link != null) {
            metadata.put("Link", link);
        }
        if (!message.tenant().isDefault()) {
            metadata.put("NGSILD-Tenant", message.tenant().name());
        }
        String snapshot = message.tenant().snapshot();
        if (snapshot != null) {
            metadata.put("NGSILD-Snapshot", snapshot);
        }
        JsonWriter json = new JsonWriter(message.body().length + 256);
        json.beginObject().name("metadata").beginObject();
        metadata.forEach(json::member);
        json.endObject().name("body").raw(message.body()).endObject();
        return Buffer.buffer(json.toBytes());
    }

    private Future<Connection> connection(Broker broker, Duration timeout) {
        Connection known = connections.get(broker);
        if (known != null && !known.broken) {
            return known.ready.map(known);
        }
        if (connections.size() >= MAX_CONNECTIONS) {
            return Future.failedFuture(
                    new DeliveryFailure("there are " + MAX_CONNECTIONS + " MQTT connections already"));
        }
        Connection connection = new Connection(broker, timeout);
        connections.put(broker, connection);
        return connection.ready.map(connection);
    }

    @Override
    public Future<Void> close() {
        List<Future<Void>> closing = new ArrayList<>();
        new ArrayList<>(connections.values()).forEach(c -> closing.add(c.drop("the notifier closes")));
        return closing.isEmpty()
                ? Future.succeededFuture()
                : Future.join(closing).otherwiseEmpty().mapEmpty();
    }

    private static @Nullable String decoded(String text) {
        return text.isEmpty() ? null : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** One connection, from the attempt to make it until it breaks. */
    private final class Connection {
        private final Broker broker;
        private final MqttClient client;
        private final Map<Integer, Promise<Void>> unconfirmed = new HashMap<>();
        private final Future<Void> ready;
        private long idleTimer;
        private boolean broken;

        Connection(Broker broker, Duration timeout) {
            this.broker = broker;
            int colon = broker.userInfo().indexOf(':');
            String user = colon < 0 ? broker.userInfo() : broker.userInfo().substring(0, colon);
            MqttClientOptions options = new MqttClientOptions(base)
                    .setClientId("freiraum-" + ids.get())
                    .setUsername(decoded(user))
                    .setPassword(colon < 0 ? null : decoded(broker.userInfo().substring(colon + 1)))
                    .setCleanSession(true)
                    .setKeepAliveInterval(15)
                    .setAckTimeout(-1)
                    .setMaxInflightQueue(1000)
                    .setAutoGeneratedClientId(false);
            options.setVersion(broker.version());
            options.setConnectTimeout((int) timeout.toMillis());
            if (broker.tls()) {
                options.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
            }
            client = MqttClient.create(vertx, options);
            client.closeHandler(v -> drop("the MQTT connection was closed"));
            client.exceptionHandler(e -> drop("the MQTT connection broke"));
            client.publishCompletionHandler(id -> {
                Promise<Void> promise = unconfirmed.remove(id);
                if (promise != null) {
                    promise.tryComplete();
                }
            });
            ready = egress.resolve(broker.host())
                    .compose(this::connect)
                    .onFailure(e -> drop("the MQTT broker cannot be reached"));
            rest();
        }

        private Future<Void> connect(InetAddress address) {
            // With TLS the certificate has to fit the name, so the name is used; without, the address that was checked.
            return broker.tls()
                    ? client.connect(broker.port(), broker.host(), broker.host())
                            .mapEmpty()
                    : client.connect(broker.port(), address.getHostAddress()).mapEmpty();
        }

        Future<Void> publish(String topic, Buffer payload, MqttQoS qos) {
            if (broken) {
                return Future.failedFuture(new DeliveryFailure("the MQTT connection broke"));
            }
            rest();
            if (qos == MqttQoS.AT_MOST_ONCE) {
                return client.publish(topic, payload, qos, false, false).mapEmpty();
            }
            Promise<Void> confirmed = Promise.promise();
            return client.publish(topic, payload, qos, false, false).compose(id -> {
                unconfirmed.put(id, confirmed);
                return confirmed.future();
            });
        }

        private void rest() {
            vertx.cancelTimer(idleTimer);
            idleTimer = vertx.setTimer(IDLE.toMillis(), id -> {
                if (unconfirmed.isEmpty()) {
                    drop("the MQTT connection was idle");
                } else {
                    rest();
                }
            });
        }

        Future<Void> drop(String why) {
            if (broken) {
                return Future.succeededFuture();
            }
            broken = true;
            vertx.cancelTimer(idleTimer);
            connections.remove(broker, this);
            List<Promise<Void>> lost = new ArrayList<>(unconfirmed.values());
            unconfirmed.clear();
            lost.forEach(p -> p.tryFail(new DeliveryFailure(why)));
            return client.isConnected() ? client.disconnect().otherwiseEmpty() : Future.succeededFuture();
        }
    }
}
