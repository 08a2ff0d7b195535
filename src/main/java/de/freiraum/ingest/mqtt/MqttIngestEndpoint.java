package de.freiraum.ingest.mqtt;

import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.config.MqttAccess;
import de.freiraum.ops.AuditLog;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in MQTT endpoint: devices and gateways publish here, nobody subscribes. It acknowledges (PUBACK, PUBREC) when the message is durable; when the store does
 * not take it, the connection is closed, since clients send again after they have come back. Users may be limited to topics.
 */
public final class MqttIngestEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(MqttIngestEndpoint.class);
    private static final int MQTT_5 = 5;

    /** What is refused for want of a right. */
    public enum Refused {
        /** A connection with wrong credentials or without them. */
        CONNECT,
        /** A message to a topic that the user has no right to. */
        PUBLISH,
        /** A subscription. */
        SUBSCRIBE
    }

    private final MqttServer server;
    private final IngestPipeline pipeline;
    private final Refusals refusals;
    private final Map<String, MqttConnection> connected = new ConcurrentHashMap<>();
    private final AtomicLong unnamed = new AtomicLong();

    /**
     * An endpoint; listens after {@link #start()}. Users and limits are those of the pipeline's configuration.
     *
     * @param host address to listen on
     * @param port port, or 0 for any free one
     * @param tls certificate and what else TLS needs; null: without TLS
     * @param audit gets what is refused
     */
    public MqttIngestEndpoint(
            Vertx vertx,
            IngestPipeline pipeline,
            String host,
            int port,
            @Nullable ServerSSLOptions tls,
            Consumer<AuditLog.Entry> audit) {
        this.pipeline = pipeline;
        this.refusals = new Refusals(audit);
        MqttServerOptions options = new MqttServerOptions()
                .setHost(host)
                .setPort(port)
                .setMaxMessageSize(pipeline.config().mqtt().maxMessageBytes())
                .setTimeoutOnConnect(15)
                .setAutoClientId(false);
        if (tls != null) {
            options.setSsl(true)
                    .setKeyCertOptions(tls.getKeyCertOptions())
                    .setTrustOptions(tls.getTrustOptions())
                    .setClientAuth(tls.getClientAuth());
        }
        this.server = MqttServer.create(vertx, options);
        server.endpointHandler(this::connect).exceptionHandler(e -> LOG.debug("an MQTT client's handshake failed", e));
    }

    /** Listens. @return the port */
    public Future<Integer> start() {
        return server.listen().map(MqttServer::actualPort);
    }

    /** From now on new connections see this certificate; fails, with nothing changed, if it cannot be used. */
    public Future<Void> use(ServerSSLOptions tls) {
        return server.updateSSLOptions(tls.copy()).mapEmpty();
    }

    /** How many clients are connected. */
    public int connections() {
        return connected.size();
    }

    /** How often something of this kind was refused. */
    public long refused(Refused what) {
        return refusals.count(what);
    }

    /** Stops listening and closes all connections; what is in flight is not acknowledged. */
    public Future<Void> close() {
        return server.close();
    }

    private void connect(MqttEndpoint endpoint) {
        MqttAccess access = pipeline.config().mqtt();
        boolean five = endpoint.protocolVersion() >= MQTT_5;
        Optional<String> user = MqttUsers.identify(access, endpoint);
        if (user.isEmpty()) {
            refusals.note(
                    Refused.CONNECT,
                    endpoint,
                    endpoint.auth() == null ? null : endpoint.auth().getUsername(),
                    "");
            endpoint.reject(
                    five
                            ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD
                            : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
            return;
        }
        if (connected.size() >= access.maxConnections()) {
            LOG.warn("there are {} MQTT connections already", access.maxConnections());
            endpoint.reject(
                    five
                            ? MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED
                            : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE);
            return;
        }
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.IntegerProperty(MqttProperties.RECEIVE_MAXIMUM, access.maxInFlight()));
        properties.add(
                new MqttProperties.IntegerProperty(MqttProperties.MAXIMUM_PACKET_SIZE, access.maxMessageBytes()));
        // Nothing is kept for a client that is away, since nobody subscribes.
        properties.add(new MqttProperties.IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, 0));
        if (endpoint.clientIdentifier() == null) {
            endpoint.setClientIdentifier("unnamed-" + unnamed.incrementAndGet());
            properties.add(new MqttProperties.StringProperty(
                    MqttProperties.ASSIGNED_CLIENT_IDENTIFIER, endpoint.clientIdentifier()));
        }
        // One user's client must not end the connection of another's by taking its identifier.
        String key = user.get() + '\n' + endpoint.clientIdentifier();
        MqttConnection connection =
                new MqttConnection(endpoint, pipeline, user.get().isEmpty() ? null : user.get(), refusals);
        MqttConnection earlier = connected.put(key, connection);
        if (earlier != null) {
            earlier.takenOver();
        }
        connection.open(() -> connected.remove(key, connection));
        if (five) {
            endpoint.accept(false, properties);
        } else {
            endpoint.accept(false);
        }
    }

    /** The connected clients' identifiers. */
    public List<String> clients() {
        return connected.values().stream()
                .map(MqttConnection::clientId)
                .sorted()
                .toList();
    }
}
