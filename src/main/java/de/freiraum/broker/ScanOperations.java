package de.freiraum.broker;

import de.freiraum.model.Entity;
import de.freiraum.model.TemporalInstance;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Going through everything that a caller may see, piece by piece in the order of the ids, as dumps and statistics do. A piece costs the same
 * wherever it is, unlike a page with an offset. No operation of the specification, but what it shows is what the operations show.
 */
public final class ScanOperations {
    private final EntityStore entities;
    private final TemporalStore history;

    /** Operations on those stores. */
    public ScanOperations(EntityStore entities, TemporalStore history) {
        this.entities = entities;
        this.history = history;
    }

    /**
     * A piece.
     *
     * @param items what it holds; may be empty although more follows
     * @param next the id behind which the next piece starts, or null if this is the last one
     */
    public record Piece<T>(List<T> items, @Nullable String next) {
        /** Copies the list. */
        public Piece {
            items = List.copyOf(items);
        }
    }

    /**
     * What is kept of the past of one entity.
     *
     * @param id the entity's URI
     * @param current the entity as it is now, or null if it does not exist any more
     * @param instances what was observed, attribute by attribute, each in ascending time
     */
    public record Past(String id, @Nullable Entity current, List<TemporalInstance> instances) {
        /** Copies the list. */
        public Past {
            instances = List.copyOf(instances);
        }
    }

    /**
     * A time of observation.
     *
     * @param attributes attribute IRIs; empty: all
     * @param from first instant inside, or null: unbounded
     * @param to first instant outside, or null: unbounded
     * @param most the most instances of an attribute and dataset, the earliest ones; 0: all
     */
    public record Period(
            Set<String> attributes,
            @Nullable Instant from,
            @Nullable Instant to,
            int most) {
        /** Copies the set. */
        public Period {
            attributes = Set.copyOf(attributes);
        }

        private Range range() {
            return new Range(TimeProperty.observedAt, from, to, 0, most);
        }
    }

    /**
     * A piece of the current entities.
     *
     * @param query its conditions on types and ids hold, and {@code q}
     * @param after the id behind which to start, or null: from the first
     * @param limit how many to look at, above 0
     */
    public Future<Piece<Entity>> entities(Caller caller, EntityQuery query, @Nullable String after, int limit) {
        EntityQuery visible = QueryOperations.visible(caller, query);
        return history.heads(caller.tenant(), visible, after, limit)
                .compose(heads -> current(caller, visible, heads).map(found -> new Piece<>(found, next(heads, limit))));
    }

    /**
     * A piece of the past of entities, of those that do not exist any more too unless there is a condition on what they are now; the parameters are
     * as above.
     */
    public Future<Piece<Past>> past(
            Caller caller, EntityQuery query, Period period, @Nullable String after, int limit) {
        EntityQuery visible = QueryOperations.visible(caller, query);
        return history.heads(caller.tenant(), visible, after, limit).compose(heads -> {
            List<Head> seen = heads.stream().filter(h -> caller.sees(h.types())).toList();
            return current(caller, visible, seen)
                    .compose(current -> past(caller, visible, period, seen, current))
                    .map(past -> new Piece<>(past, next(heads, limit)));
        });
    }

    private Future<List<Past>> past(
            Caller caller, EntityQuery query, Period period, List<Head> heads, List<Entity> current) {
        Map<String, Entity> byId = new HashMap<>();
        current.forEach(e -> byId.put(e.id(), e));
        List<String> ids = heads.stream()
                .map(Head::entityId)
                .filter(id -> query.q() == null || byId.containsKey(id))
                .toList();
        Future<List<List<TemporalInstance>>> instances = ids.isEmpty()
                ? Future.succeededFuture(List.of())
                : history.instances(caller.tenant(), ids, period.attributes(), period.range());
        return instances.map(found -> {
            List<Past> past = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                past.add(new Past(ids.get(i), byId.get(ids.get(i)), found.get(i)));
            }
            return past;
        });
    }

    /** More of the past of one entity that a piece named. */
    public Future<List<TemporalInstance>> past(Caller caller, String entityId, Period period) {
        return history.instances(caller.tenant(), entityId, period.attributes(), period.range());
    }

    private Future<List<Entity>> current(Caller caller, EntityQuery query, List<Head> heads) {
        Set<String> ids = new LinkedHashSet<>();
        heads.forEach(h -> ids.add(h.entityId()));
        return ids.isEmpty()
                ? Future.succeededFuture(List.of())
                : entities.query(caller.tenant(), query.withIds(ids), 0, ids.size(), false)
                        .map(EntityStore.EntityPage::entities);
    }

    private static @Nullable String next(List<Head> heads, int limit) {
        return heads.size() < limit ? null : heads.get(heads.size() - 1).entityId();
    }
}
