package de.freiraum.ingest.mqtt;

import static de.freiraum.ingest.IngestFixture.SPOT;
import static de.freiraum.ingest.IngestFixture.await;
import static de.freiraum.ingest.IngestFixture.uplink;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import de.freiraum.ingest.DeadLetters;
import de.freiraum.ingest.IngestFixture;
import de.freiraum.ingest.SourceMetrics;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MqttIngestEndpointTest {
    private static final String TOPIC = "v3/city/devices/bosch-1/up";
    private static final HexFormat HEX = HexFormat.of();

    private IngestFixture ingest = new IngestFixture();
    private MqttIngestEndpoint endpoint = endpoint(ingest);
    private int port = await(endpoint.start());

    private static MqttIngestEndpoint endpoint(IngestFixture ingest) {
        return new MqttIngestEndpoint(ingest.vertx(), ingest.pipeline(), "127.0.0.1", 0, null, denial -> {});
    }

    @AfterEach
    void close() {
        await(endpoint.close());
        ingest.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aMessageIsDurableWhenItIsAcknowledged(int qos) throws Exception {
        try (MqttClient client = client("v3-client")) {
            client.connect();
            client.publish(TOPIC, bytes(uplink(qos, "AQ==", "2026-03-28T22:00:00Z")), qos, false);
            assertThat(ingest.value(SPOT, "parking", "status")).isEqualTo(Value.of("occupied"));
            client.disconnect();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theSameOverMqtt5(int qos) throws Exception {
        var client = new org.eclipse.paho.mqttv5.client.MqttClient(
                "tcp://127.0.0.1:" + port, "v5-client", new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
        client.connect();
        client.publish(TOPIC, bytes(uplink(qos, "AQ==", "2026-03-28T22:00:00Z")), qos, false);
        assertThat(ingest.value(SPOT, "parking", "status")).isEqualTo(Value.of("occupied"));
        client.disconnect();
        client.close();
    }

    @Test
    void aMessageOfQosZeroArrivesToo() throws Exception {
        try (MqttClient client = client("zero")) {
            client.connect();
            client.publish(TOPIC, bytes(uplink(1, "AQ==", "2026-03-28T22:00:00Z")), 0, false);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(ingest.entity(SPOT)).isNotNull());
            client.disconnect();
        }
    }

    @Test
    void manyMessagesInFlightAreAllAcknowledged() throws Exception {
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "many", new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMaxInflight(90);
        client.connect(options).waitForCompletion(10_000);
        List<IMqttDeliveryToken> tokens = new ArrayList<>();
        for (int i = 1; i <= 80; i++) {
            String time = String.format("2026-03-28T21:%02d:00Z", i % 60);
            tokens.add(client.publish(TOPIC, bytes(uplink(i, i % 2 == 0 ? "AA==" : "AQ==", time)), 1, false));
        }
        for (IMqttDeliveryToken token : tokens) {
            token.waitForCompletion(20_000);
        }
        assertThat(metrics("tts").acceptedMessages()).isEqualTo(80);
        client.disconnect().waitForCompletion(10_000);
        client.close();
    }

    @Test
    void aTopicOfNoSourceIsADeadLetter() throws Exception {
        try (MqttClient client = client("lost")) {
            client.connect();
            client.publish("nobody/listens", bytes("{}"), 1, false);
            client.disconnect();
        }
        assertThat(await(ingest.pipeline()
                                .deadLetters()
                                .list(
                                        new DeadLetters.Filter(null, Rejection.Reason.UNKNOWN_TOPIC, null, null),
                                        null,
                                        10))
                        .letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.message().topic()).isEqualTo("nobody/listens"));
    }

    @Test
    void brokenMessagesAreAcknowledgedAndTheConnectionStays() throws Exception {
        try (MqttClient client = client("broken")) {
            client.connect();
            client.publish(TOPIC, bytes("{"), 1, false);
            client.publish(TOPIC, bytes(uplink(1, "AQ==", "2026-03-28T22:00:00Z")), 1, false);
            client.disconnect();
        }
        assertThat(metrics("tts").deadMessages()).isEqualTo(1);
        assertThat(metrics("tts").acceptedMessages()).isEqualTo(1);
    }

    @Test
    void withoutTheStoreNothingIsAcknowledgedAndTheConnectionIsClosed() throws Exception {
        try (MqttClient client = client("failing")) {
            client.setTimeToWait(15_000);
            client.connect();
            await(ingest.store().close());
            assertThatThrownBy(() -> client.publish(TOPIC, bytes(uplink(1, "AQ==", "2026-03-28T22:00:00Z")), 1, false))
                    .isInstanceOf(MqttException.class);
            await().atMost(Duration.ofSeconds(10)).until(() -> !client.isConnected());
        }
    }

    @Test
    void aMessageThatIsTooLongClosesTheConnection() throws Exception {
        try (MqttClient client = client("long")) {
            client.setTimeToWait(15_000);
            client.connect();
            assertThatThrownBy(() -> client.publish(TOPIC, new byte[30_000], 1, false))
                    .isInstanceOf(MqttException.class);
        }
        assertThat(ingest.pipeline().metrics()).doesNotContainKey("tts");
    }

    @Test
    void onlyListedUsersMayConnect() throws Exception {
        await(endpoint.close());
        ingest.close();
        ingest = new IngestFixture("[ { name: gateway, password: right } ]");
        endpoint = endpoint(ingest);
        port = await(endpoint.start());
        try (MqttClient client = client("user")) {
            assertThatThrownBy(client::connect).isInstanceOf(MqttException.class);
            MqttConnectOptions options = new MqttConnectOptions();
            options.setUserName("gateway");
            options.setPassword("wrong".toCharArray());
            assertThatThrownBy(() -> client.connect(options)).isInstanceOf(MqttException.class);
            options.setPassword("right".toCharArray());
            client.connect(options);
            client.publish(TOPIC, bytes(uplink(1, "AQ==", "2026-03-28T22:00:00Z")), 1, false);
            client.disconnect();
        }
        assertThat(metrics("tts").acceptedMessages()).isEqualTo(1);
    }

    @Test
    void nobodyMaySubscribe() throws Exception {
        try (MqttClient client = client("reader")) {
            client.connect();
            assertThatThrownBy(() -> client.subscribe("#", 1)).isInstanceOf(MqttException.class);
            client.disconnect();
        }
    }

    @Test
    void aMessageOfQosTwoIsTakenOnceHoweverOftenItIsSentBeforeItIsReleased() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            send(socket, 0x10, "00044d515454050200 3c00 00 01 72");
            assertThat(answer(socket)).startsWith("20 00 00");
            byte[] body = bytes(uplink(1, "AQ==", "2026-03-28T22:00:00Z"));
            String publish = "00" + String.format("%02x", TOPIC.length()) + HEX.formatHex(bytes(TOPIC)) + "0007 00"
                    + HEX.formatHex(body);
            send(socket, 0x34, publish);
            assertThat(answer(socket)).startsWith("50 00 07");
            send(socket, 0x3c, publish);
            assertThat(answer(socket)).startsWith("50 00 07");
            send(socket, 0x62, "0007");
            assertThat(answer(socket)).isIn("70 00 07", "70 00 07 00 00", "70 00 07 00");
            send(socket, 0x62, "0007");
            assertThat(answer(socket)).startsWith("70 00 07 92");
        }
        assertThat(metrics("tts").receivedMessages()).isEqualTo(1);
    }

    private static void send(Socket socket, int type, String hex) throws IOException {
        byte[] rest = HEX.parseHex(hex.replace(" ", ""));
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        for (int length = rest.length; ; length >>>= 7) {
            packet.write(length < 128 ? length : length % 128 + 128);
            if (length < 128) {
                break;
            }
        }
        packet.write(rest);
        socket.getOutputStream().write(packet.toByteArray());
    }

    /** Type and content of the next packet, which is a short one. */
    private static String answer(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int type = in.readUnsignedByte();
        byte[] rest = in.readNBytes(in.readUnsignedByte());
        return (String.format("%02x ", type) + HexFormat.ofDelimiter(" ").formatHex(rest)).trim();
    }

    private SourceMetrics metrics(String source) {
        return requireNonNull(ingest.pipeline().metrics().get(source));
    }

    private MqttClient client(String id) throws MqttException {
        return new MqttClient("tcp://127.0.0.1:" + port, id, new MemoryPersistence());
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
