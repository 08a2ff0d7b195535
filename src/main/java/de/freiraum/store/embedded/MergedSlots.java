package de.freiraum.store.embedded;

import de.freiraum.store.embedded.CommittedEntities.Slot;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/** Several lists ordered by id as one, each slot once. */
final class MergedSlots implements Iterator<Slot> {
    private final PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing((Head h) -> h.slot.id));

    private static final class Head {
        final Iterator<Slot> rest;
        Slot slot;

        Head(Iterator<Slot> rest, Slot slot) {
            this.rest = rest;
            this.slot = slot;
        }
    }

    private MergedSlots(List<? extends Collection<Slot>> lists) {
        for (Collection<Slot> list : lists) {
            Iterator<Slot> rest = list.iterator();
            if (rest.hasNext()) {
                heads.add(new Head(rest, rest.next()));
            }
        }
    }

    /** The lists as one. */
    static Iterator<Slot> of(List<? extends Collection<Slot>> lists) {
        return lists.size() == 1 ? lists.get(0).iterator() : new MergedSlots(lists);
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
            // An index may still name the slot of an entity that was deleted and made anew.
            slot = slot.isGone() ? same.slot : slot;
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
