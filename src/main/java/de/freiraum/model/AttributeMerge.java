package de.freiraum.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one attribute instance takes up a patch: shallowly (clause 5.5.8) or to any depth (clause 5.5.12). */
final class AttributeMerge {
    private AttributeMerge() {}

    /** Merge patch: sub-attributes and JSON objects are merged member by member. */
    static Attribute merge(Attribute there, Attribute patch, MergeOptions options, Instant now) {
        Attribute typed = options.simplified() ? adopt(there, patch, options) : patch;
        AttributeMeta meta = mergeMeta(there.meta(), typed.meta(), options, now);
        if (typed instanceof Attribute.Fragment) {
            return there.with(meta);
        }
        if (there instanceof Attribute.Property a && typed instanceof Attribute.Property b) {
            return new Attribute.Property(mergeValue(a.value(), b.value()), meta);
        }
        if (there instanceof Attribute.JsonProperty a && typed instanceof Attribute.JsonProperty b) {
            return new Attribute.JsonProperty(mergeValue(a.json(), b.json()), meta);
        }
        if (there instanceof Attribute.LanguageProperty a && typed instanceof Attribute.LanguageProperty b) {
            return new Attribute.LanguageProperty(mergeLanguages(a.languageMap(), b.languageMap()), meta);
        }
        return withoutNulls(typed.with(meta));
    }

    /** Partial update: members that the patch names replace those that are there. */
    static Attribute overwrite(Attribute there, Attribute patch, Instant now) {
        AttributeMeta old = there.meta();
        AttributeMeta p = patch.meta();
        Map<String, List<Attribute>> subs = new LinkedHashMap<>(old.attributes());
        p.removed().forEach(subs::remove);
        p.attributes().forEach((iri, instances) -> putInstances(subs, iri, instances, now));
        AttributeMeta meta = patched(old, p, old.observedAt(), subs, now);
        return patch instanceof Attribute.Fragment ? there.with(meta) : patch.with(meta);
    }

    private static void putInstances(
            Map<String, List<Attribute>> subs, String iri, List<Attribute> instances, Instant now) {
        for (Attribute instance : instances) {
            List<Attribute> list = new ArrayList<>(subs.getOrDefault(iri, List.of()));
            Attribute there = find(list, instance.meta().datasetId());
            list.removeIf(a -> a == there);
            if (!instance.isNull()) {
                if (instance instanceof Attribute.Fragment) {
                    if (there == null) {
                        throw NgsiLdException.badRequest("sub-attribute " + EntityChanges.clip(iri) + " has no value");
                    }
                    list.add(overwrite(there, instance, now));
                } else {
                    list.add(EntityChanges.stamp(
                            instance, there == null ? null : there.meta().createdAt(), now));
                }
            }
            if (list.isEmpty()) {
                subs.remove(iri);
            } else {
                subs.put(iri, list);
            }
        }
    }

    private static AttributeMeta mergeMeta(AttributeMeta old, AttributeMeta p, MergeOptions options, Instant now) {
        Map<String, List<Attribute>> subs = new LinkedHashMap<>(old.attributes());
        p.removed().forEach(subs::remove);
        p.attributes().forEach((iri, instances) -> {
            for (Attribute instance : instances) {
                List<Attribute> list = new ArrayList<>(subs.getOrDefault(iri, List.of()));
                Attribute there = find(list, instance.meta().datasetId());
                if (instance.isNull()) {
                    list.removeIf(a -> a == there);
                } else if (there == null) {
                    if (instance instanceof Attribute.Fragment) {
                        throw NgsiLdException.badRequest("sub-attribute " + EntityChanges.clip(iri) + " has no value");
                    }
                    list.add(EntityChanges.stamp(withoutNulls(instance), null, now));
                } else {
                    list.set(list.indexOf(there), merge(there, instance, options, now));
                }
                if (list.isEmpty()) {
                    subs.remove(iri);
                } else {
                    subs.put(iri, list);
                }
            }
        });
        Instant common = old.observedAt() == null ? null : options.observedAt();
        return patched(old, p, first(common, old.observedAt()), subs, now);
    }

    /**
     * The members of the patch over those that are there.
     *
     * @param observedAt the time if the patch neither gives nor removes one
     * @param subs the sub-attributes, already patched
     */
    private static AttributeMeta patched(
            AttributeMeta old,
            AttributeMeta p,
            @Nullable Instant observedAt,
            Map<String, List<Attribute>> subs,
            Instant now) {
        Set<String> removed = p.removed();
        return new AttributeMeta(
                old.datasetId(),
                removed.contains("observedAt") ? null : first(p.observedAt(), observedAt),
                removed.contains("unitCode") ? null : first(p.unitCode(), old.unitCode()),
                removed.contains("valueType") ? null : first(p.valueType(), old.valueType()),
                removed.contains("objectType")
                        ? List.of()
                        : p.objectTypes().isEmpty() ? old.objectTypes() : p.objectTypes(),
                removed.contains("expiresAt") ? null : first(p.expiresAt(), old.expiresAt()),
                old.createdAt(),
                now,
                null,
                null,
                subs,
                Set.of());
    }

    /** A simplified value, understood as a value of the kind that is there (clause 5.6.17.4). */
    private static Attribute adopt(Attribute there, Attribute patch, MergeOptions options) {
        if (!(patch instanceof Attribute.Property p)) {
            return patch;
        }
        AttributeMeta meta = p.meta();
        Value value = p.value();
        if (there instanceof Attribute.Relationship) {
            return new Attribute.Relationship(texts(value, "an entity's URI or a list of them"), meta);
        }
        if (there instanceof Attribute.ListRelationship) {
            return new Attribute.ListRelationship(texts(value, "a list of entities' URIs"), meta);
        }
        if (there instanceof Attribute.VocabProperty) {
            return new Attribute.VocabProperty(
                    texts(value, "a vocabulary term or a list of them").stream()
                            .map(options.expand())
                            .toList(),
                    meta);
        }
        if (there instanceof Attribute.ListProperty) {
            return new Attribute.ListProperty(value instanceof Value.Array a ? a.items() : List.of(value), meta);
        }
        if (there instanceof Attribute.JsonProperty) {
            return new Attribute.JsonProperty(value, meta);
        }
        if (there instanceof Attribute.GeoProperty) {
            return new Attribute.GeoProperty(Geometry.of(value), meta);
        }
        if (there instanceof Attribute.LanguageProperty old) {
            Map<String, List<String>> languages = new LinkedHashMap<>();
            if (value instanceof Value.Obj o) {
                o.members().forEach((tag, v) -> languages.put(tag, texts(v, "a string or a list of them")));
            } else {
                String tag = options.lang() != null
                        ? options.lang()
                        : old.languageMap().containsKey("@none")
                                        || old.languageMap().isEmpty()
                                ? "@none"
                                : old.languageMap().size() == 1
                                        ? old.languageMap().keySet().iterator().next()
                                        : "@none";
                languages.put(tag, texts(value, "a string"));
            }
            return new Attribute.LanguageProperty(languages, meta);
        }
        return patch;
    }

    private static List<String> texts(Value value, String allowed) {
        List<String> texts = new ArrayList<>();
        for (Value item : value instanceof Value.Array a ? a.items() : List.of(value)) {
            if (!(item instanceof Value.Text t)) {
                throw NgsiLdException.badRequest(
                        "the attribute's kind is kept by this merge, so its value must be " + allowed);
            }
            texts.add(t.text());
        }
        return texts;
    }

    /** RFC 7396 with NGSI-LD Null in the place of null. */
    static Value mergeValue(Value there, Value patch) {
        if (!(patch instanceof Value.Obj p)) {
            return patch;
        }
        Map<String, Value> members = new LinkedHashMap<>(there instanceof Value.Obj o ? o.members() : Map.of());
        p.members().forEach((name, value) -> {
            if (value.isNgsiLdNull()) {
                members.remove(name);
            } else {
                Value old = members.get(name);
                members.put(name, old == null ? withoutNulls(value) : mergeValue(old, value));
            }
        });
        return new Value.Obj(members);
    }

    private static Map<String, List<String>> mergeLanguages(
            Map<String, List<String>> there, Map<String, List<String>> patch) {
        Map<String, List<String>> languages = new LinkedHashMap<>(there);
        patch.forEach((tag, texts) -> {
            if (texts.equals(List.of(Value.NGSI_LD_NULL))) {
                languages.remove(tag);
            } else {
                languages.put(tag, texts);
            }
        });
        return languages;
    }

    /** An attribute that is new where it lands, so that its Nulls have nothing to delete. */
    static Attribute withoutNulls(Attribute instance) {
        AttributeMeta meta = instance.meta();
        if (!meta.removed().isEmpty() || !meta.attributes().isEmpty()) {
            Map<String, List<Attribute>> subs = new LinkedHashMap<>();
            meta.attributes().forEach((iri, list) -> {
                List<Attribute> kept = list.stream()
                        .filter(a -> !a.isNull())
                        .map(AttributeMerge::withoutNulls)
                        .toList();
                if (!kept.isEmpty()) {
                    subs.put(iri, kept);
                }
            });
            meta = new AttributeMeta(
                    meta.datasetId(),
                    meta.observedAt(),
                    meta.unitCode(),
                    meta.valueType(),
                    meta.objectTypes(),
                    meta.expiresAt(),
                    meta.createdAt(),
                    meta.modifiedAt(),
                    meta.deletedAt(),
                    meta.instanceId(),
                    subs,
                    Set.of());
        }
        if (instance instanceof Attribute.Property p) {
            return new Attribute.Property(withoutNulls(p.value()), meta);
        }
        if (instance instanceof Attribute.JsonProperty p) {
            return new Attribute.JsonProperty(withoutNulls(p.json()), meta);
        }
        if (instance instanceof Attribute.LanguageProperty p) {
            return new Attribute.LanguageProperty(mergeLanguages(Map.of(), p.languageMap()), meta);
        }
        return instance.with(meta);
    }

    private static Value withoutNulls(Value value) {
        if (!(value instanceof Value.Obj o)) {
            return value;
        }
        Map<String, Value> members = new LinkedHashMap<>();
        o.members().forEach((name, v) -> {
            if (!v.isNgsiLdNull()) {
                members.put(name, withoutNulls(v));
            }
        });
        return members.size() == o.members().size() && members.equals(o.members()) ? value : new Value.Obj(members);
    }

    private static @Nullable Attribute find(List<Attribute> list, @Nullable String dataset) {
        for (Attribute a : list) {
            if (Objects.equals(a.meta().datasetId(), dataset)) {
                return a;
            }
        }
        return null;
    }

    private static <T> @Nullable T first(@Nullable T a, @Nullable T b) {
        return a != null ? a : b;
    }

    /** Whether two instances say the same, whenever they were written. */
    static boolean sameContent(Attribute a, Attribute b) {
        return content(a).equals(content(b));
    }

    private static Attribute content(Attribute a) {
        AttributeMeta m = a.meta();
        Map<String, List<Attribute>> subs = new LinkedHashMap<>();
        m.attributes()
                .forEach((iri, list) ->
                        subs.put(iri, list.stream().map(AttributeMerge::content).toList()));
        return a.with(new AttributeMeta(
                m.datasetId(),
                m.observedAt(),
                m.unitCode(),
                m.valueType(),
                m.objectTypes(),
                m.expiresAt(),
                null,
                null,
                null,
                null,
                subs,
                new LinkedHashSet<>()));
    }
}
