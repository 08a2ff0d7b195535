package de.freiraum.representation;

import de.freiraum.json.Times;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.QueryText;
import de.freiraum.model.Subscription.Status;
import de.freiraum.model.Subscription.Trigger;
import de.freiraum.model.Value;
import de.freiraum.query.QParser;
import de.freiraum.query.ScopeQueryParser;
import de.freiraum.query.TextPattern;
import de.freiraum.query.TypeSelectionParser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads subscriptions and fragments of them (clauses 5.2.12, 5.8.1, 5.8.2). Members that the data type does not have, and those that only the
 * broker writes, are left out.
 */
public final class SubscriptionReader {
    private static final String TYPE = "Subscription";
    private static final UnaryOperator<String> AS_IS = UnaryOperator.identity();
    private static final List<String> TRIGGERS =
            Arrays.stream(Trigger.values()).map(Enum::name).toList();

    private SubscriptionReader() {}

    /**
     * Reads a new subscription.
     *
     * @param body without {@code @context}
     * @param context what its names belong to
     * @param newId the identifier it gets if it has none
     * @param now the current time, which {@code expiresAt} must be behind
     * @throws NgsiLdException BadRequestData
     */
    public static Subscription create(Value.Obj body, Context context, String newId, Instant now) {
        Map<String, Value> members = expanded(body, context, false);
        Members.required("type", members.get("type"));
        Map<String, Value> ordered = new LinkedHashMap<>();
        ordered.put("id", members.getOrDefault("id", Value.of(newId)));
        ordered.putAll(members);
        Value.Obj document = new Value.Obj(ordered);
        Subscription subscription =
                stored(document, query("q", document, context, null), query("csf", document, context, null));
        refusePast(subscription.expiresAt(), now);
        return subscription;
    }

    /**
     * Applies a fragment (clauses 5.5.8 and 5.8.2): its members replace those of the subscription; NGSI-LD Null removes them.
     *
     * @param fragment without {@code @context}
     * @param context what its names belong to
     * @throws NgsiLdException BadRequestData
     */
    public static Subscription update(Subscription current, Value.Obj fragment, Context context, Instant now) {
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
        if (current.status(now) == Status.expired && changes.containsKey("expiresAt")) {
            // Its new expiration date alone makes an expired subscription active, even if it was paused before (clause
            // 5.8.2.4).
            members.computeIfPresent("isActive", (name, active) -> changes.getOrDefault(name, Value.Bool.TRUE));
        }
        Value.Obj document = new Value.Obj(members);
        Subscription updated = stored(
                document,
                changes.containsKey("q") ? query("q", document, context, null) : current.q(),
                changes.containsKey("csf") ? query("csf", document, context, null) : current.csf());
        if (changes.containsKey("expiresAt")) {
            refusePast(updated.expiresAt(), now);
        }
        return updated;
    }

    /**
     * Makes the subscription of a document that was made by this reader.
     *
     * @param document with expanded names; {@code @context} is the context to notify with where {@code jsonldContext} names none
     * @param q its query, or null
     * @param csf its context source filter, or null
     * @throws NgsiLdException BadRequestData if members do not fit together
     */
    public static Subscription stored(Value.Obj document, @Nullable QueryText q, @Nullable QueryText csf) {
        checkTogether(document);
        Value expiresAt = document.get("expiresAt");
        Value interval = document.get("timeInterval");
        Value throttling = document.get("throttling");
        Value active = document.get("isActive");
        return new Subscription(
                Members.text("id", Members.required("id", document.get("id"))),
                entities(document.get("entities")),
                set("watchedAttributes", document.get("watchedAttributes")),
                triggers(document.get("notificationTrigger")),
                interval == null ? null : Members.duration("timeInterval", interval, 1000),
                throttling == null ? null : Members.duration("throttling", throttling, 1000),
                q,
                document.get("geoQ") instanceof Value.Obj geoQ ? GeoQueryMembers.stored(geoQ) : null,
                optionalText("scopeQ", document),
                csf,
                set("datasetId", document.get("datasetId")),
                optionalText("lang", document),
                document.get("ngsildConformance") instanceof Value.Text version ? version.text() : null,
                expiresAt == null ? null : Times.parse(Members.text("expiresAt", expiresAt), "expiresAt"),
                active == null || Members.bool("isActive", active),
                optionalText(document.get("jsonldContext") == null ? "@context" : "jsonldContext", document),
                NotificationReader.stored(
                        Members.object("notification", Members.required("notification", document.get("notification")))),
                document);
    }

    private static void checkTogether(Value.Obj document) {
        boolean local = Value.Bool.TRUE.equals(document.get("localOnly"));
        Members.onlyOne(document, "timeInterval", Set.of("watchedAttributes", "throttling"), "");
        if (document.get("entities") == null && document.get("watchedAttributes") == null && !local) {
            throw NgsiLdException.badRequest("entities or watchedAttributes must be present, unless localOnly is true");
        }
        if (Value.Bool.FALSE.equals(document.get("localOnly")) && selectsAll(document.get("entities"))) {
            throw NgsiLdException.badRequest("localOnly must not be false where entities[].type is *");
        }
        if (document.get("timeInterval") != null && document.get("entities") == null && !local) {
            throw NgsiLdException.badRequest("entities must be present beside timeInterval, unless localOnly is true");
        }
    }

    private static boolean selectsAll(@Nullable Value entities) {
        return entities instanceof Value.Array selectors
                && selectors.items().stream()
                        .anyMatch(s ->
                                s instanceof Value.Obj selector && Value.of("*").equals(selector.get("type")));
    }

    private static void refusePast(@Nullable Instant expiresAt, Instant now) {
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw NgsiLdException.badRequest("expiresAt must be in the future");
        }
    }

    /** The members of the data type, checked one by one, with expanded names. */
    private static Map<String, Value> expanded(Value.Obj body, Context context, boolean fragment) {
        Map<String, Value> members = new LinkedHashMap<>();
        body.members().forEach((key, value) -> {
            String name = key.equals("@id") ? "id" : key.equals("@type") ? "type" : key;
            if (Members.isNothing(value) && !name.startsWith("@")) {
                if (!fragment) {
                    throw NgsiLdException.badRequest(Members.clip(name) + " must not be null");
                }
                members.put(name, value);
                return;
            }
            Value read = member(name, value, context);
            if (read != null) {
                members.put(name, read);
            }
        });
        return members;
    }

    private static @Nullable Value member(String name, Value value, Context context) {
        return switch (name) {
            case "id" -> Value.of(Members.uri(name, value));
            case "type" -> Value.of(Members.oneOf(name, value, List.of(TYPE)));
            case "subscriptionName", "description" -> Value.of(Members.text(name, value));
            case "entities" -> selectors(name, value, context);
            case "watchedAttributes" -> attributes(name, value, context);
            case "notificationTrigger" -> triggersOf(name, value);
            case "timeInterval", "throttling" -> {
                Members.positive(name, value);
                yield value;
            }
            case "q", "csf" -> Value.of(Members.nonEmpty(name, value));
            case "lang" -> {
                LanguageFilter.parse(Members.nonEmpty(name, value));
                yield value;
            }
            case "geoQ" -> GeoQueryMembers.read(name, Members.object(name, value), context);
            case "temporalQ" -> TemporalQueryReader.read(name, value);
            case "scopeQ" -> {
                ScopeQueryParser.parse(Members.nonEmpty(name, value));
                yield value;
            }
            case "datasetId" -> datasetIds(name, value);
            case "expiresAt" -> {
                Times.parse(Members.text(name, value), name);
                yield value;
            }
            case "isActive", "localOnly", "splitEntities" -> Value.of(Members.bool(name, value));
            case "expandValues", "jsonKeys" -> Value.of(NameLists.list(Members.nonEmpty(name, value), context::expand));
            case "jsonldContext" -> jsonldContext(name, value);
            case "ngsildConformance" -> {
                requireVersion(name, Members.text(name, value));
                yield value;
            }
            case "notification" -> NotificationReader.read(Members.object(name, value), context);
            default -> null;
        };
    }

    private static void requireVersion(String name, String text) {
        SpecificationVersion version = SpecificationVersion.parse(text);
        if (version == null || !version.toString().equals(text)) {
            throw NgsiLdException.badRequest(name + " must be a version of the form major.minor, such as 1.9");
        }
    }

    private static Value selectors(String name, Value value, Context context) {
        List<Value> selectors = new ArrayList<>();
        for (Value item : Members.nonEmptyArray(name, value)) {
            Value.Obj selector = Members.object(name + "[]", item);
            Map<String, Value> members = new LinkedHashMap<>();
            selector.members().forEach((key, v) -> {
                switch (key) {
                    case "type", "@type" -> {
                        String types = Members.nonEmpty(name + "[].type", v);
                        TypeSelectionParser.parse(types, context::expand);
                        members.put("type", Value.of(NameLists.types(types, context::expand)));
                    }
                    case "id", "@id" -> members.put("id", ids(name + "[].id", v));
                    case "idPattern" -> {
                        TextPattern.of(name + "[].idPattern", Members.text(name + "[].idPattern", v));
                        members.put("idPattern", v);
                    }
                    default -> {}
                }
            });
            Members.required(name + "[].type", members.get("type"));
            selectors.add(new Value.Obj(members));
        }
        return new Value.Array(selectors);
    }

    private static Value ids(String name, Value value) {
        if (value instanceof Value.Array) {
            for (Value item : Members.nonEmptyArray(name, value)) {
                Members.uri(name, item);
            }
            return value;
        }
        return Value.of(Members.uri(name, value));
    }

    private static Value attributes(String name, Value value, Context context) {
        return Value.ofTexts(
                Members.names(name, value).stream().map(context::expand).toList());
    }

    private static Value triggersOf(String name, Value value) {
        for (Value item : Members.nonEmptyArray(name, value)) {
            Members.oneOf(name + "[]", item, TRIGGERS);
        }
        return value;
    }

    private static Value datasetIds(String name, Value value) {
        for (String id : Members.texts(name, value)) {
            if (!id.equals("@none") && !Members.isUri(id)) {
                throw NgsiLdException.badRequest(name + " must hold URIs or @none, not \"" + Members.clip(id) + "\"");
            }
        }
        return value;
    }

    private static Value jsonldContext(String name, Value value) {
        String url = Members.uri(name, value);
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw NgsiLdException.badRequest(name + " must be an http or https URL");
        }
        return value;
    }

    private static @Nullable QueryText query(
            String name, Value.Obj document, Context context, @Nullable QueryText absent) {
        if (!(document.get(name) instanceof Value.Text text)) {
            return absent;
        }
        boolean q = name.equals("q");
        String expanded = QParser.parse(
                        name,
                        text.text(),
                        context::expand,
                        q ? names(document, "expandValues") : List.of(),
                        q ? names(document, "jsonKeys") : List.of())
                .print(AS_IS);
        return new QueryText(text.text(), context.source(), expanded);
    }

    /** The names in a member that lists them with commas between. */
    public static List<String> names(Value.Obj document, String member) {
        return document.get(member) instanceof Value.Text names
                ? List.of(names.text().split(","))
                : List.of();
    }

    private static List<Subscription.EntitySelector> entities(@Nullable Value value) {
        List<Subscription.EntitySelector> selectors = new ArrayList<>();
        if (value instanceof Value.Array array) {
            for (Value item : array.items()) {
                Value.Obj selector = Members.object("entities[]", item);
                selectors.add(new Subscription.EntitySelector(
                        optionalText("type", selector),
                        set("entities[].id", selector.get("id")),
                        optionalText("idPattern", selector)));
            }
        }
        return selectors;
    }

    private static Set<Trigger> triggers(@Nullable Value value) {
        Set<Trigger> triggers = new LinkedHashSet<>();
        if (value == null) {
            triggers.addAll(Trigger.DEFAULT);
        } else {
            Members.texts("notificationTrigger", value).forEach(t -> triggers.add(Trigger.valueOf(t)));
        }
        return triggers;
    }

    private static Set<String> set(String name, @Nullable Value value) {
        if (value == null) {
            return Set.of();
        }
        return value instanceof Value.Text text ? Set.of(text.text()) : new LinkedHashSet<>(Members.texts(name, value));
    }

    private static @Nullable String optionalText(String name, Value.Obj object) {
        Value value = object.get(name);
        return value == null ? null : Members.text(name, value);
    }
}
