package de.freiraum.store.embedded;

import de.freiraum.json.ModelCodec;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.change.Heads;
import de.freiraum.store.change.Ticks;
import de.freiraum.store.embedded.Engine.Column;
import de.freiraum.store.embedded.Engine.Cursor;
import de.freiraum.store.embedded.Engine.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Which entities have an evolution. Current entities have one without more ado; kept here, in memory and in the column META, are the heads of
 * those that exist in history only, and of those that have more types there. Safe for any thread.
 */
final class Evolutions {
    private static final String PREFIX = "evolution";
    private static final int PARTS = 3;

    private final CommittedEntities committed;
    private final boolean deleteWithEntity;
    private final ConcurrentMap<Tenant, ConcurrentNavigableMap<String, Head>> kept = new ConcurrentHashMap<>();

    private Evolutions(CommittedEntities committed, boolean deleteWithEntity) {
        this.committed = committed;
        this.deleteWithEntity = deleteWithEntity;
    }

    /** Reads all heads. */
    static Evolutions read(Engine engine, CommittedEntities committed, boolean deleteWithEntity) {
        Evolutions evolutions = new Evolutions(committed, deleteWithEntity);
        byte[] prefix = Keys.of(PREFIX);
        try (Cursor cursor = engine.cursor(Column.META)) {
            for (cursor.seek(prefix); cursor.valid() && Keys.startsWith(cursor.key(), prefix); cursor.next()) {
                Entity stored = ModelCodec.decodeEntity(cursor.value());
                evolutions.keep(
                        Tenant.ofPartition(Keys.parts(cursor.key(), PARTS)[1]),
                        new Head(
                                stored.id(),
                                stored.types(),
                                stored.createdAt(),
                                stored.modifiedAt(),
                                stored.expiresAt()));
            }
        }
        return evolutions;
    }

    static byte[] key(Tenant tenant, String entityId) {
        return Keys.of(PREFIX, tenant.partition(), entityId);
    }

    /** Writes a head: as an entity without attributes that ceased to exist when it was deleted. */
    static Step step(Tenant tenant, Head head) {
        Entity stored = new Entity(
                head.entityId(),
                head.types(),
                List.of(),
                Map.of(),
                head.createdAt(),
                head.modifiedAt(),
                head.deletedAt());
        return Step.put(Column.META, key(tenant, head.entityId()), ModelCodec.encode(stored));
    }

    /** Stands for the absence of a head. */
    static Head gone(String entityId) {
        return new Head(entityId, List.of(), null, null, null);
    }

    /** Makes a head visible, or its absence. */
    void keep(Tenant tenant, Head head) {
        if (head.types().isEmpty()) {
            Map<String, Head> heads = kept.get(tenant);
            if (heads != null) {
                heads.remove(head.entityId());
            }
        } else {
            kept.computeIfAbsent(tenant, t -> new ConcurrentSkipListMap<>()).put(head.entityId(), head);
        }
    }

    /** Adds what the deletion of an entity means for its head. */
    void record(Change change, List<Step> steps) {
        Head after = afterDeletion(change);
        if (after == null) {
            return;
        }
        if (!after.types().isEmpty()) {
            steps.add(step(change.tenant(), after));
        } else if (kept(change.tenant(), change.entityId()) != null) {
            steps.add(Step.delete(Column.META, key(change.tenant(), change.entityId())));
        }
    }

    /** Makes visible what {@link #record} wrote. */
    void settled(Change change) {
        Head after = afterDeletion(change);
        if (after != null) {
            keep(change.tenant(), after);
        }
    }

    private @Nullable Head afterDeletion(Change change) {
        Entity before = change.before();
        if (before == null || change.after() != null) {
            return null;
        }
        return deleteWithEntity
                ? gone(change.entityId())
                : Heads.merged(before, kept(change.tenant(), change.entityId()), change.at());
    }

    private @Nullable Head kept(Tenant tenant, String entityId) {
        Map<String, Head> heads = kept.get(tenant);
        return heads == null ? null : heads.get(entityId);
    }

    @Nullable
    Head head(Tenant tenant, String entityId, Ticks ticks) {
        return Heads.of(committed.visible(tenant, entityId, ticks), kept(tenant, entityId));
    }

    /** The head to keep when instances and types are added, or null if the current entity says it all. */
    @Nullable
    Head grown(Tenant tenant, String entityId, @Nullable Head before, List<String> types, Instant now) {
        return Heads.grown(entityId, before, kept(tenant, entityId) != null, types, now);
    }

    /** The head to keep when another one is taken over. */
    Head with(Tenant tenant, Head other) {
        return Heads.taken(other, kept(tenant, other.entityId()));
    }

    /** Forgets all heads. */
    void drop(Tenant tenant) {
        kept.remove(tenant);
    }

    /** All heads of one tenant. */
    static byte[] keys(Tenant tenant) {
        return Keys.of(PREFIX, tenant.partition());
    }

    /** The head to keep when instances are corrected or deleted, or null if the current entity says it all. */
    @Nullable
    Head touched(Tenant tenant, String entityId, Instant now) {
        Head head = kept(tenant, entityId);
        return head == null ? null : Heads.touched(head, now);
    }

    /** The heads that a query's conditions on types and id find, ordered by id. */
    List<Head> heads(Tenant tenant, EntityQuery query, @Nullable String after, int limit, Ticks ticks) {
        List<Head> heads = new ArrayList<>();
        Iterator<String> ids = ids(tenant, query, after);
        while (ids.hasNext() && heads.size() < limit) {
            Head head = head(tenant, ids.next(), ticks);
            if (head != null && Heads.matches(head, query)) {
                heads.add(head);
            }
        }
        return heads;
    }

    private Iterator<String> ids(Tenant tenant, EntityQuery query, @Nullable String after) {
        Set<String> asked = query.idCandidates();
        if (asked != null) {
            TreeSet<String> sorted = new TreeSet<>(asked);
            return (after == null ? sorted : sorted.tailSet(after, false)).iterator();
        }
        CommittedEntities.OfTenant current = committed.of(tenant);
        ConcurrentNavigableMap<String, Head> past = kept.get(tenant);
        return new Union(
                current == null ? List.<String>of().iterator() : behind(current.ordered, after),
                past == null ? List.<String>of().iterator() : behind(past, after));
    }

    private static Iterator<String> behind(NavigableMap<String, ?> map, @Nullable String after) {
        return (after == null ? map : map.tailMap(after, false)).keySet().iterator();
    }

    /** Two ascending lists as one, without repetitions. */
    private static final class Union implements Iterator<String> {
        private final Iterator<String> left;
        private final Iterator<String> right;
        private @Nullable String nextLeft;
        private @Nullable String nextRight;

        Union(Iterator<String> left, Iterator<String> right) {
            this.left = left;
            this.right = right;
            nextLeft = advance(left);
            nextRight = advance(right);
        }

        private static @Nullable String advance(Iterator<String> from) {
            return from.hasNext() ? from.next() : null;
        }

        @Override
        public boolean hasNext() {
            return nextLeft != null || nextRight != null;
        }

        @Override
        public String next() {
            String l = nextLeft;
            String r = nextRight;
            if (l != null && (r == null || l.compareTo(r) <= 0)) {
                nextLeft = advance(left);
                if (l.equals(r)) {
                    nextRight = advance(right);
                }
                return l;
            }
            if (r == null) {
                throw new java.util.NoSuchElementException();
            }
            nextRight = advance(right);
            return r;
        }
    }
}
