package de.freiraum.ingest.codec;

import java.util.HashMap;
import java.util.Map;

/** The channel tables of Milesight's counters with one line: VS132, VS350, VS360. */
final class MilesightModels {
    private static final String[] ALARM = {"release", "threshold", "other", "high", "high release"};

    private MilesightModels() {}

    /** ToF sensor VS132: one line, totals of 32 bits. */
    static DeviceCodec vs132() {
        Map<Integer, Milesight.Channel> t = about();
        t.put(0x03D2, (f, o) -> o.put("total_counter_in", f.u32le()));
        t.put(0x04D2, (f, o) -> o.put("total_counter_out", f.u32le()));
        t.put(0x05CC, (f, o) -> o.put("periodic_counter_in", f.u16le()).put("periodic_counter_out", f.u16le()));
        return new Milesight("milesight-vs132@1", t);
    }

    /** Passage counter VS350: totals of 16 bits, which wrap. */
    static DeviceCodec vs350() {
        Map<Integer, Milesight.Channel> t = passage();
        t.put(0x0175, (f, o) -> o.put("battery", f.u8()));
        t.put(0x0367, (f, o) -> o.put("temperature", f.s16le() / 10.0));
        t.put(0x8367, (f, o) -> {
            o.put("temperature", f.s16le() / 10.0);
            int alarm = f.u8();
            o.put("temperature_alarm", alarm < ALARM.length ? ALARM[alarm] : "other");
        });
        t.put(0x81EE, (f, o) -> o.put("current_sensitivity", f.u8()));
        return new Milesight("milesight-vs350@1", t);
    }

    /** Light barrier VS360: two housings with a battery each, totals of 16 bits. */
    static DeviceCodec vs360() {
        Map<Integer, Milesight.Channel> t = passage();
        t.put(0x0175, (f, o) -> o.put("battery_main", f.u8()));
        t.put(0x0275, (f, o) -> o.put("battery_node", f.u8()));
        t.put(0x03F4, (f, o) -> {
            int event = f.u8();
            boolean alarm = f.u8() != 0;
            String name =
                    switch (event) {
                        case 0 -> "counting_anomaly";
                        case 1 -> "node_without_response";
                        case 2 -> "devices_misaligned";
                        default -> "event_" + event;
                    };
            o.put(name, alarm);
        });
        return new Milesight("milesight-vs360@1", t);
    }

    private static Map<Integer, Milesight.Channel> passage() {
        Map<Integer, Milesight.Channel> t = about();
        t.put(0x04CC, (f, o) -> o.put("total_in", f.u16le()).put("total_out", f.u16le()));
        t.put(0x05CC, (f, o) -> o.put("period_in", f.u16le()).put("period_out", f.u16le()));
        t.put(0x84CC, (f, o) -> o.put("total_in", f.u16le())
                .put("total_out", f.u16le())
                .put("total_count_alarm", f.u8() != 0));
        t.put(0x85CC, (f, o) -> o.put("period_in", f.u16le())
                .put("period_out", f.u16le())
                .put("period_count_alarm", f.u8() != 0));
        t.put(0x0AEF, (f, o) -> o.put("timestamp", f.u32le()));
        Milesight.Channel period = (f, o) -> o.put("period_in", f.u16le()).put("period_out", f.u16le());
        t.put(0x20CE, Milesight.history(Map.of(0, period, 1, (f, o) -> {
            period.read(f, o);
            o.put("total_in", f.u16le()).put("total_out", f.u16le());
        })));
        return t;
    }

    /** What the device says of itself, after it joined. */
    static Map<Integer, Milesight.Channel> about() {
        Map<Integer, Milesight.Channel> t = new HashMap<>();
        t.put(0xFF01, (f, o) -> o.put("protocol_version", f.u8()));
        t.put(0xFF08, (f, o) -> o.put("sn", f.hex(6)));
        t.put(0xFF09, (f, o) -> o.put("hardware_version", f.version(2)));
        t.put(0xFF0A, (f, o) -> o.put("firmware_version", f.version(2)));
        t.put(0xFF0B, (f, o) -> o.put("power_on", f.u8() != 0));
        t.put(0xFF0F, (f, o) -> o.put("lorawan_class", f.u8()));
        t.put(0xFF16, (f, o) -> o.put("sn", f.hex(8)));
        t.put(0xFF1F, (f, o) -> o.put("firmware_version", f.version(4)));
        t.put(0xFFFE, (f, o) -> o.put("reset_event", f.u8() != 0));
        t.put(0xFFFF, (f, o) -> o.put("tsl_version", f.version(2)));
        return t;
    }
}
