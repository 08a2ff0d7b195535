package de.freiraum.broker;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.query.IsoDuration;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The entity maps of this broker, in memory (clause 5.14); processes that share a store keep theirs alike by {@link SharedEntityMaps}. Queries of entities and of their temporal evolution keep theirs here alike: they
 * {@link #add} the URIs found, {@link #find} the map that a later request names, and {@link #remove} what fits the query no longer.
 *
 * <p>A tenant's maps are bounded in number and in size. When there is no room for another one, those that expire first make way; that is no
 * loss but of time, since a request that names a map which is gone gets a new one (clause 5.5.14). Safe for any thread.
 */
public final class EntityMaps {
    private static final String PREFIX = "urn:ngsi-ld:EntityMap:";

    private final Limits limits;
    private final Supplier<String> ids;
    private final InstantSource clock;
    private final Map<Tenant, OfTenant> tenants = new ConcurrentHashMap<>();
    private volatile @Nullable Listener listener;

    /** Hears what becomes of the maps that this process makes and changes. Must return at once. */
    public interface Listener {
        /** A map is new, or was changed. */
        void put(Tenant tenant, EntityMap map);

        /** A map is no more. */
        void removed(Tenant tenant, String id);
    }

    /**
     * Bounds of what is kept.
     *
     * @param lifetime how long a map lives when the client suggests nothing
     * @param maxLifetime the longest that a client can have
     * @param maxMaps the most maps of a tenant
     * @param maxEntities the most entities in the maps of a tenant together
     */
    public record Limits(Duration lifetime, Duration maxLifetime, int maxMaps, int maxEntities) {
        /** Ten minutes, at most a day; 1000 maps with 200 000 entities. */
        public static final Limits DEFAULT = new Limits(Duration.ofMinutes(10), Duration.ofDays(1), 1000, 200_000);

        /** Checks the ranges. */
        public Limits {
            if (lifetime.isNegative() || lifetime.isZero() || maxLifetime.compareTo(lifetime) < 0) {
                throw new IllegalArgumentException("lifetime must be above 0 and at most maxLifetime");
            }
            if (maxMaps < 1 || maxEntities < 1) {
                throw new IllegalArgumentException("maxMaps and maxEntities must be above 0");
            }
        }
    }

    /**
     * None as yet.
     *
     * @param ids makes the last part of the maps' URIs, which nobody shall guess
     */
    public EntityMaps(Limits limits, Supplier<String> ids, InstantSource clock) {
        this.limits = limits;
        this.ids = ids;
        this.clock = clock;
    }

    /** The most entities that one map can have. */
    public int maxEntities() {
        return limits.maxEntities();
    }

    /**
     * Keeps the entities of a query.
     *
     * @param entityIds URIs of entities, each once, in the order of the query
     * @param lifetime how long the client would like to have the map, or null
     * @throws NgsiLdException TooManyResults if they are more than fit
     */
    public EntityMap add(Tenant tenant, List<String> entityIds, @Nullable IsoDuration lifetime) {
        return add(tenant, entityIds, Map.of(), Map.of(), lifetime);
    }

    /** The same with what other brokers contribute; see {@link EntityMap}. */
    public EntityMap add(
            Tenant tenant,
            List<String> entityIds,
            Map<String, List<String>> registrations,
            Map<String, String> linkedMaps,
            @Nullable IsoDuration lifetime) {
        if (entityIds.size() > limits.maxEntities()) {
            throw tooMany();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        EntityMap map = new EntityMap(
                PREFIX + ids.get(), bounded(expiry(now, lifetime), now), entityIds, registrations, linkedMaps);
        List<String> gone = tenants.computeIfAbsent(tenant, t -> new OfTenant()).add(map, now, limits);
        gone.forEach(id -> tellRemoved(tenant, id));
        tellPut(tenant, map);
        return map;
    }

    void listen(Listener other) {
        listener = other;
    }

    /** Takes over a map that another process made or changed. */
    void take(Tenant tenant, EntityMap map) {
        Instant now = clock.instant();
        if (map.expiresAt().isAfter(now) && map.entityIds().size() <= limits.maxEntities()) {
            tenants.computeIfAbsent(tenant, t -> new OfTenant()).add(map, now, limits);
        } else {
            forget(tenant, map.id());
        }
    }

    /** Removes a map that another process removed. */
    void forget(Tenant tenant, String id) {
        OfTenant maps = tenants.get(tenant);
        if (maps != null) {
            maps.delete(id, clock.instant());
        }
    }

    /** Removes what has expired. */
    public void removeExpired() {
        Instant now = clock.instant();
        tenants.forEach((tenant, maps) -> maps.removeExpired(now).forEach(id -> tellRemoved(tenant, id)));
    }

    private void tellPut(Tenant tenant, @Nullable EntityMap map) {
        Listener there = listener;
        if (there != null && map != null) {
            there.put(tenant, map);
        }
    }

    private void tellRemoved(Tenant tenant, String id) {
        Listener there = listener;
        if (there != null) {
            there.removed(tenant, id);
        }
    }

    /** The error that a query finds more than a map can hold. */
    NgsiLdException tooMany() {
        return new NgsiLdException(
                ErrorType.TooManyResults,
                "more than " + limits.maxEntities() + " entities match; an entity map holds no more");
    }

    private Instant expiry(Instant now, @Nullable IsoDuration lifetime) {
        if (lifetime == null || lifetime.isZero()) {
            return now.plus(limits.lifetime());
        }
        try {
            return lifetime.after(now, 1);
        } catch (DateTimeException | ArithmeticException e) {
            return Instant.MAX;
        }
    }

    /** The broker decides how long a map lives, whatever is asked for (clause 5.5.14). */
    private Instant bounded(Instant wished, Instant now) {
        Instant latest = now.plus(limits.maxLifetime());
        return wished.isAfter(latest) ? latest : wished;
    }

    /** The map of that URI, or null if there is none or it has expired. */
    public @Nullable EntityMap find(Tenant tenant, String id) {
        OfTenant maps = tenants.get(tenant);
        return maps == null ? null : maps.find(id, clock.instant());
    }

    /**
     * Lets a map expire at another time, but not later than the broker allows; at once if the time is past.
     *
     * @return whether there is such a map
     */
    public boolean expireAt(Tenant tenant, String id, Instant expiresAt) {
        OfTenant maps = tenants.get(tenant);
        Instant now = clock.instant();
        EntityMap changed =
                maps == null ? null : maps.replace(id, now, map -> map.withExpiresAt(bounded(expiresAt, now)));
        tellPut(tenant, changed);
        return changed != null;
    }

    /** Takes entities out of a map; nothing happens if there is no such map. */
    public void remove(Tenant tenant, String id, Set<String> entityIds) {
        OfTenant maps = tenants.get(tenant);
        if (maps != null && !entityIds.isEmpty()) {
            tellPut(tenant, maps.replace(id, clock.instant(), map -> map.without(entityIds)));
        }
    }

    /** Removes a map. @return whether there was one */
    public boolean delete(Tenant tenant, String id) {
        OfTenant maps = tenants.get(tenant);
        boolean found = maps != null && maps.delete(id, clock.instant());
        if (found) {
            tellRemoved(tenant, id);
        }
        return found;
    }

    /** The maps of one tenant; the locks are held for moments only. */
    private static final class OfTenant {
        private static final Comparator<EntityMap> NEXT_TO_EXPIRE =
                Comparator.comparing(EntityMap::expiresAt).thenComparing(EntityMap::id);

        private final Map<String, EntityMap> byId = new HashMap<>();
        private int entities;

        /** Adds a map or puts it in the place of its earlier state. @return which others had to go */
        synchronized List<String> add(EntityMap map, Instant now, Limits limits) {
            List<String> gone = removeExpired(now);
            drop(map.id());
            while (byId.size() >= limits.maxMaps() || entities + map.entityIds().size() > limits.maxEntities()) {
                String next =
                        byId.values().stream().min(NEXT_TO_EXPIRE).orElseThrow().id();
                drop(next);
                gone.add(next);
            }
            byId.put(map.id(), map);
            entities += map.entityIds().size();
            return gone;
        }

        synchronized List<String> removeExpired(Instant now) {
            List<String> gone = new ArrayList<>();
            byId.values().removeIf(map -> {
                boolean isGone = isGone(map, now);
                if (isGone) {
                    gone.add(map.id());
                }
                return isGone;
            });
            return gone;
        }

        synchronized @Nullable EntityMap find(String id, Instant now) {
            EntityMap map = byId.get(id);
            return map == null || !map.expiresAt().isAfter(now) ? null : map;
        }

        synchronized @Nullable EntityMap replace(String id, Instant now, UnaryOperator<EntityMap> change) {
            EntityMap map = find(id, now);
            if (map == null) {
                return null;
            }
            EntityMap changed = change.apply(map);
            byId.put(id, changed);
            entities += changed.entityIds().size() - map.entityIds().size();
            return changed;
        }

        synchronized boolean delete(String id, Instant now) {
            boolean found = find(id, now) != null;
            drop(id);
            return found;
        }

        private boolean isGone(EntityMap map, Instant now) {
            boolean gone = !map.expiresAt().isAfter(now);
            entities -= gone ? map.entityIds().size() : 0;
            return gone;
        }

        private void drop(String id) {
            EntityMap map = byId.remove(id);
            entities -= map == null ? 0 : map.entityIds().size();
        }
    }
}
