package de.freiraum.store.embedded;

import de.freiraum.model.Entity;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EqualityKeys;
import de.freiraum.query.QExpression;
import de.freiraum.store.embedded.CommittedEntities.Slot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Indexes of values, made for those attributes that queries ask a value of ({@code q=status=="free"}) again and again while there are many entities to look at.
 */
final class ValueIndexes implements EntityIndex {
    /** Each costs about 60 bytes an entity, 150 where every entity has a value of its own. */
    private static final int MOST_INDEXES = 8;

    private static final int ASKED_BEFORE_INDEXED = 5;
    private static final int MOST_REMEMBERED = 100;

    private final long indexedFrom;
    private final ConcurrentMap<String, ValueIndex> indexes = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable ValueIndex> wanted = new AtomicReference<>();
    private final Map<String, Integer> asked = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    ValueIndexes(long indexedFrom) {
        this.indexedFrom = indexedFrom;
    }

    /** An index that is to be filled, if there is one; the caller sees to it. */
    @Nullable
    ValueIndex takeWanted() {
        return wanted.get() == null ? null : wanted.getAndSet(null);
    }

    @Override
    public void add(Slot slot, @Nullable Entity before, @Nullable Entity after) {
        for (ValueIndex index : indexes.values()) {
            index.add(slot, before, after);
        }
    }

    @Override
    public void load(Slot slot, StoredEntity stored) {
        // When a store is opened, nobody has asked yet.
    }

    @Override
    public void settle(Slot slot, @Nullable Entity before, @Nullable Entity after) {
        for (ValueIndex index : indexes.values()) {
            index.settle(slot, before, after);
        }
    }

    @Override
    public @Nullable Narrowed candidates(EntityQuery query, long fewerThan) {
        if (query.q() == null || fewerThan <= indexedFrom) {
            return null;
        }
        ValueIndex narrowest = null;
        Set<Object> sought = Set.of();
        long least = fewerThan;
        for (QExpression.Compare compare : query.comparisons()) {
            String attribute = compare.target().attribute();
            Set<Object> keys = EqualityKeys.of(compare);
            if (attribute == null || keys == null) {
                continue;
            }
            ValueIndex index = indexes.get(attribute);
            if (index == null) {
                ask(attribute);
            } else if (index.isComplete()) {
                long size = index.size(keys);
                if (size < least) {
                    narrowest = index;
                    sought = keys;
                    least = size;
                }
            }
        }
        return narrowest == null ? null : narrowest.find(sought);
    }

    private void ask(String attribute) {
        if (indexes.size() >= MOST_INDEXES) {
            return;
        }
        synchronized (asked) {
            if (asked.merge(attribute, 1, Integer::sum) >= ASKED_BEFORE_INDEXED
                    && indexes.size() < MOST_INDEXES
                    && wanted.get() == null
                    && !indexes.containsKey(attribute)) {
                ValueIndex index = new ValueIndex(attribute);
                indexes.put(attribute, index);
                wanted.set(index);
                asked.remove(attribute);
            }
        }
    }
}
