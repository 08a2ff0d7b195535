package de.freiraum.ingest.mqtt;

import static de.freiraum.ingest.IngestFixture.await;
import static de.freiraum.ingest.IngestFixture.uplink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.egress.TestCertificate;
import de.freiraum.ingest.IngestFixture;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint over TLS, with and without client certificates. */
class MqttEndpointTlsTest {
    private final IngestFixture ingest = new IngestFixture(
            "[ { name: box-7, certificate: true }, { name: gateway, password: right, certificate: false } ]");
    private @Nullable MqttIngestEndpoint endpoint;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeCertificates() throws Exception {
        for (String name : new String[] {"localhost", "box-7", "other", "renewed"}) {
            TestCertificate.write(name, folder, folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
        }
    }

    @AfterEach
    void close() {
        if (endpoint != null) {
            await(endpoint.close());
        }
        ingest.close();
    }

    private int start(ClientAuth clients) {
        ServerSSLOptions tls = new ServerSSLOptions()
                .setKeyCertOptions(pair("localhost"))
                .setTrustOptions(new PemTrustOptions().addCertPath(path("box-7.pem")))
                .setClientAuth(clients);
        MqttIngestEndpoint made =
                new MqttIngestEndpoint(ingest.vertx(), ingest.pipeline(), "127.0.0.1", 0, tls, denial -> {});
        endpoint = made;
        return await(made.start());
    }

    private static String path(String file) {
        return folder.resolve(file).toString();
    }

    private static PemKeyCertOptions pair(String name) {
        return new PemKeyCertOptions().addCertPath(path(name + ".pem")).addKeyPath(path(name + ".key"));
    }

    private static MqttClientOptions options(String trusted) {
        return new MqttClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(new PemTrustOptions().addCertPath(path(trusted + ".pem")))
                .setAckTimeout(-1);
    }

    private void publish(int port, MqttClientOptions options) {
        MqttClient client = MqttClient.create(ingest.vertx(), options);
        var confirmed = io.vertx.core.Promise.<Integer>promise();
        client.publishCompletionHandler(confirmed::tryComplete);
        await(client.connect(port, "localhost"));
        await(client.publish(
                "v3/city/devices/bosch-1/up",
                Buffer.buffer(uplink(1, "AQ==", "2026-03-28T22:00:00Z").replace('\'', '"')),
                MqttQoS.AT_LEAST_ONCE,
                false,
                false));
        await(confirmed.future());
        await(client.disconnect());
    }

    private boolean arrived() {
        return ingest.pipeline().metrics().containsKey("tts");
    }

    @Test
    void aUserPublishesWithAPasswordOverTls() {
        int port = start(ClientAuth.REQUEST);
        publish(port, options("localhost").setUsername("gateway").setPassword("right"));
        assertThat(arrived()).isTrue();
    }

    @Test
    void aCertificateWithTheUsersNameIsEnough() {
        int port = start(ClientAuth.REQUEST);
        publish(port, options("localhost").setKeyCertOptions(pair("box-7")));
        assertThat(arrived()).isTrue();
    }

    @Test
    void aCertificateIsNoPasswordForAnotherUser() {
        int port = start(ClientAuth.REQUEST);
        assertThatThrownBy(() -> publish(
                        port,
                        options("localhost").setKeyCertOptions(pair("box-7")).setUsername("gateway")))
                .isNotNull();
        assertThat(arrived()).isFalse();
    }

    @Test
    void aNameAloneIsNotEnough() {
        int port = start(ClientAuth.REQUEST);
        assertThatThrownBy(() -> publish(port, options("localhost").setUsername("box-7")))
                .isNotNull();
        assertThat(arrived()).isFalse();
    }

    @Test
    void aCertificateOfAnUnknownAuthorityEndsTheHandshake() {
        int port = start(ClientAuth.REQUEST);
        assertThatThrownBy(() -> publish(port, options("localhost").setKeyCertOptions(pair("other"))))
                .isNotNull();
        assertThat(arrived()).isFalse();
    }

    @Test
    void withoutACertificateNobodyComesInWhereOneIsRequired() {
        int port = start(ClientAuth.REQUIRED);
        assertThatThrownBy(() -> publish(
                        port, options("localhost").setUsername("gateway").setPassword("right")))
                .isNotNull();
        assertThat(arrived()).isFalse();
    }

    @Test
    void aClientWithoutTlsIsNotUnderstood() {
        int port = start(ClientAuth.NONE);
        assertThatThrownBy(() -> publish(
                        port, new MqttClientOptions().setUsername("gateway").setPassword("right")))
                .isNotNull();
        assertThat(arrived()).isFalse();
    }

    @Test
    void newConnectionsSeeARenewedCertificate() {
        int port = start(ClientAuth.NONE);
        MqttIngestEndpoint running = java.util.Objects.requireNonNull(endpoint);
        await(running.use(new ServerSSLOptions().setKeyCertOptions(pair("renewed"))));
        MqttClientOptions renewed = options("renewed").setUsername("gateway").setPassword("right");
        renewed.setHostnameVerificationAlgorithm("");
        publish(port, renewed);
        assertThat(arrived()).isTrue();
    }
}
