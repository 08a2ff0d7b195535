package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.Bytes;
import de.freiraum.ingest.message.Fields;
import de.freiraum.ingest.message.MessageJson;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import java.util.List;
import java.util.Locale;

/** Actility ThingPark in JSON ({@code DevEUI_uplink}). Its basic message has no decoded object. */
public final class ThingPark implements Envelope {
    @Override
    public String name() {
        return "thingpark";
    }

    @Override
    public List<Uplink> open(RawMessage message) {
        Fields document = Fields.of(MessageJson.read(message.body()));
        if (!document.has("DevEUI_uplink")) {
            if (document.object().members().keySet().stream().anyMatch(name -> name.startsWith("DevEUI_"))) {
                return List.of();
            }
            throw Rejection.broken("\"DevEUI_uplink\" is missing; expected is an uplink of ThingPark");
        }
        Fields uplink = document.object("DevEUI_uplink");
        String address = uplink.text("DevAddr");
        String payload = uplink.text("payload_hex");
        Uplink.Radio best =
                Receptions.best(uplink.object("Lrrs").objects("Lrr"), "LrrRSSI", "LrrSNR", r -> r.text("Lrrid"));
        return List.of(new Uplink(
                uplink.required("DevEUI").toLowerCase(Locale.ROOT),
                null,
                null,
                (int) uplink.whole("FPort", 255),
                uplink.whole("FCntUp", 0xFFFF_FFFFL),
                address == null ? "" : address,
                true,
                payload == null ? null : Bytes.hex(payload, "DevEUI_uplink.payload_hex"),
                null,
                new Uplink.Times(null, null, uplink.time("Time"), null),
                best != null
                        ? best
                        : new Uplink.Radio(uplink.number("LrrRSSI"), uplink.number("LrrSNR"), uplink.text("Lrrid"))));
    }
}
