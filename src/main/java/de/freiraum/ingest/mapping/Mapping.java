package de.freiraum.ingest.mapping;

import de.freiraum.ingest.codec.DeviceCodec;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What uplinks of a device model mean: one mapping file, compiled.
 *
 * @param name the mapping's name
 * @param version the version its author gave it
 * @param models the models it is for, in lower case
 * @param envelopes the envelopes it is for; empty: all
 * @param codec reads the bytes, or null: the decoded object is taken
 * @param onMissingBytes what to do when there is a codec and no bytes
 * @param time which time counts
 * @param dedup how long an equal uplink is a duplicate
 * @param emit the entities
 * @param origin the file it was read from
 */
public record Mapping(
        String name,
        int version,
        List<String> models,
        List<String> envelopes,
        @Nullable DeviceCodec codec,
        OnMissingBytes onMissingBytes,
        TimeRule time,
        Dedup dedup,
        List<EmitRule> emit,
        String origin) {

    /** What to do with an uplink without bytes. */
    public enum OnMissingBytes {
        /** Take the network server's decoded object, if there is one. */
        USE_DECODED,
        /** Ignore the uplink. */
        IGNORE
    }

    /**
     * How long an equal uplink is a duplicate.
     *
     * @param identified when frame counter or own time tell it from others
     * @param unidentified when only its bytes do
     */
    public record Dedup(Duration identified, Duration unidentified) {
        /** Two days; ten seconds. */
        public static final Dedup DEFAULT = new Dedup(Duration.ofDays(2), Duration.ofSeconds(10));
    }

    /**
     * What an uplink says.
     *
     * @param fragments complete attributes by entity, in the order in which they are to be written
     * @param notes what was left out and why
     */
    public record Mapped(List<EntityFragment> fragments, List<String> notes) {
        /** Copies the lists. */
        public Mapped {
            fragments = List.copyOf(fragments);
            notes = List.copyOf(notes);
        }
    }

    /** Copies the lists. */
    public Mapping {
        models = List.copyOf(models);
        envelopes = List.copyOf(envelopes);
        emit = List.copyOf(emit);
    }

    /**
     * The decoded fields; empty when the uplink carries no state.
     *
     * @throws Rejection BAD_PAYLOAD
     */
    public Optional<Value.Obj> decode(Uplink uplink) {
        byte[] payload = uplink.payload();
        if (codec == null) {
            return Optional.ofNullable(uplink.decoded());
        }
        if (payload == null || payload.length == 0) {
            return onMissingBytes == OnMissingBytes.USE_DECODED
                    ? Optional.ofNullable(uplink.decoded())
                    : Optional.empty();
        }
        return codec.decode(uplink, payload);
    }

    /** Whether decoding may take so long that an event loop must not wait for it. */
    public boolean isSlow() {
        return codec != null && codec.isSlow();
    }

    /** The time of the uplink's observations, or null when its arrival counts. */
    public @Nullable Instant time(Uplink uplink, Value.Obj decoded, Device device, Instant arrival) {
        return time.choose(uplink, decoded, device, arrival);
    }

    /**
     * What the uplink says of which entities.
     *
     * @param at the time of its observations
     * @param arrival when it arrived, by which other times in it are judged
     * @throws Rejection MAPPING_FAILED, naming the attribute
     */
    public Mapped map(Uplink uplink, Value.Obj decoded, Device device, Instant at, Instant arrival) {
        List<String> notes = new ArrayList<>();
        Scope scope = Scope.of(uplink, decoded, device, at, notes);
        List<EmitRule.Emitted> emitted = new ArrayList<>();
        for (EmitRule rule : emit) {
            rule.emit(scope, time, arrival, emitted);
        }
        return new Mapped(emitted.stream().map(EmitRule.Emitted::fragment).toList(), notes);
    }
}
