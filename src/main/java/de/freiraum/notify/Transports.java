package de.freiraum.notify;

import de.freiraum.egress.Egress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Locale;
import java.util.function.Supplier;

/** The ways to receivers: HTTP and MQTT, as the scheme of the endpoint says. */
final class Transports {
    private final Transport http;
    private final Transport mqtt;

    Transports(Vertx vertx, Egress egress, Supplier<String> ids) {
        this.http = new HttpTransport(egress);
        this.mqtt = new MqttTransport(vertx, egress, ids);
    }

    /** Sends a message to its endpoint. */
    Future<Void> send(Message message) {
        String scheme = URI.create(message.endpoint().uri()).getScheme();
        return (scheme.toLowerCase(Locale.ROOT).startsWith("mqtt") ? mqtt : http).send(message);
    }

    /** Closes all connections; always completes. */
    Future<Void> close() {
        return Future.join(http.close(), mqtt.close()).<Void>mapEmpty().otherwiseEmpty();
    }
}
