package de.freiraum.ingest.mqtt;

import static de.freiraum.ingest.IngestFixture.SPOT;
import static de.freiraum.ingest.IngestFixture.await;
import static de.freiraum.ingest.IngestFixture.uplink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.ingest.IngestFixture;
import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.model.Value;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a broker that hands out one message and notes what is acknowledged. */
class MqttSourceTest {
    private final List<MqttEndpoint> clients = new CopyOnWriteArrayList<>();
    private final List<Integer> acknowledged = new CopyOnWriteArrayList<>();
    private IngestFixture ingest;
    private MqttServer broker;
    private @Nullable MqttSource current;

    @BeforeEach
    void open() {
        ingest = new IngestFixture();
        broker = MqttServer.create(
                ingest.vertx(), new MqttServerOptions().setHost("127.0.0.1").setPort(0));
        broker.endpointHandler(client -> {
            clients.add(client);
            client.subscribeHandler(subscribe -> client.subscribeAcknowledge(
                            subscribe.messageId(),
                            subscribe.topicSubscriptions().stream()
                                    .map(topic -> topic.qualityOfService())
                                    .toList()))
                    .publishAcknowledgeHandler(acknowledged::add)
                    .publishReceivedHandler(client::publishRelease)
                    .publishCompletionHandler(acknowledged::add);
            client.accept(false);
        });
        await(broker.listen());
    }

    @AfterEach
    void close() {
        if (current != null) {
            await(current.stop());
        }
        await(broker.close());
        ingest.close();
    }

    private MqttSource start(int qos) {
        MqttSource source = new MqttSource(
                ingest.vertx(),
                ingest.pipeline(),
                "tts",
                new SourceDefinition.Broker(
                        URI.create("mqtt://127.0.0.1:" + broker.actualPort()),
                        List.of("v3/#"),
                        qos,
                        "freiraum-tts",
                        null,
                        null),
                "here");
        current = source;
        source.start();
        subscribed(source);
        return source;
    }

    private static void subscribed(MqttSource source) {
        await().atMost(Duration.ofSeconds(15)).until(source::isSubscribed);
    }

    private void send(int qos) {
        MqttEndpoint client = clients.get(clients.size() - 1);
        client.publish(
                "v3/city/devices/bosch-1/up",
                Buffer.buffer(uplink(1, "AQ==", "2026-03-28T22:00:00Z").replace('\'', '"')),
                MqttQoS.valueOf(qos),
                false,
                false);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void acknowledgesWhatIsDurable(int qos) {
        start(qos);
        send(qos);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(acknowledged).hasSize(1));
        assertThat(ingest.value(SPOT, "parking", "status")).isEqualTo(Value.of("occupied"));
        assertThat(clients.get(0).isCleanSession()).isFalse();
    }

    @Test
    void comesBackAndSubscribesAgainWhenTheConnectionIsLost() {
        MqttSource source = start(1);
        clients.get(0).close();
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(clients).hasSize(2));
        subscribed(source);
        send(1);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(acknowledged).hasSize(1));
    }

    @Test
    void doesNotAcknowledgeWhatTheStoreDoesNotTake() {
        start(1);
        await(ingest.store().close());
        send(1);
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(clients).hasSizeGreaterThan(1));
        assertThat(acknowledged).isEmpty();
    }
}
