package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.Fields;
import de.freiraum.ingest.message.MessageJson;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notifications of another broker, in all its forms: NGSI-LD (normalized, concise, simplified) and NGSIv2 (normalized, keyValues). Each entity is a
 * message: its id is the device, its type the model, and its attributes are the values, each as its plain value. The time is the latest of its
 * attributes' times.
 */
public final class Notifications implements Envelope {
    private static final Set<String> NOT_VALUES = Set.of("id", "type", "@context", "scope");

    /** Where the value of an attribute is, by preference. */
    private static final List<String> VALUE =
            List.of("value", "object", "languageMap", "vocab", "json", "valueList", "objectList");

    /** Whose notifications. */
    public enum Kind {
        /** NGSI-LD. */
        NGSI_LD("ngsi-ld"),
        /** NGSIv2. */
        NGSI_V2("ngsi-v2");

        private final String name;

        Kind(String name) {
            this.name = name;
        }
    }

    private final Kind kind;

    /** Reads notifications of that kind. */
    public Notifications(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String name() {
        return kind.name;
    }

    @Override
    public List<Uplink> open(RawMessage message) {
        Fields notification = Fields.of(MessageJson.read(message.body()));
        if (message.isPolled() && !notification.has("data")) {
            return List.of(uplink(notification));
        }
        if (kind == Kind.NGSI_LD && !"Notification".equals(notification.text("type"))) {
            throw Rejection.broken("\"type\" must be Notification");
        }
        if (!notification.has("data")) {
            throw Rejection.broken("\"data\" is missing; expected is a notification of entities");
        }
        List<Uplink> uplinks = new ArrayList<>();
        for (Fields entity : notification.objects("data")) {
            uplinks.add(uplink(entity));
        }
        return InOrder.of(uplinks);
    }

    private Uplink uplink(Fields entity) {
        String id = entity.required("id");
        Map<String, Value> values = new LinkedHashMap<>();
        Instant latest = null;
        for (Map.Entry<String, Value> member : entity.object().members().entrySet()) {
            if (NOT_VALUES.contains(member.getKey())) {
                continue;
            }
            Value attribute = firstOf(member.getValue());
            Instant at = time(attribute);
            latest = at != null && (latest == null || at.isAfter(latest)) ? at : latest;
            Value value = value(attribute);
            if (!(value instanceof Value.Null) && !value.equals(Value.of("urn:ngsi-ld:null"))) {
                values.put(member.getKey(), value);
            }
        }
        if (kind == Kind.NGSI_V2 && values.remove("TimeInstant") instanceof Value.Text text && latest == null) {
            latest = time(text);
        }
        return Plain.uplink(id, type(entity.object()), "", latest, new Value.Obj(values));
    }

    private static @Nullable String type(Value.Obj entity) {
        Value type = entity.get("type");
        return firstOf(type == null ? Value.Null.INSTANCE : type) instanceof Value.Text text ? text.text() : null;
    }

    /** Of several instances, or types, the first. */
    private static Value firstOf(Value value) {
        return value instanceof Value.Array array
                        && !array.items().isEmpty()
                        && array.items().get(0) instanceof Value.Obj first
                ? first
                : value instanceof Value.Array types
                                && types.items().size() == 1
                                && types.items().get(0) instanceof Value.Text one
                        ? one
                        : value;
    }

    private static Value value(Value attribute) {
        if (attribute instanceof Value.Obj object) {
            for (String member : VALUE) {
                Value value = object.get(member);
                if (value != null) {
                    return value;
                }
            }
        }
        return attribute;
    }

    private @Nullable Instant time(Value attribute) {
        if (!(attribute instanceof Value.Obj object)) {
            return attribute instanceof Value.Text text ? parsed(text.text()) : null;
        }
        if (kind == Kind.NGSI_LD) {
            return object.get("observedAt") instanceof Value.Text text ? parsed(text.text()) : null;
        }
        return object.get("metadata") instanceof Value.Obj metadata
                        && metadata.get("TimeInstant") instanceof Value.Obj instant
                        && instant.get("value") instanceof Value.Text text
                ? parsed(text.text())
                : null;
    }

    private static @Nullable Instant parsed(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
