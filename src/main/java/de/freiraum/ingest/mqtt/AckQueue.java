package de.freiraum.ingest.mqtt;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Acknowledges messages in the order in which they came (MQTT-4.6.0-2), in whichever order they are settled. Belongs to one context. */
final class AckQueue {
    private final ArrayDeque<Slot> slots = new ArrayDeque<>();

    /** The place of a message. */
    static final class Slot {
        private @Nullable Runnable acknowledge;
    }

    /** How many messages wait. */
    int size() {
        return slots.size();
    }

    /** A place behind all others. */
    Slot add() {
        Slot slot = new Slot();
        slots.add(slot);
        return slot;
    }

    /** Acknowledges the message as soon as all before it are. */
    void settle(Slot slot, Runnable acknowledge) {
        slot.acknowledge = acknowledge;
        for (Slot first = slots.peek(); first != null && first.acknowledge != null; first = slots.peek()) {
            slots.remove();
            first.acknowledge.run();
        }
    }

    /** Forgets all that wait; nothing is acknowledged any more. */
    void clear() {
        slots.clear();
    }
}
