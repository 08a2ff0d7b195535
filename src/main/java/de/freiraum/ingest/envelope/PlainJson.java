package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.JsonPath;
import de.freiraum.ingest.message.MessageJson;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.StatedTime;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** JSON of the device's or the gateway's own making: one object, or an array of them. Where things are in it is configuration. */
public final class PlainJson implements Envelope {
    /**
     * Where things are. Paths are member names joined by dots, {@code sensor.values[0].id}.
     *
     * @param device path of the device's id, or null when the topic says it
     * @param deviceFromTopic which level of the topic is the device's id, from 0; below 0: none
     * @param model path of the device's model, or null
     * @param time path of the device's time, or null
     * @param zone the zone of times without an offset, or null: those are refused
     * @param counter path of a counter that grows with each message, or null
     * @param items path of an array of objects, each a message of its own, or null
     */
    public record Layout(
            @Nullable String device,
            int deviceFromTopic,
            @Nullable String model,
            @Nullable String time,
            @Nullable ZoneId zone,
            @Nullable String counter,
            @Nullable String items) {
        /** The id in {@code id}, the time in {@code time}. */
        public static final Layout DEFAULT = new Layout("id", -1, null, "time", null, null, null);

        /** The same, but with the device's id in that level of the topic. */
        public Layout withDeviceFromTopic(int level) {
            return new Layout(null, level, model, time, zone, counter, items);
        }
    }

    private final Layout layout;

    /** Reads messages of that layout. */
    public PlainJson(Layout layout) {
        this.layout = layout;
    }

    @Override
    public String name() {
        return "json";
    }

    @Override
    public List<Uplink> open(RawMessage message) {
        Value document = MessageJson.read(message.body());
        Value items = layout.items() == null ? document : JsonPath.at(document, layout.items());
        if (items instanceof Value.Array array) {
            List<Uplink> uplinks = new ArrayList<>(array.items().size());
            array.items().forEach(item -> uplinks.add(uplink(item, message)));
            return uplinks;
        }
        if (items == null) {
            throw Rejection.broken("\"" + layout.items() + "\" is missing");
        }
        return List.of(uplink(items, message));
    }

    /** One message of that layout. */
    Uplink uplink(Value item, RawMessage message) {
        if (!(item instanceof Value.Obj object)) {
            throw Rejection.broken("each message must be a JSON object");
        }
        Instant time = layout.time() == null ? null : time(JsonPath.at(object, layout.time()));
        Value counter = layout.counter() == null ? null : JsonPath.at(object, layout.counter());
        long count = counter instanceof Value.Num n && n.number() instanceof Long l ? l : 0;
        return new Uplink(
                device(object, message).toLowerCase(Locale.ROOT),
                null,
                layout.model() != null && JsonPath.at(object, layout.model()) instanceof Value.Text model
                        ? model.text()
                        : null,
                0,
                count,
                "",
                time != null || counter != null,
                null,
                object,
                new Uplink.Times(time, null, null, null),
                null);
    }

    private String device(Value.Obj object, RawMessage message) {
        if (layout.deviceFromTopic() >= 0) {
            String[] levels = message.topic().split("/", -1);
            if (layout.deviceFromTopic() < levels.length && !levels[layout.deviceFromTopic()].isEmpty()) {
                return levels[layout.deviceFromTopic()];
            }
            throw Rejection.broken("the topic has no level " + layout.deviceFromTopic() + " that names the device");
        }
        String path = layout.device() == null ? "id" : layout.device();
        Value id = JsonPath.at(object, path);
        if (id instanceof Value.Text text && !text.text().isEmpty()) {
            return text.text();
        }
        if (id instanceof Value.Num number && number.number() instanceof Long whole) {
            return whole.toString();
        }
        throw Rejection.broken("\"" + path + "\" must be the device's id, a string or a whole number");
    }

    private @Nullable Instant time(@Nullable Value value) {
        if (value == null || value instanceof Value.Null) {
            return null;
        }
        try {
            return StatedTime.read(value, layout.zone());
        } catch (StatedTime.Skipped e) {
            throw Rejection.broken("\"" + layout.time() + "\" is " + e.getMessage());
        } catch (DateTimeException e) {
            throw wrongTime();
        }
    }

    private Rejection wrongTime() {
        return Rejection.broken("\"" + layout.time()
                + "\" must be a time in ISO 8601 with an offset, or seconds or milliseconds since 1970");
    }
}
