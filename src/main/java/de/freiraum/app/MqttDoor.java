package de.freiraum.app;

import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.mqtt.MqttIngestEndpoint;
import de.freiraum.ops.AuditLog;
import de.freiraum.ops.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The built-in MQTT endpoint of a server: where it listens, its certificate, its metrics. */
final class MqttDoor {
    private static final Logger LOG = LoggerFactory.getLogger(MqttDoor.class);

    private final Vertx vertx;
    private final AppConfig config;
    private final Metrics metrics;

    MqttDoor(Vertx vertx, AppConfig config, Metrics metrics) {
        this.vertx = vertx;
        this.config = config;
        this.metrics = metrics;
    }

    /**
     * Listens.
     *
     * @param audit gets what is refused
     * @param lifecycle closes it
     * @return the port
     */
    Future<Integer> open(IngestPipeline pipeline, Consumer<AuditLog.Entry> audit, Lifecycle lifecycle) {
        AppConfig.Mqtt.Certificates tls = config.mqtt().tls();
        if (tls.certificate().isEmpty()) {
            return start(
                    new MqttIngestEndpoint(
                            vertx, pipeline, host(pipeline), config.mqtt().port(), null, audit),
                    lifecycle);
        }
        CertificateWatch watch = new CertificateWatch(
                vertx,
                tls.certificate().get(),
                tls.key().orElseThrow(),
                tls.trust().orElse(null),
                tls.clients() == AppConfig.Mqtt.Clients.REQUIRED ? ClientAuth.REQUIRED : ClientAuth.REQUEST);
        return watch.read().compose(options -> {
            MqttIngestEndpoint endpoint = new MqttIngestEndpoint(
                    vertx, pipeline, host(pipeline), config.mqtt().port(), options, audit);
            return start(endpoint, lifecycle).onSuccess(port -> watch.watch(endpoint::use));
        });
    }

    private String host(IngestPipeline pipeline) {
        boolean anybody = pipeline.config().mqtt().users().isEmpty();
        if (anybody && config.mqtt().host().isEmpty() && !config.open()) {
            LOG.info("no users are configured for the MQTT endpoint; it listens on loopback only");
        }
        return config.mqtt().host().orElse(anybody || config.open() ? "127.0.0.1" : "0.0.0.0");
    }

    private Future<Integer> start(MqttIngestEndpoint endpoint, Lifecycle lifecycle) {
        return endpoint.start().onSuccess(port -> {
            lifecycle.started("MQTT", endpoint::close);
            metrics.gauge("mqtt.connections", "Connections of the MQTT endpoint", endpoint::connections);
            for (MqttIngestEndpoint.Refused what : MqttIngestEndpoint.Refused.values()) {
                metrics.total(
                        "mqtt.refused",
                        "What the MQTT endpoint refused for want of a right",
                        () -> endpoint.refused(what),
                        "what",
                        what.name().toLowerCase(Locale.ROOT));
            }
        });
    }
}
