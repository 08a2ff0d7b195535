package de.freiraum.aggregate.footfall;

import de.freiraum.aggregate.work.EntityKey;
import de.freiraum.model.TemporalInstance;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The readings of a counter's devices, from history. */
final class ReadingHistory {
    /** So many readings before the first one wanted are looked at for a total to start from; if that is not enough, all are. */
    private static final int PREDECESSORS = 16;

    private final TemporalStore store;
    private final FootfallNames names;
    private final ReadingReader reader;
    private final CountingRules rules;

    ReadingHistory(TemporalStore store, FootfallNames names, ReadingReader reader, CountingRules rules) {
        this.store = store;
        this.names = names;
        this.reader = reader;
        this.rules = rules;
    }

    /**
     * The readings from an instant on, and from before it what is needed to tell differences of totals.
     *
     * @param devices the counter's devices with their lines; each line is in the result even if it has no readings
     * @param end readings at and after this instant are left out
     */
    Future<Map<String, List<Reading>>> load(
            EntityKey counter, Map<String, Set<String>> devices, Instant from, Instant end) {
        Map<String, List<Reading>> lines = new HashMap<>();
        Future<Void> done = Future.succeededFuture();
        for (Map.Entry<String, Set<String>> device : devices.entrySet()) {
            Map<String, List<Reading>> own = new HashMap<>();
            device.getValue().forEach(line -> own.put(line, new ArrayList<>()));
            done = done.compose(v -> loadDevice(new EntityKey(counter.tenant(), device.getKey()), own, from, end))
                    .map(v -> {
                        own.forEach((line, readings) -> lines.put(device.getKey() + ' ' + line, readings));
                        return null;
                    });
        }
        return done.map(v -> lines);
    }

    private Future<Void> loadDevice(EntityKey device, Map<String, List<Reading>> lines, Instant from, Instant end) {
        Instant earliest = from.minus(rules.maxGap());
        return read(device, from, end, 0)
                .compose(instances -> {
                    add(instances, lines);
                    return read(device, earliest, from, PREDECESSORS);
                })
                .compose(before ->
                        isEnough(before, lines) ? Future.succeededFuture(before) : read(device, earliest, from, 0))
                .map(before -> {
                    add(before, lines);
                    return null;
                });
    }

    private Future<List<TemporalInstance>> read(EntityKey device, Instant from, Instant to, int last) {
        return store.instances(
                device.tenant(),
                device.id(),
                Set.of(names.counterReading),
                new Range(TimeProperty.observedAt, from, to, last));
    }

    private void add(List<TemporalInstance> instances, Map<String, List<Reading>> lines) {
        for (TemporalInstance instance : instances) {
            Reading reading = reader.read(instance.instance());
            if (reading != null) {
                lines.computeIfAbsent(ReadingReader.line(instance.instance()), l -> new ArrayList<>())
                        .add(reading);
            }
        }
    }

    /** Whether each line's few earlier readings hold a total for every channel that needs one, or there are no more of them. */
    private boolean isEnough(List<TemporalInstance> before, Map<String, List<Reading>> lines) {
        Map<String, Integer> count = new HashMap<>();
        before.forEach(instance -> count.merge(ReadingReader.line(instance.instance()), 1, Integer::sum));
        Map<String, List<Reading>> earlier = new HashMap<>();
        add(before, earlier);
        return lines.entrySet().stream()
                .allMatch(line -> count.getOrDefault(line.getKey(), 0) < PREDECESSORS
                        || reachesBack(line.getValue(), earlier.getOrDefault(line.getKey(), List.of())));
    }

    private static boolean reachesBack(List<Reading> readings, List<Reading> earlier) {
        for (Channel channel : Channel.values()) {
            if (readings.stream().anyMatch(r -> r.totals().containsKey(channel))
                    && earlier.stream().noneMatch(r -> r.totals().containsKey(channel))) {
                return false;
            }
        }
        return true;
    }
}
