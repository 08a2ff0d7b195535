package de.freiraum.ingest.mqtt;

import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.message.RawMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
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
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int REFUSED = 0x80;

    private final Context context;
    private final IngestPipeline pipeline;
    private final String source;
    private final SourceDefinition.Broker broker;
    private final String clientId;
    private final Backoff backoff;
    private @Nullable Link link;
    private volatile @Nullable String fault = "not connected yet";
    private boolean stopped;
    private int turn;

    /**
     * The subscription of one source at its broker; connects after {@link #start()}.
     *
     * @param process names this process among those that share the subscription, the same from start to start
     * @param random numbers from 0 to 1, so that many clients do not come back at the same time
     */
    public MqttSource(
            Vertx vertx,
            IngestPipeline pipeline,
            String source,
            SourceDefinition.Broker broker,
            String process,
            DoubleSupplier random) {
        this.context = vertx.getOrCreateContext();
        this.pipeline = pipeline;
        this.source = source;
        this.broker = broker;
        this.clientId = broker.clientId(source, process);
        this.backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, random);
    }

    /** Connects, now and whenever the connection is lost. */
    public void start() {
        context.runOnContext(v -> connect());
    }

    /** Whether the broker has confirmed the whole subscription. */
    public boolean isSubscribed() {
        return fault == null;
    }

    /** Why messages do not come at present, if so. */
    public Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Disconnects; the broker keeps the session. */
    public Future<Void> stop() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            stopped = true;
            fault = "stopped";
            Link current = link;
            if (current == null) {
                done.complete();
            } else {
                current.client.disconnect().otherwiseEmpty().onComplete(done);
            }
        });
        return done.future();
    }

    private void connect() {
        if (!stopped) {
            URI url = broker.urls().get(Math.floorMod(turn, broker.urls().size()));
            link = new Link(url);
            link.open();
        }
    }

    /** One connection, from the attempt to make it to its end. */
    private final class Link {
        private final URI url;
        private final MqttClient client;
        private final AckQueue acknowledgements = new AckQueue();
        private final List<String> refused = new ArrayList<>();
        private List<String> asked = List.of();
        private boolean answered;
        private boolean paused;

        Link(URI url) {
            this.url = url;
            this.client = MqttClient.create(
                    context.owner(),
                    BrokerOptions.of(
                            broker, url, clientId, pipeline.config().mqtt().maxMessageBytes(), MOST_IN_FLIGHT));
        }

        void open() {
            client.publishHandler(this::take);
            client.closeHandler(gone -> lost("the connection was closed"));
            client.disconnectMessageHandler(said -> lost("the broker says " + said.code()));
            client.exceptionHandler(e -> giveUp(e.toString()));
            client.subscribeCompletionHandler(answer -> subscribed(answer.grantedQoSLevels()));
            client.connect(BrokerOptions.port(url), url.getHost())
                    .timeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .compose(connected -> subscribe(broker.topics()))
                    .onSuccess(sent -> context.owner().setTimer(ANSWER.toMillis(), late -> {
                        if (!answered) {
                            giveUp("the broker does not answer the subscription");
                        }
                    }))
                    .onFailure(e -> giveUp(e.toString()));
        }

        /**
         * Asks for QoS 1 where 2 is wanted. With QoS 2 the broker drops a message when it is received, before it is durable; so it would be lost with
         * this process. Messages that come twice are recognised.
         */
        private Future<Integer> subscribe(List<String> topics) {
            asked = topics;
            MqttQoS qos = MqttQoS.valueOf(Math.min(broker.qos(), MqttQoS.AT_LEAST_ONCE.value()));
            MqttSubscriptionOption option = new MqttSubscriptionOption(
                    qos,
                    false,
                    false,
                    MqttSubscriptionOption.RetainedHandlingPolicy.SEND_AT_SUBSCRIBE_IF_NOT_YET_EXISTS);
            return client.subscribe(
                    topics.stream()
                            .map(topic -> new MqttTopicSubscription(topic, option))
                            .toList(),
                    MqttProperties.NO_PROPERTIES);
        }

        private void subscribed(List<Integer> granted) {
            if (this != link) {
                return;
            }
            answered = true;
            refused.clear();
            for (int i = 0; i < asked.size(); i++) {
                if (i >= granted.size() || granted.get(i) >= REFUSED) {
                    refused.add(asked.get(i));
                } else if (granted.get(i) < Math.min(broker.qos(), 1)) {
                    LOG.warn("{} gets {} with QoS {} only", source, asked.get(i), granted.get(i));
                }
            }
            if (refused.isEmpty()) {
                fault = null;
                LOG.info("{} listens at {}", source, url);
                context.owner().setTimer(LONGEST_WAIT.toMillis(), stable -> {
                    if (this == link) {
                        backoff.reset();
                    }
                });
                return;
            }
            fault = url + " refuses the subscription to " + String.join(", ", refused);
            LOG.error("the broker of {} refuses the subscription to {}", source, refused);
            List<String> again = List.copyOf(refused);
            context.owner().setTimer(backoff.next(), retry -> {
                if (this == link && !stopped) {
                    subscribe(again).onFailure(e -> LOG.debug("{} cannot ask again", source, e));
                }
            });
        }

        private void take(MqttPublishMessage message) {
            if (this != link) {
                return;
            }
            RawMessage raw = RawMessage.of(
                    message.payload().getBytes(),
                    message.topicName(),
                    pipeline.clock().instant());
            AckQueue.Slot slot = acknowledgements.add();
            if (acknowledgements.size() >= MOST_IN_FLIGHT && !paused) {
                paused = true;
                client.pause();
            }
            pipeline.accept(source, raw)
                    .onComplete(result -> context.runOnContext(v -> taken(slot, message, result.succeeded())));
        }

        private void taken(AckQueue.Slot slot, MqttPublishMessage message, boolean durable) {
            if (this != link) {
                return;
            }
            if (!durable) {
                giveUp("the store does not take messages");
                return;
            }
            acknowledgements.settle(slot, message::ack);
            backoff.reset();
            if (paused && acknowledgements.size() <= MOST_IN_FLIGHT / 2) {
                paused = false;
                client.resume();
            }
        }

        private void giveUp(String why) {
            lost(why);
            client.disconnect();
        }

        private void lost(String why) {
            if (this != link) {
                return;
            }
            link = null;
            acknowledgements.clear();
            turn++;
            if (stopped) {
                return;
            }
            fault = "not connected to " + url + ": " + why;
            long wait = backoff.next();
            LOG.warn("{} is not connected to {}, next attempt in {} ms: {}", source, url, wait, why);
            context.owner().setTimer(wait, timer -> context.runOnContext(v -> connect()));
        }
    }
}
