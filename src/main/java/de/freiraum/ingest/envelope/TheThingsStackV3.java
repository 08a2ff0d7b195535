package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.Bytes;
import de.freiraum.ingest.message.Fields;
import de.freiraum.ingest.message.MessageJson;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The Things Stack v3 ({@code uplink_message}), by MQTT or webhook. Zero values are left out there: a missing {@code f_cnt} is 0. */
public final class TheThingsStackV3 implements Envelope {
    private static final List<String> OTHER_EVENTS = List.of(
            "join_accept",
            "downlink_ack",
            "downlink_nack",
            "downlink_sent",
            "downlink_failed",
            "downlink_queued",
            "downlink_queue_invalidated",
            "location_solved",
            "service_data",
            "uplink_normalized");

    @Override
    public String name() {
        return "tts-v3";
    }

    @Override
    public List<Uplink> open(RawMessage message) {
        Fields event = Fields.of(MessageJson.read(message.body()));
        Fields ids = event.object("end_device_ids");
        if (!event.has("uplink_message")) {
            if (OTHER_EVENTS.stream().anyMatch(event::has)) {
                return List.of();
            }
            throw Rejection.broken("\"uplink_message\" is missing; expected is an uplink of The Things Stack v3");
        }
        Fields uplink = event.object("uplink_message");
        String eui = ids.text("dev_eui");
        String id = ids.text("device_id");
        String device = eui != null ? eui : id;
        if (device == null) {
            throw Rejection.broken("\"end_device_ids\" has neither \"dev_eui\" nor \"device_id\"");
        }
        String session = uplink.text("session_key_id");
        String address = ids.text("dev_addr");
        String payload = uplink.text("frm_payload");
        List<Fields> receptions = uplink.objects("rx_metadata");
        return List.of(new Uplink(
                device.toLowerCase(Locale.ROOT),
                id,
                model(uplink.object("version_ids")),
                (int) uplink.whole("f_port", 255),
                uplink.whole("f_cnt", 0xFFFF_FFFFL),
                session != null ? session : address != null ? address : "",
                true,
                payload == null ? null : Bytes.base64(payload, "uplink_message.frm_payload"),
                uplink.has("decoded_payload") ? uplink.object("decoded_payload").object() : null,
                new Uplink.Times(
                        null,
                        Receptions.earliest(receptions, "time"),
                        uplink.time("received_at"),
                        event.time("received_at")),
                Receptions.best(
                        receptions, "rssi", "snr", r -> r.object("gateway_ids").text("gateway_id"))));
    }

    private static @Nullable String model(Fields version) {
        String brand = version.text("brand_id");
        String model = version.text("model_id");
        return brand == null || model == null ? null : brand + "/" + model;
    }
}
