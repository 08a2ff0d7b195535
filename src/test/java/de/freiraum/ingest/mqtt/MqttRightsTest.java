package de.freiraum.ingest.mqtt;

import static de.freiraum.ingest.IngestFixture.await;
import static de.freiraum.ingest.IngestFixture.uplink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import de.freiraum.ingest.DeadLetters;
import de.freiraum.ingest.IngestFixture;
import de.freiraum.ops.AuditLog;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClientOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may publish where. */
class MqttRightsTest {
    private static final String ALLOWED = "v3/city/devices/bosch-1/up";
    private static final String FORBIDDEN = "plain/box";
    private static final int NOT_AUTHORISED = 0x87;

    private final IngestFixture ingest =
            new IngestFixture("[ { name: gateway, password: right, publish: ['v3/+/devices/+/up'] },"
                    + " { name: everywhere, password: right } ]");
    private final Queue<AuditLog.Entry> denials = new ConcurrentLinkedQueue<>();
    private final MqttIngestEndpoint endpoint =
            new MqttIngestEndpoint(ingest.vertx(), ingest.pipeline(), "127.0.0.1", 0, null, denials::add);
    private final int endpointPort = await(endpoint.start());

    @AfterEach
    void close() {
        await(endpoint.close());
        ingest.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void mqtt5SaysThatATopicIsNotAllowedAndGoesOn(int qos) throws Exception {
        Five client = new Five("gateway", "five");
        assertThat(client.publish(FORBIDDEN, bytes("{}"), qos)).isEqualTo(NOT_AUTHORISED);
        assertThat(client.publish(ALLOWED, message(qos), qos)).isZero();
        client.close();
        assertThat(accepted("tts")).isEqualTo(1);
        assertThat(ingest.pipeline().metrics()).doesNotContainKey("plain");
        assertThat(endpoint.refused(MqttIngestEndpoint.Refused.PUBLISH)).isEqualTo(1);
        assertThat(denials).singleElement().satisfies(denial -> {
            assertThat(denial.who()).isEqualTo("gateway");
            assertThat(denial.method()).isEqualTo("MQTT PUBLISH");
            assertThat(denial.path()).isEqualTo(FORBIDDEN);
            assertThat(denial.status()).isEqualTo(403);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void mqtt311EndsTheConnectionRatherThanToAcknowledgeWhatIsNotKept(int qos) throws Exception {
        try (MqttClient client = three("gateway", "right")) {
            client.publish(ALLOWED, message(qos), qos, false);
            assertThatThrownBy(() -> client.publish(FORBIDDEN, bytes("{}"), qos, false))
                    .isInstanceOf(MqttException.class);
            await().atMost(Duration.ofSeconds(10)).until(() -> !client.isConnected());
        }
        assertThat(accepted("tts")).isEqualTo(1);
        assertThat(endpoint.refused(MqttIngestEndpoint.Refused.PUBLISH)).isEqualTo(1);
    }

    @Test
    void aMessageOfQosZeroToAForbiddenTopicIsDropped() throws Exception {
        try (MqttClient client = three("gateway", "right")) {
            client.publish(FORBIDDEN, bytes("{}"), 0, false);
            client.publish(ALLOWED, message(1), 1, false);
            client.disconnect();
        }
        assertThat(accepted("tts")).isEqualTo(1);
        assertThat(ingest.pipeline().metrics()).doesNotContainKey("plain");
        assertThat(endpoint.refused(MqttIngestEndpoint.Refused.PUBLISH)).isEqualTo(1);
    }

    @Test
    void aForbiddenTopicOfNoSourceMakesNoDeadLetter() throws Exception {
        Five client = new Five("gateway", "five");
        assertThat(client.publish("no/source", bytes("{}"), 1)).isEqualTo(NOT_AUTHORISED);
        client.close();
        assertThat(await(ingest.pipeline().deadLetters().list(DeadLetters.Filter.ALL, null, 10))
                        .letters())
                .isEmpty();
    }

    @Test
    void aUserWithoutListedTopicsPublishesEverywhere() throws Exception {
        try (MqttClient client = three("everywhere", "right")) {
            client.publish(ALLOWED, message(1), 1, false);
            client.publish(FORBIDDEN, bytes("{}"), 1, false);
            client.disconnect();
        }
        assertThat(endpoint.refused(MqttIngestEndpoint.Refused.PUBLISH)).isZero();
    }

    @Test
    void wrongCredentialsAreCountedAndTold() {
        assertThatThrownBy(() -> three("gateway", "wrong")).isInstanceOf(MqttException.class);
        assertThatThrownBy(() -> three("nobody", "right")).isInstanceOf(MqttException.class);
        assertThat(endpoint.refused(MqttIngestEndpoint.Refused.CONNECT)).isEqualTo(2);
        assertThat(denials)
                .extracting(denial -> denial.who() + " " + denial.method() + " " + denial.status())
                .containsExactly("gateway MQTT CONNECT 401", "nobody MQTT CONNECT 401");
        assertThat(endpoint.connections()).isZero();
    }

    @Test
    void mqtt5IsToldThatSubscribingIsNotAllowed() throws Exception {
        MqttAsyncClient client = new MqttAsyncClient(
                "tcp://127.0.0.1:" + endpointPort,
                "reader",
                new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName("everywhere");
        options.setPassword(bytes("right"));
        client.connect(options).waitForCompletion(10_000);
        IMqttToken refused = client.subscribe(new String[] {"#", "a/b"}, new int[] {1, 0});
        refused.waitForCompletion(10_000);
        assertThat(refused.getReasonCodes()).containsExactly(NOT_AUTHORISED, NOT_AUTHORISED);
        client.disconnect().waitForCompletion(10_000);
        client.close();
        assertThat(endpoint.refused(MqttIngestEndpoint.Refused.SUBSCRIBE)).isEqualTo(2);
    }

    @Test
    void aClientThatComesAgainTakesThePlaceOfItsOldConnection() throws Exception {
        try (MqttClient first = three("everywhere", "right")) {
            try (MqttClient second = three("everywhere", "right")) {
                await().atMost(Duration.ofSeconds(10)).until(() -> !first.isConnected());
                second.publish(ALLOWED, message(1), 1, false);
                assertThat(endpoint.clients()).isEqualTo(List.of("three"));
                second.disconnect();
            }
        }
    }

    @Test
    void anotherUsersClientKeepsItsConnectionThoughTheIdentifierIsTheSame() throws Exception {
        try (MqttClient first = three("everywhere", "right");
                MqttClient second = three("gateway", "right")) {
            first.publish(ALLOWED, message(1), 1, false);
            second.publish(ALLOWED, message(2), 1, false);
            assertThat(endpoint.connections()).isEqualTo(2);
            first.disconnect();
            second.disconnect();
        }
    }

    @Test
    void aClientWithoutIdentifierIsGivenOne() throws Exception {
        Five client = new Five("everywhere", "");
        assertThat(client.publish(ALLOWED, message(1), 1)).isZero();
        assertThat(endpoint.clients()).containsExactly("unnamed-1");
        client.close();
    }

    private long accepted(String source) {
        return Objects.requireNonNull(ingest.pipeline().metrics().get(source)).acceptedMessages();
    }

    private MqttClient three(String user, String password) throws MqttException {
        MqttClient client = new MqttClient("tcp://127.0.0.1:" + endpointPort, "three", new MemoryPersistence());
        client.setTimeToWait(10_000);
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName(user);
        options.setPassword(password.toCharArray());
        client.connect(options);
        return client;
    }

    /** A client of MQTT 5 that tells the reason codes. */
    private final class Five {
        private final io.vertx.mqtt.MqttClient client;
        private final BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();

        Five(String user, String clientId) {
            MqttClientOptions options = new MqttClientOptions()
                    .setClientId(clientId)
                    .setAutoGeneratedClientId(false)
                    .setUsername(user)
                    .setPassword("right");
            options.setVersion(5);
            client = io.vertx.mqtt.MqttClient.create(ingest.vertx(), options);
            client.publishAckMessageHandler(
                    ack -> codes.add(Byte.toUnsignedInt(ack.code().value())));
            client.publishRecMessageHandler(
                    ack -> codes.add(Byte.toUnsignedInt(ack.code().value())));
            await(client.connect(endpointPort, "127.0.0.1"));
        }

        int publish(String topic, byte[] body, int qos) throws InterruptedException {
            await(client.publish(topic, Buffer.buffer(body), MqttQoS.valueOf(qos), false, false));
            return next();
        }

        private int next() throws InterruptedException {
            return Objects.requireNonNull(codes.poll(10, TimeUnit.SECONDS), "no acknowledgement");
        }

        void close() {
            await(client.disconnect());
        }
    }

    private static byte[] message(int counter) {
        return bytes(uplink(counter, "AQ==", "2026-03-28T22:00:00Z"));
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
