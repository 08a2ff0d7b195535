package de.freiraum.ingest.mapping;

import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Geometry;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What templates and expressions of one uplink can see. Used by one thread. */
final class Scope {
    private final Device device;
    private final Instant time;
    private final Map<String, Object> variables;
    private final List<String> notes;

    private Scope(Device device, Instant time, Map<String, Object> variables, List<String> notes) {
        this.device = device;
        this.time = time;
        this.variables = variables;
        this.notes = notes;
    }

    static Scope of(Uplink uplink, Value.Obj decoded, Device device, Instant time, List<String> notes) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("decoded", Expression.toCel(decoded));
        variables.put("device", device.fields());
        variables.put("devEui", device.id());
        variables.put("port", (long) uplink.port());
        variables.put("fCnt", uplink.frameCounter());
        variables.put("time", time.toString());
        Map<String, Object> radio = new HashMap<>();
        if (uplink.radio() != null) {
            put(radio, "rssi", uplink.radio().rssi());
            put(radio, "snr", uplink.radio().snr());
        }
        variables.put("radio", radio);
        variables.put("item", Map.of());
        variables.put("line", "");
        return new Scope(device, time, variables, notes);
    }

    private static void put(Map<String, Object> map, String name, @Nullable Double number) {
        if (number != null) {
            map.put(name, number);
        }
    }

    Scope withItem(Value item, Instant itemTime) {
        Map<String, Object> more = new HashMap<>(variables);
        more.put("item", Expression.toCel(item));
        more.put("time", itemTime.toString());
        return new Scope(device, itemTime, more, notes);
    }

    Scope withItem(Value item) {
        return withItem(item, time);
    }

    Scope withLine(String line) {
        Map<String, Object> more = new HashMap<>(variables);
        more.put("line", line);
        return new Scope(device, time, more, notes);
    }

    Map<String, Object> variables() {
        return variables;
    }

    @Nullable
    String fill(Template template) {
        return template.fill(this::field);
    }

    private @Nullable String field(String name) {
        if (name.startsWith("device.")) {
            return device.field(name.substring("device.".length()));
        }
        Object value = variables.get(name);
        return value instanceof String text && !text.isEmpty() ? text : null;
    }

    /** Whether the device list says that the sensor looks the other way. */
    boolean swapped() {
        return "true".equals(device.field("swap"));
    }

    @Nullable
    Geometry location() {
        return device.location();
    }

    Instant time() {
        return time;
    }

    /** Remembers that something was left out. */
    void note(String note) {
        notes.add(note);
    }
}
