package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * IMBuildings people counter: LoRaWAN variants 6 (counts, totals, battery), 7 (totals) and 8 (battery), with a header on any port or
 * without it on port 20 plus the variant. Answers to settings come on port 10.
 */
final class ImBuildings implements DeviceCodec {
    private static final String DEVICE = "IMBuildings people counter";
    private static final int HEADER = 10;
    private static final int TYPE = 2;
    private static final Map<Integer, Integer> LENGTHS = Map.of(6, 13, 7, 5, 8, 4);

    @Override
    public String name() {
        return "imbuildings-people-counter@6";
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        if (port == 10) {
            return Optional.empty();
        }
        Frame frame = new Frame(DEVICE, payload);
        Frame.Out out = Frame.out();
        Integer bare = LENGTHS.get(port - 20);
        int variant = bare != null && payload.length == bare ? port - 20 : header(port, frame, out, bare);
        return Optional.of(
                switch (variant) {
                    case 6 -> {
                        status(frame, out)
                                .put("counter_a", frame.u16be())
                                .put("counter_b", frame.u16be())
                                .put("sensor_status", frame.u8());
                        yield totals(frame, out)
                                .put("payload_counter", frame.u8())
                                .object();
                    }
                    case 7 ->
                        totals(frame, out.put("sensor_status", frame.u8())).object();
                    default ->
                        status(frame, out).put("sensor_status", frame.u8()).object();
                });
    }

    private static int header(int port, Frame frame, Frame.Out out, @Nullable Integer bare) {
        if (port != 1 && bare == null) {
            throw Rejection.payload(DEVICE + ": port " + port + " is unknown; known are 1, 10, 26, 27 and 28");
        }
        if (bare != null && frame.size() < HEADER) {
            frame.length(bare);
        }
        int type = frame.u8();
        int variant = frame.u8();
        Integer length = LENGTHS.get(variant);
        if (type != TYPE || length == null) {
            throw Rejection.payload(DEVICE + ": payload type " + type + ", variant " + variant
                    + "; known is type 2 with variants 6, 7 and 8");
        }
        frame.length(HEADER + length);
        out.put("device_type_identifier", type)
                .put("device_type", "People Counter")
                .put("device_type_variant", variant)
                .put("device_id", frame.hex(8));
        return variant;
    }

    private static Frame.Out status(Frame frame, Frame.Out out) {
        return out.put("device_status", frame.u8()).put("battery_voltage", frame.u16be() / 100.0);
    }

    private static Frame.Out totals(Frame frame, Frame.Out out) {
        return out.put("total_counter_a", frame.u16be()).put("total_counter_b", frame.u16be());
    }
}
