package de.freiraum.aggregate.parking;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.Observations;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of days as attributes of a spot, site or group, {@code observedAt} being the begin of the day: the newest day becomes the current state, the
 * others replace what history has of them. An entity that is not there is not created.
 *
 * @param days by begin and attribute IRI; null: no number
 */
record DayNumbers(SortedMap<Instant, Map<String, @Nullable Value>> days) implements EntityChange {

    @Override
    public Outcome apply(@Nullable Entity before, Instant now) {
        if (before == null || days.isEmpty()) {
            return Outcome.of(before, UpdateResult.EMPTY);
        }
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>(before.attributes());
        List<TemporalInstance> history = new ArrayList<>();
        days.forEach((start, values) -> values.forEach((iri, value) -> {
            Attribute there = before.defaultInstance(iri);
            Instant current = there == null ? null : there.meta().observedAt();
            // Only the newest day becomes the current state; what is put there and replaced at once would not reach
            // history.
            if ((current != null && start.isBefore(current)) || start.isBefore(days.lastKey())) {
                history.add(new TemporalInstance(iri, instance(iri, value, start, null, now)));
            } else if (value == null) {
                attributes.remove(iri);
                if (start.equals(current)) {
                    history.add(new TemporalInstance(iri, instance(iri, null, start, null, now)));
                }
            } else if (!start.equals(current)
                    || !(there instanceof Attribute.Property p)
                    || !p.value().equals(value)) {
                attributes.put(
                        iri,
                        List.of(instance(
                                iri,
                                value,
                                start,
                                there == null ? null : there.meta().createdAt(),
                                now)));
            }
        }));
        if (attributes.equals(before.attributes()) && history.isEmpty()) {
            return Outcome.of(before, UpdateResult.EMPTY);
        }
        Entity after = attributes.equals(before.attributes())
                ? before
                : before.withAttributes(attributes).withTimes(before.createdAt(), now);
        return new Outcome(after, UpdateResult.EMPTY, history);
    }

    private static Attribute instance(
            String iri, @Nullable Value value, Instant start, @Nullable Instant createdAt, Instant now) {
        AttributeMeta meta = AttributeMeta.NONE
                .withObservedAt(start)
                .withTimes(createdAt == null ? now : createdAt, now, value == null ? now : null);
        return Observations.identified(
                iri, new Attribute.Property(value == null ? Value.of(Value.NGSI_LD_NULL) : value, meta));
    }
}
