package de.freiraum.ingest.mqtt;

import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.Receipt;
import de.freiraum.ingest.message.RawMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection. Acknowledgements go out in the order of the messages, as MQTT asks. All state belongs to the connection's context. */
final class MqttConnection {
    private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);

    private final MqttEndpoint endpoint;
    private final IngestPipeline pipeline;
    private final int mostInFlight;
    private final Context context = Vertx.currentContext();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private boolean closed;

    private static final class Pending {
        private final int messageId;
        private final MqttQoS qos;
        private boolean done;

        Pending(int messageId, MqttQoS qos) {
            this.messageId = messageId;
            this.qos = qos;
        }
    }

    MqttConnection(MqttEndpoint endpoint, IngestPipeline pipeline, int mostInFlight) {
        this.endpoint = endpoint;
        this.pipeline = pipeline;
        this.mostInFlight = mostInFlight;
    }

    void open(Runnable onClose) {
        endpoint.publishAutoAck(false)
                .publishHandler(this::publish)
                .publishReleaseHandler(endpoint::publishComplete)
                .closeHandler(gone -> {
                    closed = true;
                    pending.clear();
                    onClose.run();
                })
                .exceptionHandler(e -> LOG.debug("an MQTT client broke the protocol or its connection", e));
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
        RawMessage raw = RawMessage.of(
                message.payload().getBytes(),
                message.topicName(),
                pipeline.clock().instant());
        Pending entry = new Pending(message.messageId(), message.qosLevel());
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

    private void settle(Pending entry, boolean durable) {
        if (closed) {
            return;
        }
        if (!durable) {
            close(MqttDisconnectReasonCode.UNSPECIFIED_ERROR);
            return;
        }
        entry.done = true;
        while (!pending.isEmpty() && pending.peek().done) {
            acknowledge(pending.remove());
        }
    }

    private void acknowledge(Pending entry) {
        if (!endpoint.isConnected()) {
            return;
        }
        if (entry.qos == MqttQoS.AT_LEAST_ONCE) {
            endpoint.publishAcknowledge(entry.messageId);
        } else if (entry.qos == MqttQoS.EXACTLY_ONCE) {
            endpoint.publishReceived(entry.messageId);
        }
    }

    private void close(MqttDisconnectReasonCode reason) {
        closed = true;
        pending.clear();
        if (endpoint.isConnected()) {
            if (endpoint.protocolVersion() >= 5) {
                endpoint.disconnect(reason, MqttProperties.NO_PROPERTIES);
            }
            endpoint.close();
        }
    }
}
