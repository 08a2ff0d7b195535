package de.freiraum.notify;

import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressRequest;
import de.freiraum.model.Subscription.KeyValuePair;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;

/** Sends notifications as HTTP POST (clauses 6.3.8 and 6.3.14). Only 200 counts as success (clause 5.8.6). */
final class HttpTransport implements Transport {
    private static final int MAX_RESPONSE = 64 * 1024;

    private final Egress egress;

    HttpTransport(Egress egress) {
        this.egress = egress;
    }

    @Override
    public Future<Void> send(Message message) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (KeyValuePair pair : message.endpoint().receiverInfo()) {
            headers.add(pair.key(), pair.value());
        }
        headers.set("Content-Type", message.contentType());
        String link = message.link();
        if (link != null) {
            headers.set("Link", link);
        }
        if (!message.tenant().isDefault()) {
            headers.set("NGSILD-Tenant", message.tenant().name());
        }
        String snapshot = message.tenant().snapshot();
        if (snapshot != null) {
            headers.set("NGSILD-Snapshot", snapshot);
        }
        return egress.request(EgressRequest.post(
                        URI.create(message.endpoint().uri()),
                        headers,
                        Buffer.buffer(message.body()),
                        message.timeout(),
                        MAX_RESPONSE))
                .compose(response -> response.status() == 200
                        ? Future.succeededFuture()
                        : Future.failedFuture(new DeliveryFailure("the receiver answers " + response.status())));
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
