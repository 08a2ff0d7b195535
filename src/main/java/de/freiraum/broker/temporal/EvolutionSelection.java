package de.freiraum.broker.temporal;

import de.freiraum.broker.temporal.TemporalOperations.Selection;
import de.freiraum.model.Attribute;
import de.freiraum.model.TemporalInstance;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.TemporalQuery;
import de.freiraum.representation.TemporalWriter.Evolution;
import de.freiraum.store.TemporalStore.Head;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of evolutions from several brokers an answer shows.
 *
 * @param conditions those that are to be checked on what was put together; those on identity hold already
 * @param shown what the answer shows
 * @param asked what is needed to decide that, at each place
 */
public record EvolutionSelection(EntityQuery conditions, Selection shown, Selection asked) {
    private static final int MOST_TO_DECIDE = 10_000;

    /** Of evolutions that are at one place each, so that all conditions were decided there. */
    public static EvolutionSelection ofWhole(EntityQuery query, Selection shown) {
        return new EvolutionSelection(
                query.withQ(null).withGeo(null).withScopeQ(null).withAttributes(Set.of()), shown, shown);
    }

    /** Of evolutions that may be split between brokers: the values decide when they are together. */
    public static EvolutionSelection ofSplit(EntityQuery query, Selection shown) {
        boolean decides = query.q() != null || query.geo() != null || query.scopeQ() != null;
        TemporalQuery time = shown.time();
        Selection asked = decides
                ? new Selection(
                        new TemporalQuery(time.relation(), time.timeAt(), time.endTimeAt(), time.timeProperty(), 0, 0),
                        Set.of(),
                        Set.of(),
                        shown.most() == 0 ? 0 : MOST_TO_DECIDE)
                : shown;
        return new EvolutionSelection(query, shown, asked);
    }

    /** The time asked for. */
    public TemporalQuery time() {
        return asked.time();
    }

    /** The attributes asked for; empty: all. */
    public Set<String> attributes() {
        return asked.attributes();
    }

    /** The datasets asked for; empty: all. */
    public Set<String> datasetIds() {
        return asked.datasetIds();
    }

    /** What is shown of an evolution; null if it does not meet the conditions, or nothing is shown. */
    public @Nullable Evolution of(Evolution evolution) {
        Head head = new Head(
                evolution.id(),
                evolution.types(),
                evolution.createdAt(),
                evolution.modifiedAt(),
                evolution.deletedAt());
        List<TemporalInstance> instances = new ArrayList<>();
        evolution
                .attributes()
                .forEach((iri, all) -> all.forEach(instance -> instances.add(new TemporalInstance(iri, instance))));
        List<TemporalInstance> scopes = instances.stream()
                .filter(i -> i.attribute().equals(TemporalOperations.SCOPE))
                .toList();
        return new InstanceFilter(conditions, shown).apply(head, instances, List.of(), scopes);
    }

    /** Whether there are as many instances as an answer can have, so that those of further times are not needed. */
    public boolean isEnough(List<Evolution> evolutions) {
        if (asked.most() == 0) {
            return false;
        }
        List<Instant> times = times(evolutions, time());
        if (times.size() <= asked.most()) {
            return false;
        }
        boolean backwards = time().lastN() > 0;
        Instant cut = times.get(backwards ? times.size() - asked.most() : asked.most() - 1);
        return !cut.equals(times.get(backwards ? 0 : times.size() - 1));
    }

    /** The last time of which something was told: the latest or, where the last instances are asked for, the earliest; null: none. */
    public static @Nullable Instant lastTime(List<Evolution> evolutions, TemporalQuery time) {
        List<Instant> times = times(evolutions, time);
        return times.isEmpty() ? null : times.get(time.lastN() > 0 ? 0 : times.size() - 1);
    }

    private static List<Instant> times(List<Evolution> evolutions, TemporalQuery time) {
        List<Instant> times = new ArrayList<>();
        for (Evolution evolution : evolutions) {
            for (List<Attribute> instances : evolution.attributes().values()) {
                instances.forEach(a -> times.add(TimesOf.orSystem(a.meta(), time.timeProperty())));
            }
        }
        times.sort(null);
        return times;
    }
}
