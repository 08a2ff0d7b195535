package de.freiraum.notify;

import de.freiraum.egress.Egress;
import de.freiraum.model.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** The ways to receivers: HTTP and MQTT, as the scheme of the endpoint says. */
final class Transports {
    private final NotifierSettings settings;
    private final Transport http;
    private final Transport mqtt;

    Transports(Vertx vertx, Egress egress, Supplier<String> ids, NotifierSettings settings) {
        this.settings = settings;
        this.http = new HttpTransport(egress);
        this.mqtt = new MqttTransport(vertx, egress, ids);
    }

    /** Sends a message to its endpoint. */
    Future<Void> send(Message message) {
        String scheme = URI.create(message.endpoint().uri()).getScheme();
        return (scheme.toLowerCase(Locale.ROOT).startsWith("mqtt") ? mqtt : http).send(message);
    }

    /** How long the receiver of a subscription may take. */
    Duration timeout(Subscription subscription) {
        Duration asked = subscription.notification().endpoint().timeout();
        if (asked == null) {
            return settings.defaultTimeout();
        }
        return asked.compareTo(settings.maxTimeout()) > 0 ? settings.maxTimeout() : asked;
    }

    /** Closes all connections; always completes. */
    Future<Void> close() {
        return Future.join(http.close(), mqtt.close()).<Void>mapEmpty().otherwiseEmpty();
    }
}
