package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What envelopes without radio and frame counters have in common. */
final class Plain {
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9]\\d{0,30})(?:\\.\\d{1,30})?(?:[eE][+-]?\\d{1,2})?");

    private Plain() {}

    /**
     * A transmission that is only values.
     *
     * @param unique what tells it from others of the device, or empty
     */
    static Uplink uplink(
            String device, @Nullable String model, String unique, @Nullable Instant time, Value.Obj values) {
        return new Uplink(
                device.toLowerCase(Locale.ROOT),
                null,
                model,
                0,
                0,
                unique,
                time != null || !unique.isEmpty(),
                null,
                values,
                new Uplink.Times(time, null, null, null),
                null);
    }

    /** A text as the value that it spells: a number, a truth value, or itself. */
    static Value spelled(String text) {
        if (NUMBER.matcher(text).matches()) {
            return JsonReader.read(text.getBytes(StandardCharsets.US_ASCII));
        }
        return text.equals("true") || text.equals("false") ? Value.of(text.equals("true")) : Value.of(text);
    }

    /**
     * The device that a FIWARE IoT Agent's topic {@code …/{apikey}/{device}/attrs} or a request's parameter {@code i} names.
     *
     * @return null for a topic of another kind, such as a command's result
     */
    static @Nullable String agentDevice(RawMessage message) {
        String parameter = message.headers().get("i");
        if (parameter != null && !parameter.isEmpty()) {
            return parameter;
        }
        String[] levels = message.topic().split("/", -1);
        for (int i = levels.length - 1; i > 0; i--) {
            if (levels[i].equals("attrs")) {
                if (levels[i - 1].isEmpty()) {
                    break;
                }
                return levels[i - 1];
            }
            if (levels[i].equals("cmdexe") || levels[i].equals("configuration") || levels[i].equals("cmd")) {
                return null;
            }
        }
        throw Rejection.broken(
                "the device is named neither by the topic, …/{apikey}/{device}/attrs, nor by the parameter i");
    }

    /** The attribute that a topic {@code …/attrs/{name}} is about, or null. */
    static @Nullable String agentAttribute(RawMessage message) {
        String[] levels = message.topic().split("/", -1);
        int last = levels.length - 1;
        return last > 1 && levels[last - 1].equals("attrs") && !levels[last].isEmpty() ? levels[last] : null;
    }
}
