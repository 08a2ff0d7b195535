package de.freiraum.ingest.mqtt;

import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.Receipt;
import de.freiraum.ingest.config.MqttAccess;
import de.freiraum.ingest.message.RawMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.MqttUnsubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubRecReasonCode;
import io.vertx.mqtt.messages.codes.MqttSubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttUnsubAckReasonCode;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection. Acknowledgements go out in the order of the messages, as MQTT asks. All state belongs to the connection's context. */
final class MqttConnection {
    private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);

    private final MqttEndpoint endpoint;
    private final IngestPipeline pipeline;
    private final @Nullable String user;
    private final Refusals refusals;
    private final boolean five;
    private final int mostInFlight;
    private final Context context = Vertx.currentContext();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private boolean closed;

    private enum State {
        WAITING,
        DURABLE,
        REFUSED
    }

    private static final class Pending {
        private final int messageId;
        private final MqttQoS qos;
        private State state = State.WAITING;

        Pending(int messageId, MqttQoS qos) {
            this.messageId = messageId;
            this.qos = qos;
        }
    }

    /**
     * A connection that has been let in.
     *
     * @param user who it is; null where everybody may publish
     */
    MqttConnection(MqttEndpoint endpoint, IngestPipeline pipeline, @Nullable String user, Refusals refusals) {
        this.endpoint = endpoint;
        this.pipeline = pipeline;
        this.user = user;
        this.refusals = refusals;
        this.five = endpoint.protocolVersion() >= 5;
        this.mostInFlight = pipeline.config().mqtt().maxInFlight();
    }

    void open(Runnable onClose) {
        endpoint.publishAutoAck(false)
                .publishHandler(this::publish)
                .publishReleaseHandler(endpoint::publishComplete)
                .subscribeHandler(this::refuse)
                .unsubscribeHandler(this::unsubscribe)
                .closeHandler(gone -> {
                    closed = true;
                    pending.clear();
                    onClose.run();
                })
                .exceptionHandler(e -> LOG.debug("an MQTT client broke the protocol or its connection", e));
    }

    String clientId() {
        return endpoint.clientIdentifier();
    }

    /** Another connection has come with the same identifier, so this one goes (MQTT-3.1.4-3). */
    void takenOver() {
        context.runOnContext(v -> close(MqttDisconnectReasonCode.SESSION_TAKEN_OVER));
    }

    private void publish(MqttPublishMessage message) {
        if (closed) {
            return;
        }
        if (pending.size() >= mostInFlight) {
            LOG.warn(
                    "the MQTT client {} has more than {} messages in flight",
                    endpoint.clientIdentifier(),
                    mostInFlight);
            close(MqttDisconnectReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
            return;
        }
        if (five && message.properties().getProperty(MqttProperties.TOPIC_ALIAS) != null) {
            // None is allowed in the CONNACK.
            close(MqttDisconnectReasonCode.TOPIC_ALIAS_INVALID);
            return;
        }
        Pending entry = new Pending(message.messageId(), message.qosLevel());
        if (!mayPublish(message.topicName())) {
            refuse(entry, message.topicName());
            return;
        }
        RawMessage raw = RawMessage.of(
                message.payload().getBytes(),
                message.topicName(),
                pipeline.clock().instant());
        pending.add(entry);
        String source = pipeline.sourceOfTopic(raw.topic());
        Future<Receipt> receipt = source == null ? pipeline.acceptUnknown(raw) : pipeline.accept(source, raw);
        receipt.onComplete(result -> {
            if (Vertx.currentContext() == context) {
                settle(entry, result.succeeded());
            } else {
                context.runOnContext(v -> settle(entry, result.succeeded()));
            }
        });
    }

    private boolean mayPublish(String topic) {
        if (user == null) {
            return true;
        }
        // The configuration in force counts, which may be another one than when the client connected.
        MqttAccess.User known = pipeline.config().mqtt().users().get(user);
        return known != null && known.mayPublish(topic);
    }

    /**
     * MQTT 5 can say no. With 3.1.1 there are only a positive acknowledgement, which would be a lie, and the end of the connection
     * (MQTT-3.3.5-2). A message of QoS 0 is dropped.
     */
    private void refuse(Pending entry, String topic) {
        refusals.note(MqttIngestEndpoint.Refused.PUBLISH, endpoint, user, topic);
        if (entry.qos == MqttQoS.AT_MOST_ONCE) {
            return;
        }
        if (!five) {
            close(MqttDisconnectReasonCode.NOT_AUTHORIZED);
            return;
        }
        entry.state = State.REFUSED;
        pending.add(entry);
        acknowledgeInOrder();
    }

    private void settle(Pending entry, boolean durable) {
        if (closed) {
            return;
        }
        if (!durable) {
            close(MqttDisconnectReasonCode.UNSPECIFIED_ERROR);
            return;
        }
        entry.state = State.DURABLE;
        acknowledgeInOrder();
    }

    private void acknowledgeInOrder() {
        for (Pending first = pending.peek(); first != null && first.state != State.WAITING; first = pending.peek()) {
            acknowledge(pending.remove());
        }
    }

    private void acknowledge(Pending entry) {
        if (!endpoint.isConnected()) {
            return;
        }
        boolean refused = entry.state == State.REFUSED;
        if (entry.qos == MqttQoS.AT_LEAST_ONCE) {
            if (refused) {
                endpoint.publishAcknowledge(
                        entry.messageId, MqttPubAckReasonCode.NOT_AUTHORIZED, MqttProperties.NO_PROPERTIES);
            } else {
                endpoint.publishAcknowledge(entry.messageId);
            }
        } else if (entry.qos == MqttQoS.EXACTLY_ONCE) {
            if (refused) {
                endpoint.publishReceived(
                        entry.messageId, MqttPubRecReasonCode.NOT_AUTHORIZED, MqttProperties.NO_PROPERTIES);
            } else {
                endpoint.publishReceived(entry.messageId);
            }
        }
    }

    private void refuse(MqttSubscribeMessage subscribe) {
        subscribe
                .topicSubscriptions()
                .forEach(topic ->
                        refusals.note(MqttIngestEndpoint.Refused.SUBSCRIBE, endpoint, user, topic.topicName()));
        if (five) {
            endpoint.subscribeAcknowledge(
                    subscribe.messageId(),
                    subscribe.topicSubscriptions().stream()
                            .map(topic -> MqttSubAckReasonCode.NOT_AUTHORIZED)
                            .toList(),
                    MqttProperties.NO_PROPERTIES);
        } else {
            endpoint.subscribeAcknowledge(
                    subscribe.messageId(),
                    subscribe.topicSubscriptions().stream()
                            .map(topic -> MqttQoS.FAILURE)
                            .toList());
        }
    }

    private void unsubscribe(MqttUnsubscribeMessage unsubscribe) {
        if (five) {
            endpoint.unsubscribeAcknowledge(
                    unsubscribe.messageId(),
                    unsubscribe.topics().stream()
                            .map(topic -> MqttUnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED)
                            .toList(),
                    MqttProperties.NO_PROPERTIES);
        } else {
            endpoint.unsubscribeAcknowledge(unsubscribe.messageId());
        }
    }

    private void close(MqttDisconnectReasonCode reason) {
        closed = true;
        pending.clear();
        if (endpoint.isConnected()) {
            if (five) {
                endpoint.disconnect(reason, MqttProperties.NO_PROPERTIES);
            }
            endpoint.close();
        }
    }
}
