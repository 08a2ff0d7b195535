package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.Fields;
import de.freiraum.ingest.message.MessageJson;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * CloudEvents 1.0 with JSON data: structured, as a batch, or binary with its attributes in the headers {@code ce-…}. The device is the
 * {@code subject}, or the last part of {@code source} where there is none.
 */
public final class CloudEvents implements Envelope {
    private static final String HEADER = "ce-";

    @Override
    public String name() {
        return "cloudevents";
    }

    @Override
    public List<Uplink> open(RawMessage message) {
        Value document = MessageJson.read(message.body());
        if (message.headers().containsKey(HEADER + "specversion")) {
            Map<String, Value> event = new LinkedHashMap<>();
            message.headers().forEach((name, value) -> {
                if (name.startsWith(HEADER)) {
                    event.put(name.substring(HEADER.length()), Value.of(value));
                }
            });
            event.put("data", document);
            return List.of(uplink(new Value.Obj(event)));
        }
        List<Uplink> uplinks = new ArrayList<>();
        for (Value item : document instanceof Value.Array batch ? batch.items() : List.of(document)) {
            uplinks.add(uplink(item));
        }
        return InOrder.of(uplinks);
    }

    private static Uplink uplink(Value item) {
        Fields event = Fields.of(item);
        if (!event.required("specversion").startsWith("1.")) {
            throw Rejection.broken("\"specversion\" must be 1.0");
        }
        String source = event.required("source");
        String subject = event.text("subject");
        String[] parts = source.split("[/:#]", -1);
        String device = subject != null ? subject : parts[parts.length - 1];
        if (device.isEmpty()) {
            throw Rejection.broken("neither \"subject\" nor the last part of \"source\" names a device");
        }
        if (!event.has("data")) {
            throw Rejection.broken("\"data\" is missing; only events with JSON data are read");
        }
        return Plain.uplink(
                device,
                null,
                source + ' ' + event.required("id"),
                event.time("time"),
                event.object("data").object());
    }
}
