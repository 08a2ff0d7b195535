package de.freiraum.representation;

import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.Attribute.Kind;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Value;
import de.freiraum.representation.RepresentationOptions.Form;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes attribute instances in the form that the options ask for. One writer serves one call. */
final class AttributeWriter {
    private static final Set<String> SEALS =
            Set.of(NgsiLd.NAMESPACE + "entityIdSealed", NgsiLd.NAMESPACE + "entityTypeSealed");

    private static final Set<String> GIVES_MEANING = Set.of(
            "type",
            "@type",
            "value",
            "object",
            "languageMap",
            "vocab",
            "json",
            "valueList",
            "objectList",
            "datasetId",
            "observedAt",
            "unitCode",
            "valueType",
            "objectType",
            "expiresAt",
            "createdAt",
            "modifiedAt",
            "deletedAt",
            "instanceId");

    /** Writes the entities that a Relationship points to, in the place where they are due. */
    interface Links {
        /** The entity behind a Relationship's object, if it is to be shown; otherwise null. */
        @Nullable
        Entity follow(String object);

        /** Writes it. */
        void write(JsonWriter out, String relationshipIri, Entity entity);
    }

    /**
     * One instance to be shown.
     *
     * @param attribute the instance; the last one if it was deleted
     * @param previous the instance before, if that is to be shown
     * @param deletedAt when it was deleted; null: it is there
     */
    record Shown(
            Attribute attribute,
            @Nullable Attribute previous,
            @Nullable Instant deletedAt) {
        static Shown of(Attribute attribute) {
            return new Shown(attribute, null, null);
        }

        boolean isDeleted() {
            return deletedAt != null;
        }
    }

    private final JsonWriter out;
    private final RepresentationOptions options;
    private final Context context;
    private final @Nullable Links links;
    private final boolean temporal;

    AttributeWriter(JsonWriter out, RepresentationOptions options, @Nullable Links links, boolean temporal) {
        this.out = out;
        this.options = options;
        this.context = options.context();
        this.links = links;
        this.temporal = temporal;
    }

    /** Writes the member of one attribute: its name and its instances. */
    void member(String iri, List<Shown> instances) {
        if (instances.isEmpty()) {
            return;
        }
        out.rawName(context.encodedName(iri));
        if (options.form() == Form.SIMPLIFIED) {
            simplified(iri, instances);
        } else if (instances.size() == 1) {
            instance(iri, instances.get(0));
        } else {
            out.beginArray();
            instances.forEach(i -> instance(iri, i));
            out.endArray();
        }
    }

    private void simplified(String iri, List<Shown> instances) {
        if (instances.size() == 1) {
            simplifiedValue(iri, instances.get(0));
            return;
        }
        out.beginObject().name("dataset").beginObject();
        for (Shown shown : instances) {
            String dataset = shown.attribute().meta().datasetId();
            out.name(dataset == null ? "@none" : dataset);
            simplifiedValue(iri, shown);
        }
        out.endObject().endObject();
    }

    /** Writes the value alone, as the simplified form has it. */
    void simplifiedValue(String iri, Shown shown) {
        Attribute a = shown.attribute();
        if (shown.isDeleted()) {
            out.text(Value.NGSI_LD_NULL);
        } else if (a instanceof Attribute.LanguageProperty l && options.language() != null && isTranslated(l)) {
            texts(l.languageMap().getOrDefault(options.language().choose(l.languageMap()), List.of()));
        } else if (a instanceof Attribute.LanguageProperty
                || a instanceof Attribute.VocabProperty
                || a instanceof Attribute.JsonProperty) {
            out.beginObject();
            valueMember(a, false);
            out.endObject();
        } else if (a instanceof Attribute.ListRelationship r) {
            linkedOrUris(iri, r.objectList(), true);
        } else if (a instanceof Attribute.Relationship r) {
            linkedOrUris(iri, r.objects(), false);
        } else {
            value(a);
        }
    }

    private void linkedOrUris(String iri, List<String> objects, boolean list) {
        boolean array = list || objects.size() != 1;
        if (array) {
            out.beginArray();
        }
        for (String object : objects) {
            Entity linked = links == null ? null : links.follow(object);
            if (linked == null || links == null) {
                out.text(object);
            } else {
                links.write(out, iri, linked);
            }
        }
        if (array) {
            out.endArray();
        }
    }

    /** Writes one normalized or concise instance. */
    void instance(String iri, Shown shown) {
        Attribute a = shown.attribute();
        boolean concise = options.form() == Form.CONCISE;
        if (concise && isBare(shown)) {
            if (shown.isDeleted()) {
                out.text(Value.NGSI_LD_NULL);
            } else {
                value(a);
            }
            return;
        }
        out.beginObject();
        if (!shown.isDeleted()
                && a instanceof Attribute.LanguageProperty l
                && options.language() != null
                && isTranslated(l)) {
            translated(l, options.language(), concise);
        } else {
            Kind kind = a.kind();
            if (kind != null && (!concise || needsType(shown))) {
                out.name("type").text(kind.name());
            }
            if (shown.isDeleted()) {
                nullMember(a);
            } else {
                valueMember(a, false);
            }
        }
        if (shown.previous() != null) {
            valueMember(shown.previous(), true);
        }
        linkedMember(iri, shown);
        meta(a.meta(), shown);
        out.endObject();
    }

    private static boolean isTranslated(Attribute.LanguageProperty l) {
        return !l.isNull() && !l.languageMap().isEmpty();
    }

    private void translated(Attribute.LanguageProperty l, LanguageFilter filter, boolean concise) {
        if (!concise) {
            out.name("type").text(Kind.Property.name());
        }
        String tag = filter.choose(l.languageMap());
        out.name("value");
        texts(l.languageMap().getOrDefault(tag, List.of()));
        out.name("lang").text(tag);
    }

    private void linkedMember(String iri, Shown shown) {
        if (links == null || shown.isDeleted()) {
            return;
        }
        if (shown.attribute() instanceof Attribute.Relationship r) {
            linkedEntities("entity", iri, r.objects(), r.objects().size() == 1);
        } else if (shown.attribute() instanceof Attribute.ListRelationship r) {
            linkedEntities("entityList", iri, r.objectList(), false);
        }
    }

    private void linkedEntities(String member, String iri, List<String> objects, boolean single) {
        Links follow = java.util.Objects.requireNonNull(links);
        List<Entity> found = objects.stream()
                .map(follow::follow)
                .filter(java.util.Objects::nonNull)
                .map(java.util.Objects::requireNonNull)
                .toList();
        if (found.isEmpty()) {
            return;
        }
        out.name(member);
        if (single) {
            follow.write(out, iri, found.get(0));
            return;
        }
        out.beginArray();
        found.forEach(e -> follow.write(out, iri, e));
        out.endArray();
    }

    private void meta(AttributeMeta meta, Shown shown) {
        optional("datasetId", meta.datasetId());
        if (!shown.isDeleted()) {
            time("observedAt", meta.observedAt());
            optional("unitCode", meta.unitCode());
            if (meta.valueType() != null) {
                out.member("valueType", context.compact(meta.valueType()));
            }
            if (!meta.objectTypes().isEmpty()) {
                out.name("objectType");
                texts(meta.objectTypes().stream().map(context::compact).toList());
            }
        }
        if (temporal) {
            optional("instanceId", meta.instanceId());
        }
        if (options.sysAttrs()) {
            time("createdAt", meta.createdAt());
            time("modifiedAt", meta.modifiedAt());
            time("expiresAt", meta.expiresAt());
            time("deletedAt", shown.isDeleted() ? shown.deletedAt() : meta.deletedAt());
        } else if (temporal) {
            time("deletedAt", meta.deletedAt());
        }
        if (!shown.isDeleted()) {
            subAttributes(meta);
        }
    }

    private void subAttributes(AttributeMeta meta) {
        for (Map.Entry<String, List<Attribute>> sub : meta.attributes().entrySet()) {
            if (SEALS.contains(sub.getKey()) && sub.getValue().get(0) instanceof Attribute.Property p) {
                out.member(sub.getKey().substring(NgsiLd.NAMESPACE.length()), context.compactValue(p.value()));
            } else {
                List<Attribute> instances = sub.getValue();
                out.rawName(context.encodedName(sub.getKey()));
                AttributeWriter plain = links == null ? this : new AttributeWriter(out, options, null, temporal);
                if (instances.size() == 1) {
                    plain.instance(sub.getKey(), Shown.of(instances.get(0)));
                } else {
                    out.beginArray();
                    instances.forEach(i -> plain.instance(sub.getKey(), Shown.of(i)));
                    out.endArray();
                }
            }
        }
    }

    private void optional(String name, @Nullable String text) {
        if (text != null) {
            out.member(name, text);
        }
    }

    private void time(String name, @Nullable Instant time) {
        if (time != null) {
            out.name(name).time(time);
        }
    }

    /** Whether a concise instance is nothing but its value, and reads back as what it is. */
    private boolean isBare(Shown shown) {
        Attribute a = shown.attribute();
        AttributeMeta m = a.meta();
        if (shown.previous() != null || m.datasetId() != null || showsSystem(m, shown)) {
            return false;
        }
        if (shown.isDeleted()) {
            return true;
        }
        if (m.observedAt() != null
                || m.unitCode() != null
                || m.valueType() != null
                || !m.objectTypes().isEmpty()
                || !m.attributes().isEmpty()) {
            return false;
        }
        return a instanceof Attribute.GeoProperty
                || (a instanceof Attribute.Property p && isPlain(context.compactValue(p.value())));
    }

    private boolean showsSystem(AttributeMeta m, Shown shown) {
        boolean system = m.createdAt() != null || m.modifiedAt() != null || m.expiresAt() != null || shown.isDeleted();
        return (temporal && (m.instanceId() != null || m.deletedAt() != null)) || (options.sysAttrs() && system);
    }

    private static boolean isPlain(Value value) {
        if (value instanceof Value.Obj o) {
            return o.members().containsKey("@value")
                    || o.members().keySet().stream().noneMatch(GIVES_MEANING::contains);
        }
        return !(value instanceof Value.Array a)
                || a.items().stream()
                        .noneMatch(i -> i instanceof Value.Obj o
                                && o.members().keySet().stream().anyMatch(GIVES_MEANING::contains));
    }

    /** Whether a concise instance must state its type, because the value alone would be taken for another kind. */
    private boolean needsType(Shown shown) {
        Attribute a = shown.attribute();
        if (shown.isDeleted()) {
            return a instanceof Attribute.GeoProperty;
        }
        if (a instanceof Attribute.GeoProperty g && g.value().isDeleted()) {
            return true;
        }
        return a instanceof Attribute.Property p
                && p.value() instanceof Value.Obj o
                && Geometry.isGeometry(context.compactValue(o));
    }

    private void nullMember(Attribute a) {
        Kind kind = a.kind();
        out.name(member(kind, false));
        if (kind == Kind.LanguageProperty) {
            out.beginObject().member("@none", Value.NGSI_LD_NULL).endObject();
        } else if (kind == Kind.ListProperty || kind == Kind.ListRelationship) {
            out.beginArray().text(Value.NGSI_LD_NULL).endArray();
        } else {
            out.text(Value.NGSI_LD_NULL);
        }
    }

    /** The member that holds the value, or the previous one. */
    private void valueMember(Attribute a, boolean previous) {
        if (a instanceof Attribute.Fragment) {
            return;
        }
        out.name(member(a.kind(), previous));
        if (a instanceof Attribute.ListRelationship r && !a.isNull()) {
            boolean objects = options.form() == Form.NORMALIZED;
            out.beginArray();
            for (String object : r.objectList()) {
                if (objects) {
                    out.beginObject().member("object", object).endObject();
                } else {
                    out.text(object);
                }
            }
            out.endArray();
        } else {
            value(a);
        }
    }

    private static String member(@Nullable Kind kind, boolean previous) {
        if (kind == null) {
            return previous ? "previousValue" : "value";
        }
        return switch (kind) {
            case Property, GeoProperty -> previous ? "previousValue" : "value";
            case Relationship -> previous ? "previousObject" : "object";
            case LanguageProperty -> previous ? "previousLanguageMap" : "languageMap";
            case VocabProperty -> previous ? "previousVocab" : "vocab";
            case JsonProperty -> previous ? "previousJson" : "json";
            case ListProperty -> previous ? "previousValueList" : "valueList";
            case ListRelationship -> previous ? "previousObjectList" : "objectList";
        };
    }

    /** The value alone, as it stands in its member. */
    void value(Attribute a) {
        if (a instanceof Attribute.Property p) {
            compacted(p.value());
        } else if (a instanceof Attribute.GeoProperty g) {
            out.value(g.value().orNull());
        } else if (a instanceof Attribute.Relationship r) {
            texts(r.objects());
        } else if (a instanceof Attribute.LanguageProperty l) {
            out.beginObject();
            l.languageMap().forEach((tag, texts) -> {
                out.name(tag);
                texts(texts);
            });
            out.endObject();
        } else if (a instanceof Attribute.VocabProperty v) {
            texts(
                    v.isNull()
                            ? v.vocab()
                            : v.vocab().stream().map(context::compact).toList());
        } else if (a instanceof Attribute.JsonProperty j) {
            out.value(j.json());
        } else if (a instanceof Attribute.ListProperty l) {
            out.beginArray();
            l.valueList().forEach(this::compacted);
            out.endArray();
        } else if (a instanceof Attribute.ListRelationship r) {
            out.texts(r.objectList());
        } else {
            out.nul();
        }
    }

    private void compacted(Value value) {
        if (value instanceof Value.Obj || value instanceof Value.Array) {
            out.value(context.compactValue(value));
        } else {
            out.value(value);
        }
    }

    /** One string as it is, several as an array. */
    void texts(List<String> texts) {
        if (texts.size() == 1) {
            out.text(texts.get(0));
        } else {
            out.texts(texts);
        }
    }
}
