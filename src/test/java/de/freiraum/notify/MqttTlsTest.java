package de.freiraum.notify;

import static de.freiraum.notify.NotifierFixture.done;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.egress.AddressPolicy;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressSettings;
import de.freiraum.egress.TestCertificate;
import de.freiraum.model.Subscription.Endpoint;
import de.freiraum.model.Tenant;
import io.vertx.core.Vertx;
import io.vertx.core.net.PfxOptions;
import io.vertx.mqtt.MqttClientOptions;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MQTT over TLS. */
@Tag("7.2")
class MqttTlsTest {
    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<String> topics = new LinkedBlockingQueue<>();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() throws Exception {
        done(vertx.close());
    }

    private MqttServer secure(PfxOptions certificate) throws Exception {
        MqttServerOptions options = new MqttServerOptions().setHost("127.0.0.1").setPort(0);
        options.setSsl(true).setKeyCertOptions(certificate);
        return done(MqttServer.create(vertx, options)
                .endpointHandler(endpoint -> endpoint.publishHandler(m -> {
                            topics.add(m.topicName());
                            endpoint.publishAcknowledge(m.messageId());
                        })
                        .accept(false))
                .listen());
    }

    private void send(MqttServer server, MqttClientOptions base) throws Exception {
        Egress egress = new Egress(vertx, EgressSettings.DEFAULT.withAddresses(AddressPolicy.WITH_PRIVATE));
        MqttTransport transport =
                new MqttTransport(vertx, egress, () -> UUID.randomUUID().toString(), base);
        Endpoint endpoint = new Endpoint(
                "mqtts://localhost:" + server.actualPort() + "/some/topic",
                "application/json",
                null,
                null,
                List.of(),
                Map.of("MQTT-QoS", "1"));
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        done(transport.send(
                new Message(Tenant.DEFAULT, endpoint, "application/json", null, body, Duration.ofSeconds(5))));
    }

    @Test
    void aBrokerWithACertificateThatIsTrustedGetsNotifications() throws Exception {
        PfxOptions certificate = TestCertificate.of("localhost", directory);
        MqttClientOptions trusting = new MqttClientOptions();
        trusting.setTrustOptions(certificate);
        send(secure(certificate), trusting);
        assertThat(topics.poll(10, SECONDS)).isEqualTo("some/topic");
    }

    @Test
    void aBrokerWithACertificateForAnotherNameGetsNothing() throws Exception {
        PfxOptions certificate = TestCertificate.of("other.example", directory);
        MqttServer server = secure(certificate);
        MqttClientOptions trusting = new MqttClientOptions();
        trusting.setTrustOptions(certificate);
        assertThatThrownBy(() -> send(server, trusting)).isNotNull();
        assertThat(topics).isEmpty();
    }

    @Test
    void aBrokerWithAnUnknownCertificateGetsNothing() throws Exception {
        MqttServer server = secure(TestCertificate.of("localhost", directory));
        assertThatThrownBy(() -> send(server, new MqttClientOptions())).isNotNull();
        assertThat(topics).isEmpty();
    }
}
