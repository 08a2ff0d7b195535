package de.freiraum.ingest.codec;

import java.util.HashMap;
import java.util.Map;

/** The channel table of Milesight's workplace sensor VS121: people now, regions, flows between sides, totals of its line, and what was stored. */
final class MilesightVs121 {
    private MilesightVs121() {}

    static DeviceCodec codec() {
        Map<Integer, Milesight.Channel> t = MilesightModels.about();
        Map<Integer, Milesight.Channel> stored = new HashMap<>();
        add(t, stored, 0x04C9, 0x01, MilesightVs121::people);
        add(t, stored, 0x05CC, 0x02, (f, o) -> o.put("people_in", f.s16le()).put("people_out", f.s16le()));
        add(t, stored, 0x06CD, 0x03, (f, o) -> o.put("people_count_max", f.u8()));
        t.put(0x07D5, (f, o) -> regions(f, o, 1, 8));
        t.put(0x08D5, (f, o) -> regions(f, o, 9, 16));
        for (int quarter = 0; quarter < 4; quarter++) {
            int first = 1 + 4 * quarter;
            stored.put(0x04 + quarter, (f, o) -> regions(f, o, first, first + 3));
        }
        for (int side = 0; side < 4; side++) {
            char from = (char) ('a' + side);
            t.put((0x09 + side) << 8 | 0xDA, (f, o) -> flows(f, o, from, 'a', 'd'));
            stored.put(0x08 + 2 * side, (f, o) -> flows(f, o, from, 'a', 'b'));
            stored.put(0x09 + 2 * side, (f, o) -> flows(f, o, from, 'c', 'd'));
        }
        add(t, stored, 0x0DCC, 0x10, (f, o) -> o.put("people_total_in", f.u16le())
                .put("people_total_out", f.u16le()));
        add(t, stored, 0x0EE4, 0x11, (f, o) -> {
            String region = "region_" + f.u8();
            o.put(region + "_avg_dwell", f.u16le()).put(region + "_max_dwell", f.u16le());
        });
        t.put(0x0F85, (f, o) -> o.put("timestamp", f.u32le()));
        add(t, stored, 0x10F7, 0x12, (f, o) -> o.put("line_in", f.u16le()).put("line_out", f.u16le()));
        t.put(0x20CE, Milesight.history(stored));
        return new Milesight("milesight-vs121@1", t);
    }

    private static void add(
            Map<Integer, Milesight.Channel> t,
            Map<Integer, Milesight.Channel> stored,
            int channel,
            int kind,
            Milesight.Channel reader) {
        t.put(channel, reader);
        stored.put(kind, reader);
    }

    private static void people(Frame frame, Frame.Out out) {
        out.put("people_count_all", frame.u8());
        int regions = frame.u8();
        int mask = frame.u16be();
        out.put("region_count", regions);
        for (int region = 0; region < Math.min(regions, 16); region++) {
            out.put("region_" + (region + 1), mask >> region & 1);
        }
    }

    private static void regions(Frame frame, Frame.Out out, int first, int last) {
        for (int region = first; region <= last; region++) {
            out.put("region_" + region + "_count", frame.u8());
        }
    }

    private static void flows(Frame frame, Frame.Out out, char from, char first, char last) {
        for (char to = first; to <= last; to++) {
            out.put(from + "_to_" + to, frame.u16le());
        }
    }
}
