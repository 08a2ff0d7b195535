package de.freiraum.ingest.mqtt;

import de.freiraum.ops.AuditLog;
import io.vertx.mqtt.MqttEndpoint;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what the endpoint refuses, and tells the audit log. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final Consumer<AuditLog.Entry> audit;
    private final Map<MqttIngestEndpoint.Refused, LongAdder> counts = new EnumMap<>(MqttIngestEndpoint.Refused.class);

    Refusals(Consumer<AuditLog.Entry> audit) {
        this.audit = audit;
        for (MqttIngestEndpoint.Refused what : MqttIngestEndpoint.Refused.values()) {
            counts.put(what, new LongAdder());
        }
    }

    /**
     * Notes a refusal.
     *
     * @param user who it was, or null
     * @param topic what it was about, empty for connections
     */
    void note(MqttIngestEndpoint.Refused what, MqttEndpoint client, @Nullable String user, String topic) {
        counter(what).increment();
        String address = client.remoteAddress() == null
                ? "unknown"
                : Objects.requireNonNullElse(client.remoteAddress().hostAddress(), "unknown");
        LOG.debug("refused: {} of {} at {}", what, user, address);
        audit.accept(new AuditLog.Entry(
                Objects.requireNonNullElse(user, what == MqttIngestEndpoint.Refused.CONNECT ? "unknown" : "anonymous"),
                address,
                "MQTT " + what.name().toUpperCase(Locale.ROOT),
                topic,
                "",
                what == MqttIngestEndpoint.Refused.CONNECT ? UNAUTHORIZED : FORBIDDEN,
                null));
    }

    long count(MqttIngestEndpoint.Refused what) {
        return counter(what).sum();
    }

    private LongAdder counter(MqttIngestEndpoint.Refused what) {
        return Objects.requireNonNull(counts.get(what));
    }
}
