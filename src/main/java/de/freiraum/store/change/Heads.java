package de.freiraum.store.change;

import de.freiraum.model.Entity;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.TemporalStore.Head;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Heads of evolutions. Current entities have one without more ado; kept beside them are the heads of those that exist in history only, and of
 * those that have more types there.
 */
public final class Heads {
    private Heads() {}

    /** The head of an entity of which perhaps a head is kept, or null if there is neither. */
    public static @Nullable Head of(@Nullable Entity current, @Nullable Head kept) {
        return current == null ? kept : merged(current, kept, null);
    }

    /** The same where the current entity is there; {@code deletedAt} says when it ceased to be. */
    public static Head merged(Entity current, @Nullable Head kept, @Nullable Instant deletedAt) {
        Set<String> types = new LinkedHashSet<>(current.types());
        Instant createdAt = current.createdAt();
        if (kept != null) {
            types.addAll(kept.types());
            createdAt = kept.createdAt() != null ? kept.createdAt() : createdAt;
        }
        return new Head(current.id(), List.copyOf(types), createdAt, current.modifiedAt(), deletedAt);
    }

    /**
     * The head to keep when instances and types are added, or null if the current entity says it all.
     *
     * @param before the head as it is, or null
     * @param isKept whether it is kept
     */
    public static @Nullable Head grown(
            String entityId, @Nullable Head before, boolean isKept, List<String> types, Instant now) {
        if (before == null) {
            return new Head(entityId, types, now, now, null);
        }
        if (!isKept && before.types().containsAll(types)) {
            return null;
        }
        Set<String> all = new LinkedHashSet<>(before.types());
        all.addAll(types);
        return new Head(entityId, List.copyOf(all), before.createdAt(), now, before.deletedAt());
    }

    /** A head that is kept, when instances of it were corrected or deleted. */
    public static Head touched(Head kept, Instant now) {
        return new Head(kept.entityId(), kept.types(), kept.createdAt(), now, kept.deletedAt());
    }

    /** The head to keep when another one is taken over. */
    public static Head taken(Head other, @Nullable Head kept) {
        Set<String> types = new LinkedHashSet<>(kept == null ? List.of() : kept.types());
        types.addAll(other.types());
        return new Head(other.entityId(), List.copyOf(types), other.createdAt(), other.modifiedAt(), other.deletedAt());
    }

    /** Whether a head is what a query's conditions on types and id ask for. */
    public static boolean matches(Head head, EntityQuery query) {
        return query.matchesIdentity(new Entity(head.entityId(), head.types(), List.of(), Map.of(), null, null, null));
    }
}
