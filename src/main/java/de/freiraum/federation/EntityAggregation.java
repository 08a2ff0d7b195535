package de.freiraum.federation;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.registration.Mode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one entity of its versions at several places (clauses 4.3.6.2, 4.3.6.3, 4.5.5 and 5.7.1.4): attributes that are registered as
 * exclusive come from there alone, those registered as redirect from such sources alone; of several instances in one dataset the newest
 * counts; auxiliary sources add attributes that nobody else has.
 */
final class EntityAggregation {

    /**
     * A version.
     *
     * @param mode of the registration it comes by; null: the broker's own
     * @param entity what is at that place
     */
    record Version(@Nullable Mode mode, Entity entity) {}

    private final Instant now;
    private final Precedence precedence;

    /**
     * Aggregates versions of one entity.
     *
     * @param now the time, at which what has expired does not count
     * @param precedence from where its attributes may come
     */
    EntityAggregation(Instant now, Precedence precedence) {
        this.now = now;
        this.precedence = precedence;
    }

    /** The entity, or null if no version counts. Earlier versions win where nothing else decides. */
    @Nullable
    Entity of(List<Version> versions) {
        List<Entity> equal = new ArrayList<>();
        List<Entity> auxiliary = new ArrayList<>();
        for (Version version : versions) {
            if (isExpired(version.entity().expiresAt())) {
                continue;
            }
            Entity counting = filtered(version);
            if (version.mode() == Mode.auxiliary) {
                auxiliary.add(counting);
            } else {
                equal.add(counting);
            }
        }
        boolean transientHere = differ(equal);
        Entity merged = null;
        for (Entity entity : equal) {
            Entity version = transientHere ? withExpiryInAttributes(entity) : entity;
            merged = merged == null ? version : merge(merged, version);
        }
        for (Entity entity : auxiliary) {
            merged = merged == null ? entity : supplement(merged, entity);
        }
        return merged;
    }

    private Entity filtered(Version version) {
        if (precedence.isNone() && !hasTransientParts(version.entity())) {
            return version.entity();
        }
        Map<String, List<Attribute>> kept = new LinkedHashMap<>();
        version.entity().attributes().forEach((iri, instances) -> {
            if (precedence.counts(version.mode(), iri)) {
                List<Attribute> living = instances.stream()
                        .filter(i -> !isExpired(i.meta().expiresAt()))
                        .toList();
                if (!living.isEmpty()) {
                    kept.put(iri, living);
                }
            }
        });
        return version.entity().withAttributes(kept);
    }

    private static boolean hasTransientParts(Entity entity) {
        for (List<Attribute> instances : entity.attributes().values()) {
            for (Attribute instance : instances) {
                if (instance.meta().expiresAt() != null) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isExpired(@Nullable Instant at) {
        return at != null && !at.isAfter(now);
    }

    private static boolean differ(List<Entity> versions) {
        return versions.stream()
                        .map(e -> Objects.toString(e.expiresAt()))
                        .distinct()
                        .count()
                > 1;
    }

    /** Clause 4.5.5.2: what the entity says of its end holds for its attributes when other versions say something else. */
    private static Entity withExpiryInAttributes(Entity entity) {
        Instant end = entity.expiresAt();
        if (end == null) {
            return entity;
        }
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        entity.attributes()
                .forEach((iri, instances) -> attributes.put(
                        iri,
                        instances.stream()
                                .map(i -> {
                                    Instant own = i.meta().expiresAt();
                                    return own != null && !own.isAfter(end)
                                            ? i
                                            : i.with(i.meta().withExpiresAt(end));
                                })
                                .toList()));
        return entity.withAttributes(attributes);
    }

    private static Entity merge(Entity a, Entity b) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>(a.attributes());
        b.attributes().forEach((iri, instances) -> attributes.merge(iri, instances, EntityAggregation::merge));
        Instant end = a.expiresAt() == null || b.expiresAt() == null ? null : later(a.expiresAt(), b.expiresAt());
        return combined(a, b, attributes, end);
    }

    /** The instances of two versions of an attribute; of those in one dataset the newer one. */
    private static List<Attribute> merge(List<Attribute> a, List<Attribute> b) {
        Map<String, Attribute> byDataset = new LinkedHashMap<>();
        for (List<Attribute> instances : List.of(a, b)) {
            for (Attribute instance : instances) {
                String dataset = Objects.requireNonNullElse(instance.meta().datasetId(), "");
                byDataset.merge(dataset, instance, (first, second) -> isNewer(second, first) ? second : first);
            }
        }
        return List.copyOf(byDataset.values());
    }

    /** Clause 4.5.5.3. */
    private static boolean isNewer(Attribute candidate, Attribute other) {
        Instant observed = candidate.meta().observedAt();
        Instant otherObserved = other.meta().observedAt();
        if (observed != null || otherObserved != null) {
            return observed != null && (otherObserved == null || observed.isAfter(otherObserved));
        }
        Instant modified = candidate.meta().modifiedAt();
        Instant otherModified = other.meta().modifiedAt();
        return modified != null && (otherModified == null || modified.isAfter(otherModified));
    }

    private static Entity supplement(Entity entity, Entity more) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>(entity.attributes());
        more.attributes().forEach(attributes::putIfAbsent);
        return combined(entity, more, attributes, entity.expiresAt());
    }

    private static Entity combined(
            Entity a, Entity b, Map<String, List<Attribute>> attributes, @Nullable Instant expiresAt) {
        return new Entity(
                a.id(),
                union(a.types(), b.types()),
                union(a.scopes(), b.scopes()),
                attributes,
                earlier(a.createdAt(), b.createdAt()),
                later(a.modifiedAt(), b.modifiedAt()),
                expiresAt);
    }

    private static List<String> union(List<String> a, List<String> b) {
        Set<String> all = new LinkedHashSet<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }

    static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        return a == null || (b != null && b.isBefore(a)) ? b : a;
    }

    static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        return a == null || (b != null && b.isAfter(a)) ? b : a;
    }
}
