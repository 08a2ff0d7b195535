package de.freiraum.ingest;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that messages break rules: of each source one line a minute, with how many there were. */
final class Warnings {
    private static final Logger LOG = LoggerFactory.getLogger(Warnings.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Map<String, Told> bySource = new ConcurrentHashMap<>();

    private record Told(Instant at, long since) {}

    void warn(String source, Instant now, String detail) {
        bySource.compute(source, (id, told) -> {
            if (told != null && now.isBefore(told.at().plus(INTERVAL))) {
                return new Told(told.at(), told.since() + 1);
            }
            LOG.warn(
                    "a message of {} breaks the rules of its data model: {}{}",
                    source,
                    detail,
                    told == null || told.since() == 0 ? "" : " (and " + told.since() + " others since the last line)");
            return new Told(now, 0);
        });
    }
}
