package de.freiraum.representation;

import de.freiraum.json.Times;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.query.TextPattern;
import de.freiraum.registration.CSourceRegistration;
import de.freiraum.registration.EntityInfo;
import de.freiraum.registration.Management;
import de.freiraum.registration.Mode;
import de.freiraum.registration.Operation;
import de.freiraum.registration.RegistrationInfo;
import de.freiraum.registration.TimeInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads context source registrations and fragments of them (clauses 5.2.9 to 5.2.11, 5.2.34, 5.9.2, 5.9.3). Members that only the broker
 * writes are left out; members that the data type does not have are kept as properties of the context source.
 */
public final class RegistrationReader {
    /** The type of every registration. */
    public static final String TYPE = "ContextSourceRegistration";

    private static final List<String> MODES =
            Arrays.stream(Mode.values()).map(Enum::name).toList();
    private static final Map<String, String> SPACES = Map.of(
            "location",
            NgsiLd.LOCATION,
            "observationSpace",
            NgsiLd.OBSERVATION_SPACE,
            "operationSpace",
            NgsiLd.OPERATION_SPACE);
    private static final Set<String> READ_ONLY = Set.of(
            "status", "timesSent", "timesFailed", "lastSuccess", "lastFailure", "createdAt", "modifiedAt", "deletedAt");
    private static final Set<Operation> AUXILIARY = Operation.ofNames(List.of("retrieveOps"));

    private static final Pattern PSEUDONYM = Pattern.compile("[\\x21\\x23-\\x2b\\x2d-\\x7e\\x80-\\xff]{1,256}");

    private RegistrationReader() {}

    /**
     * Reads a new registration.
     *
     * @param body without {@code @context}
     * @param context what its names belong to
     * @param newId the identifier it gets if it has none
     * @param now the current time, which {@code expiresAt} must be behind
     * @throws NgsiLdException BadRequestData
     */
    public static CSourceRegistration create(Value.Obj body, Context context, String newId, Instant now) {
        Map<String, Value> members = expanded(body, context, false);
        Members.required("type", members.get("type"));
        Map<String, Value> ordered = new LinkedHashMap<>();
        ordered.put("id", members.getOrDefault("id", Value.of(newId)));
        ordered.putAll(members);
        CSourceRegistration registration = stored(new Value.Obj(ordered));
        refusePast(registration, now);
        return registration;
    }

    /**
     * Applies a fragment (clauses 5.5.8 and 5.9.3): its members replace those of the registration; NGSI-LD Null removes them.
     *
     * @param fragment without {@code @context}
     * @param context what its names belong to
     * @throws NgsiLdException BadRequestData
     */
    public static CSourceRegistration update(
            CSourceRegistration current, Value.Obj fragment, Context context, Instant now) {
        Map<String, Value> changes = expanded(fragment, context, true);
        Value id = changes.get("id");
        if (id != null && !id.equals(Value.of(current.id()))) {
            throw NgsiLdException.badRequest("id must stay " + Members.clip(current.id()));
        }
        Map<String, Value> members = new LinkedHashMap<>(current.document().members());
        changes.forEach((name, value) -> {
            if (Members.isNothing(value)) {
                members.remove(name);
            } else {
                members.put(name, value);
            }
        });
        Members.required("type", members.get("type"));
        CSourceRegistration updated = stored(new Value.Obj(members));
        if (changes.containsKey("expiresAt")) {
            refusePast(updated, now);
        }
        return updated;
    }

    /**
     * Makes the registration of a document that was made by this reader.
     *
     * @param document with expanded names
     * @throws NgsiLdException BadRequestData if members do not fit together
     */
    public static CSourceRegistration stored(Value.Obj document) {
        Map<String, Geometry> spaces = new LinkedHashMap<>();
        SPACES.forEach((name, iri) -> {
            Value space = document.get(name);
            if (space != null) {
                spaces.put(iri, Geometry.of(space));
            }
        });
        Value mode = document.get("mode");
        Value expiresAt = document.get("expiresAt");
        List<String> operations = texts("operations", document.get("operations"));
        CSourceRegistration registration = new CSourceRegistration(
                Members.text("id", Members.required("id", document.get("id"))),
                Members.text("endpoint", Members.required("endpoint", document.get("endpoint"))),
                information(Members.required("information", document.get("information"))),
                mode == null ? Mode.inclusive : Mode.valueOf(Members.text("mode", mode)),
                Operation.ofNames(operations.isEmpty() ? List.of(Operation.DEFAULT_GROUP) : operations),
                spaces,
                interval("observationInterval", document.get("observationInterval")),
                interval("managementInterval", document.get("managementInterval")),
                expiresAt == null ? null : Times.parse(Members.text("expiresAt", expiresAt), "expiresAt"),
                optionalText("tenant", document),
                optionalText("contextSourceAlias", document),
                KeyValuePairs.stored(document.get("contextSourceInfo")),
                management(document.get("management")),
                new LinkedHashSet<>(texts("datasetId", document.get("datasetId"))),
                texts("scope", document.get("scope")),
                SourceProperties.of(document),
                document);
        checkTogether(registration);
        return registration;
    }

    private static void checkTogether(CSourceRegistration registration) {
        if (registration.mode() == Mode.auxiliary
                && registration.document().get("operations") != null
                && !AUXILIARY.containsAll(registration.operations())) {
            throw NgsiLdException.badRequest(
                    "operations must be retrieveOps, retrieveEntity or queryEntity, or some of them,"
                            + " where mode is auxiliary");
        }
        if (registration.mode() != Mode.exclusive) {
            return;
        }
        for (RegistrationInfo info : registration.information()) {
            boolean named =
                    !info.entities().isEmpty() && info.entities().stream().allMatch(e -> e.id() != null);
            if (!named || info.anyAttribute()) {
                throw NgsiLdException.badRequest(
                        "information[] must name entities by id, and propertyNames or relationshipNames, where mode is exclusive");
            }
        }
    }

    private static void refusePast(CSourceRegistration registration, Instant now) {
        if (registration.isExpired(now)) {
            throw NgsiLdException.badRequest("expiresAt must be in the future");
        }
    }

    /** The members, checked one by one, with expanded names. */
    private static Map<String, Value> expanded(Value.Obj body, Context context, boolean fragment) {
        Map<String, Value> members = new LinkedHashMap<>();
        body.members().forEach((key, value) -> {
            String name = key.equals("@id") ? "id" : key.equals("@type") ? "type" : key;
            if (READ_ONLY.contains(name)) {
                return;
            }
            if (Members.isNothing(value) && !name.startsWith("@")) {
                if (!fragment) {
                    throw NgsiLdException.badRequest(Members.clip(name) + " must not be null");
                }
                members.put(isMember(name) ? name : context.expand(name), value);
                return;
            }
            if (isMember(name)) {
                members.put(name, member(name, value, context));
            } else if (!name.startsWith("@")) {
                members.put(context.expand(Names.name(name, "property name")), value);
            }
        });
        return members;
    }

    /** Whether the data type has a member of this name. */
    static boolean isMember(String name) {
        return switch (name) {
            case "id",
                    "type",
                    "registrationName",
                    "description",
                    "contextSourceAlias",
                    "tenant",
                    "endpoint",
                    "contextSourceInfo",
                    "information",
                    "datasetId",
                    "expiresAt",
                    "location",
                    "observationSpace",
                    "operationSpace",
                    "management",
                    "managementInterval",
                    "observationInterval",
                    "mode",
                    "operations",
                    "refreshRate",
                    "scope" -> true;
            default -> false;
        };
    }

    private static Value member(String name, Value value, Context context) {
        return switch (name) {
            case "id" -> Value.of(Members.uri(name, value));
            case "type" -> Value.of(Members.oneOf(name, value, List.of(TYPE)));
            case "contextSourceAlias" -> alias(name, value);
            case "tenant" -> Value.of(new Tenant(Members.nonEmpty(name, value)).name());
            case "endpoint" -> Value.of(Members.httpUrl(name, value));
            case "contextSourceInfo" -> ContextSourceInfoReader.read(name, value);
            case "information" -> RegistrationInfoReader.read(name, value, context);
            case "datasetId" -> datasetIds(name, value);
            case "expiresAt" -> {
                Times.parse(Members.text(name, value), name);
                yield value;
            }
            case "location", "observationSpace", "operationSpace" -> space(name, value);
            case "management" -> ManagementReader.read(name, value);
            case "managementInterval", "observationInterval" -> timeInterval(name, value);
            case "mode" -> Value.of(Members.oneOf(name, value, MODES));
            case "operations" -> operations(name, value);
            case "refreshRate" -> {
                Members.isoDuration(name, value);
                yield value;
            }
            case "scope" -> scopes(name, value);
            default -> Value.of(Members.nonEmpty(name, value));
        };
    }

    private static Value datasetIds(String name, Value value) {
        for (String id : Members.texts(name, value)) {
            if (!id.equals("@none") && !Members.isUri(id)) {
                throw NgsiLdException.badRequest(name + " must hold URIs or @none, not \"" + Members.clip(id) + "\"");
            }
        }
        return value;
    }

    private static Value alias(String name, Value value) {
        String alias = Members.nonEmpty(name, value);
        if (!PSEUDONYM.matcher(alias).matches()) {
            throw NgsiLdException.badRequest(
                    name + " must be a pseudonym as Via headers have it (RFC 7230): no blanks, commas or quotes");
        }
        return value;
    }

    /** A geometry; it may be a GeoProperty with the geometry as its value. */
    private static Value space(String name, Value value) {
        Value geometry = value instanceof Value.Obj property
                        && Value.of("GeoProperty").equals(property.get("type"))
                        && property.get("value") != null
                ? Objects.requireNonNull(property.get("value"))
                : value;
        try {
            Geometry.of(geometry);
        } catch (NgsiLdException e) {
            throw NgsiLdException.badRequest(name + ": " + e.detail());
        }
        return geometry;
    }

    private static Value timeInterval(String name, Value value) {
        Value.Obj interval = Members.object(name, value);
        Map<String, Value> members = new LinkedHashMap<>();
        Value start = Members.required(name + ".startAt", interval.get("startAt"));
        members.put("startAt", start);
        Value end = interval.get("endAt");
        if (end != null) {
            members.put("endAt", end);
        }
        Value.Obj read = new Value.Obj(members);
        interval(name, read);
        return read;
    }

    private static @Nullable TimeInterval interval(String name, @Nullable Value value) {
        if (!(value instanceof Value.Obj interval)) {
            return null;
        }
        Value end = interval.get("endAt");
        TimeInterval read = new TimeInterval(
                time(name + ".startAt", Members.required(name + ".startAt", interval.get("startAt"))),
                end == null ? null : time(name + ".endAt", end));
        if (read.endAt() != null && read.endAt().isBefore(read.startAt())) {
            throw NgsiLdException.badRequest(name + ".endAt must not be before startAt");
        }
        return read;
    }

    private static Instant time(String name, Value value) {
        return Times.parse(Members.text(name, value), name);
    }

    private static Value operations(String name, Value value) {
        for (String operation : Members.texts(name, value)) {
            if (!Operation.isName(operation)) {
                throw NgsiLdException.badRequest(name + ": \"" + Members.clip(operation)
                        + "\" is neither an operation nor a group of operations of clause 4.20");
            }
        }
        return value;
    }

    private static Value scopes(String name, Value value) {
        for (String scope : texts(name, value)) {
            if (!Names.isScope(scope)) {
                throw NgsiLdException.badRequest(
                        name + ": \"" + Members.clip(scope) + "\" is no scope, such as /Schwerte/Am_Markt");
            }
        }
        return value;
    }

    private static List<RegistrationInfo> information(Value value) {
        List<RegistrationInfo> information = new ArrayList<>();
        for (Value item : Members.nonEmptyArray("information", value)) {
            Value.Obj info = Members.object("information[]", item);
            List<EntityInfo> entities = new ArrayList<>();
            if (info.get("entities") instanceof Value.Array array) {
                array.items().forEach(e -> entities.add(entity(Members.object("information[].entities[]", e))));
            }
            information.add(new RegistrationInfo(
                    entities,
                    new LinkedHashSet<>(texts("propertyNames", info.get("propertyNames"))),
                    new LinkedHashSet<>(texts("relationshipNames", info.get("relationshipNames")))));
        }
        return information;
    }

    private static EntityInfo entity(Value.Obj entity) {
        String pattern = optionalText("idPattern", entity);
        return new EntityInfo(
                texts("type", entity.get("type")),
                optionalText("id", entity),
                pattern == null ? null : TextPattern.of("idPattern", pattern));
    }

    private static Management management(@Nullable Value value) {
        return value instanceof Value.Obj management ? ManagementReader.stored(management) : Management.NONE;
    }

    /** One string or an array of them. */
    private static List<String> texts(String name, @Nullable Value value) {
        if (value == null) {
            return List.of();
        }
        return value instanceof Value.Text ? List.of(Members.nonEmpty(name, value)) : Members.texts(name, value);
    }

    private static @Nullable String optionalText(String name, Value.Obj object) {
        Value value = object.get(name);
        return value == null ? null : Members.text(name, value);
    }
}
