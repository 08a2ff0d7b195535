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
import io.vertx.mqtt.messages.codes.MqttPubCompReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubRecReasonCode;
import io.vertx.mqtt.messages.codes.MqttSubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttUnsubAckReasonCode;
import java.util.HashSet;
import java.util.Set;
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
    private final AckQueue pending = new AckQueue();

    /** Messages of QoS 2 that are durable and confirmed, and that the client has not let go of. */
    private final Set<Integer> unreleased = new HashSet<>();

    private boolean closed;

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
                .publishReleaseHandler(this::release)
                .subscribeHandler(this::refuse)
                .unsubscribeHandler(this::unsubscribe)
                .closeHandler(gone -> {
                    closed = true;
                    pending.clear();
                    unreleased.clear();
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
        if (message.qosLevel() == MqttQoS.EXACTLY_ONCE && unreleased.contains(message.messageId())) {
            endpoint.publishReceived(message.messageId());
            return;
        }
        if (pending.size() + unreleased.size() >= mostInFlight) {
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
        if (!mayPublish(message.topicName())) {
            refuse(message);
            return;
        }
        RawMessage raw = RawMessage.of(
                message.payload().getBytes(),
                message.topicName(),
                pipeline.clock().instant());
        AckQueue.Slot slot = pending.add();
        String source = pipeline.sourceOfTopic(raw.topic());
        Future<Receipt> receipt = source == null ? pipeline.acceptUnknown(raw) : pipeline.accept(source, raw);
        receipt.onComplete(result -> {
            if (Vertx.currentContext() == context) {
                settle(slot, message, result.succeeded());
            } else {
                context.runOnContext(v -> settle(slot, message, result.succeeded()));
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
    private void refuse(MqttPublishMessage message) {
        refusals.note(MqttIngestEndpoint.Refused.PUBLISH, endpoint, user, message.topicName());
        if (message.qosLevel() == MqttQoS.AT_MOST_ONCE) {
            return;
        }
        if (five) {
            pending.settle(pending.add(), () -> deny(message));
        } else {
            close(MqttDisconnectReasonCode.NOT_AUTHORIZED);
        }
    }

    private void settle(AckQueue.Slot slot, MqttPublishMessage message, boolean durable) {
        if (closed) {
            return;
        }
        if (durable) {
            pending.settle(slot, () -> acknowledge(message));
        } else {
            close(MqttDisconnectReasonCode.UNSPECIFIED_ERROR);
        }
    }

    private void acknowledge(MqttPublishMessage message) {
        if (!endpoint.isConnected()) {
            return;
        }
        if (message.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            endpoint.publishAcknowledge(message.messageId());
        } else if (message.qosLevel() == MqttQoS.EXACTLY_ONCE) {
            unreleased.add(message.messageId());
            endpoint.publishReceived(message.messageId());
        }
    }

    private void release(int messageId) {
        if (!unreleased.remove(messageId) && five) {
            endpoint.publishComplete(
                    messageId, MqttPubCompReasonCode.PACKET_IDENTIFIER_NOT_FOUND, MqttProperties.NO_PROPERTIES);
        } else {
            endpoint.publishComplete(messageId);
        }
    }

    private void deny(MqttPublishMessage message) {
        if (!endpoint.isConnected()) {
            return;
        }
        if (message.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            endpoint.publishAcknowledge(
                    message.messageId(), MqttPubAckReasonCode.NOT_AUTHORIZED, MqttProperties.NO_PROPERTIES);
        } else {
            endpoint.publishReceived(
                    message.messageId(), MqttPubRecReasonCode.NOT_AUTHORIZED, MqttProperties.NO_PROPERTIES);
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
