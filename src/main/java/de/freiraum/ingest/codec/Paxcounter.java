package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Optional;

/** ESP32 Paxcounter, port 1: how many radio devices it heard, by Wi-Fi and by Bluetooth. They are devices nearby, not people passing. */
final class Paxcounter implements DeviceCodec {
    @Override
    public String name() {
        return "esp32-paxcounter@1";
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        if (port != 1) {
            throw Rejection.payload("Paxcounter: port " + port + " is unknown; known is 1");
        }
        Frame frame = new Frame("Paxcounter", payload).length(2, 4);
        int wifi = frame.u16le();
        Frame.Out out = Frame.out().put("wifi", wifi);
        if (frame.atEnd()) {
            return Optional.of(out.put("pax", wifi).object());
        }
        int ble = frame.u16le();
        return Optional.of(out.put("ble", ble).put("pax", (long) wifi + ble).object());
    }
}
