package de.freiraum.broker.temporal;

import de.freiraum.broker.Caller;
import de.freiraum.broker.EntityMap;
import de.freiraum.broker.EntityMapOperations.Use;
import de.freiraum.broker.EntityMaps;
import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.broker.temporal.TemporalOperations.Selection;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.IsoDuration;
import de.freiraum.representation.TemporalWriter.Evolution;
import de.freiraum.store.TemporalStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Entity maps of queries of evolutions, and the queries that go by them (clauses 5.14.5, 5.5.9.3, 5.7.3 and 5.7.4). */
public final class TemporalEntityMaps {
    private final TemporalStore store;
    private final EntityMaps maps;

    /** Queries of that store and those maps. */
    public TemporalEntityMaps(TemporalStore store, EntityMaps maps) {
        this.store = store;
        this.maps = maps;
    }

    /**
     * A page of a query that goes by a map.
     *
     * @param page the page
     * @param map the map
     * @param created whether the map was made by this request
     */
    public record MappedEvolutions(EvolutionPage page, EntityMap map, boolean created) {}

    /**
     * Clause 5.14.5.
     *
     * @param candidates what the entities of the map must match: the query, or its {@link EntityQuery#candidates() candidates} if entities may be
     *     split between brokers
     * @param selection its temporal query holds
     * @return fails with TooManyResults
     */
    public Future<EntityMap> createEntityMap(
            Caller caller, EntityQuery candidates, Selection selection, @Nullable IsoDuration lifetime) {
        Ids ids = new Ids(maps.maxEntities());
        EvolutionWalk walk = new EvolutionWalk(store, caller, new InstanceFilter(candidates, selection));
        return EvolutionWalk.headsOf(store, caller.tenant(), candidates)
                .compose(heads -> walk.through(heads, ids))
                .map(done -> maps.add(caller.tenant(), ids.found, lifetime));
    }

    /** URIs, and one too many if there are more than a map can have. */
    private static final class Ids implements EvolutionWalk.Visitor {
        private final int most;
        private final List<String> found = new ArrayList<>();

        Ids(int most) {
            this.most = most;
        }

        @Override
        public void visit(Evolution evolution) {
            if (wantsMore()) {
                found.add(evolution.id());
            }
        }

        @Override
        public boolean wantsMore() {
            return found.size() <= most;
        }
    }

    /**
     * Clause 5.7.4 by the map that is named; by a new one if there is none.
     *
     * @param candidates as for {@link #createEntityMap}, should a map be made
     */
    public Future<MappedEvolutions> queryEvolutions(
            Caller caller, EntityQuery query, EntityQuery candidates, Selection selection, PageRequest page, Use use) {
        EntityMap named = named(caller, use);
        if (named != null) {
            return page(caller, named, query, selection, page).map(found -> new MappedEvolutions(found, named, false));
        }
        return createEntityMap(caller, candidates, selection, use.lifetime())
                .compose(map ->
                        page(caller, map, query, selection, page).map(found -> new MappedEvolutions(found, map, true)));
    }

    /** The map that the retrieval of one evolution goes by (clause 5.7.3): the one that is named, or a new one with that entity alone. */
    public EntityMap mapOf(Caller caller, String entityId, Use use) {
        EntityMap named = named(caller, use);
        return named != null ? named : maps.add(caller.tenant(), List.of(entityId), use.lifetime());
    }

    private @Nullable EntityMap named(Caller caller, Use use) {
        String id = use.named();
        return id == null ? null : maps.find(caller.tenant(), id);
    }

    /** A page of the map's evolutions; those that no longer fit are taken out of the map, from the page on (clause 5.5.9.3). */
    private Future<EvolutionPage> page(
            Caller caller, EntityMap map, EntityQuery query, Selection selection, PageRequest page) {
        EvolutionWalk walk = new EvolutionWalk(store, caller, new InstanceFilter(query, selection));
        List<String> ids = EvolutionWalk.inOrder(
                map.entityIds().stream().filter(query::matchesId).toList(), query.orderBy());
        List<String> from = ids.subList(Math.min(page.offset(), ids.size()), ids.size());
        Fitting fitting = new Fitting(selection, page.limit());
        EvolutionWalk.Listed heads = new EvolutionWalk.Listed(store, caller.tenant(), query, from);
        Future<Void> walked = page.limit() == 0 ? Future.succeededFuture() : walk.through(heads, fitting);
        return walked.compose(done -> {
                    Set<String> gone = new HashSet<>(from.subList(0, heads.position()));
                    gone.removeAll(fitting.ids);
                    maps.remove(caller.tenant(), map.id(), gone);
                    return page.count() ? count(caller, walk, query, ids) : Future.succeededFuture(-1L);
                })
                .map(count -> {
                    EvolutionPage shown = fitting.collector.page();
                    return new EvolutionPage(shown.evolutions(), shown.more(), count, shown.part());
                });
    }

    private Future<Long> count(Caller caller, EvolutionWalk walk, EntityQuery query, List<String> ids) {
        EvolutionCollector counted = new EvolutionCollector(Selection.ALL, new PageRequest(0, 0, true));
        return walk.through(new EvolutionWalk.Listed(store, caller.tenant(), query, ids), counted)
                .map(done -> counted.page().count());
    }

    /** Collects a page and remembers which entities still fit. */
    private static final class Fitting implements EvolutionWalk.Visitor {
        private final EvolutionCollector collector;
        private final Set<String> ids = new LinkedHashSet<>();

        Fitting(Selection selection, int limit) {
            this.collector = new EvolutionCollector(selection, new PageRequest(0, limit, false));
        }

        @Override
        public void visit(Evolution evolution) {
            ids.add(evolution.id());
            collector.visit(evolution);
        }

        @Override
        public boolean wantsMore() {
            return collector.wantsMore();
        }
    }
}
