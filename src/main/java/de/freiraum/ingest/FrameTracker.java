package de.freiraum.ingest;

import de.freiraum.ingest.message.Uplink;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers the last frame of each device to see gaps and restarts of its counter. Bounded; for any thread. */
final class FrameTracker {
    private static final int MOST_DEVICES = 100_000;

    private final Map<String, Last> devices = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Last> eldest) {
            return size() > MOST_DEVICES;
        }
    };

    private record Last(String session, long counter, Instant time) {}

    /** What a frame's counter tells. */
    record Seen(long lost, boolean newSession) {
        static final Seen NOTHING = new Seen(0, false);
    }

    synchronized Seen take(String source, Uplink uplink, Instant time) {
        if (uplink.session().isEmpty()) {
            return Seen.NOTHING;
        }
        String key = source + '|' + uplink.device();
        Last last = devices.get(key);
        Last now = new Last(uplink.session(), uplink.frameCounter(), time);
        if (last == null) {
            devices.put(key, now);
            return Seen.NOTHING;
        }
        if (time.isBefore(last.time())) {
            return Seen.NOTHING; // late: it fills a gap that was counted before
        }
        devices.put(key, now);
        if (!last.session().equals(now.session())) {
            return new Seen(0, true);
        }
        long gap = now.counter() - last.counter() - 1;
        return gap > 0 && gap < 10_000 ? new Seen(gap, false) : Seen.NOTHING;
    }
}
