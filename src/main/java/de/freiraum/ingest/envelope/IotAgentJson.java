package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.Fields;
import de.freiraum.ingest.message.MessageJson;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What devices send to a FIWARE IoT Agent for JSON: an object of measurements, or an array of them, each perhaps with {@code TimeInstant}. */
public final class IotAgentJson implements Envelope {
    private static final String TIME = "TimeInstant";

    @Override
    public String name() {
        return "iotagent-json";
    }

    @Override
    public List<Uplink> open(RawMessage message) {
        String device = Plain.agentDevice(message);
        if (device == null) {
            return List.of();
        }
        Value document = MessageJson.read(message.body());
        String attribute = Plain.agentAttribute(message);
        if (attribute != null) {
            return List.of(Plain.uplink(device, null, "", null, new Value.Obj(Map.of(attribute, document))));
        }
        List<Uplink> uplinks = new ArrayList<>();
        for (Value item : document instanceof Value.Array array ? array.items() : List.of(document)) {
            if (!(item instanceof Value.Obj object)) {
                throw Rejection.broken("the message must be an object of measurements, or an array of such objects");
            }
            Instant time = Fields.of(object).time(TIME);
            Map<String, Value> values = new LinkedHashMap<>(object.members());
            values.remove(TIME);
            uplinks.add(Plain.uplink(device, null, "", time, new Value.Obj(values)));
        }
        return InOrder.of(uplinks);
    }
}
