package de.freiraum.ingest.codec;

import java.util.HashMap;
import java.util.Map;

/** The channel table of Milesight's ToF sensors VS133 and VS135: four lines, four regions, children apart, and what was stored while the network was away. */
final class MilesightLines {
    private static final int TOTAL = 0xD2;
    private static final int PERIOD = 0xCC;

    private MilesightLines() {}

    static DeviceCodec vs13x() {
        Map<Integer, Milesight.Channel> t = MilesightModels.about();
        Map<Integer, Milesight.Channel> stored = new HashMap<>();
        for (int line = 1; line <= 4; line++) {
            lines(t, stored, 3 * line, "line_" + line + "_");
            // children of line 1 are channels 11 to 13, of line 2 14 to 16, …
            lines(t, stored, 0x11 + 3 * (line - 1), "line_" + line + "_child_");
        }
        regions(t, stored, 0x0F, "");
        regions(t, stored, 0x1D, "child_");
        t.put(0x10E4, (f, o) -> dwell(f, o, ""));
        t.put(0x1EE4, (f, o) -> dwell(f, o, "child_"));
        stored.put(0x10, (f, o) -> o.put("region_" + f.u8() + "_avg_dwell", f.u16le()));
        stored.put(0x20, (f, o) -> o.put("region_" + f.u8() + "_max_dwell", f.u16le()));
        stored.put(0x1E, (f, o) -> o.put("region_" + f.u8() + "_child_avg_dwell", f.u16le()));
        stored.put(0x3C, (f, o) -> o.put("region_" + f.u8() + "_child_max_dwell", f.u16le()));
        t.put(0x50FC, (f, o) -> {
            f.u8(); // reserved
            int node = f.u8();
            o.put((node == 0 ? "master" : "node_" + node) + "_occlusion_alarm", f.u8() != 0);
        });
        t.put(0x20CE, Milesight.history(stored));
        return new Milesight("milesight-vs13x@1", t);
    }

    private static void lines(
            Map<Integer, Milesight.Channel> t, Map<Integer, Milesight.Channel> stored, int id, String prefix) {
        add(t, stored, id, TOTAL, (f, o) -> o.put(prefix + "total_in", f.u32le()));
        add(t, stored, id + 1, TOTAL, (f, o) -> o.put(prefix + "total_out", f.u32le()));
        add(t, stored, id + 2, PERIOD, (f, o) -> o.put(prefix + "period_in", f.u16le())
                .put(prefix + "period_out", f.u16le()));
    }

    private static void regions(
            Map<Integer, Milesight.Channel> t, Map<Integer, Milesight.Channel> stored, int id, String who) {
        add(t, stored, id, 0xE3, (f, o) -> {
            for (int region = 1; region <= 4; region++) {
                o.put("region_" + region + "_" + who + "count", f.u8());
            }
        });
    }

    private static void add(
            Map<Integer, Milesight.Channel> t,
            Map<Integer, Milesight.Channel> stored,
            int id,
            int type,
            Milesight.Channel channel) {
        t.put(id << 8 | type, channel);
        stored.put(id, channel);
    }

    private static void dwell(Frame frame, Frame.Out out, String who) {
        String region = "region_" + frame.u8() + "_" + who;
        out.put(region + "avg_dwell", frame.u16le()).put(region + "max_dwell", frame.u16le());
    }
}
