package de.freiraum.model;

import de.freiraum.model.Attribute.Kind;
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
        Attribute typed = options.simplified() ? adopt(there, patch, options) : inLanguage(there, patch, options);
        requireSameKind(there, typed);
        AttributeMeta meta = mergeMeta(there, typed, options, now);
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
        requireSameKind(there, patch);
        AttributeMeta old = there.meta();
        AttributeMeta p = patch.meta();
        Map<String, List<Attribute>> subs = new LinkedHashMap<>(old.attributes());
        p.removed().forEach(subs::remove);
        p.attributes().forEach((iri, instances) -> putInstances(subs, iri, instances, now));
        AttributeMeta meta = patched(there, patch, old.observedAt(), subs, now);
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

    private static AttributeMeta mergeMeta(Attribute there, Attribute patch, MergeOptions options, Instant now) {
        AttributeMeta old = there.meta();
        AttributeMeta p = patch.meta();
        Map<String, List<Attribute>> subs = new LinkedHashMap<>(old.attributes());
        p.removed().forEach(subs::remove);
        p.attributes().forEach((iri, instances) -> {
            for (Attribute instance : instances) {
                List<Attribute> list = new ArrayList<>(subs.getOrDefault(iri, List.of()));
                Attribute sub = find(list, instance.meta().datasetId());
                if (instance.isNull()) {
                    list.removeIf(a -> a == sub);
                } else if (sub == null) {
                    if (instance instanceof Attribute.Fragment) {
                        throw NgsiLdException.badRequest("sub-attribute " + EntityChanges.clip(iri) + " has no value");
                    }
                    list.add(EntityChanges.stamp(withoutNulls(instance), null, now));
                } else {
                    list.set(list.indexOf(sub), merge(sub, instance, options, now));
                }
                if (list.isEmpty()) {
                    subs.remove(iri);
                } else {
                    subs.put(iri, list);
                }
            }
        });
        Instant common = old.observedAt() == null ? null : options.observedAt();
        return patched(there, patch, first(common, old.observedAt()), subs, now);
    }

    /**
     * The members of the patch over those that are there. Those that the kind of the result does not have go.
     *
     * @param observedAt the time if the patch neither gives nor removes one
     * @param subs the sub-attributes, already patched
     */
    private static AttributeMeta patched(
            Attribute there,
            Attribute patch,
            @Nullable Instant observedAt,
            Map<String, List<Attribute>> subs,
            Instant now) {
        AttributeMeta old = there.meta();
        AttributeMeta p = patch.meta();
        Kind kind = Objects.requireNonNull(patch instanceof Attribute.Fragment ? there.kind() : patch.kind());
        requirePermitted(kind, p);
        Set<String> removed = p.removed();
        return new AttributeMeta(
                old.datasetId(),
                removed.contains("observedAt") ? null : first(p.observedAt(), observedAt),
                removed.contains("unitCode") || !kind.hasUnitCode() ? null : first(p.unitCode(), old.unitCode()),
                removed.contains("valueType") || !kind.hasValueType() ? null : first(p.valueType(), old.valueType()),
                removed.contains("objectType") || !kind.linksEntities()
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

    /** Members whose place is with other kinds; the reader cannot tell where the patch leaves the kind open. */
    private static void requirePermitted(Kind kind, AttributeMeta patch) {
        String wrong = patch.unitCode() != null && !kind.hasUnitCode()
                ? "unitCode"
                : patch.valueType() != null && !kind.hasValueType()
                        ? "valueType"
                        : !patch.objectTypes().isEmpty() && !kind.linksEntities() ? "objectType" : null;
        if (wrong != null) {
            throw NgsiLdException.badRequest("\"" + wrong + "\" is no member of a " + kind);
        }
    }

    /** A patch without a value cannot change what the value is. */
    private static void requireSameKind(Attribute there, Attribute patch) {
        if (patch instanceof Attribute.Fragment && patch.kind() != null && patch.kind() != there.kind()) {
            throw otherKind(there, patch);
        }
    }

    private static NgsiLdException otherKind(Attribute there, Attribute patch) {
        return NgsiLdException.badRequest("the attribute is a " + there.kind() + " and cannot become a " + patch.kind()
                + " here; send it normalized, with its value");
    }

    /** A string in the common language, if that is what the patch is (clause 5.6.17.4). */
    private static Attribute inLanguage(Attribute there, Attribute patch, MergeOptions options) {
        return options.lang() != null
                        && there instanceof Attribute.LanguageProperty
                        && patch instanceof Attribute.Property p
                        && isTexts(p.value())
                ? adopt(there, patch, options)
                : patch;
    }

    private static boolean isTexts(Value value) {
        return value instanceof Value.Array a
                ? a.items().stream().allMatch(Value.Text.class::isInstance)
                : value instanceof Value.Text;
    }

    /** A simplified value, understood as a value of the kind that is there (clause 5.6.17.4). */
    private static Attribute adopt(Attribute there, Attribute patch, MergeOptions options) {
        if (patch.kind() == there.kind()) {
            return patch;
        }
        AttributeMeta meta = patch.meta();
        Value value;
        if (patch instanceof Attribute.Property p) {
            value = p.value();
        } else if (patch instanceof Attribute.GeoProperty g) {
            value = g.value().geoJson(); // looks like a geometry, but need not be one
        } else {
            throw otherKind(there, patch);
        }
        if (there instanceof Attribute.Property) {
            return new Attribute.Property(value, meta);
        }
        if (there instanceof Attribute.Relationship) {
            return new Attribute.Relationship(uris(value, "an entity's URI or a list of them"), meta);
        }
        if (there instanceof Attribute.ListRelationship) {
            return new Attribute.ListRelationship(uris(value, "a list of entities' URIs"), meta);
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

    private static List<String> uris(Value value, String allowed) {
        List<String> uris = texts(value, allowed);
        if (uris.isEmpty() || !uris.stream().allMatch(Uris::isUri)) {
            throw notAllowed(allowed);
        }
        return uris;
    }

    private static NgsiLdException notAllowed(String allowed) {
        return NgsiLdException.badRequest(
                "the attribute's kind is kept by this merge, so its value must be " + allowed);
    }

    private static List<String> texts(Value value, String allowed) {
        List<String> texts = new ArrayList<>();
        for (Value item : value instanceof Value.Array a ? a.items() : List.of(value)) {
            if (!(item instanceof Value.Text t)) {
                throw notAllowed(allowed);
            }
            texts.add(t.text());
        }
        return texts;
    }

    /** RFC 7396 with NGSI-LD Null in the place of null. */
    static Value mergeValue(Value there, Value patch) {
        if (!(patch instanceof Value.Obj p)) {
            return withoutNulls(patch);
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

    /** Null has nothing to delete within a value that is new where it lands, nor within an array, which is replaced as a whole. */
    private static Value withoutNulls(Value value) {
        if (value instanceof Value.Array a) {
            return new Value.Array(
                    a.items().stream().map(AttributeMerge::withoutNulls).toList());
        }
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
