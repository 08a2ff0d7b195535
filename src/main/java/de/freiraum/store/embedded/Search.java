package de.freiraum.store.embedded;

import de.freiraum.model.Entity;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.TypeSelection;
import de.freiraum.store.EntityStore.EntityPage;
import de.freiraum.store.embedded.CommittedEntities.OfTenant;
import de.freiraum.store.embedded.CommittedEntities.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.PriorityQueue;
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
    private final long knownCount;

    private final List<Entity> page = new ArrayList<>();
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
        String onlyType =
                query.types() instanceof TypeSelection.Type type && query.equals(EntityQuery.ofType(type.iri()))
                        ? type.iri()
                        : null;
        this.everyCandidateMatches = onlyType != null || query.equals(EntityQuery.ALL);
        // What is expired and not yet deleted is still in the indexes, so that their sizes are not the counts.
        this.knownCount = count && everyCandidateMatches && !somethingIsExpired ? size(entities, onlyType) : -1;
        this.candidates = candidates(entities, query);
    }

    private static long size(OfTenant entities, @Nullable String type) {
        if (type == null) {
            return entities.byId.size();
        }
        ConcurrentNavigableMap<String, Slot> slots = entities.byType.get(type);
        return slots == null ? 0 : slots.size();
    }

    private static Iterator<Slot> candidates(OfTenant entities, EntityQuery query) {
        if (!query.ids().isEmpty()) {
            return query.ids().stream()
                    .sorted()
                    .map(entities.byId::get)
                    .filter(Objects::nonNull)
                    .iterator();
        }
        Set<String> types = query.types() == null ? null : query.types().oneOf();
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
        return lists.size() == 1 ? lists.get(0).iterator() : new Merged(lists);
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
            if (everyCandidateMatches && matches < offset && slot.expiry == Long.MAX_VALUE) {
                matches++;
                continue;
            }
            Entity entity = slot.visible(ticks);
            if (entity == null || !(everyCandidateMatches || query.matches(entity))) {
                continue;
            }
            matches++;
            if (matches <= offset) {
                continue;
            }
            if (page.size() < limit) {
                page.add(entity);
            } else {
                more = true;
                if (!count || knownCount >= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    EntityPage page() {
        return new EntityPage(page, more, !count ? -1 : knownCount >= 0 ? knownCount : matches);
    }

    /** Several lists ordered by id as one, each slot once. */
    private static final class Merged implements Iterator<Slot> {
        private final PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing((Head h) -> h.slot.id));

        private static final class Head {
            final Iterator<Slot> rest;
            Slot slot;

            Head(Iterator<Slot> rest, Slot slot) {
                this.rest = rest;
                this.slot = slot;
            }
        }

        Merged(List<Collection<Slot>> lists) {
            for (Collection<Slot> list : lists) {
                Iterator<Slot> rest = list.iterator();
                if (rest.hasNext()) {
                    heads.add(new Head(rest, rest.next()));
                }
            }
        }

        @Override
        public boolean hasNext() {
            return !heads.isEmpty();
        }

        @Override
        public Slot next() {
            Head first = heads.poll();
            if (first == null) {
                throw new NoSuchElementException();
            }
            Slot slot = first.slot;
            advance(first);
            for (Head same = heads.peek(); same != null && same.slot.id.equals(slot.id); same = heads.peek()) {
                advance(heads.remove());
            }
            return slot;
        }

        private void advance(Head head) {
            if (head.rest.hasNext()) {
                head.slot = head.rest.next();
                heads.add(head);
            }
        }
    }
}
