package de.freiraum.representation;

import de.freiraum.json.Times;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads entities and parts of them, normalized or concise as they come (clauses 4.5 and 5.2.4 to 5.2.8, 5.2.32 to 5.2.38), or simplified
 * where the operation has that. Every fault is BadRequestData and names the attribute. Members that only the broker writes are ignored.
 */
public final class EntityReader {
    static final String SCOPE = NgsiLd.NAMESPACE + "scope";

    private static final Set<String> GEO_ONLY =
            Set.of(NgsiLd.LOCATION, NgsiLd.OBSERVATION_SPACE, NgsiLd.OPERATION_SPACE);

    private final Context context;
    private final ReadMode mode;
    private final AttributeReader attributes;

    private EntityReader(Context context, ReadMode mode, boolean simplified) {
        this.context = context;
        this.mode = mode;
        this.attributes = new AttributeReader(context, mode, simplified);
    }

    /**
     * Reads an entity or a part of one.
     *
     * @param body a JSON object; its {@code @context} member is passed over
     * @throws NgsiLdException BadRequestData
     */
    public static EntityFragment read(Value body, Context context, ReadMode mode) {
        return new EntityReader(context, mode, false).fragment(object(body));
    }

    /**
     * Reads a part of an entity in simplified representation (clause 4.5.4), for a merge.
     *
     * @throws NgsiLdException BadRequestData
     */
    public static EntityFragment readSimplified(Value body, Context context, ReadMode mode) {
        return new EntityReader(context, mode, true).fragment(object(body));
    }

    /**
     * The IRI of an attribute that a request names, or that of {@code scope}.
     *
     * @throws NgsiLdException BadRequestData for what cannot be an attribute's name (clauses 4.5.1 and 4.6.2)
     */
    public static String attributeName(String name, Context context) {
        String iri = new AttributeReader(context, ReadMode.CREATE, false).iri(name);
        if (iri.startsWith("@")) {
            throw NgsiLdException.badRequest("id and type are members of the entity, not attributes");
        }
        return iri;
    }

    /**
     * Reads the body of an operation on one attribute: one instance or, where the body is an array, several.
     *
     * @param name the attribute as the request calls it, for errors
     * @throws NgsiLdException BadRequestData
     */
    public static List<Attribute> readAttribute(String name, Value body, Context context, ReadMode mode) {
        return new AttributeReader(context, mode, false).body(name, withoutContext(body));
    }

    /**
     * Reads one instance, as {@link #readAttribute}; the body must not be an array.
     *
     * @throws NgsiLdException BadRequestData
     */
    public static Attribute readInstance(String name, Value body, Context context, ReadMode mode) {
        if (body instanceof Value.Array) {
            throw NgsiLdException.badRequest("the body is one instance of " + Names.clip(name) + ", no array");
        }
        return readAttribute(name, body, context, mode).get(0);
    }

    /**
     * Reads a whole entity as another broker sent it, with its system times.
     *
     * @throws NgsiLdException BadRequestData
     */
    public static Entity readForeign(Value body, Context context) {
        Value.Obj object = object(body);
        EntityFragment f = read(body, context, ReadMode.FOREIGN);
        return new Entity(
                java.util.Objects.requireNonNull(f.id()),
                f.types(),
                f.scopes() == null ? List.of() : f.scopes(),
                f.attributes(),
                time(object, "createdAt"),
                time(object, "modifiedAt"),
                f.expiresAt());
    }

    static @Nullable Instant time(Value.Obj object, String name) {
        return object.get(name) instanceof Value.Text t && Times.isDateTime(t.text())
                ? Times.parse(t.text(), name)
                : null;
    }

    private static Value.Obj object(Value body) {
        if (body instanceof Value.Obj o) {
            return o;
        }
        throw NgsiLdException.badRequest("an entity is a JSON object");
    }

    private static Value withoutContext(Value body) {
        if (body instanceof Value.Obj o && o.get("@context") != null) {
            Map<String, Value> members = new LinkedHashMap<>(o.members());
            members.remove("@context");
            return new Value.Obj(members);
        }
        return body;
    }

    private EntityFragment fragment(Value.Obj body) {
        String id = null;
        List<String> types = List.of();
        List<String> scopes = null;
        Instant expiresAt = null;
        Set<String> removed = new LinkedHashSet<>();
        Map<String, List<Attribute>> read = new LinkedHashMap<>();
        for (Map.Entry<String, Value> member : body.members().entrySet()) {
            String name = member.getKey();
            Value value = member.getValue();
            switch (keyword(name)) {
                case "@id" -> {
                    requireOnce(id == null, "id");
                    id = id(value);
                }
                case "@type" -> {
                    requireOnce(types.isEmpty(), "type");
                    types = types(value);
                }
                case "@context", "createdAt", "modifiedAt", "deletedAt" -> {
                    // the caller's, or the broker's own
                }
                case "scope" -> {
                    if (removes("scope", value)) {
                        removed.add("scope");
                    } else if (mode.repeatsInstances() && isReified(value)) {
                        read.put(SCOPE, scopeHistory(value));
                    } else {
                        scopes = scopes(value);
                    }
                }
                case "expiresAt" -> {
                    if (removes("expiresAt", value)) {
                        removed.add("expiresAt");
                    } else {
                        expiresAt = ValueReader.dateTime("expiresAt", value);
                    }
                }
                default -> {
                    String iri = attributes.iri(name);
                    List<Attribute> instances = attributes.instances(name, value, 0);
                    checkGeo(name, iri, instances);
                    if (!instances.isEmpty() && read.put(iri, instances) != null) {
                        throw NgsiLdException.badRequest("attribute \"" + Names.clip(name) + "\" occurs twice");
                    }
                }
            }
        }
        if (mode.needsIdAndType()) {
            require(id != null, "id");
            require(!types.isEmpty(), "type");
        }
        return new EntityFragment(id, types, scopes, read, expiresAt, removed);
    }

    private static void requireOnce(boolean first, String member) {
        if (!first) {
            throw NgsiLdException.badRequest("the entity has its \"" + member + "\" twice");
        }
    }

    private static void require(boolean there, String member) {
        if (!there) {
            throw NgsiLdException.badRequest("the entity has no \"" + member + "\"");
        }
    }

    private String keyword(String name) {
        return switch (name) {
            case "id" -> "@id";
            case "type" -> "@type";
            default -> {
                String iri = context.expand(name);
                yield iri.startsWith("@") ? iri : name;
            }
        };
    }

    private void checkGeo(String name, String iri, List<Attribute> instances) {
        if (!GEO_ONLY.contains(iri)) {
            return;
        }
        for (Attribute a : instances) {
            if (!(a instanceof Attribute.GeoProperty) && !(a instanceof Attribute.Fragment) && !a.isNull()) {
                throw NgsiLdException.badRequest(
                        "attribute \"" + Names.clip(name) + "\" is a GeoProperty; found " + a.kind());
            }
        }
    }

    private static String id(Value value) {
        if (value instanceof Value.Text t) {
            if (t.text().equals(Value.NGSI_LD_NULL)) {
                throw NgsiLdException.badRequest("\"id\" cannot be NGSI-LD Null");
            }
            return Names.uri(t.text(), "\"id\"");
        }
        throw NgsiLdException.badRequest("\"id\" is a URI in a string");
    }

    private List<String> types(Value value) {
        Set<String> types = new LinkedHashSet<>();
        for (Value item : value instanceof Value.Array a ? a.items() : List.of(value)) {
            if (!(item instanceof Value.Text t) || t.text().equals(Value.NGSI_LD_NULL)) {
                throw NgsiLdException.badRequest("\"type\" is the name of a type, or an array of them");
            }
            String iri = context.expand(Names.name(t.text(), "type name"));
            if (iri.startsWith("@")) {
                throw NgsiLdException.badRequest("\"" + Names.clip(t.text()) + "\" is a keyword, no type name");
            }
            types.add(iri);
        }
        if (types.isEmpty()) {
            throw NgsiLdException.badRequest("\"type\" names no type");
        }
        return List.copyOf(types);
    }

    private boolean removes(String member, Value value) {
        if (!value.isNgsiLdNull()) {
            return false;
        }
        if (!mode.allowsNull()) {
            throw ValueReader.nullRefused("\"" + member + "\"");
        }
        return true;
    }

    static List<String> scopes(Value value) {
        Set<String> scopes = new LinkedHashSet<>();
        for (Value item : value instanceof Value.Array a ? a.items() : List.of(value)) {
            if (!(item instanceof Value.Text t) || !Names.isScope(t.text())) {
                throw NgsiLdException.badRequest(
                        "\"scope\" is a scope such as /Schwerte/Am_Markt (letters, numbers and _ between slashes),"
                                + " or an array of them");
            }
            scopes.add(t.text().startsWith("/") ? t.text() : "/" + t.text());
        }
        return List.copyOf(scopes);
    }

    private static boolean isReified(Value value) {
        return value instanceof Value.Obj
                || (value instanceof Value.Array a && a.items().stream().anyMatch(Value.Obj.class::isInstance));
    }

    /** The evolution of the scope (4.5.6), kept as that of a Property. */
    private List<Attribute> scopeHistory(Value value) {
        List<Attribute> instances = new ArrayList<>();
        for (Attribute a : attributes.instances("scope", value, 0)) {
            if (!(a instanceof Attribute.Property p)) {
                throw NgsiLdException.badRequest("\"scope\" in a temporal evolution is a Property");
            }
            Value checked = p.value().isNgsiLdNull() ? p.value() : Value.ofTexts(scopes(p.value()));
            instances.add(new Attribute.Property(checked, p.meta()));
        }
        return instances;
    }
}
