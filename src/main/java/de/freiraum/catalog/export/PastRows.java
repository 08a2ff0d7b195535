package de.freiraum.catalog.export;

import de.freiraum.broker.ScanOperations.Past;
import de.freiraum.catalog.Column;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.TemporalInstance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of instances: one for each time at which something was observed. What is not observed but described, such as a name, is as it
 * is now.
 */
final class PastRows {
    private final List<Column> columns;

    PastRows(List<Column> columns) {
        this.columns = columns;
    }

    /**
     * The time before which nothing is missing from instances of which at most so many were read per attribute and dataset; null if all were read.
     */
    @Nullable
    Instant completeUntil(List<TemporalInstance> instances, int most) {
        Map<String, Integer> counts = new HashMap<>();
        Map<String, Instant> last = new HashMap<>();
        for (TemporalInstance instance : instances) {
            String group =
                    instance.attribute() + ' ' + instance.instance().meta().datasetId();
            counts.merge(group, 1, Integer::sum);
            last.put(group, time(instance));
        }
        Instant end = null;
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            Instant at = last.get(count.getKey());
            if (count.getValue() >= most && at != null && (end == null || at.isBefore(end))) {
                end = at;
            }
        }
        return end;
    }

    /** The rows of one entity before a time. */
    List<Row> of(Past past, List<TemporalInstance> instances, Instant end) {
        Map<Instant, Map<String, Attribute>> byTime = new TreeMap<>();
        for (TemporalInstance instance : instances) {
            Instant at = time(instance);
            Attribute value = instance.instance();
            if (value.meta().datasetId() == null && !value.isNull() && at.isBefore(end)) {
                byTime.computeIfAbsent(at, t -> new HashMap<>()).put(instance.attribute(), value);
            }
        }
        Map<String, Attribute> described = described(past.current());
        Geometry place = past.current() == null ? null : Row.location(Row.shown(past.current(), NgsiLd.LOCATION));
        List<Row> rows = new ArrayList<>(byTime.size());
        byTime.forEach((at, observed) -> {
            Geometry there = Row.location(observed.get(NgsiLd.LOCATION));
            Map<String, Attribute> values = new HashMap<>(described);
            values.putAll(observed);
            rows.add(new Row(past.id(), at, there == null ? place : there, values));
        });
        return rows;
    }

    private Map<String, Attribute> described(@Nullable Entity current) {
        Map<String, Attribute> described = new HashMap<>();
        if (current != null) {
            for (Column column : columns) {
                Attribute value = column.role() == Column.Role.VALUE && !column.observed()
                        ? Row.shown(current, column.attribute())
                        : null;
                if (value != null) {
                    described.put(column.attribute(), value);
                }
            }
        }
        return described;
    }

    private static Instant time(TemporalInstance instance) {
        Instant at = instance.instance().meta().observedAt();
        if (at == null) {
            at = instance.instance().meta().modifiedAt();
        }
        return at == null ? Instant.EPOCH : at;
    }
}
