package de.freiraum.broker;

import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.IsoDuration;
import de.freiraum.store.EntityStore;
import de.freiraum.store.EntityStore.EntityPage;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Entity maps and the queries that go by them (clauses 5.14.1 to 5.14.4, 5.5.9.3, and what 5.7.1 and 5.7.2 say of them). */
public final class EntityMapOperations {
    /** How many entities of a map are looked at in one go beside those of the page, and at most. */
    private static final int SHORTEST_STRIDE = 100;

    private static final int LONGEST_STRIDE = 10_000;

    private final EntityStore store;
    private final EntityMaps maps;

    /** Operations on that store and those maps. */
    public EntityMapOperations(EntityStore store, EntityMaps maps) {
        this.store = store;
        this.maps = maps;
    }

    /**
     * Which map a request goes by.
     *
     * @param named URI of the map that the request names, or null
     * @param asked whether the request asks for a map
     * @param lifetime how long the client would like to have it, or null
     */
    public record Use(
            @Nullable String named, boolean asked, @Nullable IsoDuration lifetime) {
        /** The request has nothing to do with maps. */
        public static final Use NONE = new Use(null, false, null);

        /** Whether the request has to do with maps. */
        public boolean isPresent() {
            return named != null || asked;
        }
    }

    /**
     * A page of a query that goes by a map.
     *
     * @param page the page
     * @param map the map
     * @param created whether the map was made by this request
     */
    public record MappedPage(EntityPage page, EntityMap map, boolean created) {}

    /** Clause 5.14.1. @throws NgsiLdException ResourceNotFound */
    public EntityMap retrieveEntityMap(Caller caller, String id) {
        EntityMap map = maps.find(caller.tenant(), id);
        if (map == null) {
            throw missing();
        }
        return map;
    }

    /**
     * Clause 5.14.2.
     *
     * @param expiresAt when the map shall expire, or null: as before
     * @throws NgsiLdException ResourceNotFound
     */
    public void updateEntityMap(Caller caller, String id, @Nullable Instant expiresAt) {
        retrieveEntityMap(caller, id);
        if (expiresAt != null) {
            maps.expireAt(caller.tenant(), id, expiresAt);
        }
    }

    /** Clause 5.14.3. @throws NgsiLdException ResourceNotFound */
    public void deleteEntityMap(Caller caller, String id) {
        if (!maps.delete(caller.tenant(), id)) {
            throw missing();
        }
    }

    private static NgsiLdException missing() {
        return NgsiLdException.notFound("there is no entity map of this id; it may have expired");
    }

    /**
     * Clause 5.14.4.
     *
     * @param candidates what the entities of the map must match: the query, or its {@link EntityQuery#candidates() candidates} if entities may be
     *     split between brokers
     * @return fails with TooManyResults
     */
    public Future<EntityMap> createEntityMap(Caller caller, EntityQuery candidates, @Nullable IsoDuration lifetime) {
        return candidates(caller, candidates).map(found -> maps.add(caller.tenant(), found, lifetime));
    }

    /** URIs of the broker's own entities for a map. @return fails with TooManyResults */
    public Future<List<String>> candidates(Caller caller, EntityQuery query) {
        return store.query(caller.tenant(), QueryOperations.visible(caller, query), 0, maps.maxEntities(), false)
                .map(found -> {
                    if (found.more()) {
                        throw maps.tooMany();
                    }
                    return found.entities().stream().map(Entity::id).toList();
                });
    }

    /** Keeps a map of what several brokers have; see {@link EntityMap}. @throws NgsiLdException TooManyResults */
    public EntityMap keep(
            Caller caller,
            List<String> entityIds,
            Map<String, List<String>> registrations,
            Map<String, String> linkedMaps,
            @Nullable IsoDuration lifetime) {
        return maps.add(caller.tenant(), entityIds, registrations, linkedMaps, lifetime);
    }

    /** The map that a request names, or null if it names none that there is. */
    public @Nullable EntityMap named(Caller caller, Use use) {
        String id = use.named();
        return id == null ? null : maps.find(caller.tenant(), id);
    }

    /** Takes entities out of a map that fit its query no more. */
    public void remove(Caller caller, EntityMap map, Set<String> gone) {
        maps.remove(caller.tenant(), map.id(), gone);
    }

    /**
     * Clause 5.7.2 by the map that is named; by a new one if there is none.
     *
     * @param candidates as for {@link #createEntityMap}, should a map be made
     */
    public Future<MappedPage> queryEntities(
            Caller caller, EntityQuery query, EntityQuery candidates, PageRequest page, Use use) {
        EntityMap named = named(caller, use);
        if (named != null) {
            return page(caller, named, query, page).map(found -> new MappedPage(found, named, false));
        }
        return createEntityMap(caller, candidates, use.lifetime())
                .compose(map -> page(caller, map, query, page).map(found -> new MappedPage(found, map, true)));
    }

    /**
     * The map that the retrieval of one entity goes by (clause 5.7.1): the one that is named, or a new one with that entity alone.
     *
     * @param sources where the entity comes from: registrations, or {@link EntityMap#LOCAL}
     */
    public EntityMap mapOf(Caller caller, String entityId, List<String> sources, Use use) {
        EntityMap named = named(caller, use);
        Map<String, List<String>> others =
                sources.equals(List.of(EntityMap.LOCAL)) ? Map.of() : Map.of(entityId, sources);
        return named != null ? named : maps.add(caller.tenant(), List.of(entityId), others, Map.of(), use.lifetime());
    }

    /**
     * A page of the map's entities (clause 5.5.9.3). Those that no longer fit are taken out of the map, but only from the page on: then a client
     * that follows the links misses none, whatever is deleted between its requests.
     */
    private Future<EntityPage> page(Caller caller, EntityMap map, EntityQuery query, PageRequest page) {
        EntityQuery filters =
                QueryOperations.visible(caller, query).withIds(Set.of()).withIdPattern(null);
        boolean all = query.ids().isEmpty() && query.idPattern() == null;
        List<String> ids = all
                ? map.entityIds()
                : map.entityIds().stream().filter(query::matchesId).toList();
        if (query.orderBy() != null) {
            return ordered(caller, filters, new HashSet<>(ids), page);
        }
        Future<Long> count = page.count() ? count(caller, filters, ids, 0, 0) : Future.succeededFuture(-1L);
        return new Walk(caller, map, filters, ids, page)
                .from(page.offset(), page.limit() + SHORTEST_STRIDE)
                .compose(found -> count.map(c -> new EntityPage(found.entities(), found.more(), c)));
    }

    private Future<EntityPage> ordered(Caller caller, EntityQuery filters, Set<String> ids, PageRequest page) {
        return store.query(caller.tenant(), filters, 0, Integer.MAX_VALUE, false)
                .map(found -> {
                    List<Entity> inMap = found.entities().stream()
                            .filter(entity -> ids.contains(entity.id()))
                            .toList();
                    int from = Math.min(page.offset(), inMap.size());
                    int to = (int) Math.min((long) from + page.limit(), inMap.size());
                    return new EntityPage(inMap.subList(from, to), to < inMap.size(), page.count() ? inMap.size() : -1);
                });
    }

    private Future<Long> count(Caller caller, EntityQuery filters, List<String> ids, int position, long counted) {
        if (position >= ids.size()) {
            return Future.succeededFuture(counted);
        }
        int end = Math.min(ids.size(), position + LONGEST_STRIDE);
        return store.query(caller.tenant(), among(filters, ids.subList(position, end)), 0, 0, true)
                .compose(found -> count(caller, filters, ids, end, counted + found.count()));
    }

    private static EntityQuery among(EntityQuery filters, List<String> ids) {
        return filters.withIds(new HashSet<>(ids));
    }

    /** Goes through a map until the page is full, in ever longer strides. */
    private final class Walk {
        private final Caller caller;
        private final EntityMap map;
        private final EntityQuery filters;
        private final List<String> ids;
        private final int limit;
        private final List<Entity> found = new ArrayList<>();
        private final Set<String> gone = new LinkedHashSet<>();

        Walk(Caller caller, EntityMap map, EntityQuery filters, List<String> ids, PageRequest page) {
            this.caller = caller;
            this.map = map;
            this.filters = filters;
            this.ids = ids;
            this.limit = page.limit();
        }

        Future<EntityPage> from(int position, int stride) {
            if (limit == 0 || found.size() > limit || position >= ids.size()) {
                return Future.succeededFuture(page());
            }
            List<String> next = ids.subList(position, Math.min(ids.size() - position, stride) + position);
            return store.query(caller.tenant(), among(filters, next), 0, next.size(), false)
                    .compose(matches -> {
                        take(next, matches.entities());
                        return from(position + next.size(), Math.min(2 * stride, LONGEST_STRIDE));
                    });
        }

        private void take(List<String> candidates, List<Entity> matches) {
            Map<String, Entity> byId = new HashMap<>();
            matches.forEach(entity -> byId.put(entity.id(), entity));
            for (String id : candidates) {
                Entity entity = byId.get(id);
                if (entity == null) {
                    if (!map.registrations().containsKey(id)) {
                        gone.add(id);
                    }
                } else if (found.size() <= limit) {
                    found.add(entity);
                }
            }
        }

        private EntityPage page() {
            maps.remove(caller.tenant(), map.id(), gone);
            return new EntityPage(found.subList(0, Math.min(limit, found.size())), found.size() > limit, -1);
        }
    }
}
