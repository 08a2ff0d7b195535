package de.freiraum.ingest;

import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.mapping.Device;
import de.freiraum.ingest.mapping.Mapping;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message means, step by step, without anything being written.
 *
 * @param uplink one transmission in it, with the envelope opened
 * @param device the device that sent it
 * @param mapping the mapping for the device's model
 * @param decoded the decoded fields, or null: it carries no state
 * @param stated the time of its observations that it states, or null: its arrival counts
 * @param mapped the entities it is about; none without state
 * @param refusal why it goes no further, or null
 */
public record Interpretation(
        Uplink uplink,
        Device device,
        Mapping mapping,
        Value.@Nullable Obj decoded,
        @Nullable Instant stated,
        Mapping.Mapped mapped,
        @Nullable Rejection refusal) {
    private static final Mapping.Mapped NOTHING = new Mapping.Mapped(List.of(), List.of());

    /**
     * The transmissions in a message.
     *
     * @throws Rejection when the envelope is not opened, or device or mapping are not found
     */
    public static List<Interpretation> of(SourceDefinition source, RawMessage message) {
        return source.envelope().open(message).stream()
                .map(uplink -> of(source, message, uplink))
                .toList();
    }

    private static Interpretation of(SourceDefinition source, RawMessage message, Uplink uplink) {
        Transmission transmission = Transmission.of(source, uplink);
        Device device = transmission.device();
        Mapping mapping = transmission.mapping();
        Value.Obj decoded = null;
        Instant stated = null;
        try {
            decoded = transmission.decode().orElse(null);
            if (decoded == null) {
                return new Interpretation(uplink, device, mapping, null, null, NOTHING, null);
            }
            Instant arrival = message.receivedAt();
            stated = transmission.time(decoded, arrival);
            Mapping.Mapped mapped = transmission.map(decoded, stated == null ? arrival : stated, arrival);
            return new Interpretation(uplink, device, mapping, decoded, stated, mapped, null);
        } catch (Rejection e) {
            return new Interpretation(uplink, device, mapping, decoded, stated, NOTHING, e);
        }
    }
}
