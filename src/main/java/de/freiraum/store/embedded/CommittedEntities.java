package de.freiraum.store.embedded;

import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.store.change.Expiry;
import de.freiraum.store.change.Ticks;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The committed versions and their indexes. Read by any thread; each entity is written by its owner alone. One slot stands for an entity in
 * all indexes, so that a new version is visible in all of them at once.
 */
final class CommittedEntities {
    private final ConcurrentMap<Tenant, OfTenant> tenants = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Expiring> expiring =
            new ConcurrentSkipListSet<>(Comparator.comparingLong(Expiring::micros)
                    .thenComparing(e -> e.tenant().partition())
                    .thenComparing(Expiring::id));

    private final long indexedFrom;

    /**
     * No entities.
     *
     * @param indexedFrom values of an attribute that is asked for are indexed when a query would look at more entities than this
     */
    CommittedEntities(long indexedFrom) {
        this.indexedFrom = indexedFrom;
    }

    /** An entity that has something that expires. */
    record Expiring(long micros, Tenant tenant, String id) {}

    /** One entity. */
    static final class Slot {
        private static final VarHandle STATE;

        static {
            try {
                STATE = MethodHandles.lookup().findVarHandle(Slot.class, "state", Object.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        final String id;
        /** The {@link Entity}; or a {@link StoredEntity} that nobody asked for since the start; or null when it is gone. */
        private volatile @Nullable Object state;

        volatile long expiry = Long.MAX_VALUE;

        Slot(String id) {
            this.id = id;
        }

        /** The committed version, or null when it is gone. The same object as long as the version is the same. */
        @Nullable
        Entity entity() {
            Object now = state;
            if (now instanceof StoredEntity stored) {
                Entity decoded = stored.decode();
                return STATE.compareAndSet(this, now, decoded) ? decoded : entity();
            }
            return (Entity) now;
        }

        /** The committed version, or null when it is gone; one that nobody asked for stays undecoded. */
        @Nullable
        Entity peek() {
            Object now = state;
            return now instanceof StoredEntity stored ? stored.decode() : (Entity) now;
        }

        boolean isGone() {
            return state == null;
        }

        /** The version to be seen at this time, or null. The clock is asked only for entities that expire. */
        @Nullable
        Entity visible(Ticks ticks) {
            Entity now = entity();
            if (now == null || expiry == Long.MAX_VALUE) {
                return now;
            }
            long micros = ticks.now();
            return expiry > micros ? now : Expiry.visible(now, micros);
        }
    }

    /** The entities of one tenant. */
    static final class OfTenant {
        final ConcurrentMap<String, Slot> byId = new ConcurrentHashMap<>();
        final ConcurrentNavigableMap<String, Slot> ordered = new ConcurrentSkipListMap<>();
        final ConcurrentMap<String, ConcurrentNavigableMap<String, Slot>> byType = new ConcurrentHashMap<>();

        final ValueIndexes values;

        /** What narrows queries beyond ids and types. */
        final List<EntityIndex> indexes;

        OfTenant(long indexedFrom) {
            values = new ValueIndexes(indexedFrom);
            indexes = List.of(new LocationIndex(), values);
        }

        private void addType(String type, Slot slot) {
            byType.compute(type, (t, slots) -> {
                ConcurrentNavigableMap<String, Slot> all = slots == null ? new ConcurrentSkipListMap<>() : slots;
                all.put(slot.id, slot);
                return all;
            });
        }

        private void removeType(String type, Slot slot) {
            byType.computeIfPresent(type, (t, slots) -> {
                slots.remove(slot.id);
                return slots.isEmpty() ? null : slots;
            });
        }
    }

    @Nullable
    OfTenant of(Tenant tenant) {
        return tenants.get(tenant);
    }

    /** The committed version, expired or not. */
    @Nullable
    Entity get(Tenant tenant, String id) {
        OfTenant entities = tenants.get(tenant);
        Slot slot = entities == null ? null : entities.byId.get(id);
        return slot == null ? null : slot.entity();
    }

    @Nullable
    Entity visible(Tenant tenant, String id, Ticks ticks) {
        OfTenant entities = tenants.get(tenant);
        Slot slot = entities == null ? null : entities.byId.get(id);
        return slot == null ? null : slot.visible(ticks);
    }

    /** Makes a version visible, or the absence of one; called by the entity's owner. */
    void set(Tenant tenant, String id, @Nullable Entity after) {
        OfTenant entities = tenants.computeIfAbsent(tenant, t -> new OfTenant(indexedFrom));
        Slot slot = entities.byId.get(id);
        Entity before = slot == null ? null : slot.entity();
        long expiry = after == null ? Long.MAX_VALUE : Expiry.next(after);
        long expiryBefore = slot == null ? Long.MAX_VALUE : slot.expiry;
        if (after == null) {
            if (slot != null) {
                remove(entities, slot, before);
            }
        } else if (slot == null) {
            Slot created = new Slot(id);
            created.expiry = expiry;
            created.state = after;
            entities.indexes.forEach(index -> index.add(created, null, after));
            entities.byId.put(id, created);
            entities.ordered.put(id, created);
            after.types().forEach(type -> entities.addType(type, created));
            entities.indexes.forEach(index -> index.settle(created, null, after));
        } else {
            // A reader between the two writes may see the old version once more, never a version past its time.
            entities.indexes.forEach(index -> index.add(slot, before, after));
            slot.expiry = Math.min(expiry, expiryBefore);
            slot.state = after;
            slot.expiry = expiry;
            entities.indexes.forEach(index -> index.settle(slot, before, after));
            reindex(entities, slot, before == null ? List.of() : before.types(), after.types());
        }
        if (expiry != expiryBefore) {
            if (expiryBefore != Long.MAX_VALUE) {
                expiring.remove(new Expiring(expiryBefore, tenant, id));
            }
            if (expiry != Long.MAX_VALUE) {
                expiring.add(new Expiring(expiry, tenant, id));
            }
        }
    }

    /** Takes up an entity when the store is opened; callable by several threads for different entities. */
    void load(Tenant tenant, String id, StoredEntity stored) {
        OfTenant entities = tenants.computeIfAbsent(tenant, t -> new OfTenant(indexedFrom));
        Slot slot = new Slot(id);
        slot.expiry = stored.expiry();
        slot.state = stored;
        entities.byId.put(id, slot);
        entities.ordered.put(id, slot);
        stored.types().forEach(type -> entities.addType(type, slot));
        entities.indexes.forEach(index -> index.load(slot, stored));
        if (stored.expiry() != Long.MAX_VALUE) {
            expiring.add(new Expiring(stored.expiry(), tenant, id));
        }
    }

    private void remove(OfTenant entities, Slot slot, @Nullable Entity before) {
        slot.state = null;
        entities.byId.remove(slot.id);
        entities.ordered.remove(slot.id);
        if (before != null) {
            before.types().forEach(type -> entities.removeType(type, slot));
            entities.indexes.forEach(index -> index.settle(slot, before, null));
        }
    }

    private static void reindex(OfTenant entities, Slot slot, List<String> before, List<String> after) {
        if (before.equals(after)) {
            return;
        }
        after.stream().filter(type -> !before.contains(type)).forEach(type -> entities.addType(type, slot));
        before.stream().filter(type -> !after.contains(type)).forEach(type -> entities.removeType(type, slot));
    }

    /** What has something expired at this time, ordered by time. */
    List<Expiring> expiredBy(long micros) {
        List<Expiring> expired = new ArrayList<>();
        for (Expiring e : expiring) {
            if (e.micros() > micros) {
                break;
            }
            expired.add(e);
        }
        return expired;
    }

    /** Whether anything of any tenant is expired and not yet deleted. */
    boolean anyExpiredBy(long micros) {
        Iterator<Expiring> first = expiring.iterator();
        return first.hasNext() && first.next().micros() <= micros;
    }

    /** How many entities tenants have; those of snapshots do not count. */
    long size() {
        long size = 0;
        for (Map.Entry<Tenant, OfTenant> tenant : tenants.entrySet()) {
            size += tenant.getKey().isSnapshot() ? 0 : tenant.getValue().byId.size();
        }
        return size;
    }

    /** Forgets all entities; nobody may write them any more. */
    void drop(Tenant tenant) {
        OfTenant dropped = tenants.remove(tenant);
        if (dropped != null) {
            dropped.byId.forEach((id, slot) -> {
                if (slot.expiry != Long.MAX_VALUE) {
                    expiring.remove(new Expiring(slot.expiry, tenant, id));
                }
            });
        }
    }
}
