package de.freiraum.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One instance of an attribute (clause 4.5): a value of one of eight kinds with its {@linkplain AttributeMeta metadata}. */
public sealed interface Attribute {

    /** The kinds, named as the {@code type} member names them. */
    enum Kind {
        Property,
        GeoProperty,
        Relationship,
        LanguageProperty,
        VocabProperty,
        JsonProperty,
        ListProperty,
        ListRelationship;

        /** Whether the value may have a unit (clauses 4.5.2 and 4.5.21). */
        public boolean hasUnitCode() {
            return this == Property || this == ListProperty;
        }

        /** Whether the value may have a datatype; what links to entities has a type of entities instead. */
        public boolean hasValueType() {
            return !linksEntities();
        }

        /** Whether the value is made of entities' URIs (clauses 4.5.3 and 4.5.22). */
        public boolean linksEntities() {
            return this == Relationship || this == ListRelationship;
        }
    }

    /**
     * The deletion of an instance, as history has it: the NGSI-LD Null of the same kind with {@code deletedAt} (clauses 4.5.7 and 4.5.8).
     *
     * @param before the instance that is deleted
     * @param at when; null: to be said later
     */
    static Attribute deletion(Attribute before, @Nullable Instant at) {
        AttributeMeta then = before.meta();
        AttributeMeta meta = AttributeMeta.NONE.withDatasetId(then.datasetId()).withTimes(then.createdAt(), at, at);
        Value none = Value.of(Value.NGSI_LD_NULL);
        List<String> noUri = List.of(Value.NGSI_LD_NULL);
        if (before instanceof GeoProperty) {
            return new GeoProperty(Geometry.DELETED, meta);
        } else if (before instanceof Relationship) {
            return new Relationship(noUri, meta);
        } else if (before instanceof LanguageProperty) {
            return new LanguageProperty(Map.of("@none", noUri), meta);
        } else if (before instanceof VocabProperty) {
            return new VocabProperty(noUri, meta);
        } else if (before instanceof JsonProperty) {
            return new JsonProperty(none, meta);
        } else if (before instanceof ListProperty) {
            return new ListProperty(List.of(none), meta);
        } else if (before instanceof ListRelationship) {
            return new ListRelationship(noUri, meta);
        }
        return new Property(none, meta);
    }

    /** What the instance has beside its value. */
    AttributeMeta meta();

    /** The same value with other metadata. */
    Attribute with(AttributeMeta meta);

    /** The kind; null only for a patch that does not state it. */
    @Nullable
    Kind kind();

    /** Whether the value is the NGSI-LD Null, which asks for deletion (clause 4.5.0). */
    boolean isNull();

    /** Clause 4.5.2: any JSON value. */
    record Property(Value value, AttributeMeta meta) implements Attribute {
        @Override
        public Property with(AttributeMeta other) {
            return new Property(value, other);
        }

        @Override
        public Kind kind() {
            return Kind.Property;
        }

        @Override
        public boolean isNull() {
            return value.isNgsiLdNull();
        }
    }

    /** Clause 4.7: a geometry. A patch that deletes is a {@link Property} of NGSI-LD Null; in history it is {@link Geometry#DELETED}. */
    record GeoProperty(Geometry value, AttributeMeta meta) implements Attribute {
        @Override
        public GeoProperty with(AttributeMeta other) {
            return new GeoProperty(value, other);
        }

        @Override
        public Kind kind() {
            return Kind.GeoProperty;
        }

        @Override
        public boolean isNull() {
            return value.isDeleted();
        }
    }

    /** Clause 4.5.3: one or several URIs of entities. */
    record Relationship(List<String> objects, AttributeMeta meta) implements Attribute {
        /** Copies the list. */
        public Relationship {
            objects = List.copyOf(objects);
        }

        @Override
        public Relationship with(AttributeMeta other) {
            return new Relationship(objects, other);
        }

        @Override
        public Kind kind() {
            return Kind.Relationship;
        }

        @Override
        public boolean isNull() {
            return objects.size() == 1 && objects.get(0).equals(Value.NGSI_LD_NULL);
        }
    }

    /** Clause 4.5.18: strings by language tag ({@code @none} where there is none). */
    record LanguageProperty(Map<String, List<String>> languageMap, AttributeMeta meta) implements Attribute {
        /** Copies the map, keeping its order. */
        public LanguageProperty {
            languageMap = Collections.unmodifiableMap(new LinkedHashMap<>(languageMap));
        }

        @Override
        public LanguageProperty with(AttributeMeta other) {
            return new LanguageProperty(languageMap, other);
        }

        @Override
        public Kind kind() {
            return Kind.LanguageProperty;
        }

        @Override
        public boolean isNull() {
            return languageMap.size() == 1 && List.of(Value.NGSI_LD_NULL).equals(languageMap.get("@none"));
        }
    }

    /** Clause 4.5.20: one or several IRIs from a vocabulary. */
    record VocabProperty(List<String> vocab, AttributeMeta meta) implements Attribute {
        /** Copies the list. */
        public VocabProperty {
            vocab = List.copyOf(vocab);
        }

        @Override
        public VocabProperty with(AttributeMeta other) {
            return new VocabProperty(vocab, other);
        }

        @Override
        public Kind kind() {
            return Kind.VocabProperty;
        }

        @Override
        public boolean isNull() {
            return vocab.size() == 1 && vocab.get(0).equals(Value.NGSI_LD_NULL);
        }
    }

    /** Clause 4.5.24: a JSON literal, not expanded. */
    record JsonProperty(Value json, AttributeMeta meta) implements Attribute {
        @Override
        public JsonProperty with(AttributeMeta other) {
            return new JsonProperty(json, other);
        }

        @Override
        public Kind kind() {
            return Kind.JsonProperty;
        }

        @Override
        public boolean isNull() {
            return json.isNgsiLdNull();
        }
    }

    /** Clause 4.5.21: an ordered list of values. */
    record ListProperty(List<Value> valueList, AttributeMeta meta) implements Attribute {
        /** Copies the list. */
        public ListProperty {
            valueList = List.copyOf(valueList);
        }

        @Override
        public ListProperty with(AttributeMeta other) {
            return new ListProperty(valueList, other);
        }

        @Override
        public Kind kind() {
            return Kind.ListProperty;
        }

        @Override
        public boolean isNull() {
            return valueList.size() == 1 && valueList.get(0).isNgsiLdNull();
        }
    }

    /** Clause 4.5.22: an ordered list of entity URIs. */
    record ListRelationship(List<String> objectList, AttributeMeta meta) implements Attribute {
        /** Copies the list. */
        public ListRelationship {
            objectList = List.copyOf(objectList);
        }

        @Override
        public ListRelationship with(AttributeMeta other) {
            return new ListRelationship(objectList, other);
        }

        @Override
        public Kind kind() {
            return Kind.ListRelationship;
        }

        @Override
        public boolean isNull() {
            return objectList.size() == 1 && objectList.get(0).equals(Value.NGSI_LD_NULL);
        }
    }

    /** An attribute without its value, as patches carry it to change metadata alone (clause 5.5.8). Never stored. */
    record Fragment(@Nullable Kind kind, AttributeMeta meta) implements Attribute {
        @Override
        public Fragment with(AttributeMeta other) {
            return new Fragment(kind, other);
        }

        @Override
        public boolean isNull() {
            return false;
        }
    }
}
