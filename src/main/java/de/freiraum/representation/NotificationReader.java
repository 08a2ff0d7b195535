package de.freiraum.representation;

import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.Endpoint;
import de.freiraum.model.Subscription.Format;
import de.freiraum.model.Subscription.Join;
import de.freiraum.model.Subscription.KeyValuePair;
import de.freiraum.model.Subscription.NotificationParams;
import de.freiraum.model.Value;
import de.freiraum.query.Projection;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code notification} of a subscription (clauses 5.2.14, 5.2.15, 5.2.22 and 7.2). */
final class NotificationReader {
    private static final String NAME = "notification";
    private static final List<String> SCHEMES = List.of("http", "https", "mqtt", "mqtts");
    private static final List<String> MEDIA_TYPES =
            List.of("application/json", "application/ld+json", "application/geo+json");
    private static final List<String> FORMATS = List.of("normalized", "concise", "simplified", "keyValues");

    private NotificationReader() {}

    /** The members of the data type, checked, with expanded names. */
    static Value.Obj read(Value.Obj given, Context context) {
        Map<String, Value> members = new LinkedHashMap<>();
        given.members().forEach((key, value) -> {
            String name = NAME + "." + key;
            if (Members.isNothing(value)) {
                throw NgsiLdException.badRequest(Members.clip(name) + " must not be null");
            }
            Value read =
                    switch (key) {
                        case "attributes" -> attributes(name, value, context);
                        case "pick", "omit" -> projection(name, value, context);
                        case "format" -> Value.of(Members.oneOf(name, value, FORMATS));
                        case "join" -> Value.of(Members.oneOf(name, value, List.of("flat", "inline", "@none")));
                        case "joinLevel" -> joinLevel(name, value);
                        case "showChanges", "sysAttrs" -> Value.of(Members.bool(name, value));
                        case "endpoint" -> endpoint(name, Members.object(name, value));
                        default -> null;
                    };
            if (read != null) {
                members.put(key, read);
            }
        });
        Value.Obj notification = new Value.Obj(members);
        checkTogether(notification);
        return notification;
    }

    private static void checkTogether(Value.Obj notification) {
        Members.required(NAME + ".endpoint", notification.get("endpoint"));
        Members.onlyOne(notification, "attributes", Set.of("pick", "omit"), NAME + ".");
        if (notification.get("pick") instanceof Value.Array pick
                && notification.get("omit") instanceof Value.Array omit) {
            for (Value member : pick.items()) {
                if (omit.items().contains(member)) {
                    throw NgsiLdException.badRequest(
                            "notification.pick and notification.omit must not name the same member");
                }
            }
        }
        if (Value.Bool.TRUE.equals(notification.get("showChanges")) && format(notification) == Format.simplified) {
            throw NgsiLdException.badRequest(
                    "notification.showChanges must not be true with format keyValues or simplified");
        }
    }

    private static Value attributes(String name, Value value, Context context) {
        List<String> names = Members.texts(name, value);
        for (String attribute : names) {
            if (NameLists.ENTITY_MEMBERS.contains(attribute) || attribute.startsWith("@")) {
                throw NgsiLdException.badRequest(name + " must name attributes, not id, type or scope");
            }
        }
        return Value.ofTexts(
                Members.names(name, value).stream().map(context::expand).toList());
    }

    private static Value projection(String name, Value value, Context context) {
        List<String> terms = new ArrayList<>();
        for (String term : Members.texts(name, value)) {
            Projection.parse(term, null, context::expand);
            terms.add(NameLists.projection(term, context::expand));
        }
        return Value.ofTexts(terms);
    }

    private static Value joinLevel(String name, Value value) {
        if (value instanceof Value.Num number && number.asDouble() >= 1 && number.asDouble() % 1 == 0) {
            return value;
        }
        throw NgsiLdException.badRequest(name + " must be a whole number greater than 0");
    }

    private static Value.Obj endpoint(String name, Value.Obj given) {
        String uri = endpointUri(name + ".uri", Members.required(name + ".uri", given.get("uri")));
        boolean mqtt = uri.toLowerCase(Locale.ROOT).startsWith("mqtt");
        Map<String, Value> members = new LinkedHashMap<>();
        given.members().forEach((key, value) -> {
            String path = name + "." + key;
            if (Members.isNothing(value)) {
                throw NgsiLdException.badRequest(Members.clip(path) + " must not be null");
            }
            Value read =
                    switch (key) {
                        case "uri" -> value;
                        case "accept" -> Value.of(Members.oneOf(path, value, MEDIA_TYPES));
                        case "timeout", "cooldown" -> {
                            Members.positive(path, value);
                            yield value;
                        }
                        case "receiverInfo" -> KeyValuePairs.read(path, value, !mqtt);
                        case "notifierInfo" -> notifierInfo(path, value, mqtt);
                        default -> null;
                    };
            if (read != null) {
                members.put(key, read);
            }
        });
        return new Value.Obj(members);
    }

    private static String endpointUri(String name, Value value) {
        String text = Members.uri(name, value);
        try {
            URI uri = new URI(text);
            String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
            if (!SCHEMES.contains(scheme)) {
                throw NgsiLdException.badRequest(name + " must begin with one of http, https, mqtt, mqtts");
            }
            if (uri.getHost() == null) {
                throw NgsiLdException.badRequest(name + " must name a host");
            }
            String topic = Objects.requireNonNullElse(uri.getPath(), "");
            if (scheme.startsWith("mqtt") && (topic.length() < 2 || topic.contains("#") || topic.contains("+"))) {
                throw NgsiLdException.badRequest(name + " must end with a topic, without wildcards");
            }
            return text;
        } catch (URISyntaxException e) {
            throw NgsiLdException.badRequest(name + " is no valid URI");
        }
    }

    private static Value notifierInfo(String name, Value value, boolean mqtt) {
        Value pairs = KeyValuePairs.read(name, value, false);
        for (KeyValuePair pair : KeyValuePairs.stored(pairs)) {
            if (pair.key().equals(Endpoint.DELIVERY)
                    && !List.of(Endpoint.ONCE, Endpoint.GUARANTEED).contains(pair.value())) {
                throw NgsiLdException.badRequest(name + ": Delivery must be once or guaranteed");
            }
            if (mqtt) {
                if (pair.key().equals("MQTT-Version")
                        && !List.of("mqtt3.1.1", "mqtt5.0").contains(pair.value())) {
                    throw NgsiLdException.badRequest(name + ": MQTT-Version must be mqtt3.1.1 or mqtt5.0");
                }
                if (pair.key().equals("MQTT-QoS") && !List.of("0", "1", "2").contains(pair.value())) {
                    throw NgsiLdException.badRequest(name + ": MQTT-QoS must be 0, 1 or 2");
                }
            }
        }
        return pairs;
    }

    /** The parameters in a document made by {@link #read}. */
    static NotificationParams stored(Value.Obj notification) {
        checkTogether(notification);
        Value attributes = notification.get("attributes");
        return new NotificationParams(
                texts(attributes == null ? notification.get("pick") : attributes),
                texts(notification.get("omit")),
                attributes != null,
                format(notification),
                Value.Bool.TRUE.equals(notification.get("sysAttrs")),
                Value.Bool.TRUE.equals(notification.get("showChanges")),
                join(notification.get("join")),
                notification.get("joinLevel") instanceof Value.Num level
                        ? (int) Math.min(Integer.MAX_VALUE, level.asDouble())
                        : 1,
                storedEndpoint(Members.object(
                        NAME + ".endpoint", Members.required(NAME + ".endpoint", notification.get("endpoint")))));
    }

    private static Endpoint storedEndpoint(Value.Obj endpoint) {
        Value timeout = endpoint.get("timeout");
        Value cooldown = endpoint.get("cooldown");
        Map<String, String> notifierInfo = new LinkedHashMap<>();
        KeyValuePairs.stored(endpoint.get("notifierInfo")).forEach(pair -> notifierInfo.put(pair.key(), pair.value()));
        return new Endpoint(
                Members.text("uri", Members.required("uri", endpoint.get("uri"))),
                endpoint.get("accept") instanceof Value.Text accept ? accept.text() : MEDIA_TYPES.get(0),
                timeout == null ? null : Members.duration("timeout", timeout, 1),
                cooldown == null ? null : Members.duration("cooldown", cooldown, 1),
                KeyValuePairs.stored(endpoint.get("receiverInfo")),
                notifierInfo);
    }

    private static Format format(Value.Obj notification) {
        if (!(notification.get("format") instanceof Value.Text format)) {
            return Format.normalized;
        }
        return format.text().equals("keyValues") ? Format.simplified : Format.valueOf(format.text());
    }

    private static Join join(@Nullable Value value) {
        if (!(value instanceof Value.Text join)) {
            return Join.none;
        }
        return join.text().equals("@none") ? Join.none : Subscription.Join.valueOf(join.text());
    }

    private static List<String> texts(@Nullable Value value) {
        return value == null ? List.of() : Members.texts(NAME, value);
    }
}
