package de.freiraum.store.embedded;

import de.freiraum.model.Entity;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.LinkedEntities;
import de.freiraum.query.OrderBy;
import de.freiraum.query.TypeSelection;
import de.freiraum.store.EntityStore.EntityPage;
import de.freiraum.store.change.Ticks;
import de.freiraum.store.embedded.CommittedEntities.OfTenant;
import de.freiraum.store.embedded.CommittedEntities.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * One query under way. Candidates come from the narrowest of ids, types and all entities, in the order of their ids, and are looked at step
 * by step, so that a long search can go on elsewhere. Used by one thread at a time.
 */
final class Search {
    private final EntityQuery query;
    private final Ticks ticks;
    private final int offset;
    private final int limit;
    private final boolean count;
    private final boolean everyCandidateMatches;
    private final Iterator<Slot> candidates;
    private final LinkedEntities linked;
    private final @Nullable OrderBy order;
    private final long knownCount;

    /** The page; with an order all matches, of which the page is made in the end. */
    private final List<Entity> found = new ArrayList<>();

    private long matches;
    private boolean more;

    Search(
            OfTenant entities,
            EntityQuery query,
            int offset,
            int limit,
            boolean count,
            Ticks ticks,
            boolean somethingIsExpired) {
        this.query = query;
        this.ticks = ticks;
        this.offset = offset;
        this.limit = limit;
        this.count = count;
        this.order = query.orderBy();
        this.linked = query.linkedDepth() == 0
                ? LinkedEntities.NONE
                : id -> {
                    Slot slot = entities.byId.get(id);
                    return slot == null ? null : slot.visible(ticks);
                };
        String onlyType = onlyType(query);
        this.everyCandidateMatches = onlyType != null || conditions(query).equals(EntityQuery.ALL);
        // What is expired and not yet deleted is still in the indexes, so that their sizes are not the counts.
        this.knownCount =
                count && everyCandidateMatches && !somethingIsExpired ? size(entities, query.typeCandidates()) : -1;
        this.candidates = candidates(entities, query);
    }

    /** The query without what is no condition on entities. */
    private static EntityQuery conditions(EntityQuery query) {
        return query.withOrderBy(null).withCsf(null).withDatasetIds(Set.of());
    }

    private static @Nullable String onlyType(EntityQuery query) {
        return query.types() instanceof TypeSelection.Type type
                        && conditions(query).equals(EntityQuery.ofType(type.iri()))
                ? type.iri()
                : null;
    }

    /** How many entities have one of the types, counting those twice that have two. */
    private static long size(OfTenant entities, @Nullable Set<String> types) {
        if (types == null) {
            return entities.byId.size();
        }
        long size = 0;
        for (String type : types) {
            ConcurrentNavigableMap<String, Slot> slots = entities.byType.get(type);
            size += slots == null ? 0 : slots.size();
        }
        return size;
    }

    private static Iterator<Slot> candidates(OfTenant entities, EntityQuery query) {
        Set<String> ids = query.idCandidates();
        if (ids != null) {
            return ids.stream()
                    .sorted()
                    .map(entities.byId::get)
                    .filter(Objects::nonNull)
                    .iterator();
        }
        Set<String> types = query.typeCandidates();
        long otherwise = size(entities, types);
        EntityIndex.Narrowed narrowest = null;
        for (EntityIndex index : entities.indexes) {
            EntityIndex.Narrowed narrowed = index.candidates(query, otherwise);
            if (narrowed != null) {
                narrowest = narrowed;
                otherwise = narrowed.size();
            }
        }
        if (narrowest != null) {
            return narrowest.slots();
        }
        if (types == null) {
            return entities.ordered.values().iterator();
        }
        List<Collection<Slot>> lists = new ArrayList<>();
        for (String type : types) {
            ConcurrentNavigableMap<String, Slot> slots = entities.byType.get(type);
            if (slots != null) {
                lists.add(slots.values());
            }
        }
        return MergedSlots.of(lists);
    }

    /**
     * Goes on.
     *
     * @param most how many candidates to look at, at most
     * @return whether the search is finished
     */
    boolean run(int most) {
        for (int looked = 0; looked < most; looked++) {
            if (!candidates.hasNext()) {
                return true;
            }
            Slot slot = candidates.next();
            if (everyCandidateMatches && order == null && matches < offset && slot.expiry == Long.MAX_VALUE) {
                matches++;
                continue;
            }
            Entity entity = slot.visible(ticks);
            if (entity == null || !(everyCandidateMatches || query.matches(entity, linked))) {
                continue;
            }
            matches++;
            if (order != null || (matches > offset && found.size() < limit)) {
                found.add(entity);
            } else if (matches > offset) {
                more = true;
                if (!count || knownCount >= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    EntityPage page() {
        long total = !count ? -1 : knownCount >= 0 ? knownCount : matches;
        if (order == null) {
            return new EntityPage(found, more, total);
        }
        List<Entity> sorted = order.sorted(found);
        int from = Math.min(offset, sorted.size());
        int to = (int) Math.min((long) from + limit, sorted.size());
        return new EntityPage(sorted.subList(from, to), to < sorted.size(), total);
    }
}
