package de.freiraum.broker.temporal;

import de.freiraum.broker.Caller;
import de.freiraum.model.Entity;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.OrderBy;
import de.freiraum.query.TimeProperty;
import de.freiraum.representation.TemporalWriter.Evolution;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Goes through the evolutions that a query finds, some at a time, so that no more than these are in memory beside what is kept of them. */
final class EvolutionWalk {
    /** How many evolutions are read at once. */
    private static final int CHUNK = 100;

    /** How many, if all their instances in the time range are needed. */
    private static final int CHUNK_OF_WHOLE = 10;

    private static final int CHUNK_OF_HEADS = 10_000;

    private static final Range NEWEST = new Range(TimeProperty.observedAt, null, null, 1);

    private final TemporalStore store;
    private final Caller caller;
    private final InstanceFilter filter;

    EvolutionWalk(TemporalStore store, Caller caller, InstanceFilter filter) {
        this.store = store;
        this.caller = caller;
        this.filter = filter;
    }

    /** Gives heads one after the other. */
    interface Heads {
        /** The next of them, at most so many; none: there are no more. */
        Future<List<Head>> next(int most);
    }

    /** Takes evolutions one after the other. */
    interface Visitor {
        void visit(Evolution evolution);

        /** Whether to go on. */
        boolean wantsMore();
    }

    /** Shows the evolutions that pass to a visitor, in the order of their heads. */
    Future<Void> through(Heads heads, Visitor visitor) {
        return inChunks(heads, some -> {
            some.forEach(visitor::visit);
            return Future.succeededFuture(visitor.wantsMore());
        });
    }

    /**
     * Hands on the evolutions that pass, some at a time, in the order of their heads.
     *
     * @param taker takes some and says whether it wants more; the next ones are read when it is done
     */
    Future<Void> inChunks(Heads heads, Function<List<Evolution>, Future<Boolean>> taker) {
        return heads.next(filter.readsAll() ? CHUNK_OF_WHOLE : CHUNK).compose(some -> {
            if (some.isEmpty()) {
                return Future.succeededFuture();
            }
            List<Head> visible =
                    some.stream().filter(h -> caller.sees(h.types())).toList();
            return read(visible)
                    .compose(taker)
                    .compose(more -> more ? inChunks(heads, taker) : Future.succeededFuture());
        });
    }

    /** The evolutions of those entities that pass, in their order. */
    Future<List<Evolution>> read(List<Head> heads) {
        List<String> ids = heads.stream().map(Head::entityId).toList();
        Future<List<List<TemporalInstance>>> instances =
                store.instances(caller.tenant(), ids, filter.attributesToRead(), filter.range());
        Future<List<List<TemporalInstance>>> scopes = filter.needsScopes()
                ? store.instances(caller.tenant(), ids, Set.of(TemporalOperations.SCOPE), Range.ALL)
                : Future.succeededFuture(List.of());
        Future<List<List<TemporalInstance>>> newest = filter.needsNewest()
                ? store.instances(caller.tenant(), ids, Set.of(), NEWEST)
                : Future.succeededFuture(List.of());
        return Future.all(instances, newest, scopes).map(all -> {
            List<Evolution> passed = new ArrayList<>();
            for (int i = 0; i < heads.size(); i++) {
                Evolution evolution = filter.apply(
                        heads.get(i),
                        instances.result().get(i),
                        filter.needsNewest() ? newest.result().get(i) : List.of(),
                        filter.needsScopes() ? scopes.result().get(i) : List.of());
                if (evolution != null) {
                    passed.add(evolution);
                }
            }
            return passed;
        });
    }

    /** The heads that a query's conditions on types and URIs find, in the order it asks for. */
    static Future<Heads> headsOf(TemporalStore store, Tenant tenant, EntityQuery query) {
        OrderBy order = query.orderBy();
        Heads byId = byId(store, tenant, query);
        if (order == null) {
            return Future.succeededFuture(byId);
        }
        return all(byId, new ArrayList<>()).map(heads -> {
            Comparator<Entity> comparator = order.comparator();
            heads.sort((a, b) -> comparator.compare(bare(a.entityId()), bare(b.entityId())));
            return listed(heads);
        });
    }

    private static Future<List<Head>> all(Heads heads, List<Head> found) {
        return heads.next(CHUNK_OF_HEADS).compose(some -> {
            found.addAll(some);
            return some.isEmpty() ? Future.succeededFuture(found) : all(heads, found);
        });
    }

    /** URIs in an order, which for evolutions is one of the URIs alone. */
    static List<String> inOrder(List<String> ids, @Nullable OrderBy order) {
        if (order == null) {
            return ids;
        }
        Comparator<Entity> comparator = order.comparator();
        return ids.stream()
                .sorted((a, b) -> comparator.compare(bare(a), bare(b)))
                .toList();
    }

    private static Entity bare(String id) {
        return new Entity(id, List.of(), List.of(), Map.of(), null, null, null);
    }

    private static Heads byId(TemporalStore store, Tenant tenant, EntityQuery query) {
        return new Heads() {
            private @Nullable String after;
            private boolean ended;

            @Override
            public Future<List<Head>> next(int most) {
                if (ended) {
                    return Future.succeededFuture(List.of());
                }
                return store.heads(tenant, query, after, most).map(heads -> {
                    ended = heads.size() < most;
                    after = heads.isEmpty()
                            ? after
                            : heads.get(heads.size() - 1).entityId();
                    return heads;
                });
            }
        };
    }

    private static Heads listed(List<Head> heads) {
        return new Heads() {
            private int position;

            @Override
            public Future<List<Head>> next(int most) {
                int from = position;
                position = Math.min(from + most, heads.size());
                return Future.succeededFuture(heads.subList(from, position));
            }
        };
    }

    /** The heads of entities in the order of their URIs in a list, as far as a query's conditions on types and URIs hold. */
    static final class Listed implements Heads {
        private final TemporalStore store;
        private final Tenant tenant;
        private final EntityQuery query;
        private final List<String> ids;
        private int position;

        Listed(TemporalStore store, Tenant tenant, EntityQuery query, List<String> ids) {
            this.store = store;
            this.tenant = tenant;
            this.query = query;
            this.ids = ids;
        }

        /** How many of the URIs were looked at. */
        int position() {
            return position;
        }

        @Override
        public Future<List<Head>> next(int most) {
            if (position >= ids.size()) {
                return Future.succeededFuture(List.of());
            }
            List<String> some = ids.subList(position, Math.min(position + most, ids.size()));
            position += some.size();
            EntityQuery these = query.withIds(new HashSet<>(some)).withIdPattern(null);
            return store.heads(tenant, these, null, some.size()).compose(found -> {
                if (found.isEmpty()) {
                    return next(most);
                }
                Map<String, Head> byId = new HashMap<>();
                found.forEach(head -> byId.put(head.entityId(), head));
                return Future.succeededFuture(
                        some.stream().filter(byId::containsKey).map(byId::get).toList());
            });
        }
    }
}
