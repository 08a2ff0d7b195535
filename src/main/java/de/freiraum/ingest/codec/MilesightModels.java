package de.freiraum.ingest.codec;

import de.freiraum.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The channel tables of Milesight's people counters. */
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

    /** ToF sensors VS133 and VS135: four lines, totals of 32 bits, totals and periods in frames of their own. */
    static DeviceCodec vs13x() {
        Map<Integer, Milesight.Channel> t = about();
        for (int line = 1; line <= 4; line++) {
            lines(t, 3 * line, "line_" + line + "_");
            // children of line 1 are channels 11 to 13, of line 2 14 to 16, …
            lines(t, 0x11 + 3 * (line - 1), "line_" + line + "_child_");
        }
        t.put(0x0FE3, (f, o) -> {
            for (int region = 1; region <= 4; region++) {
                o.put("region_" + region + "_count", f.u8());
            }
        });
        t.put(0x10E4, (f, o) -> {
            int region = f.u8();
            o.put("region_" + region + "_avg_dwell", f.u16le()).put("region_" + region + "_max_dwell", f.u16le());
        });
        return new Milesight("milesight-vs13x@1", t);
    }

    private static int channel(int id, int type) {
        return (id << 8) | type;
    }

    private static void lines(Map<Integer, Milesight.Channel> t, int id, String prefix) {
        t.put(channel(id, 0xD2), (f, o) -> o.put(prefix + "total_in", f.u32le()));
        t.put(channel(id + 1, 0xD2), (f, o) -> o.put(prefix + "total_out", f.u32le()));
        t.put(channel(id + 2, 0xCC), (f, o) -> o.put(prefix + "period_in", f.u16le())
                .put(prefix + "period_out", f.u16le()));
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
        return new Milesight("milesight-vs350@1", t);
    }

    /** Light barrier VS360: two housings with a battery each, totals of 16 bits. */
    static DeviceCodec vs360() {
        Map<Integer, Milesight.Channel> t = passage();
        t.put(0x0175, (f, o) -> o.put("battery_main", f.u8()));
        t.put(0x0275, (f, o) -> o.put("battery_node", f.u8()));
        t.put(0x03F4, (f, o) -> {
            int event = f.u8();
            boolean alarm = f.u8() == 1;
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

    /** Workplace sensor VS121: people now, regions, flows. */
    static DeviceCodec vs121() {
        Map<Integer, Milesight.Channel> t = about();
        t.put(0x04C9, (f, o) -> {
            o.put("people_count_all", f.u8());
            int regions = f.u8();
            int mask = f.u16be();
            o.put("region_count", regions);
            for (int region = 0; region < Math.min(regions, 16); region++) {
                o.put("region_" + (region + 1), mask >> region & 1);
            }
        });
        t.put(0x05CC, (f, o) -> o.put("people_in", f.s16le()).put("people_out", f.s16le()));
        t.put(0x06CD, (f, o) -> o.put("people_count_max", f.u8()));
        t.put(0x07D5, (f, o) -> regions(f, o, 1));
        t.put(0x08D5, (f, o) -> regions(f, o, 9));
        for (int from = 0; from < 4; from++) {
            char a = (char) ('a' + from);
            t.put(channel(0x09 + from, 0xDA), (f, o) -> {
                for (char b = 'a'; b <= 'd'; b++) {
                    o.put(a + "_to_" + b, f.u16le());
                }
            });
        }
        t.put(0x0DCC, (f, o) -> o.put("people_total_in", f.u16le()).put("people_total_out", f.u16le()));
        t.put(0x0EE4, (f, o) -> {
            int region = f.u8();
            o.put("region_" + region + "_avg_dwell", f.u16le()).put("region_" + region + "_max_dwell", f.u16le());
        });
        t.put(0x0F85, (f, o) -> o.put("timestamp", f.u32le()));
        return new Milesight("milesight-vs121@1", t);
    }

    private static void regions(Frame frame, Frame.Out out, int first) {
        for (int region = first; region < first + 8; region++) {
            out.put("region_" + region + "_count", frame.u8());
        }
    }

    private static Map<Integer, Milesight.Channel> passage() {
        Map<Integer, Milesight.Channel> t = about();
        t.put(0x04CC, (f, o) -> o.put("total_in", f.u16le()).put("total_out", f.u16le()));
        t.put(0x05CC, (f, o) -> o.put("period_in", f.u16le()).put("period_out", f.u16le()));
        t.put(0x84CC, (f, o) -> o.put("total_in", f.u16le())
                .put("total_out", f.u16le())
                .put("total_count_alarm", f.u8() == 1));
        t.put(0x85CC, (f, o) -> o.put("period_in", f.u16le())
                .put("period_out", f.u16le())
                .put("period_count_alarm", f.u8() == 1));
        t.put(0x0AEF, (f, o) -> o.put("timestamp", f.u32le()));
        List<Value> none = List.of();
        t.put(0x20CE, (f, o) -> {
            Frame.Out entry = Frame.out().put("timestamp", f.u32le());
            int kind = f.u8();
            entry.put("period_in", f.u16le()).put("period_out", f.u16le());
            if (kind == 1) {
                entry.put("total_in", f.u16le()).put("total_out", f.u16le());
            }
            List<Value> entries =
                    new ArrayList<>(o.object().get("history") instanceof Value.Array earlier ? earlier.items() : none);
            entries.add(entry.object());
            o.put("history", new Value.Array(entries));
        });
        return t;
    }

    /** What the device says of itself, after it joined. */
    private static Map<Integer, Milesight.Channel> about() {
        Map<Integer, Milesight.Channel> t = new HashMap<>();
        t.put(0xFF01, (f, o) -> o.put("protocol_version", f.u8()));
        t.put(0xFF08, (f, o) -> o.put("sn", f.hex(6)));
        t.put(0xFF09, (f, o) -> o.put("hardware_version", f.version(2)));
        t.put(0xFF0A, (f, o) -> o.put("firmware_version", f.version(2)));
        t.put(0xFF0B, (f, o) -> o.put("power_on", f.u8() == 0xFF));
        t.put(0xFF0F, (f, o) -> o.put("lorawan_class", f.u8()));
        t.put(0xFF16, (f, o) -> o.put("sn", f.hex(8)));
        t.put(0xFF1F, (f, o) -> o.put("firmware_version", f.version(4)));
        t.put(0xFFFE, (f, o) -> o.put("reset_event", f.u8() == 0xFF));
        t.put(0xFFFF, (f, o) -> o.put("tsl_version", f.version(2)));
        return t;
    }
}
