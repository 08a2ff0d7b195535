package de.freiraum.store.change;

import de.freiraum.model.AttributeMeta;
import de.freiraum.model.TemporalInstance;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.TemporalStore.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which instances of history lie in a range, and in which order. */
public final class HistoryRange {
    private HistoryRange() {}

    /** The instances of one attribute and dataset that lie in the range, in ascending time; the first or last of them where it asks for these. */
    public static List<TemporalInstance> select(List<TemporalInstance> group, Range range) {
        List<TemporalInstance> matching = new ArrayList<>();
        for (TemporalInstance instance : group) {
            Instant time = timeOrNull(instance.instance().meta(), range.property());
            if (time != null
                    && (range.from() == null || !time.isBefore(range.from()))
                    && (range.to() == null || time.isBefore(range.to()))) {
                matching.add(instance);
            }
        }
        matching.sort(ascending(range.property()));
        if (range.first() > 0 && matching.size() > range.first()) {
            return new ArrayList<>(matching.subList(0, range.first()));
        }
        if (range.last() == 0 || matching.size() <= range.last()) {
            return matching;
        }
        return new ArrayList<>(matching.subList(matching.size() - range.last(), matching.size()));
    }

    /** By one of the times; what has none comes first. */
    public static Comparator<TemporalInstance> ascending(TimeProperty property) {
        return Comparator.comparing(instance -> {
            Instant time = timeOrNull(instance.instance().meta(), property);
            return time == null ? Instant.MIN : time;
        });
    }

    private static @Nullable Instant timeOrNull(AttributeMeta meta, TimeProperty property) {
        Instant time = property.of(meta);
        return time == null && property == TimeProperty.observedAt ? meta.modifiedAt() : time;
    }
}
