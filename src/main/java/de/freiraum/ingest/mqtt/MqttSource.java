package de.freiraum.ingest.mqtt;

import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.message.RawMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription at an existing MQTT broker. The session outlives the connection, so the broker keeps messages while we are away; a message is acknowledged when it is durable,
 * and when the store does not take it, the connection is dropped and the broker sends it again. All state belongs to one Vert.x context.
 */
public final class MqttSource {
    private static final Logger LOG = LoggerFactory.getLogger(MqttSource.class);
    private static final int MOST_IN_FLIGHT = 1000;
    private static final long FIRST_WAIT = 1_000;
    private static final long LONGEST_WAIT = 60_000;

    private final Context context;
    private final IngestPipeline pipeline;
    private final String source;
    private final SourceDefinition.Broker broker;
    private final String clientId;
    private @Nullable MqttClient client;
    private volatile boolean subscribed;
    private boolean stopped;
    private int inFlight;
    private boolean paused;
    private long wait = FIRST_WAIT;

    /**
     * The subscription of one source at its broker; connects after {@link #start()}.
     *
     * @param process names this process among those that share the subscription, the same from start to start
     */
    public MqttSource(
            Vertx vertx, IngestPipeline pipeline, String source, SourceDefinition.Broker broker, String process) {
        this.context = vertx.getOrCreateContext();
        this.pipeline = pipeline;
        this.source = source;
        this.broker = broker;
        this.clientId = broker.clientId(source, process);
    }

    /** Connects, now and whenever the connection is lost. */
    public void start() {
        context.runOnContext(v -> connect());
    }

    /** Whether the broker has confirmed the subscription. */
    public boolean isSubscribed() {
        return subscribed;
    }

    /** Disconnects; the broker keeps the session. */
    public Future<Void> stop() {
        io.vertx.core.Promise<Void> done = io.vertx.core.Promise.promise();
        context.runOnContext(v -> {
            stopped = true;
            MqttClient current = client;
            if (current == null || !current.isConnected()) {
                done.complete();
            } else {
                current.disconnect().onComplete(done);
            }
        });
        return done.future();
    }

    private void connect() {
        if (stopped) {
            return;
        }
        boolean secure = "mqtts".equals(broker.url().getScheme());
        MqttClientOptions options = new MqttClientOptions()
                .setClientId(clientId)
                .setAutoAck(false)
                .setCleanSession(false)
                .setAutoKeepAlive(true)
                .setKeepAliveInterval(30)
                .setMaxMessageSize(pipeline.config().mqtt().maxMessageBytes());
        if (secure) {
            options.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
        }
        if (broker.username() != null) {
            options.setUsername(broker.username());
        }
        if (broker.password() != null) {
            options.setPassword(broker.password().value());
        }
        MqttClient next = MqttClient.create(context.owner(), options);
        client = next;
        inFlight = 0;
        paused = false;
        next.publishHandler(message -> publish(next, message));
        next.closeHandler(gone -> context.runOnContext(v -> lost(next)));
        next.exceptionHandler(e -> LOG.debug("the connection of {} to its broker has a fault", source, e));
        next.subscribeCompletionHandler(ack -> {
            if (ack.grantedQoSLevels().stream().anyMatch(level -> level > 2)) {
                LOG.error("the broker of {} refuses the subscription to {}", source, broker.topics());
            } else {
                subscribed = true;
            }
        });
        int port = broker.url().getPort() > 0 ? broker.url().getPort() : secure ? 8883 : 1883;
        next.connect(port, broker.url().getHost())
                .compose(connected -> next.subscribe(filters()))
                .onSuccess(done -> {
                    wait = FIRST_WAIT;
                    LOG.info("{} listens at {}", source, broker.url());
                })
                .onFailure(e -> {
                    LOG.warn("{} cannot listen at {}: {}", source, broker.url(), e.toString());
                    if (next.isConnected()) {
                        next.disconnect();
                    } else {
                        lost(next);
                    }
                });
    }

    private Map<String, Integer> filters() {
        Map<String, Integer> filters = new HashMap<>();
        broker.topics().forEach(topic -> filters.put(topic, broker.qos()));
        return filters;
    }

    private void lost(MqttClient which) {
        if (which != client) {
            return;
        }
        client = null;
        subscribed = false;
        if (!stopped) {
            context.owner().setTimer(wait, timer -> context.runOnContext(v -> connect()));
            wait = Math.min(2 * wait, LONGEST_WAIT);
        }
    }

    private void publish(MqttClient which, MqttPublishMessage message) {
        RawMessage raw = RawMessage.of(
                message.payload().getBytes(),
                message.topicName(),
                pipeline.clock().instant());
        context.runOnContext(v -> take(which, message, raw));
    }

    private void take(MqttClient which, MqttPublishMessage message, RawMessage raw) {
        inFlight++;
        if (inFlight >= MOST_IN_FLIGHT && !paused) {
            paused = true;
            which.pause();
        }
        pipeline.accept(source, raw)
                .onComplete(result -> context.runOnContext(v -> {
                    if (which != client) {
                        return;
                    }
                    inFlight--;
                    if (result.failed()) {
                        which.disconnect();
                        return;
                    }
                    message.ack();
                    if (paused && inFlight <= MOST_IN_FLIGHT / 2) {
                        paused = false;
                        which.resume();
                    }
                }));
    }
}
