package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.MessageJson;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** JSON of the device's or the gateway's own making: one object, or an array of them. Where things are in it is configuration. */
public final class PlainJson implements Envelope {
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

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
        Value items = layout.items() == null ? document : at(document, layout.items());
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
        Instant time = layout.time() == null ? null : time(at(object, layout.time()));
        Value counter = layout.counter() == null ? null : at(object, layout.counter());
        long count = counter instanceof Value.Num n && n.number() instanceof Long l ? l : 0;
        return new Uplink(
                device(object, message).toLowerCase(Locale.ROOT),
                null,
                layout.model() != null && at(object, layout.model()) instanceof Value.Text model ? model.text() : null,
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
        Value id = at(object, path);
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
            if (value instanceof Value.Num number) {
                return epoch(number.asDecimal());
            }
            if (value instanceof Value.Text text) {
                return written(text.text());
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw wrongTime();
        }
        throw wrongTime();
    }

    /** Seconds up to the year 5138, milliseconds above. */
    private static Instant epoch(BigDecimal number) {
        BigDecimal seconds =
                number.abs().compareTo(BigDecimal.valueOf(100_000_000_000L)) < 0 ? number : number.movePointLeft(3);
        BigDecimal nanos = seconds.multiply(NANOS).setScale(0, java.math.RoundingMode.DOWN);
        return Instant.ofEpochSecond(
                nanos.divideToIntegralValue(NANOS).longValueExact(),
                nanos.remainder(NANOS).longValue());
    }

    private Instant written(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            ZoneId zone = layout.zone();
            if (zone == null) {
                throw e;
            }
            LocalDateTime local = LocalDateTime.parse(text.replace(' ', 'T'));
            if (zone.getRules().getValidOffsets(local).isEmpty()) {
                throw Rejection.broken(
                        "\"" + layout.time() + "\" is a local time that the change to summer time skips");
            }
            return local.atZone(zone).toInstant();
        }
    }

    private Rejection wrongTime() {
        return Rejection.broken("\"" + layout.time()
                + "\" must be a time in ISO 8601 with an offset, or seconds or milliseconds since 1970");
    }

    /** The value at a path, or null. */
    static @Nullable Value at(Value from, String path) {
        Value value = from;
        for (String step : path.split("\\.")) {
            String name = step;
            int index = -1;
            int bracket = step.indexOf('[');
            if (bracket >= 0 && step.endsWith("]")) {
                name = step.substring(0, bracket);
                index = Integer.parseInt(step.substring(bracket + 1, step.length() - 1));
            }
            if (!name.isEmpty()) {
                value = value instanceof Value.Obj object ? object.get(name) : null;
            }
            if (index >= 0) {
                value = value instanceof Value.Array array
                                && index < array.items().size()
                        ? array.items().get(index)
                        : null;
            }
            if (value == null) {
                return null;
            }
        }
        return value;
    }
}
