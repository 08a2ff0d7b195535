package de.freiraum.aggregate.work;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When which entity falls silent. A new message moves a deadline without a look at the queue: an entry that comes up too early is put back, so there is
 * about one entry a entity however often it speaks. Thread-safe.
 */
public final class Deadlines {
    private final Map<EntityKey, Instant> deadlines = new HashMap<>();
    private final Map<EntityKey, Instant> queued = new HashMap<>();
    private final PriorityQueue<Entry> queue = new PriorityQueue<>(Comparator.comparing(Entry::at));

    /** No deadline yet. */
    public Deadlines() {}

    /** Sets, moves or, with null, takes away an entity's deadline. */
    public synchronized void set(EntityKey entity, @Nullable Instant deadline) {
        if (deadline == null) {
            deadlines.remove(entity);
            return;
        }
        deadlines.put(entity, deadline);
        Instant there = queued.get(entity);
        if (there == null || there.isAfter(deadline)) {
            enqueue(entity, deadline);
        }
    }

    /** The entities whose deadline is reached; each is named once until it gets another deadline. */
    public synchronized List<EntityKey> due(Instant now) {
        List<EntityKey> due = new ArrayList<>();
        for (Entry first = queue.peek(); first != null && !first.at.isAfter(now); first = queue.peek()) {
            queue.poll();
            if (!queued.remove(first.entity, first.at)) {
                continue;
            }
            Instant deadline = deadlines.get(first.entity);
            if (deadline != null && deadline.isAfter(now)) {
                enqueue(first.entity, deadline);
            } else if (deadline != null) {
                deadlines.remove(first.entity);
                due.add(first.entity);
            }
        }
        return due;
    }

    /** How many entities have a deadline. */
    public synchronized int size() {
        return deadlines.size();
    }

    private void enqueue(EntityKey entity, Instant at) {
        queued.put(entity, at);
        queue.add(new Entry(entity, at));
    }

    private record Entry(EntityKey entity, Instant at) {}
}
