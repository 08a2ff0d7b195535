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

    private record Rendering(
            RenderMemory owner,
            RepresentationOptions options,
            byte[] bytes,
            @Nullable Rendering next,
            int count) {}

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
                ? new Rendering(this, options, bytes, null, 1)
                : new Rendering(this, options, bytes, there, there.count + 1);
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
            if (r == rendering) {
                return true;
            }
        }
        return false;
    }
}
