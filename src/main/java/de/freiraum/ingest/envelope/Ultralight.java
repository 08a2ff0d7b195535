package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * FIWARE Ultralight 2.0: {@code t|15|k|abc}, several measurements apart by {@code #}, each perhaps with its time in front:
 * {@code 2026-03-02T07:00:00Z|t|15}.
 */
public final class Ultralight implements Envelope {
    @Override
    public String name() {
        return "ultralight";
    }

    @Override
    public List<Uplink> open(RawMessage message) {
        String device = Plain.agentDevice(message);
        if (device == null) {
            return List.of();
        }
        String text = new String(message.body(), StandardCharsets.UTF_8).strip();
        String attribute = Plain.agentAttribute(message);
        if (attribute != null) {
            return List.of(Plain.uplink(device, null, "", null, new Value.Obj(Map.of(attribute, Plain.spelled(text)))));
        }
        Instant given =
                message.headers().containsKey("t") ? time(message.headers().get("t")) : null;
        List<Uplink> uplinks = new ArrayList<>();
        for (String group : text.split("#", -1)) {
            uplinks.add(group(device, group, given));
        }
        return InOrder.of(uplinks);
    }

    private static Uplink group(String device, String group, @Nullable Instant given) {
        String[] parts = group.split("\\|", -1);
        int first = parts.length % 2;
        Instant time = first == 1 ? time(parts[0]) : given;
        if (parts.length - first == 0) {
            throw Rejection.broken("a measurement has no values; expected is name|value, such as t|15");
        }
        Map<String, Value> values = new LinkedHashMap<>();
        for (int i = first; i + 1 < parts.length; i += 2) {
            String name = parts[i].strip();
            if (name.isEmpty()) {
                throw Rejection.broken("a value has no name; expected is name|value, such as t|15");
            }
            values.put(name, Plain.spelled(parts[i + 1].strip()));
        }
        return Plain.uplink(device, null, "", time, new Value.Obj(values));
    }

    private static Instant time(@Nullable String text) {
        try {
            return OffsetDateTime.parse(String.valueOf(text).strip()).toInstant();
        } catch (DateTimeException e) {
            throw Rejection.broken(
                    "\"" + Rejection.clip(String.valueOf(text))
                            + "\" is no time in ISO 8601 with an offset; a measurement is name|value pairs, with its time in front or without");
        }
    }
}
