package de.freiraum.ingest.mqtt;

import static de.freiraum.ingest.IngestFixture.SPOT;
import static de.freiraum.ingest.IngestFixture.await;
import static de.freiraum.ingest.IngestFixture.uplink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.config.Secret;
import de.freiraum.egress.TestCertificate;
import de.freiraum.ingest.IngestFixture;
import de.freiraum.ingest.config.SourceDefinition.Broker;
import de.freiraum.model.Value;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a broker that hands out messages and notes what is acknowledged. */
class MqttSourceTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private static Path folder;

    private final List<MqttEndpoint> clients = new CopyOnWriteArrayList<>();
    private final List<Integer> acknowledged = new CopyOnWriteArrayList<>();
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    private final List<MqttSubscribeMessage> subscriptions = new CopyOnWriteArrayList<>();
    private IngestFixture ingest;
    private MqttServer broker;
    private @Nullable MqttSource current;

    @BeforeAll
    static void makeCertificates() throws Exception {
        for (String name : new String[] {"localhost", "freiraum"}) {
            TestCertificate.write(name, folder, file(name + ".pem"), file(name + ".key"));
        }
    }

    private static Path file(String name) {
        return folder.resolve(name);
    }

    @BeforeEach
    void open() {
        ingest = new IngestFixture();
        broker = broker(new MqttServerOptions());
    }

    private MqttServer broker(MqttServerOptions options) {
        MqttServer server =
                MqttServer.create(ingest.vertx(), options.setHost("127.0.0.1").setPort(0));
        server.endpointHandler(client -> {
            clients.add(client);
            client.subscribeHandler(subscribe -> {
                        subscriptions.add(subscribe);
                        client.subscribeAcknowledge(
                                subscribe.messageId(),
                                subscribe.topicSubscriptions().stream()
                                        .map(topic -> forbidden.contains(topic.topicName())
                                                ? MqttQoS.FAILURE
                                                : topic.qualityOfService())
                                        .toList());
                    })
                    .publishAcknowledgeHandler(acknowledged::add);
            client.accept(false);
        });
        return await(server.listen());
    }

    @AfterEach
    void close() {
        if (current != null) {
            await(current.stop());
        }
        await(broker.close());
        ingest.close();
    }

    private URI url(String scheme) {
        return URI.create(scheme + "://localhost:" + broker.actualPort());
    }

    private Broker at(int qos) {
        return Broker.at(url("mqtt"), List.of("v3/#"), qos);
    }

    private Broker at(Broker.Version version, List<URI> urls, Broker.Tls tls) {
        return new Broker(
                urls,
                version,
                List.of("v3/#", "w3/#"),
                1,
                "freiraum-tts",
                "city",
                new Secret("right"),
                Duration.ofHours(1),
                Duration.ofSeconds(40),
                tls);
    }

    private MqttSource start(Broker definition) {
        MqttSource source = new MqttSource(ingest.vertx(), ingest.pipeline(), "tts", definition, "here", () -> 0);
        current = source;
        source.start();
        return source;
    }

    private MqttSource subscribed(Broker definition) {
        MqttSource source = start(definition);
        await().atMost(SOON).until(source::isSubscribed);
        return source;
    }

    private MqttEndpoint client() {
        return clients.get(clients.size() - 1);
    }

    private void send(int counter, int qos) {
        client().publish(
                        "v3/city/devices/bosch-1/up",
                        Buffer.buffer(
                                uplink(counter, "AQ==", "2026-03-28T22:00:00Z").replace('\'', '"')),
                        MqttQoS.valueOf(qos),
                        false,
                        false);
    }

    private void acknowledges(int messages) {
        await().atMost(SOON).untilAsserted(() -> assertThat(acknowledged).hasSize(messages));
    }

    @Test
    void acknowledgesWhatIsDurable() {
        subscribed(at(1));
        send(1, 1);
        acknowledges(1);
        assertThat(ingest.value(SPOT, "parking", "status")).isEqualTo(Value.of("occupied"));
        assertThat(client().isCleanSession()).isFalse();
        assertThat(client().protocolVersion()).isEqualTo(4);
        assertThat(client().clientIdentifier()).isEqualTo("freiraum-tts");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void asksForNoMoreThanWhatIsKeptUntilItIsDurable(int qos) {
        subscribed(at(qos));
        assertThat(subscriptions.get(0).topicSubscriptions())
                .singleElement()
                .satisfies(topic -> assertThat(topic.qualityOfService().value()).isEqualTo(Math.min(qos, 1)));
    }

    @Test
    void speaksMqtt5WithASessionThatExpires() {
        subscribed(at(Broker.Version.V5, List.of(url("mqtt")), Broker.Tls.DEFAULT));
        assertThat(client().protocolVersion()).isEqualTo(5);
        assertThat(client().isCleanSession()).isFalse();
        assertThat(client().keepAliveTimeSeconds()).isEqualTo(40);
        assertThat(property(MqttProperties.SESSION_EXPIRY_INTERVAL)).isEqualTo(3600);
        assertThat(property(MqttProperties.RECEIVE_MAXIMUM)).isEqualTo(1000);
        assertThat(property(MqttProperties.MAXIMUM_PACKET_SIZE)).isEqualTo(20_000);
        send(1, 1);
        acknowledges(1);
    }

    private @Nullable Object property(int id) {
        MqttProperties.MqttProperty<?> property = client().connectProperties().getProperty(id);
        return property == null ? null : property.value();
    }

    @ParameterizedTest
    @EnumSource(Broker.Version.class)
    void acknowledgesInTheOrderOfTheMessages(Broker.Version version) {
        subscribed(at(version, List.of(url("mqtt")), Broker.Tls.DEFAULT));
        for (int i = 1; i <= 200; i++) {
            send(i, 1);
        }
        acknowledges(200);
        assertThat(acknowledged).isEqualTo(IntStream.rangeClosed(1, 200).boxed().toList());
    }

    @Test
    void comesBackAndSubscribesAgainWhenTheConnectionIsLost() {
        MqttSource source = subscribed(at(1));
        client().close();
        await().atMost(SOON).untilAsserted(() -> assertThat(clients).hasSize(2));
        await().atMost(SOON).until(source::isSubscribed);
        send(1, 1);
        acknowledges(1);
    }

    @Test
    void doesNotAcknowledgeWhatTheStoreDoesNotTake() {
        subscribed(at(1));
        await(ingest.store().close());
        send(1, 1);
        await().atMost(SOON).untilAsserted(() -> assertThat(clients).hasSizeGreaterThan(1));
        assertThat(acknowledged).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Broker.Version.class)
    void saysWhichSubscriptionIsRefusedAndAsksAgain(Broker.Version version) {
        forbidden.add("w3/#");
        MqttSource source = start(at(version, List.of(url("mqtt")), Broker.Tls.DEFAULT));
        await().atMost(SOON).untilAsserted(() -> assertThat(source.fault())
                .hasValueSatisfying(
                        fault -> assertThat(fault).contains("refuses").contains("w3/#")));
        assertThat(source.isSubscribed()).isFalse();
        send(1, 1);
        acknowledges(1);
        forbidden.clear();
        await().atMost(SOON).until(source::isSubscribed);
        assertThat(clients).hasSize(1);
        assertThat(subscriptions.get(subscriptions.size() - 1).topicSubscriptions())
                .extracting(topic -> topic.topicName())
                .containsExactly("w3/#");
    }

    @Test
    void triesTheAddressesOfABrokerInTurn() {
        URI nobody = URI.create("mqtt://127.0.0.1:1");
        subscribed(at(Broker.Version.V5, List.of(nobody, url("mqtt")), Broker.Tls.DEFAULT));
        send(1, 1);
        acknowledges(1);
    }

    @Test
    void saysWhyItIsNotConnected() {
        MqttSource source = start(Broker.at(URI.create("mqtt://127.0.0.1:1"), List.of("v3/#"), 1));
        await().atMost(SOON).untilAsserted(() -> assertThat(source.fault())
                .hasValueSatisfying(fault -> assertThat(fault).startsWith("not connected to mqtt://127.0.0.1:1: ")));
    }

    @Test
    void saysThatAMessageIsTooLongForIt() {
        MqttSource source = subscribed(at(1));
        client().publish("v3/x", Buffer.buffer(new byte[30_000]), MqttQoS.AT_LEAST_ONCE, false, false);
        await().atMost(SOON).untilAsserted(() -> assertThat(source.fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("TooLong")));
        await().atMost(SOON).until(source::isSubscribed);
        assertThat(acknowledged).isEmpty();
        assertThat(clients).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Broker.Version.class)
    void trustsTheAuthoritiesInAFileAndShowsItsOwnCertificate(Broker.Version version) {
        secure();
        Broker.Tls tls = new Broker.Tls(file("localhost.pem"), file("freiraum.pem"), file("freiraum.key"));
        subscribed(at(version, List.of(url("mqtts")), tls));
        assertThat(client().isSsl()).isTrue();
        send(1, 1);
        acknowledges(1);
    }

    @Test
    void doesNotTrustABrokerOfAnotherAuthority() {
        secure();
        Broker.Tls tls = new Broker.Tls(file("freiraum.pem"), file("freiraum.pem"), file("freiraum.key"));
        MqttSource source = start(at(Broker.Version.V5, List.of(url("mqtts")), tls));
        await().atMost(SOON).untilAsserted(() -> assertThat(source.fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("SSL")));
        assertThat(clients).isEmpty();
    }

    @Test
    void isNotLetInWithoutACertificateWhereOneIsRequired() {
        secure();
        MqttSource source =
                start(at(Broker.Version.V5, List.of(url("mqtts")), new Broker.Tls(file("localhost.pem"), null, null)));
        await().atMost(SOON).untilAsserted(() -> assertThat(source.fault())
                .hasValueSatisfying(fault -> assertThat(fault).startsWith("not connected to mqtts:")));
        assertThat(clients).isEmpty();
    }

    private void secure() {
        await(broker.close());
        MqttServerOptions options = new MqttServerOptions();
        options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(file("localhost.pem").toString())
                        .addKeyPath(file("localhost.key").toString()))
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(file("freiraum.pem").toString()))
                .setClientAuth(ClientAuth.REQUIRED);
        broker = broker(options);
    }
}
