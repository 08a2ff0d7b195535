package de.freiraum.store.change;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.UpdateResult;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What expires when (clause 4.22): entities and attributes are gone from the instant on that their {@code expiresAt} names. */
public final class Expiry {
    /** The change that deletes what is expired; made by the store itself. */
    public static final EntityChange CHANGE = (before, now) -> EntityChange.Outcome.of(
            before == null || next(before) > Ticks.micros(now) ? before : visible(before, Ticks.micros(now)),
            UpdateResult.EMPTY);

    private Expiry() {}

    /** When the first part of the entity expires, in microseconds since 1970; {@link Long#MAX_VALUE}: never. */
    public static long next(Entity entity) {
        Instant expiresAt = entity.expiresAt();
        long next = expiresAt == null ? Long.MAX_VALUE : Ticks.micros(expiresAt);
        for (List<Attribute> instances : entity.attributes().values()) {
            for (int i = 0; i < instances.size(); i++) {
                Instant expires = instances.get(i).meta().expiresAt();
                if (expires != null) {
                    next = Math.min(next, Ticks.micros(expires));
                }
            }
        }
        return next;
    }

    /** The entity without what is expired by then, or null if it is expired itself. */
    public static @Nullable Entity visible(Entity entity, long micros) {
        Instant expiresAt = entity.expiresAt();
        if (expiresAt != null && Ticks.micros(expiresAt) <= micros) {
            return null;
        }
        Map<String, List<Attribute>> rest = new LinkedHashMap<>();
        entity.attributes().forEach((iri, instances) -> {
            List<Attribute> kept =
                    instances.stream().filter(a -> !expired(a, micros)).toList();
            if (!kept.isEmpty()) {
                rest.put(iri, kept.size() == instances.size() ? instances : kept);
            }
        });
        return entity.withAttributes(rest);
    }

    private static boolean expired(Attribute attribute, long micros) {
        Instant expiresAt = attribute.meta().expiresAt();
        return expiresAt != null && Ticks.micros(expiresAt) <= micros;
    }
}
