package de.freiraum.model;

import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.UpdateResult.NotUpdatedDetails;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The changes that the API's operations make, as pure functions (clauses 5.5.8, 5.5.12, 5.6.1 to 5.6.5, 5.6.17 to 5.6.19). An attribute instance
 * that a change does not touch stays the same object; one that it writes keeps its {@code createdAt} and gets a new {@code modifiedAt}.
 */
public final class EntityChanges {
    private EntityChanges() {}

    /** Creates the entity (5.6.1); AlreadyExists if it is there. The fragment must have an id and a type, and no NGSI-LD Null. */
    public static EntityChange create(EntityFragment fragment) {
        return (before, now) -> {
            if (before != null) {
                throw new NgsiLdException(ErrorType.AlreadyExists, "Entity " + before.id() + " exists already");
            }
            return Outcome.of(newEntity(idOf(fragment), fragment, now, now), allUpdated(fragment));
        };
    }

    /** Replaces the whole content of an existing entity (5.6.18); its {@code createdAt} stays, as does its type unless the fragment has one. */
    public static EntityChange replace(String entityId, EntityFragment fragment) {
        return (before, now) -> {
            Entity old = existing(before, entityId);
            return Outcome.of(replacement(old, fragment, now), allUpdated(fragment));
        };
    }

    /** Creates the entity, or replaces it if it is there (5.6.8 in mode replace). */
    public static EntityChange createOrReplace(EntityFragment fragment) {
        return (before, now) -> before == null
                ? create(fragment).apply(null, now)
                : replace(before.id(), fragment).apply(before, now);
    }

    /** Creates the entity, or updates it if it is there (5.6.8 in mode update). */
    public static EntityChange createOrUpdate(EntityFragment fragment) {
        return (before, now) -> before == null
                ? create(fragment).apply(null, now)
                : update(before.id(), fragment).apply(before, now);
    }

    /** Deletes the entity (5.6.6). */
    public static EntityChange delete(String entityId) {
        return (before, now) -> {
            existing(before, entityId);
            return Outcome.of(null, UpdateResult.EMPTY);
        };
    }

    /** Makes the change only if the entity has a type that is wanted; otherwise there is no such entity. */
    public static EntityChange onlyIf(String entityId, Predicate<List<String>> types, EntityChange change) {
        return (before, now) -> {
            if (before != null && !types.test(before.types())) {
                throw NgsiLdException.notFound("Entity " + clip(entityId) + " has none of the types asked for");
            }
            return change.apply(before, now);
        };
    }

    /**
     * Appends attributes (5.6.3).
     *
     * @param overwrite whether an instance that is there is replaced; otherwise it is left and reported
     */
    public static EntityChange append(String entityId, EntityFragment fragment, boolean overwrite) {
        return (before, now) -> {
            Entity old = existing(before, entityId);
            Draft draft = new Draft(old, now);
            forEachInstance(fragment, (iri, instance) -> {
                Attribute there = old.instance(iri, instance.meta().datasetId());
                if (there == null || overwrite) {
                    draft.write(iri, there, instance);
                } else {
                    draft.leave(iri, "an instance is there already and must not be overwritten");
                }
            });
            draft.addTypes(fragment.types());
            draft.scopes(fragment, overwrite, true);
            draft.expiry(fragment);
            return draft.outcome();
        };
    }

    /** Updates attributes (5.6.2): each given instance replaces the one that is there or is added; NGSI-LD Null deletes it. */
    public static EntityChange update(String entityId, EntityFragment fragment) {
        return (before, now) -> {
            Entity old = existing(before, entityId);
            Draft draft = new Draft(old, now);
            forEachInstance(fragment, (iri, instance) -> {
                Attribute there = old.instance(iri, instance.meta().datasetId());
                if (!instance.isNull()) {
                    draft.write(iri, there, instance);
                } else if (there != null) {
                    draft.delete(iri, there);
                } else {
                    draft.leave(iri, "there is no such instance to delete");
                }
            });
            draft.addTypes(fragment.types());
            if (!old.scopes().isEmpty()) {
                draft.scopes(fragment, true, false);
            } else if (fragment.scopes() != null) {
                draft.leave(NgsiLd.NAMESPACE + "scope", "the entity has no scope that could be replaced");
            }
            draft.expiry(fragment);
            return draft.outcome();
        };
    }

    /**
     * Merges a fragment into the entity, to any depth (5.6.17, 5.5.12).
     *
     * @param options how members that the fragment leaves open are understood
     */
    public static EntityChange merge(String entityId, EntityFragment fragment, MergeOptions options) {
        return (before, now) -> {
            Entity old = existing(before, entityId);
            Draft draft = new Draft(old, now);
            forEachInstance(fragment, (iri, instance) -> {
                Attribute there = old.instance(iri, instance.meta().datasetId());
                if (instance.isNull()) {
                    if (there != null) {
                        draft.delete(iri, there);
                    }
                } else if (there == null) {
                    draft.write(iri, null, AttributeMerge.withoutNulls(instance));
                } else {
                    draft.merged(iri, AttributeMerge.merge(there, instance, options, now));
                }
            });
            draft.addTypes(fragment.types());
            draft.scopes(fragment, true, true);
            draft.expiry(fragment);
            return draft.outcome();
        };
    }

    /**
     * Overwrites members of one attribute instance (5.6.4); what the fragment does not name stays.
     *
     * @param attribute IRI
     * @param instance what to overwrite; its datasetId selects the instance
     */
    public static EntityChange partialUpdate(String entityId, String attribute, Attribute instance) {
        return (before, now) -> {
            Entity old = existing(before, entityId);
            Attribute there = existingInstance(old, attribute, instance.meta().datasetId());
            if (instance.kind() != null && instance.kind() != there.kind() && !instance.isNull()) {
                throw NgsiLdException.badRequest("a partial update must not change the attribute's type from "
                        + there.kind() + " to " + instance.kind());
            }
            Draft draft = new Draft(old, now);
            if (instance.isNull()) {
                draft.delete(attribute, there);
            } else {
                draft.merged(attribute, AttributeMerge.overwrite(there, instance, now));
            }
            return draft.outcome();
        };
    }

    /** Replaces one attribute instance that must be there (5.6.19). */
    public static EntityChange replaceAttribute(String entityId, String attribute, Attribute instance) {
        return (before, now) -> {
            Entity old = existing(before, entityId);
            Attribute there = existingInstance(old, attribute, instance.meta().datasetId());
            Draft draft = new Draft(old, now);
            draft.write(attribute, there, instance);
            return draft.outcome();
        };
    }

    /**
     * Deletes an attribute (5.6.5).
     *
     * @param datasetId which instance; null: the default one
     * @param all whether to delete every instance
     */
    public static EntityChange deleteAttribute(
            String entityId, String attribute, @Nullable String datasetId, boolean all) {
        return (before, now) -> {
            Entity old = existing(before, entityId);
            Draft draft = new Draft(old, now);
            if (all) {
                if (old.attribute(attribute).isEmpty()) {
                    throw NgsiLdException.notFound("Entity " + entityId + " has no attribute " + clip(attribute));
                }
                old.attribute(attribute).forEach(a -> draft.delete(attribute, a));
            } else {
                draft.delete(attribute, existingInstance(old, attribute, datasetId));
            }
            return draft.outcome();
        };
    }

    /** Removes the scope of an entity that has one (5.6.5 on {@code scope}). */
    public static EntityChange deleteScope(String entityId) {
        return (before, now) -> {
            Entity old = existing(before, entityId);
            if (old.scopes().isEmpty()) {
                throw NgsiLdException.notFound("Entity " + entityId + " has no scope");
            }
            Entity after = new Entity(
                    old.id(), old.types(), List.of(), old.attributes(), old.createdAt(), now, old.expiresAt());
            return Outcome.of(after, UpdateResult.EMPTY);
        };
    }

    private static Entity replacement(Entity old, EntityFragment fragment, Instant now) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        fragment.attributes().forEach((iri, instances) -> {
            List<Attribute> written = new ArrayList<>();
            for (Attribute instance : instances) {
                Attribute there = old.instance(iri, instance.meta().datasetId());
                written.add(stamp(instance, there == null ? null : there.meta().createdAt(), now));
            }
            attributes.put(iri, written);
        });
        return new Entity(
                old.id(),
                fragment.types().isEmpty() ? old.types() : fragment.types(),
                fragment.scopes() == null ? List.of() : fragment.scopes(),
                attributes,
                old.createdAt(),
                now,
                fragment.expiresAt());
    }

    static Entity newEntity(String id, EntityFragment fragment, Instant created, Instant now) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        fragment.attributes()
                .forEach((iri, instances) -> attributes.put(
                        iri, instances.stream().map(a -> stamp(a, null, now)).toList()));
        List<String> scopes = fragment.scopes();
        return new Entity(
                id,
                fragment.types(),
                scopes == null ? List.of() : scopes,
                attributes,
                created,
                now,
                fragment.expiresAt());
    }

    private static String idOf(EntityFragment fragment) {
        String id = fragment.id();
        if (id == null) {
            throw NgsiLdException.badRequest("an entity needs an \"id\"");
        }
        if (fragment.types().isEmpty()) {
            throw NgsiLdException.badRequest("an entity needs a \"type\"");
        }
        return id;
    }

    private static UpdateResult allUpdated(EntityFragment fragment) {
        return new UpdateResult(List.copyOf(fragment.attributes().keySet()), List.of());
    }

    static Entity existing(@Nullable Entity before, String entityId) {
        if (before == null) {
            throw NgsiLdException.notFound("Entity " + clip(entityId) + " does not exist");
        }
        return before;
    }

    private static Attribute existingInstance(Entity entity, String attribute, @Nullable String datasetId) {
        Attribute there = entity.instance(attribute, datasetId);
        if (there == null) {
            throw NgsiLdException.notFound("Entity " + entity.id() + " has no attribute " + clip(attribute)
                    + (datasetId == null ? "" : " with datasetId " + clip(datasetId)));
        }
        return there;
    }

    private interface InstanceVisitor {
        void visit(String iri, Attribute instance);
    }

    private static void forEachInstance(EntityFragment fragment, InstanceVisitor visitor) {
        fragment.attributes().forEach((iri, instances) -> instances.forEach(a -> visitor.visit(iri, a)));
    }

    /** The instance as it is stored: system times set, in sub-attributes too. */
    static Attribute stamp(Attribute instance, @Nullable Instant created, Instant now) {
        AttributeMeta meta = instance.meta();
        if (!meta.attributes().isEmpty()) {
            Map<String, List<Attribute>> stamped = new LinkedHashMap<>();
            meta.attributes()
                    .forEach((iri, subs) -> stamped.put(
                            iri, subs.stream().map(s -> stamp(s, created, now)).toList()));
            meta = meta.withAttributes(stamped);
        }
        return instance.with(meta.withTimes(created == null ? now : created, now, null));
    }

    static String clip(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    /** An entity in the making. */
    static final class Draft {
        private final Entity old;
        private final Instant now;
        private final Map<String, List<Attribute>> attributes;
        private List<String> types;
        private List<String> scopes;
        private @Nullable Instant expiresAt;
        private boolean touched;
        private final Set<String> updated = new LinkedHashSet<>();
        private final List<NotUpdatedDetails> notUpdated = new ArrayList<>();

        Draft(Entity old, Instant now) {
            this.old = old;
            this.now = now;
            this.attributes = new LinkedHashMap<>(old.attributes());
            this.types = old.types();
            this.scopes = old.scopes();
            this.expiresAt = old.expiresAt();
        }

        void write(String iri, @Nullable Attribute there, Attribute instance) {
            if (instance instanceof Attribute.Fragment) {
                throw NgsiLdException.badRequest("attribute " + clip(iri) + " has no value");
            }
            put(iri, stamp(instance, there == null ? null : there.meta().createdAt(), now));
        }

        void merged(String iri, Attribute instance) {
            put(iri, instance);
        }

        private void put(String iri, Attribute instance) {
            List<Attribute> instances = new ArrayList<>(attributes.getOrDefault(iri, List.of()));
            String dataset = instance.meta().datasetId();
            int at = indexOf(instances, dataset);
            if (at < 0) {
                instances.add(instance);
            } else {
                instances.set(at, instance);
            }
            attributes.put(iri, List.copyOf(instances));
            updated.add(iri);
            touched = true;
        }

        void delete(String iri, Attribute there) {
            List<Attribute> instances = new ArrayList<>(attributes.getOrDefault(iri, List.of()));
            instances.removeIf(a -> a == there);
            if (instances.isEmpty()) {
                attributes.remove(iri);
            } else {
                attributes.put(iri, List.copyOf(instances));
            }
            updated.add(iri);
            touched = true;
        }

        void leave(String iri, String reason) {
            notUpdated.add(new NotUpdatedDetails(iri, reason));
        }

        void addTypes(List<String> more) {
            Set<String> all = new LinkedHashSet<>(types);
            if (all.addAll(more)) {
                types = List.copyOf(all);
                touched = true;
            }
        }

        void scopes(EntityFragment fragment, boolean overwrite, boolean evenIfAbsent) {
            if (fragment.removed().contains("scope")) {
                touched |= !scopes.isEmpty();
                scopes = List.of();
                return;
            }
            List<String> given = fragment.scopes();
            if (given == null || (scopes.isEmpty() && !evenIfAbsent)) {
                return;
            }
            Set<String> all = new LinkedHashSet<>(overwrite ? List.of() : scopes);
            all.addAll(given);
            scopes = List.copyOf(all);
            touched = true;
        }

        void expiry(EntityFragment fragment) {
            if (fragment.removed().contains("expiresAt")) {
                touched |= expiresAt != null;
                expiresAt = null;
            } else if (fragment.expiresAt() != null) {
                expiresAt = fragment.expiresAt();
                touched = true;
            }
        }

        Outcome outcome() {
            UpdateResult result = new UpdateResult(List.copyOf(updated), notUpdated);
            if (!touched) {
                return Outcome.of(old, result);
            }
            return Outcome.of(new Entity(old.id(), types, scopes, attributes, old.createdAt(), now, expiresAt), result);
        }

        private static int indexOf(List<Attribute> instances, @Nullable String dataset) {
            for (int i = 0; i < instances.size(); i++) {
                if (Objects.equals(instances.get(i).meta().datasetId(), dataset)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
