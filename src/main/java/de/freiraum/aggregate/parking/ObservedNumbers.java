package de.freiraum.aggregate.parking;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.Observations;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of a site or group as attributes of its entity. What is there already is not touched, nor is anything else.
 *
 * @param values by attribute IRI; null takes away what was computed before
 * @param observedAt of when they are, or null
 */
record ObservedNumbers(
        Map<String, @Nullable Value> values, @Nullable Instant observedAt) {

    /** Writes them to an entity; into a new one of the given URI and type if there is none. Without a change nothing is written. */
    Outcome write(@Nullable Entity before, String id, String type, Instant now) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>(before == null ? Map.of() : before.attributes());
        List<String> updated = new ArrayList<>();
        values.forEach((iri, value) -> {
            Attribute there = before == null ? null : before.defaultInstance(iri);
            if (value == null ? isOurs(there) : !holds(there, value)) {
                put(attributes, iri, there, value, now);
                updated.add(iri);
            }
        });
        if (updated.isEmpty()) {
            return Outcome.of(before, UpdateResult.EMPTY);
        }
        Entity after = before == null
                ? new Entity(id, List.of(type), List.of(), attributes, now, now, null)
                : before.withAttributes(attributes).withTimes(before.createdAt(), now);
        return Outcome.of(after, new UpdateResult(updated, List.of()));
    }

    private void put(
            Map<String, List<Attribute>> attributes,
            String iri,
            @Nullable Attribute there,
            @Nullable Value value,
            Instant now) {
        List<Attribute> instances = new ArrayList<>(attributes.getOrDefault(iri, List.of()));
        instances.remove(there);
        if (value != null) {
            Instant created = there == null ? null : there.meta().createdAt();
            // A number never goes back in time, even when the newest of its sources is taken away.
            AttributeMeta meta = AttributeMeta.NONE
                    .withObservedAt(later(
                            observedAt, there == null ? null : there.meta().observedAt()))
                    .withTimes(created == null ? now : created, now, null);
            instances.add(Observations.identified(iri, new Attribute.Property(value, meta)));
        }
        if (instances.isEmpty()) {
            attributes.remove(iri);
        } else {
            attributes.put(iri, List.copyOf(instances));
        }
    }

    /** Whether it is an observed number, as totals are, and not something that the site's owner set. */
    private static boolean isOurs(@Nullable Attribute attribute) {
        return attribute != null && attribute.meta().observedAt() != null;
    }

    private static boolean holds(@Nullable Attribute attribute, Value value) {
        if (!(attribute instanceof Attribute.Property p)) {
            return false;
        }
        return p.value() instanceof Value.Num there && value instanceof Value.Num wanted
                ? there.asDecimal().compareTo(wanted.asDecimal()) == 0
                : p.value().equals(value);
    }

    /** The later of the two that are there. */
    static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        return a == null || (b != null && b.isAfter(a)) ? b : a;
    }
}
