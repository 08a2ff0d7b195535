package de.freiraum.aggregate.footfall;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.Observations;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts windows into the entity that holds them: the newest becomes its current state, the others go into history, where each replaces what was there
 * for the same window.
 *
 * @param names IRIs
 * @param of URI of the counter or site
 * @param length length of the windows
 * @param zone time zone for the texts of their bounds
 * @param windows at least one, by its begin
 * @param owner the entity of the counter or site, from which name and location are taken; null if there is none
 * @param isSite whether they are a site's
 */
record WindowChange(
        FootfallNames names,
        String of,
        WindowLength length,
        ZoneId zone,
        SortedMap<Instant, Window> windows,
        @Nullable Entity owner,
        boolean isSite)
        implements EntityChange {

    @Override
    public Outcome apply(@Nullable Entity before, Instant now) {
        Instant newest = windows.lastKey();
        Instant current = before == null ? null : startOf(before);
        boolean moves = current == null || !newest.isBefore(current);
        List<TemporalInstance> history = new ArrayList<>();
        windows.forEach((start, window) -> values(window).forEach((iri, value) -> {
            // The current window's values reach history by themselves; but not that one of them is no longer known.
            if (!moves || !start.equals(newest) || (value == null && start.equals(current))) {
                history.add(new TemporalInstance(iri, instance(iri, value, start, null, now)));
            }
        }));
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>(before == null ? Map.of() : before.attributes());
        if (moves) {
            Window window = windows.get(newest);
            if (window != null) {
                values(window).forEach((iri, value) -> put(attributes, iri, value, newest, now));
            }
        }
        statics().forEach((iri, wanted) -> putStatic(attributes, iri, wanted, now));
        UpdateResult result = new UpdateResult(List.of(names.peopleCount), List.of());
        if (before == null) {
            String id = WindowStore.idOf(of, length);
            Entity after = new Entity(id, List.of(names.crowdFlowObserved), List.of(), attributes, now, now, null);
            return new Outcome(after, result, history);
        }
        boolean same = attributes.equals(before.attributes());
        Entity after = same ? before : before.withAttributes(attributes).withTimes(before.createdAt(), now);
        return new Outcome(after, result, history);
    }

    private @Nullable Instant startOf(Entity entity) {
        Attribute from = entity.defaultInstance(names.dateObservedFrom);
        return from == null ? null : from.meta().observedAt();
    }

    private Map<String, @Nullable Value> values(Window window) {
        Map<String, @Nullable Value> values = new LinkedHashMap<>();
        String from = text(window.from());
        String to = text(window.to());
        values.put(names.dateObserved, Value.of(from + '/' + to));
        values.put(names.dateObservedFrom, Value.of(from));
        values.put(names.dateObservedTo, Value.of(to));
        values.put(names.peopleCount, number(window.people()));
        values.put(names.peopleCountTowards, number(window.towards()));
        values.put(names.peopleCountAway, number(window.away()));
        values.put(names.coverage, Value.of(window.coverage()));
        values.put(names.quality, Value.of(window.quality().word()));
        return values;
    }

    /** With the offset: the hour in which clocks go back is there twice, and only the offset tells which it is. */
    private String text(Instant instant) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atZone(zone));
    }

    private static @Nullable Value number(@Nullable Long number) {
        return number == null ? null : Value.of((long) number);
    }

    private Attribute instance(
            String iri, @Nullable Value value, Instant start, @Nullable Instant createdAt, Instant now) {
        AttributeMeta meta = AttributeMeta.NONE
                .withObservedAt(start)
                .withTimes(createdAt == null ? now : createdAt, now, value == null ? now : null);
        return Observations.identified(
                iri, new Attribute.Property(value == null ? Value.of(Value.NGSI_LD_NULL) : value, meta));
    }

    private void put(
            Map<String, List<Attribute>> attributes, String iri, @Nullable Value value, Instant start, Instant now) {
        List<Attribute> there = attributes.getOrDefault(iri, List.of());
        if (value == null) {
            attributes.remove(iri);
        } else if (there.isEmpty()
                || !(there.get(0) instanceof Attribute.Property p)
                || !p.value().equals(value)
                || !start.equals(p.meta().observedAt())) {
            Instant created = there.isEmpty() ? null : there.get(0).meta().createdAt();
            attributes.put(iri, List.of(instance(iri, value, start, created, now)));
        }
    }

    private Map<String, Attribute> statics() {
        Map<String, Attribute> statics = new LinkedHashMap<>();
        statics.put(names.windowLength, new Attribute.Property(Value.of(length.name()), AttributeMeta.NONE));
        statics.put(
                isSite ? names.refSite : names.refCounter, new Attribute.Relationship(List.of(of), AttributeMeta.NONE));
        if (owner != null) {
            for (String iri : List.of(names.name, names.location)) {
                Attribute given = owner.defaultInstance(iri);
                if (given != null) {
                    statics.put(iri, given.with(AttributeMeta.NONE));
                }
            }
        }
        return statics;
    }

    private static void putStatic(Map<String, List<Attribute>> attributes, String iri, Attribute wanted, Instant now) {
        List<Attribute> there = attributes.getOrDefault(iri, List.of());
        if (there.size() == 1 && there.get(0).with(AttributeMeta.NONE).equals(wanted)) {
            return;
        }
        Instant created = there.isEmpty() ? null : there.get(0).meta().createdAt();
        attributes.put(
                iri, List.of(wanted.with(AttributeMeta.NONE.withTimes(created == null ? now : created, now, null))));
    }
}
