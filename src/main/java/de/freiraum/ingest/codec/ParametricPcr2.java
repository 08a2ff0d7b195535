package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Optional;

/**
 * Parametric PCR2 radar people counter. Port 14: counts of the interval and sums since power-up, which a power cut clears (payloads v3 and v4), or counts of
 * the interval alone (the older payload, a chain of ids). Port 190: its configuration, with the firmware.
 */
final class ParametricPcr2 implements DeviceCodec {
    private static final String DEVICE = "Parametric PCR2";

    @Override
    public String name() {
        return "parametric-pcr2@4";
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        Frame frame = new Frame(DEVICE, payload);
        return switch (port) {
            case 14 -> Optional.of(payload[0] == 0x0A ? counts(frame) : sums(frame));
            case 190 -> Optional.of(configuration(frame));
            default -> throw Rejection.payload(DEVICE + ": port " + port + " is unknown; known are 14 and 190");
        };
    }

    private static Value.Obj sums(Frame frame) {
        int version = version(frame);
        if (version != 3 && version != 4) {
            throw Rejection.payload(
                    DEVICE + ": the payload starts with be010" + version + " instead of be0103 or be0104");
        }
        frame.length(version == 3 ? 16 : 17).seek(3);
        int ltr = frame.u16be();
        int rtl = frame.u16be();
        int ltrSum = frame.u16be();
        int rtlSum = frame.u16be();
        return Frame.out()
                .put("LTR", ltr)
                .put("RTL", rtl)
                .put("LTR_SUM", ltrSum)
                .put("RTL_SUM", rtlSum)
                // the older payload has the state of charge in percent, the newer one the voltage
                .put(version == 3 ? "SBX_BATT_PERCENT" : "SBX_BATT", version == 3 ? frame.u8() : frame.u16be())
                .put("SBX_PV", frame.u16be())
                .put("DIFF", Math.abs(ltrSum - rtlSum))
                .put("TEMP", Math.floorDiv(frame.s16be(), 10))
                .object();
    }

    private static Value.Obj counts(Frame frame) {
        Frame.Out out = Frame.out();
        while (!frame.atEnd()) {
            int start = frame.position();
            int id = frame.u8();
            switch (id) {
                case 0x01 -> out.put("TEMP", Math.floorDiv(frame.s16be(), 10));
                case 0x0A -> out.put("LTR", frame.u16be());
                case 0x16 -> out.put("RTL", frame.u16be());
                default ->
                    throw Rejection.payload(
                            DEVICE + ": id " + Integer.toHexString(id) + " at byte " + start + " is unknown");
            }
        }
        return out.object();
    }

    private static Value.Obj configuration(Frame frame) {
        frame.length(14, 20, 31, 34, 35);
        int version =
                switch (frame.size()) {
                    case 14 -> 2;
                    case 20 -> 3;
                    case 31 -> 4;
                    case 34 -> 5;
                    default -> 6;
                };
        if (version > 2 && version(frame) != version) {
            throw Rejection.payload(
                    DEVICE + ": a configuration of " + frame.size() + " bytes starts with be010" + version);
        }
        Frame.Out out = Frame.out()
                .put("type", "configuration")
                .put("DeviceType", frame.u8())
                .put("Firmware", frame.version(3))
                .put("OperationMode", frame.u8())
                .put("PayloadType", frame.u8());
        if (version > 2) {
            out.put("DeviceClass", frame.u8());
        }
        out.put("UplinkType", frame.u8()).put("UplinkInterval", frame.u16be()).put("LinkCheckInterval", frame.u16be());
        if (version > 2) {
            out.put("CapacityLimit", frame.u16be());
        }
        out.put("HoldoffTime", frame.u16be());
        if (version < 4) {
            return out.put("RadarSensitivity", frame.u8()).object();
        }
        out.put("InactivityTimeout", frame.u16be());
        if (version == 4) {
            out.put("MountingDirection", frame.u8())
                    .put("MountingTilt", frame.u8())
                    .put("DetectionAngle", frame.u8());
        } else {
            out.put("RadarEnabled", frame.u8()).put("BeamAngle", frame.u8());
        }
        out.put("MinDist", frame.u16be())
                .put("MaxDist", frame.u16be())
                .put("MinSpeed", frame.u8())
                .put("MaxSpeed", frame.u8());
        if (version > 4) {
            out.put("RadarAutotune", frame.u8());
        }
        out.put("RadarSensitivity", frame.u8());
        if (version > 4) {
            out.put("SBXVersion", frame.version(3));
        }
        return version == 6 ? out.put("RadarChannel", frame.u8()).object() : out.object();
    }

    /** The last digit of be010x, with which all payloads but the oldest begin. */
    private static int version(Frame frame) {
        String head = frame.hex(3);
        if (!head.startsWith("be010") || !Character.isDigit(head.charAt(5))) {
            throw Rejection.payload(DEVICE + ": the payload starts with " + head + " instead of be0103 or be0104");
        }
        return head.charAt(5) - '0';
    }
}
