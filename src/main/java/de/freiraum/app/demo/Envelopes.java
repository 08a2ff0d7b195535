package de.freiraum.app.demo;

import de.freiraum.json.JsonWriter;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;

/** What the network servers make of an uplink: topic and message of The Things Stack v3 and of ChirpStack v4. */
final class Envelopes {

    /** A message as it is published. */
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
    record Message(String topic, byte[] body) {}

    private static final String CHIRPSTACK_APPLICATION = "17c82e96-be03-4f38-aef3-f83d48582d97";

    private Envelopes() {}

    /**
     * The message of one uplink.
     *
     * @param session changes when the device joins anew
     */
    static Message of(DemoDevice device, Payloads.Payload payload, Instant at, int frame, String session, int rssi) {
        return device.envelope().equals("tts-v3")
                ? theThingsStack(device, payload, at, frame, session, rssi)
                : chirpStack(device, payload, at, frame, session, rssi);
    }

    private static Message theThingsStack(
            DemoDevice device, Payloads.Payload payload, Instant at, int frame, String session, int rssi) {
        String application = device.city() + "-sensors";
        String deviceId = "eui-" + device.devEui();
        JsonWriter json = new JsonWriter().beginObject().name("end_device_ids").beginObject();
        json.member("device_id", deviceId);
        json.name("application_ids")
                .beginObject()
                .member("application_id", application)
                .endObject();
        json.member("dev_eui", device.devEui().toUpperCase(Locale.ROOT)).member("join_eui", "0000000000000001");
        json.member("dev_addr", "260B" + session.substring(0, 4).toUpperCase(Locale.ROOT))
                .endObject();
        json.name("received_at").time(at.plusMillis(180)).name("uplink_message").beginObject();
        json.member(
                "session_key_id",
                Base64.getEncoder().encodeToString(session.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        json.member("f_port", payload.port());
        if (frame != 0) {
            json.member("f_cnt", frame);
        }
        json.member("frm_payload", Base64.getEncoder().encodeToString(payload.bytes()));
        json.name("rx_metadata").beginArray().beginObject();
        json.name("gateway_ids")
                .beginObject()
                .member("gateway_id", device.city() + "-gw-1")
                .endObject();
        json.name("time")
                .time(at)
                .member("rssi", rssi)
                .name("snr")
                .number(7.5)
                .endObject()
                .endArray();
        json.name("received_at").time(at.plusMillis(90));
        String[] model = device.model().split("/", 2);
        json.name("version_ids")
                .beginObject()
                .member("brand_id", model[0])
                .member("model_id", model[1])
                .endObject();
        json.endObject().endObject();
        return new Message("v3/" + application + "@stadt/devices/" + deviceId + "/up", json.toBytes());
    }

    private static Message chirpStack(
            DemoDevice device, Payloads.Payload payload, Instant at, int frame, String session, int rssi) {
        String id = device.devEui() + session + frame;
        JsonWriter json = new JsonWriter().beginObject();
        json.member(
                "deduplicationId",
                UUID.nameUUIDFromBytes(id.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .toString());
        json.name("time").time(at).name("deviceInfo").beginObject();
        json.member("tenantName", device.city()).member("applicationId", CHIRPSTACK_APPLICATION);
        json.member("applicationName", device.city() + "-sensors").member("deviceProfileName", device.model());
        json.member("deviceName", "eui-" + device.devEui())
                .member("devEui", device.devEui())
                .endObject();
        json.member("devAddr", "00" + session.substring(0, 6));
        if (frame != 0) {
            json.member("fCnt", frame);
        }
        json.member("fPort", payload.port());
        json.member("data", Base64.getEncoder().encodeToString(payload.bytes()));
        json.name("rxInfo").beginArray().beginObject().member("gatewayId", "0016c001f153a14c");
        json.member("rssi", rssi).name("snr").number(7.5).endObject().endArray().endObject();
        return new Message(
                "application/" + CHIRPSTACK_APPLICATION + "/device/" + device.devEui() + "/event/up", json.toBytes());
    }
}
