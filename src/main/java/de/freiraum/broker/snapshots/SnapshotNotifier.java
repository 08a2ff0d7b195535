package de.freiraum.broker.snapshots;

import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressRequest;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.model.Snapshot;
import de.freiraum.model.Subscription.KeyValuePair;
import de.freiraum.model.Tenant;
import de.freiraum.representation.SnapshotWriter;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a snapshot's endpoint about its status (clause 5.16.6), once each time. */
final class SnapshotNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotNotifier.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_RESPONSE = 64 * 1024;
    private static final String CONTEXT_LINK = "<" + BuiltInContexts.CORE_URL
            + ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";

    private final Egress egress;
    private final Supplier<String> ids;
    private final InstantSource clock;

    SnapshotNotifier(Egress egress, Supplier<String> ids, InstantSource clock) {
        this.egress = egress;
        this.ids = ids;
        this.clock = clock;
    }

    /** Tells the status as it is now. */
    void changed(Tenant tenant, Snapshot snapshot) {
        send(tenant, snapshot, false);
    }

    /** Tells that there is no such snapshot any more. */
    void deleted(Tenant tenant, Snapshot snapshot) {
        send(tenant, snapshot, true);
    }

    private void send(Tenant tenant, Snapshot snapshot, boolean deleted) {
        String endpoint = snapshot.settings().endpoint();
        if (endpoint == null) {
            return;
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (KeyValuePair pair : snapshot.settings().receiverInfo()) {
            headers.add(pair.key(), pair.value());
        }
        headers.set("Content-Type", "application/json").set("Link", CONTEXT_LINK);
        if (!tenant.isDefault()) {
            headers.set("NGSILD-Tenant", tenant.name());
        }
        Instant now = clock.instant();
        byte[] body = JsonWriter.write(
                SnapshotWriter.notification(snapshot, "urn:ngsi-ld:SnapshotNotification:" + ids.get(), now, deleted));
        egress.request(EgressRequest.post(URI.create(endpoint), headers, Buffer.buffer(body), TIMEOUT, MAX_RESPONSE))
                .onComplete(answer -> {
                    if (answer.failed() || answer.result().status() >= 300) {
                        LOG.warn(
                                "the endpoint of snapshot {} did not take a notification: {}",
                                snapshot.id(),
                                answer.failed()
                                        ? String.valueOf(answer.cause())
                                        : "status " + answer.result().status());
                    }
                });
    }
}
