package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bosch parking lot sensor TPS110, firmware 0.29: state on change, a heartbeat a day, start-up with state. */
final class BoschTps110 implements DeviceCodec {
    private static final String[] CAUSES = {"none", "watchdog", "power on", "system request", "other"};

    @Override
    public String name() {
        return "bosch-tps110@1";
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        Frame frame = new Frame("Bosch TPS110", payload);
        return switch (port) {
            case 1 -> {
                frame.length(1);
                yield Optional.of(Frame.out()
                        .put("type", "parking status")
                        .put("occupied", (frame.u8() & 1) == 1)
                        .object());
            }
            case 2 -> {
                frame.length(1, 2);
                Frame.Out out = Frame.out().put("type", "heartbeat").put("occupied", (frame.u8() & 1) == 1);
                if (!frame.atEnd()) {
                    out.put("temperature", frame.s8());
                }
                yield Optional.of(out.object());
            }
            case 3 -> Optional.of(startUp(frame.length(17)));
            case 4, 5, 6 -> Optional.empty();
            default -> throw Rejection.payload("Bosch TPS110: port " + port + " is unknown; known are 1 to 6");
        };
    }

    private static Value.Obj startUp(Frame frame) {
        List<Value> codes = new ArrayList<>();
        for (int i = 0; i < 12; i += 4) {
            int code = frame.seek(i).u16le() & 0xFFF;
            if (code != 0) {
                codes.add(Value.of(code));
            }
        }
        String firmware = frame.seek(12).version(3);
        int cause = frame.u8();
        return Frame.out()
                .put("type", "startup")
                .put("debugCodes", new Value.Array(codes))
                .put("firmwareVersion", firmware)
                .put("resetCause", cause < CAUSES.length ? CAUSES[cause] : "other")
                .put("occupied", (frame.u8() & 1) == 1)
                .object();
    }
}
