package de.freiraum.store.embedded;

import de.freiraum.model.Entity;
import de.freiraum.query.EqualityKeys;
import de.freiraum.store.embedded.CommittedEntities.Slot;
import de.freiraum.store.embedded.EntityIndex.Narrowed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The entities by the values of one attribute, the entities of a value in the order of their ids. Writers keep it up from the moment it is made; it is of use when
 * {@link #fill} is through. May name entities that have the value no more.
 */
final class ValueIndex {
    private static final int MOST_KEYS = 64;
    /** The key of entities that have more values than an index should hold of one; part of every answer. */
    private static final Object CROWDED = new Object();

    private final String attribute;
    /** By key a {@link Slot}, as most values of names and the like have one, or the {@link Posting} of several. */
    private final ConcurrentMap<Object, Object> entries = new ConcurrentHashMap<>();

    private volatile boolean complete;

    ValueIndex(String attribute) {
        this.attribute = attribute;
    }

    /** Several entities of one value. Changed only while its entry is held. */
    private static final class Posting {
        final ConcurrentNavigableMap<String, Slot> slots = new ConcurrentSkipListMap<>();
        final AtomicInteger size = new AtomicInteger();
    }

    /** The IRI of the attribute. */
    String attribute() {
        return attribute;
    }

    boolean isComplete() {
        return complete;
    }

    /**
     * Takes up what was there before writers knew of the index. What changes meanwhile may stay under a value that it has no more: to take it away could undo
     * what a writer does at the same time.
     */
    void fill(Collection<Slot> slots) {
        for (Slot slot : slots) {
            Entity entity = slot.peek();
            if (entity != null) {
                keys(entity).forEach(key -> put(key, slot));
            }
        }
        complete = true;
    }

    void add(Slot slot, @Nullable Entity before, @Nullable Entity after) {
        if (after != null && !sameValues(before, after)) {
            keys(after).forEach(key -> put(key, slot));
        }
    }

    void settle(Slot slot, @Nullable Entity before, @Nullable Entity after) {
        if (sameValues(before, after)) {
            return;
        }
        Set<Object> kept = after == null ? Set.of() : keys(after);
        // If the index was made after this writer asked for indexes and before the version became visible.
        kept.forEach(key -> put(key, slot));
        if (before != null) {
            for (Object key : keys(before)) {
                if (!kept.contains(key)) {
                    take(key, slot);
                }
            }
        }
    }

    /** Most changes keep the very instances of other attributes. */
    @SuppressWarnings("ReferenceEquality") // a quick look; equal but different lists are only indexed again
    private boolean sameValues(@Nullable Entity before, @Nullable Entity after) {
        return before != null && after != null && before.attribute(attribute) == after.attribute(attribute);
    }

    private Set<Object> keys(Entity entity) {
        Set<Object> keys = EqualityKeys.of(entity.attribute(attribute));
        return keys.size() > MOST_KEYS ? Set.of(CROWDED) : keys;
    }

    private void put(Object key, Slot slot) {
        entries.compute(key, (k, there) -> {
            if (there == null || there == slot) {
                return slot;
            }
            Posting posting;
            if (there instanceof Slot other) {
                if (other.id.equals(slot.id)) {
                    return slot;
                }
                posting = new Posting();
                posting.slots.put(other.id, other);
                posting.size.set(1);
            } else {
                posting = (Posting) there;
            }
            if (posting.slots.put(slot.id, slot) == null) {
                posting.size.incrementAndGet();
            }
            return posting;
        });
    }

    private void take(Object key, Slot slot) {
        entries.computeIfPresent(key, (k, there) -> {
            if (there instanceof Posting posting) {
                if (posting.slots.remove(slot.id, slot)) {
                    posting.size.decrementAndGet();
                }
                return posting.size.get() == 0 ? null : posting;
            }
            return there == slot ? null : there;
        });
    }

    /** Entities, about, that a condition with these keys may find. */
    long size(Set<Object> keys) {
        long size = size(CROWDED);
        for (Object key : keys) {
            size += size(key);
        }
        return size;
    }

    private long size(Object key) {
        Object there = entries.get(key);
        return there instanceof Posting posting ? posting.size.get() : there == null ? 0 : 1;
    }

    Narrowed find(Set<Object> keys) {
        List<Collection<Slot>> lists = new ArrayList<>();
        collect(CROWDED, lists);
        keys.forEach(key -> collect(key, lists));
        return new Narrowed(size(keys), MergedSlots.of(lists));
    }

    private void collect(Object key, List<Collection<Slot>> lists) {
        Object there = entries.get(key);
        if (there instanceof Posting posting) {
            lists.add(posting.slots.values());
        } else if (there != null) {
            lists.add(List.of((Slot) there));
        }
    }
}
