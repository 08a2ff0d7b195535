package de.freiraum.ingest.mqtt;

import de.freiraum.config.Secret;
import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.config.MqttAccess;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in MQTT endpoint: devices and gateways publish here, nobody subscribes. It acknowledges (PUBACK, PUBREC) when the message is durable; when the store does
 * not take it, the connection is closed, since clients send again after they have come back.
 */
public final class MqttIngestEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(MqttIngestEndpoint.class);

    private final MqttServer server;
    private final IngestPipeline pipeline;
    private final Set<MqttEndpoint> connected = ConcurrentHashMap.newKeySet();

    /**
     * An endpoint; listens after {@link #start()}. Users and limits are those of the pipeline's configuration.
     *
     * @param host address to listen on
     * @param port port, or 0 for any free one
     */
    public MqttIngestEndpoint(Vertx vertx, IngestPipeline pipeline, String host, int port) {
        this.pipeline = pipeline;
        MqttAccess access = pipeline.config().mqtt();
        this.server = MqttServer.create(
                vertx,
                new MqttServerOptions()
                        .setHost(host)
                        .setPort(port)
                        .setMaxMessageSize(access.maxMessageBytes())
                        .setTimeoutOnConnect(15));
        server.endpointHandler(this::connect).exceptionHandler(e -> LOG.debug("an MQTT client's handshake failed", e));
    }

    /** Listens. @return the port */
    public Future<Integer> start() {
        return server.listen().map(MqttServer::actualPort);
    }

    /** How many clients are connected. */
    public int connections() {
        return connected.size();
    }

    /** Stops listening and closes all connections; what is in flight is not acknowledged. */
    public Future<Void> close() {
        return server.close();
    }

    private void connect(MqttEndpoint endpoint) {
        MqttAccess access = pipeline.config().mqtt();
        if (!mayConnect(access, endpoint)) {
            endpoint.reject(
                    endpoint.protocolVersion() >= 5
                            ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD
                            : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
            return;
        }
        connected.add(endpoint);
        new MqttConnection(endpoint, pipeline, access.maxInFlight()).open(() -> connected.remove(endpoint));
        endpoint.subscribeHandler(subscribe -> endpoint.subscribeAcknowledge(
                        subscribe.messageId(),
                        subscribe.topicSubscriptions().stream()
                                .map(topic -> io.netty.handler.codec.mqtt.MqttQoS.FAILURE)
                                .toList()))
                .unsubscribeHandler(unsubscribe -> endpoint.unsubscribeAcknowledge(unsubscribe.messageId()));
        if (endpoint.protocolVersion() >= 5) {
            MqttProperties properties = new MqttProperties();
            properties.add(new MqttProperties.IntegerProperty(MqttProperties.RECEIVE_MAXIMUM, access.maxInFlight()));
            endpoint.accept(false, properties);
        } else {
            endpoint.accept(false);
        }
    }

    private static boolean mayConnect(MqttAccess access, MqttEndpoint endpoint) {
        if (access.users().isEmpty()) {
            return true;
        }
        if (endpoint.auth() == null
                || endpoint.auth().getUsername() == null
                || endpoint.auth().getPassword() == null) {
            return false;
        }
        Secret wanted = access.users().get(endpoint.auth().getUsername());
        String given = endpoint.auth().getPassword();
        return wanted != null
                && MessageDigest.isEqual(
                        wanted.value().getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    /** The connected clients' identifiers. */
    public List<String> clients() {
        return connected.stream().map(MqttEndpoint::clientIdentifier).sorted().toList();
    }
}
