package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Locale;
import java.util.Optional;

/**
 * Nwave NPS405 parking sensor. Published decoders read the occupied bit from opposite ends of the byte; this version reads bit 0, the only
 * reading that gives the published examples.
 */
final class NwaveNps405 implements DeviceCodec {
    private static final String[] CAUSES = {
        "rejoining_lorawan_network", "watchdog", "power_on", "user_request", "other", "other", "brownout", "other"
    };

    @Override
    public String name() {
        return "nwave-nps405@1";
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        Frame frame = new Frame("Nwave NPS405", payload);
        return switch (port) {
            case 1 ->
                Optional.of(status(Frame.out().put("type", "parking_status"), frame.length(1))
                        .object());
            case 2 -> Optional.of(heartbeat(frame.length(6)));
            case 3 -> {
                frame.length(5);
                String firmware = frame.version(3);
                int cause = frame.u8();
                yield Optional.of(Frame.out()
                        .put("type", "startup")
                        .put("firmware_version", firmware)
                        .put("reset_cause", cause < CAUSES.length ? CAUSES[cause] : "other")
                        .put("occupied", (frame.u8() & 1) == 1)
                        .object());
            }
            case 6 -> Optional.empty();
            case 10 -> {
                frame.length(5, 6);
                Frame.Out out = status(Frame.out().put("type", "user_registration"), frame);
                if (frame.size() == 6) {
                    out.put("tag_battery_voltage", frame.u8() / 10.0);
                }
                yield Optional.of(
                        out.put("tag_id", frame.seek(frame.size() - 4).hex(4).toUpperCase(Locale.ROOT))
                                .object());
            }
            default -> throw Rejection.payload("Nwave NPS405: port " + port + " is unknown; known are 1, 2, 3, 6, 10");
        };
    }

    /** One byte: the state, and how long the one before lasted in steps that grow. */
    private static Frame.Out status(Frame.Out out, Frame frame) {
        int b = frame.u8();
        int packed = b >> 1;
        boolean overflow = packed == 127;
        long minutes = packed < 90 ? packed : packed < 120 ? 90 + 5L * (packed - 90) : 240 + 60L * (packed - 120);
        out.put("occupied", (b & 1) == 1)
                .put("previous_state_duration", minutes)
                .put("previous_state_duration_overflow", overflow);
        if (!overflow) {
            out.put("previous_state_duration_error", packed < 90 ? 0 : packed < 120 ? 4 : 59);
        }
        return out;
    }

    private static Value.Obj heartbeat(Frame frame) {
        int b = frame.u8();
        int millivolts = 2500 + 4 * frame.u8();
        double temperature = frame.s8() / 2.0 + 10;
        int low = temperature >= -5 ? 3000 : 2900;
        return Frame.out()
                .put("type", "heartbeat")
                .put("occupied", (b & 1) == 1)
                .put("hw_health_status", b >> 1)
                .put("battery_voltage", millivolts / 1000.0)
                .put("temperature", temperature)
                .put("battery_health", millivolts >= low ? "normal" : millivolts >= low - 100 ? "low" : "critical")
                .object();
    }
}
