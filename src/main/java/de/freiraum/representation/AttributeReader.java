package de.freiraum.representation;

import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.Attribute.Kind;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads attribute instances of all eight kinds, with their sub-attributes to {@value #MAX_DEPTH} levels. */
final class AttributeReader {
    static final int MAX_DEPTH = 16;
    static final String PROOF = "ngsildproof";

    private static final String LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";

    private static final int MAX_INSTANCES = 10_000;

    /** The member that holds the value of each kind. */
    private static final Map<String, Kind> KIND_OF_MEMBER = Map.of(
            "value", Kind.Property,
            "object", Kind.Relationship,
            "languageMap", Kind.LanguageProperty,
            "vocab", Kind.VocabProperty,
            "json", Kind.JsonProperty,
            "valueList", Kind.ListProperty,
            "objectList", Kind.ListRelationship);

    private static final Map<String, Kind> KINDS = kinds();

    /** Members that only answers have. The broker ignores those of the same kind, and refuses those of others. */
    private static final Map<String, Kind> OUTPUT_MEMBERS = Map.of(
            "previousValue", Kind.Property,
            "previousObject", Kind.Relationship,
            "previousLanguageMap", Kind.LanguageProperty,
            "previousVocab", Kind.VocabProperty,
            "previousJson", Kind.JsonProperty,
            "previousValueList", Kind.ListProperty,
            "previousObjectList", Kind.ListRelationship,
            "entity", Kind.Relationship,
            "entityList", Kind.ListRelationship);

    private static final Set<String> PLAIN_MEMBERS = Set.of(
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

    private static final Set<String> SEALS = Set.of("entityIdSealed", "entityTypeSealed");

    private final Context context;
    private final ReadMode mode;
    private final boolean simplified;
    private final ValueReader values;

    AttributeReader(Context context, ReadMode mode, boolean simplified) {
        this.context = context;
        this.mode = mode;
        this.simplified = simplified;
        this.values = new ValueReader(context, mode);
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            kinds.put(kind.name(), kind);
        }
        return Map.copyOf(kinds);
    }

    /** The IRI of an attribute's name, which must be a valid name and none of the core's own members (clause 4.5.1). */
    String iri(String name) {
        if (PLAIN_MEMBERS.contains(name)
                || KIND_OF_MEMBER.containsKey(name)
                || OUTPUT_MEMBERS.containsKey(name)
                || name.startsWith("@")) {
            throw NgsiLdException.badRequest(
                    "\"" + Names.clip(name) + "\" is a member of NGSI-LD and no attribute's name");
        }
        return context.expand(Names.name(name, "attribute name"));
    }

    /** The body of an operation on one attribute. An object there is an instance, never a bare value. */
    List<Attribute> body(String name, Value body) {
        if (body instanceof Value.Obj o && !Geometry.isGeometry(body)) {
            return List.of(instance(name, o, 0));
        }
        List<Attribute> instances = instances(name, body, 0);
        if (instances.isEmpty()) {
            throw ValueReader.fault(name, "has no instance");
        }
        return instances;
    }

    /** All instances under one name. */
    List<Attribute> instances(String name, Value value, int depth) {
        if (depth > MAX_DEPTH) {
            throw ValueReader.fault(name, "is nested too deep; sub-attributes go to " + MAX_DEPTH + " levels");
        }
        if (simplified) {
            return simplified(name, value);
        }
        if (value instanceof Value.Array a && a.items().stream().anyMatch(this::isInstance)) {
            return several(name, a, depth);
        }
        return List.of(one(name, value, depth));
    }

    private List<Attribute> several(String name, Value.Array array, int depth) {
        if (array.items().size() > MAX_INSTANCES) {
            throw ValueReader.fault(name, "has more than " + MAX_INSTANCES + " instances");
        }
        List<Attribute> instances = new ArrayList<>();
        Set<String> datasets = new HashSet<>();
        for (Value item : array.items()) {
            if (item instanceof Value.Array) {
                throw ValueReader.fault(name, "mixes instances and arrays");
            }
            Attribute instance = one(name, item, depth);
            String dataset = instance.meta().datasetId();
            if (!datasets.add(dataset == null ? "" : dataset) && !mode.repeatsInstances()) {
                throw ValueReader.fault(
                        name,
                        dataset == null
                                ? "has more than one default instance; all but one need a datasetId"
                                : "has more than one instance with the datasetId " + Names.clip(dataset));
            }
            instances.add(instance);
        }
        return instances;
    }

    /** Whether a member of an array is an attribute instance, not part of an array that is a value. */
    private boolean isInstance(Value value) {
        if (!(value instanceof Value.Obj o) || Geometry.isGeometry(value)) {
            return false;
        }
        return kindName(o) != null || o.members().keySet().stream().anyMatch(KIND_OF_MEMBER::containsKey);
    }

    private static @Nullable String kindName(Value.Obj o) {
        Value type = typeOf(o);
        return type instanceof Value.Text t && KINDS.containsKey(t.text()) ? t.text() : null;
    }

    private static @Nullable Value typeOf(Value.Obj o) {
        Value type = o.get("type");
        return type != null ? type : o.get("@type");
    }

    private Attribute one(String name, Value value, int depth) {
        if (!(value instanceof Value.Obj o)) {
            return new Attribute.Property(values.propertyValue(name, value), AttributeMeta.NONE);
        }
        if (o.get("@value") != null) {
            return new Attribute.Property(values.propertyValue(name, value), AttributeMeta.NONE);
        }
        if (kindName(o) == null && Geometry.isGeometry(o)) {
            return new Attribute.GeoProperty(ValueReader.geometry(name, o), AttributeMeta.NONE);
        }
        boolean instance = typeOf(o) != null
                || o.members().keySet().stream()
                        .anyMatch(m -> KIND_OF_MEMBER.containsKey(m) || PLAIN_MEMBERS.contains(m))
                || (mode.patchesMembers() && isOnlySubAttributes(o));
        return instance
                ? instance(name, o, depth)
                : new Attribute.Property(values.propertyValue(name, value), AttributeMeta.NONE);
    }

    private boolean isOnlySubAttributes(Value.Obj o) {
        return !o.members().isEmpty() && o.members().values().stream().allMatch(this::isInstance);
    }

    private Attribute instance(String name, Value.Obj o, int depth) {
        Kind kind = kind(name, o);
        Members members = new Members(name, kind, depth);
        o.members().forEach(members::read);
        AttributeMeta meta = members.meta();
        if (kind == null) {
            return fragment(name, null, meta);
        }
        String valueMember = memberOf(kind);
        Value value = o.get(valueMember);
        if (value == null) {
            return fragment(name, kind, meta);
        }
        return switch (kind) {
            case Property -> new Attribute.Property(values.propertyValue(name, value), meta);
            case GeoProperty -> values.geoProperty(name, value, meta);
            case Relationship -> new Attribute.Relationship(values.objects(name, value), meta);
            case LanguageProperty -> new Attribute.LanguageProperty(values.languages(name, value), meta);
            case VocabProperty -> new Attribute.VocabProperty(values.vocabulary(name, value), meta);
            case JsonProperty -> new Attribute.JsonProperty(values.json(name, value), meta);
            case ListProperty -> new Attribute.ListProperty(values.list(name, value), meta);
            case ListRelationship -> new Attribute.ListRelationship(values.objectList(name, value), meta);
        };
    }

    private Attribute fragment(String name, @Nullable Kind kind, AttributeMeta meta) {
        if (mode.needsValues()) {
            throw ValueReader.fault(name, kind == null ? "has no value" : "has no \"" + memberOf(kind) + "\"");
        }
        return new Attribute.Fragment(kind, meta);
    }

    private static String memberOf(Kind kind) {
        for (Map.Entry<String, Kind> e : KIND_OF_MEMBER.entrySet()) {
            if (e.getValue() == kind) {
                return e.getKey();
            }
        }
        return "value"; // GeoProperty
    }

    /** The kind that the type member states, or that follows from the member that holds the value. */
    private @Nullable Kind kind(String name, Value.Obj o) {
        Value type = typeOf(o);
        if (type != null) {
            Kind stated = type instanceof Value.Text t ? KINDS.get(t.text()) : null;
            if (stated == null) {
                throw ValueReader.fault(
                        name,
                        "has an unknown \"type\"; allowed are "
                                + KINDS.keySet().stream().sorted().toList());
            }
            return stated;
        }
        Kind found = null;
        for (Map.Entry<String, Kind> candidate : KIND_OF_MEMBER.entrySet()) {
            if (o.get(candidate.getKey()) != null) {
                if (found != null) {
                    throw ValueReader.fault(
                            name, "has both \"" + memberOf(found) + "\" and \"" + candidate.getKey() + "\"");
                }
                found = candidate.getValue();
            }
        }
        Value value = o.get("value");
        return found == Kind.Property && value != null && Geometry.isGeometry(value) ? Kind.GeoProperty : found;
    }

    /** The members of one instance other than its type and value. */
    private final class Members {
        private final String name;
        private final @Nullable Kind kind;
        private final int depth;
        private final Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        private final Set<String> removed = new LinkedHashSet<>();
        private @Nullable String datasetId;
        private @Nullable Instant observedAt;
        private @Nullable String unitCode;
        private @Nullable String valueType;
        private List<String> objectTypes = List.of();
        private @Nullable Instant expiresAt;
        private @Nullable Instant createdAt;
        private @Nullable Instant modifiedAt;
        private @Nullable Instant deletedAt;
        private @Nullable String instanceId;

        Members(String name, @Nullable Kind kind, int depth) {
            this.name = name;
            this.kind = kind;
            this.depth = depth;
        }

        AttributeMeta meta() {
            if (datasetId == null
                    && observedAt == null
                    && unitCode == null
                    && valueType == null
                    && objectTypes.isEmpty()
                    && expiresAt == null
                    && createdAt == null
                    && modifiedAt == null
                    && deletedAt == null
                    && instanceId == null
                    && attributes.isEmpty()
                    && removed.isEmpty()) {
                return AttributeMeta.NONE;
            }
            return new AttributeMeta(
                    datasetId,
                    observedAt,
                    unitCode,
                    valueType,
                    objectTypes,
                    expiresAt,
                    createdAt,
                    modifiedAt,
                    deletedAt,
                    instanceId,
                    attributes,
                    removed);
        }

        void read(String member, Value value) {
            Kind holds = KIND_OF_MEMBER.get(member);
            if (holds != null) {
                boolean own = kind == holds || (holds == Kind.Property && kind == Kind.GeoProperty);
                if (!own) {
                    throw prohibited(member);
                }
                return;
            }
            Kind shows = OUTPUT_MEMBERS.get(member);
            if (shows != null) {
                boolean own = kind == null || kind == shows || (shows == Kind.Property && kind == Kind.GeoProperty);
                if (!own) {
                    throw prohibited(member);
                }
                return;
            }
            if (PLAIN_MEMBERS.contains(member)) {
                plain(member, value);
                return;
            }
            switch (member) {
                case "type", "@type" -> {
                    // read before
                }
                case "@context" ->
                    throw ValueReader.fault(name, "has an embedded @context; only the whole document may have one");
                default -> subAttribute(member, value);
            }
        }

        private void plain(String member, Value value) {
            if (kind != null && !permits(kind, member)) {
                throw prohibited(member);
            }
            if (Set.of("createdAt", "modifiedAt", "deletedAt", "instanceId").contains(member)) {
                system(member, value);
                return;
            }
            if (value.isNgsiLdNull()) {
                if (member.equals("datasetId") || !mode.patchesMembers()) {
                    throw ValueReader.nullRefused("\"" + member + "\" of attribute \"" + Names.clip(name) + "\"");
                }
                removed.add(member);
                return;
            }
            switch (member) {
                case "datasetId" -> datasetId = dataset(value);
                case "observedAt" -> observedAt = time(member, value);
                case "expiresAt" -> expiresAt = time(member, value);
                case "unitCode" -> unitCode = ValueReader.text(name, member, value);
                case "valueType" -> valueType = valueType(ValueReader.text(name, member, value));
                default -> objectTypes = values.expandAll(name, member, value);
            }
        }

        private static boolean permits(Kind kind, String member) {
            return switch (member) {
                case "unitCode" -> kind.hasUnitCode();
                case "valueType" -> kind.hasValueType();
                case "objectType" -> kind.linksEntities();
                default -> true;
            };
        }

        private void system(String member, Value value) {
            if (!mode.takesSystemMembers()) {
                return;
            }
            switch (member) {
                case "createdAt" -> createdAt = time(member, value);
                case "modifiedAt" -> modifiedAt = time(member, value);
                case "deletedAt" -> deletedAt = time(member, value);
                default -> instanceId = Names.uri(ValueReader.text(name, member, value), member);
            }
        }

        /** That of a LanguageProperty can only be langString (clause 5.2.32). */
        private String valueType(String given) {
            String iri = context.expand(given);
            if (kind == Kind.LanguageProperty && !given.equals("langString") && !iri.equals(LANG_STRING)) {
                throw ValueReader.fault(
                        name, "is a LanguageProperty, so that its \"valueType\" can only be langString");
            }
            return iri;
        }

        private Instant time(String member, Value value) {
            return ValueReader.dateTime(name + "." + member, value);
        }

        private @Nullable String dataset(Value value) {
            String text = ValueReader.text(name, "datasetId", value);
            return text.equals("@none") ? null : Names.uri(text, "datasetId of attribute \"" + Names.clip(name) + "\"");
        }

        private void subAttribute(String member, Value value) {
            if (SEALS.contains(member)) {
                if (!name.equals(PROOF)) {
                    throw ValueReader.fault(name, "has \"" + member + "\", which only " + PROOF + " has");
                }
                attributes.put(
                        NgsiLd.NAMESPACE + member,
                        List.of(new Attribute.Property(values.propertyValue(member, value), AttributeMeta.NONE)));
                return;
            }
            String iri = iri(member);
            List<Attribute> instances = instances(member, value, depth + 1);
            if (mode.needsValues() && !mode.repeatsInstances()) {
                // a whole instance is written, so that there is nothing a Null could delete
                instances = instances.stream().filter(a -> !a.isNull()).toList();
            }
            if (!instances.isEmpty() && attributes.put(iri, instances) != null) {
                throw ValueReader.fault(name, "has the sub-attribute \"" + Names.clip(member) + "\" twice");
            }
        }

        private NgsiLdException prohibited(String member) {
            return ValueReader.fault(
                    name, "must not have \"" + member + "\"" + (kind == null ? "" : ", as it is a " + kind));
        }
    }

    /** The simplified representation (clause 4.5.4): values alone. */
    private List<Attribute> simplified(String name, Value value) {
        if (value instanceof Value.Obj o && o.members().size() == 1 && o.get("dataset") instanceof Value.Obj sets) {
            List<Attribute> instances = new ArrayList<>();
            sets.members().forEach((dataset, v) -> {
                String id = dataset.equals("@none") ? null : Names.uri(dataset, "a datasetId of \"" + name + "\"");
                Attribute one = simplifiedOne(name, v);
                instances.add(one.with(one.meta().withDatasetId(id)));
            });
            return instances;
        }
        return List.of(simplifiedOne(name, value));
    }

    private Attribute simplifiedOne(String name, Value value) {
        if (value instanceof Value.Obj o) {
            if (Geometry.isGeometry(o)) {
                return new Attribute.GeoProperty(ValueReader.geometry(name, o), AttributeMeta.NONE);
            }
            if (o.members().size() == 1) {
                Map.Entry<String, Value> only =
                        o.members().entrySet().iterator().next();
                switch (only.getKey()) {
                    case "languageMap" -> {
                        return new Attribute.LanguageProperty(
                                values.languages(name, only.getValue()), AttributeMeta.NONE);
                    }
                    case "vocab" -> {
                        return new Attribute.VocabProperty(
                                values.vocabulary(name, only.getValue()), AttributeMeta.NONE);
                    }
                    case "json" -> {
                        return new Attribute.JsonProperty(values.json(name, only.getValue()), AttributeMeta.NONE);
                    }
                    default -> {
                        // an object that is a value
                    }
                }
            }
        }
        return new Attribute.Property(values.propertyValue(name, value), AttributeMeta.NONE);
    }
}
