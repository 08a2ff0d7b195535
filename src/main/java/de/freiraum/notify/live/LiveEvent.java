package de.freiraum.notify.live;

import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** One change, without what is never shown. Its usual bytes are made when first needed; making them twice at the same time does no harm. */
final class LiveEvent {
    private final String id;
    private final long number;
    private final Tenant tenant;
    private final @Nullable Entity before;
    private final Entity entity;
    private final boolean deleted;
    private volatile @Nullable Buffer bytes;

    /**
     * A change.
     *
     * @param number position in this run of the server
     * @param before the version before, or null
     * @param entity the version after, or the last one
     */
    LiveEvent(String id, long number, Tenant tenant, @Nullable Entity before, Entity entity, boolean deleted) {
        this.id = id;
        this.number = number;
        this.tenant = tenant;
        this.before = before;
        this.entity = entity;
        this.deleted = deleted;
    }

    String id() {
        return id;
    }

    long number() {
        return number;
    }

    Tenant tenant() {
        return tenant;
    }

    @Nullable
    Entity before() {
        return before;
    }

    Entity entity() {
        return entity;
    }

    boolean deleted() {
        return deleted;
    }

    /** The bytes that all clients with the usual view get. */
    Buffer bytes(LiveView usual) {
        Buffer ready = bytes;
        if (ready == null) {
            ready = usual.event(id, this, false);
            bytes = ready;
        }
        return ready;
    }
}
