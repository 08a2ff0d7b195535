package de.freiraum.aggregate.parking;

import de.freiraum.aggregate.work.EntityKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When which spot falls silent. A new message moves a deadline without a look at the queue: an entry that comes up too early is put back, so there is
 * about one entry a spot however often it speaks. Thread-safe.
 */
final class Deadlines {
    private final Map<EntityKey, Instant> deadlines = new HashMap<>();
    private final Map<EntityKey, Instant> queued = new HashMap<>();
    private final PriorityQueue<Entry> queue = new PriorityQueue<>(Comparator.comparing(Entry::at));

    /** Sets, moves or, with null, takes away a spot's deadline. */
    synchronized void set(EntityKey spot, @Nullable Instant deadline) {
        if (deadline == null) {
            deadlines.remove(spot);
            return;
        }
        deadlines.put(spot, deadline);
        Instant there = queued.get(spot);
        if (there == null || there.isAfter(deadline)) {
            enqueue(spot, deadline);
        }
    }

    /** The spots whose deadline is reached; each is named once until it gets another deadline. */
    synchronized List<EntityKey> due(Instant now) {
        List<EntityKey> due = new ArrayList<>();
        for (Entry first = queue.peek(); first != null && !first.at.isAfter(now); first = queue.peek()) {
            queue.poll();
            if (!queued.remove(first.spot, first.at)) {
                continue;
            }
            Instant deadline = deadlines.get(first.spot);
            if (deadline != null && deadline.isAfter(now)) {
                enqueue(first.spot, deadline);
            } else if (deadline != null) {
                deadlines.remove(first.spot);
                due.add(first.spot);
            }
        }
        return due;
    }

    /** How many spots have a deadline. */
    synchronized int size() {
        return deadlines.size();
    }

    private void enqueue(EntityKey spot, Instant at) {
        queued.put(spot, at);
        queue.add(new Entry(spot, at));
    }

    private record Entry(EntityKey spot, Instant at) {}
}
