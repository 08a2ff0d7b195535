package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Optional;

/** Parametric PCR2 radar people counter, payload v4: counts of the interval and sums since power-up, which a power cut clears. */
final class ParametricPcr2 implements DeviceCodec {
    @Override
    public String name() {
        return "parametric-pcr2@4";
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        if (port == 190) {
            return Optional.empty(); // configuration
        }
        if (port != 14) {
            throw Rejection.payload("Parametric PCR2: port " + port + " is unknown; known are 14 and 190");
        }
        Frame frame = new Frame("Parametric PCR2 v4", payload).length(17);
        String head = frame.hex(3);
        if (!head.equals("be0104")) {
            throw Rejection.payload("Parametric PCR2 v4: the payload starts with " + head + " instead of be0104");
        }
        int ltr = frame.u16be();
        int rtl = frame.u16be();
        int ltrSum = frame.u16be();
        int rtlSum = frame.u16be();
        return Optional.of(Frame.out()
                .put("LTR", ltr)
                .put("RTL", rtl)
                .put("LTR_SUM", ltrSum)
                .put("RTL_SUM", rtlSum)
                .put("SBX_BATT", frame.u16be())
                .put("SBX_PV", frame.u16be())
                .put("DIFF", Math.abs(ltrSum - rtlSum))
                .put("TEMP", Math.floorDiv(frame.s16be(), 10))
                .object());
    }
}
