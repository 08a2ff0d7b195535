package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Optional;

/** Dingtek DO201 parking sensor: distance and magnetic field. */
final class DingtekDo201 implements DeviceCodec {
    @Override
    public String name() {
        return "dingtek-do201@1";
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        if (port != 3) {
            throw Rejection.payload("Dingtek DO201: port " + port + " is unknown; known is 3");
        }
        Frame frame = new Frame("Dingtek DO201", payload);
        if (payload.length == 17) {
            return Optional.empty(); // settings, no state
        }
        frame.length(23);
        long level = frame.seek(5).u16be();
        int alarms = frame.seek(7).u16be();
        double volt = frame.seek(9).u16be() / 100.0;
        return Optional.of(Frame.out()
                .put("level", level)
                .put("volt", volt)
                .put("alarmPark", alarms >> 12 != 0)
                .put("alarmLevel", (alarms >> 8 & 0xF) != 0)
                .put("alarmMagnet", (alarms >> 4 & 0xF) != 0)
                .put("alarmBattery", (alarms & 0xF) != 0)
                .put("xMagnet", frame.seek(11).s16be())
                .put("yMagnet", frame.s16be())
                .put("zMagnet", frame.s16be())
                .put("temperature", frame.s8())
                .put("humidity", frame.u8())
                .put("frameCounter", frame.u16be())
                .object());
    }
}
