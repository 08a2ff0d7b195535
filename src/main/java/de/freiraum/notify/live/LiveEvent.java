package de.freiraum.notify.live;

import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One event. Its bytes are made when first needed; making them twice at the same time does no harm. */
final class LiveEvent {
    private final long number;
    private final Tenant tenant;
    private final Entity entity;
    private final boolean deleted;
    private final Function<LiveEvent, Buffer> rendering;
    private volatile @Nullable Buffer bytes;

    LiveEvent(long number, Tenant tenant, Entity entity, boolean deleted, Function<LiveEvent, Buffer> rendering) {
        this.number = number;
        this.tenant = tenant;
        this.entity = entity;
        this.deleted = deleted;
        this.rendering = rendering;
    }

    long number() {
        return number;
    }

    Tenant tenant() {
        return tenant;
    }

    Entity entity() {
        return entity;
    }

    boolean deleted() {
        return deleted;
    }

    Buffer bytes() {
        Buffer ready = bytes;
        if (ready == null) {
            ready = rendering.apply(this);
            bytes = ready;
        }
        return ready;
    }
}
