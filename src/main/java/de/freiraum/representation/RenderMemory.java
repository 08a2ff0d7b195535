package de.freiraum.representation;

import de.freiraum.model.Entity;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the bytes that entity versions were written as, in the versions themselves, within a budget of bytes for all of them. The
 * bytes that were remembered first are forgotten first; those of versions that are gone count until their turn comes.
 */
final class RenderMemory {
    private static final int PER_ENTITY = 6;
    private static final int OVERHEAD = 96;
    private static final int MAX_BYTES = 64 * 1024;

    /** One of the things remembered in an entity version; a chain. */
    private static final class Rendering {
        private final RenderMemory owner;
        private final RepresentationOptions options;
        private final byte[] bytes;
        private final @Nullable Rendering next;
        private final int count;

        Rendering(RenderMemory owner, RepresentationOptions options, byte[] bytes, @Nullable Rendering next) {
            this.owner = owner;
            this.options = options;
            this.bytes = bytes;
            this.next = next;
            this.count = next == null ? 1 : next.count + 1;
        }
    }

    private record Kept(WeakReference<Entity> entity, Rendering rendering) {}

    private final ConcurrentLinkedQueue<Kept> order = new ConcurrentLinkedQueue<>();
    private final AtomicLong used = new AtomicLong();
    private final long budget;

    RenderMemory(long budget) {
        this.budget = budget;
    }

    byte @Nullable [] find(Entity entity, RepresentationOptions options) {
        for (Rendering r = entity.memo() instanceof Rendering first ? first : null; r != null; r = r.next) {
            if (r.owner == this && r.options.equals(options)) {
                return r.bytes;
            }
        }
        return null;
    }

    void keep(Entity entity, RepresentationOptions options, byte[] bytes) {
        if (bytes.length > MAX_BYTES || bytes.length + OVERHEAD > budget) {
            return;
        }
        Rendering there = entity.memo() instanceof Rendering first ? first : null;
        Rendering made = there == null || there.count >= PER_ENTITY
                ? new Rendering(this, options, bytes, null)
                : new Rendering(this, options, bytes, there);
        entity.memo(made);
        order.add(new Kept(new WeakReference<>(entity), made));
        if (used.addAndGet(bytes.length + OVERHEAD) > budget) {
            forget();
        }
    }

    long used() {
        return used.get();
    }

    private void forget() {
        while (used.get() > budget) {
            Kept oldest = order.poll();
            if (oldest == null) {
                return;
            }
            used.addAndGet(-(oldest.rendering.bytes.length + OVERHEAD));
            Entity entity = oldest.entity.get();
            if (entity != null && holds(entity, oldest.rendering)) {
                entity.memo(null);
            }
        }
    }

    private static boolean holds(Entity entity, Rendering rendering) {
        for (Rendering r = entity.memo() instanceof Rendering first ? first : null; r != null; r = r.next) {
            if (r.equals(rendering)) {
                return true;
            }
        }
        return false;
    }
}
