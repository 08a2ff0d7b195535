package de.freiraum.ingest;

import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.mapping.Device;
import de.freiraum.ingest.mapping.Mapping;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One uplink of a message, with whom it is from and how it is to be read.
 *
 * @param source the source it came from
 * @param device the device that sent it
 * @param mapping the mapping for the device's model
 * @param uplink what the envelope held
 */
record Transmission(SourceDefinition source, Device device, Mapping mapping, Uplink uplink) {

    /**
     * Finds device and mapping.
     *
     * @throws Rejection UNKNOWN_DEVICE or NO_MAPPING
     */
    static Transmission of(SourceDefinition source, Uplink uplink) {
        Device device = device(source, uplink);
        return new Transmission(source, device, mapping(source, device, uplink), uplink);
    }

    /** The decoded fields; empty when it carries no state. */
    Optional<Value.Obj> decode() {
        return mapping.decode(uplink);
    }

    /** The time of its observations that it states, or null when its arrival counts. */
    @Nullable
    Instant time(Value.Obj decoded, Instant arrival) {
        return mapping.time(uplink, decoded, device, arrival);
    }

    /** What it says of which entities, at that time. */
    Mapping.Mapped map(Value.Obj decoded, Instant at, Instant arrival) {
        return mapping.map(uplink, decoded, device, at, arrival);
    }

    /** The same for the same uplink however often it comes, and for no other. */
    String hash() {
        byte[] payload = uplink.payload();
        Value.Obj decoded = uplink.decoded();
        String identity = source.id()
                + '|'
                + uplink.device()
                + '|'
                + uplink.session()
                + '|'
                + uplink.frameCounter()
                + '|'
                + uplink.port();
        return Hashes.of(
                identity.getBytes(StandardCharsets.UTF_8),
                payload != null ? payload : decoded != null ? JsonWriter.write(decoded) : new byte[0]);
    }

    private static Device device(SourceDefinition source, Uplink uplink) {
        Device device = source.device(uplink.device());
        if (device == null && uplink.name() != null) {
            device = source.device(uplink.name().toLowerCase(Locale.ROOT));
        }
        if (device == null) {
            throw new Rejection(
                    Rejection.Reason.UNKNOWN_DEVICE,
                    "no device list of the source names \"" + Rejection.clip(uplink.device()) + "\"");
        }
        return device;
    }

    private static Mapping mapping(SourceDefinition source, Device device, Uplink uplink) {
        String model = device.field("model");
        if (model == null) {
            model = uplink.model();
        }
        if (model == null) {
            throw new Rejection(
                    Rejection.Reason.NO_MAPPING,
                    "neither the device list nor the message names the model of \"" + device.id() + "\"");
        }
        Mapping mapping = source.mapping(model);
        if (mapping == null) {
            throw new Rejection(
                    Rejection.Reason.NO_MAPPING, "there is no mapping for the model \"" + Rejection.clip(model) + "\"");
        }
        return mapping;
    }
}
