package de.freiraum.store.change;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.UpdateResult;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What expires when (clause 4.22): entities, attributes and sub-attributes are gone from the instant on that their {@code expiresAt} names. */
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
        return Math.min(next, next(entity.attributes()));
    }

    private static long next(Map<String, List<Attribute>> attributes) {
        long next = Long.MAX_VALUE;
        for (List<Attribute> instances : attributes.values()) {
            for (int i = 0; i < instances.size(); i++) {
                AttributeMeta meta = instances.get(i).meta();
                if (meta.expiresAt() != null) {
                    next = Math.min(next, Ticks.micros(meta.expiresAt()));
                }
                if (!meta.attributes().isEmpty()) {
                    next = Math.min(next, next(meta.attributes()));
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
        return entity.withAttributes(rest(entity.attributes(), micros));
    }

    private static Map<String, List<Attribute>> rest(Map<String, List<Attribute>> attributes, long micros) {
        Map<String, List<Attribute>> rest = new LinkedHashMap<>();
        attributes.forEach((iri, instances) -> {
            List<Attribute> kept = instances.stream()
                    .filter(a -> !expired(a, micros))
                    .map(a -> withoutExpired(a, micros))
                    .toList();
            if (!kept.isEmpty()) {
                rest.put(iri, kept);
            }
        });
        return rest;
    }

    private static Attribute withoutExpired(Attribute attribute, long micros) {
        AttributeMeta meta = attribute.meta();
        return next(meta.attributes()) > micros
                ? attribute
                : attribute.with(meta.withAttributes(rest(meta.attributes(), micros)));
    }

    private static boolean expired(Attribute attribute, long micros) {
        Instant expiresAt = attribute.meta().expiresAt();
        return expiresAt != null && Ticks.micros(expiresAt) <= micros;
    }
}
