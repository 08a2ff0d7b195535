package de.freiraum.notify;

import static de.freiraum.notify.NotifierFixture.CORE_URL;
import static de.freiraum.notify.NotifierFixture.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("7.2")
class MqttNotificationTest {
    private record Published(String topic, MqttQoS qos, int version, Value.Obj payload) {}

    private NotifierFixture at;
    private MqttServer server;
    private final List<Published> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        at = new NotifierFixture();
        server = listen(0);
    }

    @AfterEach
    void stop() throws Exception {
        at.close();
    }

    private MqttServer listen(int port) throws Exception {
        return done(MqttServer.create(
                        at.vertx, new MqttServerOptions().setHost("127.0.0.1").setPort(port))
                .endpointHandler(this::accept)
                .listen());
    }

    private void accept(MqttEndpoint endpoint) {
        if (endpoint.auth() != null && "wrong".equals(endpoint.auth().getPassword())) {
            endpoint.reject(
                    endpoint.protocolVersion() == 5
                            ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD
                            : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
            return;
        }
        connections.incrementAndGet();
        endpoint.publishHandler(message -> {
                    published.add(new Published(
                            message.topicName(), message.qosLevel(), endpoint.protocolVersion(), payload(message)));
                    if (message.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
                        endpoint.publishAcknowledge(message.messageId());
                    } else if (message.qosLevel() == MqttQoS.EXACTLY_ONCE) {
                        endpoint.publishReceived(message.messageId());
                    }
                })
                .publishReleaseHandler(endpoint::publishComplete)
                .accept(false);
    }

    private static Value.Obj payload(MqttPublishMessage message) {
        return (Value.Obj) JsonReader.read(message.payload().getBytes());
    }

    private String endpoint(String userInfo, String more) {
        return "'endpoint':{'uri':'mqtt://" + userInfo + "127.0.0.1:" + server.actualPort() + "/some/topic'" + more
                + "}";
    }

    private Published next(int count) {
        await().atMost(Duration.ofSeconds(10)).until(() -> published.size() >= count);
        return published.get(count - 1);
    }

    @Test
    void theMessageHoldsMetadataAndBody() throws Exception {
        at.subscribe("", endpoint("", ",'receiverInfo':[{'key':'X-More','value':'y'}]"));
        at.create("urn:a:1", ",'n':1");
        Published message = next(1);
        assertThat(message.topic()).isEqualTo("some/topic");
        assertThat(message.qos()).isEqualTo(MqttQoS.AT_MOST_ONCE);
        assertThat(message.version()).isEqualTo(5);
        assertThat(((Value.Obj) Objects.requireNonNull(message.payload().get("metadata"))).members())
                .isEqualTo(Map.of(
                        "Content-Type", Value.of("application/json"),
                        "Link",
                                Value.of(
                                        "<" + CORE_URL
                                                + ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\""),
                        "X-More", Value.of("y")));
        Value.Obj body = (Value.Obj) Objects.requireNonNull(message.payload().get("body"));
        assertThat(body.get("type")).isEqualTo(Value.of("Notification"));
        assertThat(body.get("data"))
                .isEqualTo(NotifierFixture.json("{'x':[{'id':'urn:a:1','type':'A','n':{'type':'Property','value':1}}]}")
                        .get("x"));
    }

    @Test
    void jsonLdHasNoLink() throws Exception {
        at.subscribe("", endpoint("", ",'accept':'application/ld+json'"));
        at.create("urn:a:1", ",'n':1");
        assertThat(((Value.Obj) Objects.requireNonNull(next(1).payload().get("metadata"))).members())
                .isEqualTo(Map.of("Content-Type", Value.of("application/ld+json")));
    }

    @ParameterizedTest
    @CsvSource({"mqtt3.1.1,4,0", "mqtt3.1.1,4,1", "mqtt3.1.1,4,2", "mqtt5.0,5,0", "mqtt5.0,5,1", "mqtt5.0,5,2"})
    void versionAndQosAreThoseAskedFor(String name, int version, int qos) throws Exception {
        String id = at.subscribe(
                "",
                endpoint(
                        "",
                        ",'notifierInfo':[{'key':'MQTT-Version','value':'" + name + "'},{'key':'MQTT-QoS','value':'"
                                + qos + "'}]"));
        at.create("urn:a:1", ",'n':1");
        at.append("urn:a:1", ",'n':2");
        next(2);
        assertThat(published).allSatisfy(message -> {
            assertThat(message.version()).isEqualTo(version);
            assertThat(message.qos().value()).isEqualTo(qos);
        });
        await().atMost(Duration.ofSeconds(5)).until(() -> at.counters(id).lastSuccess() != null);
        assertThat(at.counters(id).timesFailed()).isZero();
        assertThat(connections).hasValue(1);
    }

    @Test
    void userAndPasswordAreSent() throws Exception {
        at.subscribe("", endpoint("user:se%40cret@", ""));
        at.create("urn:a:1", ",'n':1");
        next(1);
    }

    @Test
    void aRefusedUserCountsAsFailure() throws Exception {
        String id = at.subscribe("", endpoint("user:wrong@", ""));
        at.create("urn:a:1", ",'n':1");
        await().atMost(Duration.ofSeconds(10)).until(() -> at.counters(id).failing());
        assertThat(published).isEmpty();
    }

    @Test
    void aBrokerThatIsGoneCountsAsFailure() throws Exception {
        String id = at.subscribe("", endpoint("", ""));
        done(server.close());
        at.create("urn:a:1", ",'n':1");
        await().atMost(Duration.ofSeconds(10)).until(() -> at.counters(id).failing());
    }

    @Test
    void aBrokerThatComesBackIsConnectedAnew() throws Exception {
        String id = at.subscribe("", endpoint("", ",'notifierInfo':[{'key':'MQTT-QoS','value':'1'}]"));
        int port = server.actualPort();
        at.create("urn:a:1", ",'n':1");
        next(1);
        done(server.close());
        server = listen(port);
        at.append("urn:a:1", ",'n':2");
        next(2);
        await().atMost(Duration.ofSeconds(5)).until(() -> at.counters(id).timesSent() == 2);
        assertThat(at.counters(id).timesFailed()).isZero();
        assertThat(connections).hasValue(2);
    }

    @Test
    void sharesAConnectionBetweenSubscriptions() throws Exception {
        at.subscribe("", endpoint("", ""));
        at.subscribe("", endpoint("", ""));
        at.create("urn:a:1", ",'n':1");
        next(2);
        assertThat(connections).hasValue(1);
    }
}
