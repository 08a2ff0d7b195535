package de.freiraum.aggregate.footfall;

import de.freiraum.aggregate.work.EntityKey;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Windows as entities: one entity a counter or site and window length, its windows in its history. */
final class WindowStore {
    private final EntityStore entities;
    private final TemporalStore history;
    private final FootfallNames names;

    WindowStore(EntityStore entities, TemporalStore history, FootfallNames names) {
        this.entities = entities;
        this.history = history;
        this.names = names;
    }

    /** The URI of the entity that holds a counter's or site's windows of one length. */
    static String idOf(String counterOrSite, WindowLength length) {
        return counterOrSite + ':' + length.name();
    }

    /**
     * The windows that are published.
     *
     * @param from windows that begin at or after this instant
     * @param to windows that begin before this instant
     */
    Future<SortedMap<Instant, Window>> read(
            EntityKey counterOrSite, WindowLength length, ZoneId zone, Instant from, Instant to) {
        Set<String> wanted = Set.of(
                names.peopleCount, names.peopleCountTowards, names.peopleCountAway, names.coverage, names.quality);
        return history.instances(
                        counterOrSite.tenant(),
                        idOf(counterOrSite.id(), length),
                        wanted,
                        new Range(TimeProperty.observedAt, from, to, 0))
                .map(instances -> {
                    SortedMap<Instant, Map<String, Value>> byStart = new TreeMap<>();
                    for (TemporalInstance instance : instances) {
                        Instant start = instance.instance().meta().observedAt();
                        if (start != null && instance.instance() instanceof Attribute.Property p && !p.isNull()) {
                            byStart.computeIfAbsent(start, s -> new HashMap<>()).put(instance.attribute(), p.value());
                        }
                    }
                    SortedMap<Instant, Window> windows = new TreeMap<>();
                    byStart.forEach((start, values) -> {
                        Window window = window(start, length.end(start, zone), values);
                        if (window != null) {
                            windows.put(start, window);
                        }
                    });
                    return windows;
                });
    }

    /**
     * Publishes windows where they differ from what is published.
     *
     * @param computed all windows of the stretch of which anything is known
     * @param published what {@link #read} gave of the same stretch
     * @param isSite whether they are a site's, not a counter's
     * @return the windows that were written
     */
    Future<SortedMap<Instant, Window>> publish(
            EntityKey counterOrSite,
            WindowLength length,
            ZoneId zone,
            SortedMap<Instant, Window> computed,
            SortedMap<Instant, Window> published,
            boolean isSite) {
        SortedMap<Instant, Window> differing = new TreeMap<>(computed);
        differing.entrySet().removeIf(e -> e.getValue().equals(published.get(e.getKey())));
        published.forEach((start, window) -> {
            if (!computed.containsKey(start) && window.quality() != Quality.MISSING) {
                differing.put(start, Window.missing(window.from(), window.to()));
            }
        });
        if (differing.isEmpty()) {
            return Future.succeededFuture(differing);
        }
        return entities.retrieve(counterOrSite.tenant(), counterOrSite.id())
                .compose(owner -> entities.apply(
                        counterOrSite.tenant(),
                        idOf(counterOrSite.id(), length),
                        new WindowChange(names, counterOrSite.id(), length, zone, differing, owner, isSite),
                        Origin.AGGREGATE))
                .map(applied -> differing);
    }

    /** Whether an entity holds windows, rather than being a counter. */
    static boolean holdsWindows(Entity entity, FootfallNames names) {
        return entity.attributes().containsKey(names.windowLength);
    }

    private @Nullable Window window(Instant start, Instant end, Map<String, Value> values) {
        if (!(values.get(names.coverage) instanceof Value.Num coverage)
                || !(values.get(names.quality) instanceof Value.Text word)) {
            return null;
        }
        for (Quality quality : Quality.values()) {
            if (quality.word().equals(word.text())) {
                return new Window(
                        start,
                        end,
                        number(values.get(names.peopleCount)),
                        number(values.get(names.peopleCountTowards)),
                        number(values.get(names.peopleCountAway)),
                        coverage.asDouble(),
                        quality);
            }
        }
        return null;
    }

    private static @Nullable Long number(@Nullable Value value) {
        return value instanceof Value.Num n ? (Long) n.number().longValue() : null;
    }
}
