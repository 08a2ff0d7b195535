package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.Bytes;
import de.freiraum.ingest.message.Fields;
import de.freiraum.ingest.message.MessageJson;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ChirpStack v4 in JSON, by MQTT or webhook. Which event it is follows from the topic's last level or the request's {@code event} parameter, and
 * where neither says it from the event's own members. Version 3 has another layout and is refused.
 */
public final class ChirpStackV4 implements Envelope {
    private static final Set<String> OTHER_EVENTS =
            Set.of("join", "ack", "txack", "status", "log", "location", "integration");

    /** Members that only other events have. */
    private static final List<String> OTHER_MEMBERS = List.of(
            "acknowledged",
            "downlinkId",
            "margin",
            "batteryLevel",
            "level",
            "location",
            "integrationName",
            "relayRxInfo");

    @Override
    public String name() {
        return "chirpstack-v4";
    }

    @Override
    public List<Uplink> open(RawMessage message) {
        String named = eventName(message);
        if (named != null && OTHER_EVENTS.contains(named)) {
            return List.of();
        }
        Fields event = Fields.of(MessageJson.read(message.body()));
        if (!event.has("deviceInfo")) {
            throw Rejection.broken("\"deviceInfo\" is missing; expected is an event of ChirpStack v4");
        }
        if (named == null && !isUplink(event)) {
            if (event.has("devAddr") || OTHER_MEMBERS.stream().anyMatch(event::has)) {
                return List.of();
            }
            throw Rejection.broken("the event is neither an uplink nor another known event of ChirpStack v4");
        }
        Fields info = event.object("deviceInfo");
        String session = event.text("devAddr");
        String payload = event.text("data");
        List<Fields> receptions = event.objects("rxInfo");
        return List.of(new Uplink(
                info.required("devEui").toLowerCase(Locale.ROOT),
                info.text("deviceName"),
                info.text("deviceProfileName"),
                (int) event.whole("fPort", 255),
                event.whole("fCnt", 0xFFFF_FFFFL),
                session == null ? "" : session,
                true,
                payload == null ? null : Bytes.base64(payload, "data"),
                event.has("object") ? event.object("object").object() : null,
                new Uplink.Times(
                        null,
                        Receptions.earliest(receptions, "gwTime"),
                        event.time("time"),
                        Receptions.earliest(receptions, "nsTime")),
                Receptions.best(receptions, "rssi", "snr", r -> r.text("gatewayId"))));
    }

    private static boolean isUplink(Fields event) {
        return event.has("rxInfo") || event.has("data") || event.has("fPort");
    }

    private static @Nullable String eventName(RawMessage message) {
        String parameter = message.headers().get("event");
        if (parameter != null) {
            return parameter;
        }
        String topic = message.topic();
        int at = topic.lastIndexOf("/event/");
        return at < 0 ? null : topic.substring(at + "/event/".length());
    }
}
