package de.freiraum.ingest.layout;

import de.freiraum.ingest.codec.DeviceCodec;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A codec that is declared, not written.
 *
 * @param name of the mapping it is part of
 * @param frames what comes on which port
 * @param others what comes on all other ports, or null: they are refused
 */
public record Layout(
        String name, Map<Integer, Frame> frames, @Nullable Frame others) implements DeviceCodec {
    /** Copies the map. */
    public Layout {
        frames = Map.copyOf(frames);
    }

    /**
     * What one port carries.
     *
     * @param parts what lies in it, or null: it carries no state
     * @param least the fewest bytes it has
     * @param most the most bytes it has
     * @param open whether bytes behind the last part are passed over; otherwise they are refused
     */
    public record Frame(@Nullable Sequence parts, int least, int most, boolean open) {}

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        Frame frame = frames.getOrDefault(port, others);
        if (frame == null) {
            throw Rejection.payload(name + ": port " + port + " is unknown; known are "
                    + frames.keySet().stream().sorted().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        if (frame.parts() == null) {
            return Optional.empty();
        }
        if (payload.length < frame.least() || payload.length > frame.most()) {
            throw Rejection.payload(
                    name + ": the payload has " + payload.length + " bytes; this port's frame has " + length(frame));
        }
        Cursor cursor = Cursor.of(name, payload);
        Fields fields = Fields.empty();
        frame.parts().read(cursor, fields);
        if (cursor.unread() > 0 && !frame.open()) {
            throw cursor.refusal("the payload has " + cursor.unread() + " bytes more than its fields");
        }
        Value.Obj object = fields.object();
        return object.members().isEmpty() ? Optional.empty() : Optional.of(object);
    }

    private static String length(Frame frame) {
        if (frame.least() == frame.most()) {
            return String.valueOf(frame.least());
        }
        return frame.most() == Integer.MAX_VALUE ? "at least " + frame.least() : frame.least() + " to " + frame.most();
    }
}
