package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Optional;

/** Libelium Smart Parking v2: the frame's header. The layout is known by reverse engineering; the port is not fixed. */
final class LibeliumSmartParking implements DeviceCodec {
    private static final String[] TYPES = {
        "INFO", "KEEP_ALIVE", "CONFIG", "CONFIG", "START", "START", "RTC_UPDATE", "RTC_UPDATE"
    };

    @Override
    public String name() {
        return "libelium-smart-parking@2";
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        if (port == 0) {
            throw Rejection.payload("Libelium Smart Parking: port 0 carries no sensor data");
        }
        Frame frame = new Frame("Libelium Smart Parking", payload).length(11);
        int b = frame.u8();
        String type = TYPES[b & 7];
        if (type.equals("CONFIG") || type.equals("RTC_UPDATE")) {
            return Optional.empty();
        }
        return Optional.of(Frame.out()
                .put("status", (b & 0x80) != 0 ? "OCCUPIED" : "FREE")
                .put("battery_low", (b & 0x40) != 0)
                .put("frame_type", type)
                .put("sequence", frame.u8())
                .object());
    }
}
