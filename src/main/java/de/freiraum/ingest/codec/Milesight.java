package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Milesight people counters: a payload is a chain of channels, each an id, a type and data whose length follows from both. Byte order is little
 * endian. Which channels there are is the model's table. An unknown channel is refused, since nothing after it can be found; unknown
 * answers to settings (ids F8 to FF) end the reading of the frame.
 */
final class Milesight implements DeviceCodec {
    /** Reads one channel's data. */
    @FunctionalInterface
    interface Channel {
        void read(Frame frame, Frame.Out out);
    }

    private static final String HISTORY = "history";

    private final String name;
    private final Map<Integer, Channel> channels;

    Milesight(String name, Map<Integer, Channel> channels) {
        this.name = name;
        this.channels = channels;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        if (port != 85) {
            throw Rejection.payload("Milesight " + name + ": port " + port + " is unknown; known is 85");
        }
        Frame frame = new Frame("Milesight " + name, payload);
        Frame.Out out = Frame.out();
        while (!frame.atEnd()) {
            int start = frame.position();
            int id = frame.u8();
            int type = frame.u8();
            Channel channel = channels.get(id << 8 | type);
            if (channel != null) {
                channel.read(frame, out);
            } else if (id >= 0xF8) {
                break;
            } else {
                throw Rejection.payload("Milesight " + name + ": channel " + Integer.toHexString(id) + " of type "
                        + Integer.toHexString(type) + " at byte " + start + " is unknown");
            }
        }
        return out.isEmpty() ? Optional.empty() : Optional.of(out.object());
    }

    /**
     * A channel of stored readings: their time, what kind of reading, the reading. Readings of the same time are one element of {@code history}.
     *
     * @param kinds how each kind is read
     */
    static Channel history(Map<Integer, Channel> kinds) {
        return (frame, out) -> {
            long time = frame.u32le();
            int kind = frame.u8();
            Channel reading = kinds.get(kind);
            if (reading == null) {
                throw Rejection.payload("a stored reading of kind " + kind + " is unknown");
            }
            List<Value> entries =
                    new ArrayList<>(out.get(HISTORY) instanceof Value.Array earlier ? earlier.items() : List.of());
            Frame.Out entry = Frame.out().put("timestamp", time);
            if (!entries.isEmpty()
                    && entries.get(entries.size() - 1) instanceof Value.Obj last
                    && Value.of(time).equals(last.get("timestamp"))) {
                entries.remove(entries.size() - 1);
                last.members().forEach(entry::put);
            }
            reading.read(frame, entry);
            entries.add(entry.object());
            out.put(HISTORY, new Value.Array(entries));
        };
    }
}
