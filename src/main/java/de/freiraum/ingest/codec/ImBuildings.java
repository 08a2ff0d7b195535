package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Optional;

/** IMBuildings people counter, LoRaWAN variant 6: with header on port 1, without it on port 26. */
final class ImBuildings implements DeviceCodec {
    private static final int HEADER = 10;

    @Override
    public String name() {
        return "imbuildings-people-counter@6";
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        Frame frame = new Frame("IMBuildings people counter", payload);
        Frame.Out out = Frame.out();
        if (port == 1) {
            int type = frame.u8();
            int variant = frame.u8();
            if (type != 2 || variant != 6) {
                throw Rejection.payload("IMBuildings people counter: payload type " + type + ", variant " + variant
                        + "; known is type 2, variant 6");
            }
            frame.length(HEADER + 13);
            out.put("device_type_identifier", type)
                    .put("device_type", "People Counter")
                    .put("device_type_variant", variant)
                    .put("device_id", frame.hex(8));
        } else if (port == 26) {
            frame.length(13);
        } else {
            throw Rejection.payload("IMBuildings people counter: port " + port + " is unknown; known are 1 and 26");
        }
        return Optional.of(out.put("device_status", frame.u8())
                .put("battery_voltage", frame.u16be() / 100.0)
                .put("counter_a", frame.u16be())
                .put("counter_b", frame.u16be())
                .put("sensor_status", frame.u8())
                .put("total_counter_a", frame.u16be())
                .put("total_counter_b", frame.u16be())
                .put("payload_counter", frame.u8())
                .object());
    }
}
