package de.freiraum.broker.temporal;

import de.freiraum.broker.temporal.TemporalOperations.Selection;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.LinkedEntities;
import de.freiraum.query.TemporalQuery;
import de.freiraum.query.TimeProperty;
import de.freiraum.representation.TemporalWriter.Evolution;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides which entities, and which of their instances, an answer has: the steps of clause 5.7.4.4 in their order. */
final class InstanceFilter {
    private final EntityQuery query;
    private final Selection selection;
    private final TemporalQuery time;

    /**
     * A filter.
     *
     * @param query its conditions on types and ids have been met already
     */
    InstanceFilter(EntityQuery query, Selection selection) {
        this.query = query;
        this.selection = selection;
        this.time = selection.time();
    }

    /** Whether all instances in the time range are needed, because values decide. */
    private boolean looksAtValues() {
        return query.q() != null || query.geo() != null || query.scopeQ() != null;
    }

    /** Whether all instances of an entity in the time range are read. */
    boolean readsAll() {
        Range range = range();
        return range.first() == 0 && range.last() == 0;
    }

    /** Whether the evolution of the scope is needed, also outside the time range. */
    boolean needsScopes() {
        return query.scopeQ() != null;
    }

    /**
     * Whether the newest instances are needed, also outside the time range: what has no observedAt has no evolution, yet conditions may be on
     * it (annex C.5.5: the brand of a vehicle; as well the place of a fixed sensor).
     */
    boolean needsNewest() {
        return time.relation() != null
                && time.timeProperty() == TimeProperty.observedAt
                && (query.q() != null || query.geo() != null);
    }

    /** IRIs of the attributes of which instances are needed; empty: all. */
    Set<String> attributesToRead() {
        if (selection.attributes().isEmpty() || query.q() != null || query.geo() != null) {
            return Set.of();
        }
        Set<String> attributes = new LinkedHashSet<>(selection.attributes());
        attributes.addAll(query.attributes());
        return attributes;
    }

    /** The instances that are needed. More than this is never read, however long the history is. */
    Range range() {
        TimeProperty property = time.timeProperty();
        // The store places an instance without observedAt by modifiedAt; those do not count for a condition on
        // observedAt, so that the
        // last ones there are not the last ones here.
        boolean exact = property != TimeProperty.observedAt || time.relation() == null;
        int last = 0;
        int first = 0;
        if (exact && !looksAtValues() && selection.datasetIds().isEmpty()) {
            last = time.lastN();
            first = last > 0 ? 0 : time.firstN();
            if (last == 0 && first == 0 && selection.most() > 0) {
                first = selection.most() + 1;
            }
        }
        return new Range(property, time.from(), time.to(), last, first);
    }

    /**
     * What an answer shows of an entity.
     *
     * @param read instances in the time range, each attribute's in ascending time
     * @param newest the newest instance of each attribute and dataset, if {@linkplain #needsNewest() needed}
     * @param scopes all instances of the scope, if {@linkplain #needsScopes() needed}
     * @return null if it shows nothing
     */
    @Nullable
    Evolution apply(
            Head head, List<TemporalInstance> read, List<TemporalInstance> newest, List<TemporalInstance> scopes) {
        Map<String, List<Attribute>> instances = inTime(read);
        if (query.scopeQ() != null) {
            List<Validity> valid = valid(scopes);
            if (valid.isEmpty()) {
                return null;
            }
            instances = within(instances, valid);
        }
        if (!hasConcerned(instances) || !meets(head, withConstant(instances, newest))) {
            return null;
        }
        Map<String, List<Attribute>> shown = shown(instances);
        // An entity that was asked for without naming attributes stays, also if none of its instances is of a wanted
        // dataset.
        return shown.isEmpty() && !selection.attributes().isEmpty()
                ? null
                : new Evolution(
                        head.entityId(), head.types(), shown, head.createdAt(), head.modifiedAt(), head.deletedAt());
    }

    private Map<String, List<Attribute>> inTime(List<TemporalInstance> read) {
        boolean only = time.relation() != null || time.timeProperty() == TimeProperty.deletedAt;
        Map<String, List<Attribute>> instances = new LinkedHashMap<>();
        for (TemporalInstance one : read) {
            Instant at = time.timeProperty().of(one.instance().meta());
            if (!only || (at != null && time.matches(at))) {
                instances
                        .computeIfAbsent(one.attribute(), a -> new ArrayList<>())
                        .add(one.instance());
            }
        }
        return instances;
    }

    /** Whether one of the attributes that the request is about has an instance. */
    private boolean hasConcerned(Map<String, List<Attribute>> instances) {
        Set<String> concerned = query.attributes().isEmpty() ? selection.attributes() : query.attributes();
        return concerned.isEmpty() ? !instances.isEmpty() : concerned.stream().anyMatch(instances::containsKey);
    }

    /** Adds what has no observedAt and was not observed in the time range: it is as it is at any time. */
    private static Map<String, List<Attribute>> withConstant(
            Map<String, List<Attribute>> instances, List<TemporalInstance> newest) {
        Map<String, List<Attribute>> all = new LinkedHashMap<>(instances);
        for (TemporalInstance one : newest) {
            AttributeMeta meta = one.instance().meta();
            List<Attribute> observed = instances.getOrDefault(one.attribute(), List.of());
            if (meta.observedAt() == null
                    && observed.stream().noneMatch(o -> Objects.equals(o.meta().datasetId(), meta.datasetId()))) {
                List<Attribute> more = new ArrayList<>(all.getOrDefault(one.attribute(), List.of()));
                more.add(one.instance());
                all.put(one.attribute(), more);
            }
        }
        return all;
    }

    private boolean meets(Head head, Map<String, List<Attribute>> instances) {
        if (query.q() == null && query.geo() == null) {
            return true;
        }
        Map<String, List<Attribute>> values = new LinkedHashMap<>();
        Set<String> scopes = new LinkedHashSet<>();
        instances.forEach((iri, all) -> {
            List<Attribute> there = all.stream().filter(a -> !a.isNull()).toList();
            if (iri.equals(TemporalOperations.SCOPE)) {
                there.forEach(a -> scopes.addAll(scopes(a)));
            } else if (!there.isEmpty()) {
                values.put(iri, there);
            }
        });
        Entity all = new Entity(
                head.entityId(), head.types(), List.copyOf(scopes), values, head.createdAt(), head.modifiedAt(), null);
        return (query.q() == null || query.q().matches(all, LinkedEntities.NONE))
                && (query.geo() == null || query.geo().matches(all));
    }

    private Map<String, List<Attribute>> shown(Map<String, List<Attribute>> instances) {
        Map<String, List<Attribute>> shown = new LinkedHashMap<>();
        instances.forEach((iri, all) -> {
            if (!selection.attributes().isEmpty() && !selection.attributes().contains(iri)) {
                return;
            }
            List<Attribute> chosen = selection.datasetIds().isEmpty()
                    ? all
                    : all.stream().filter(this::isOfWantedDataset).toList();
            if (!chosen.isEmpty()) {
                shown.put(iri, limited(chosen));
            }
        });
        return shown;
    }

    private boolean isOfWantedDataset(Attribute a) {
        String id = a.meta().datasetId();
        return selection.datasetIds().contains(id == null ? EntityQuery.DEFAULT_INSTANCE : id);
    }

    private List<Attribute> limited(List<Attribute> all) {
        int size = all.size();
        if (time.lastN() > 0 && size > time.lastN()) {
            return all.subList(size - time.lastN(), size);
        }
        return time.firstN() > 0 && size > time.firstN() ? all.subList(0, time.firstN()) : all;
    }

    // ---- scopes
    // ---------------------------------------------------------------------------------------------------------------------

    /** A time in which the scopes were those asked for (clause 4.18: until they were changed). */
    private record Validity(
            Attribute scope, Instant from, @Nullable Instant to) {
        boolean covers(Instant at) {
            return !at.isBefore(from) && (to == null || at.isBefore(to));
        }
    }

    /** The times within the time range in which the scopes met the condition. */
    private List<Validity> valid(List<TemporalInstance> scopes) {
        List<Validity> valid = new ArrayList<>();
        for (int i = 0; i < scopes.size(); i++) {
            Attribute scope = scopes.get(i).instance();
            Instant from = setAt(scope);
            Instant to = i + 1 < scopes.size() ? setAt(scopes.get(i + 1).instance()) : null;
            boolean overlaps = (time.to() == null || from.isBefore(time.to()))
                    && (to == null || time.from() == null || to.isAfter(time.from()));
            if (overlaps
                    && !scope.isNull()
                    && query.scopeQ() != null
                    && query.scopeQ().matches(scopes(scope))) {
                valid.add(new Validity(scope, from, to));
            }
        }
        return valid;
    }

    private static Instant setAt(Attribute scope) {
        AttributeMeta meta = scope.meta();
        Instant at = meta.observedAt() != null ? meta.observedAt() : meta.modifiedAt();
        return at == null ? Instant.MIN : at;
    }

    private static List<String> scopes(Attribute scope) {
        List<String> texts = new ArrayList<>();
        if (scope instanceof Attribute.Property p) {
            for (Value item : p.value() instanceof Value.Array a ? a.items() : List.of(p.value())) {
                if (item instanceof Value.Text t) {
                    texts.add(t.text());
                }
            }
        }
        return texts;
    }

    /** The instances of the times in which the scopes were those asked for, and these scopes (annex C.5.16). */
    private Map<String, List<Attribute>> within(Map<String, List<Attribute>> instances, List<Validity> valid) {
        Map<String, List<Attribute>> within = new LinkedHashMap<>();
        instances.forEach((iri, all) -> {
            List<Attribute> inside = all.stream()
                    .filter(a -> {
                        Instant at = TimesOf.orSystem(a.meta(), time.timeProperty());
                        return valid.stream().anyMatch(v -> v.covers(at));
                    })
                    .toList();
            if (!inside.isEmpty() && !iri.equals(TemporalOperations.SCOPE)) {
                within.put(iri, inside);
            }
        });
        if (!within.isEmpty()) {
            within.put(
                    TemporalOperations.SCOPE,
                    valid.stream().map(Validity::scope).toList());
        }
        return within;
    }
}
