package de.freiraum.federation;

import de.freiraum.broker.subscriptions.RemoteChange;
import de.freiraum.json.Times;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.representation.EntityReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what another broker notifies of (clauses 5.3.1 and 5.8.6): entities as they are, what is gone, and previous values. */
final class RemoteNotification {
    private static final String PREVIOUS = "previous";

    private RemoteNotification() {}

    /** The entities of a notification. @throws NgsiLdException BadRequestData if it is none */
    static List<Value> data(Value.Obj notification) {
        Value data = notification.get("data");
        if (data == null) {
            throw NgsiLdException.badRequest("data is missing: a notification has the entities that it tells of");
        }
        return data instanceof Value.Array array ? array.items() : List.of(data);
    }

    /** What one entity of a notification tells. */
    static RemoteChange change(Value item, Context context, Instant now) {
        if (!(item instanceof Value.Obj object)) {
            throw NgsiLdException.badRequest("data: expected entities");
        }
        Entity told = EntityReader.readForeign(each(object, RemoteNotification::current), context);
        Entity previous = EntityReader.readForeign(each(object, RemoteNotification::previous), context);
        if (object.get("deletedAt") instanceof Value.Text deletedAt) {
            Instant at = Times.isDateTime(deletedAt.text()) ? Times.parse(deletedAt.text(), "deletedAt") : now;
            return new RemoteChange(previous, null, at);
        }
        Map<String, List<Attribute>> living = new LinkedHashMap<>();
        Map<String, List<Attribute>> before = new LinkedHashMap<>(previous.attributes());
        told.attributes().forEach((iri, instances) -> {
            List<Attribute> there = instances.stream().filter(a -> !a.isNull()).toList();
            if (!there.isEmpty()) {
                living.put(iri, there);
            }
            if (there.size() < instances.size()) {
                before.putIfAbsent(
                        iri, instances.stream().filter(Attribute::isNull).toList());
            }
        });
        Entity was = before.isEmpty() ? null : previous.withAttributes(before);
        return new RemoteChange(was, told.withAttributes(living), now);
    }

    private interface Form {
        @Nullable
        Value of(Value.Obj attribute);
    }

    private static Value.Obj each(Value.Obj entity, Form form) {
        Map<String, Value> members = new LinkedHashMap<>();
        entity.members().forEach((name, value) -> {
            Value written = formed(value, form);
            if (written != null) {
                members.put(name, written);
            }
        });
        return new Value.Obj(members);
    }

    private static @Nullable Value formed(Value value, Form form) {
        if (value instanceof Value.Obj attribute) {
            return form.of(attribute);
        }
        if (value instanceof Value.Array array && array.items().stream().anyMatch(Value.Obj.class::isInstance)) {
            List<Value> items = new ArrayList<>();
            for (Value item : array.items()) {
                Value written = formed(item, form);
                if (written != null) {
                    items.add(written);
                }
            }
            return items.isEmpty() ? null : new Value.Array(items);
        }
        return value;
    }

    private static Value current(Value.Obj attribute) {
        Map<String, Value> members = new LinkedHashMap<>(attribute.members());
        members.keySet().removeIf(name -> name.startsWith(PREVIOUS));
        return new Value.Obj(members);
    }

    /** The attribute with its previous value; null if none is told. */
    private static @Nullable Value previous(Value.Obj attribute) {
        Map<String, Value> members = new LinkedHashMap<>(attribute.members());
        boolean told = false;
        for (Map.Entry<String, Value> member : attribute.members().entrySet()) {
            String name = member.getKey();
            if (name.startsWith(PREVIOUS) && name.length() > PREVIOUS.length()) {
                String of = name.substring(PREVIOUS.length());
                members.remove(name);
                members.put(of.substring(0, 1).toLowerCase(Locale.ROOT) + of.substring(1), member.getValue());
                told = true;
            }
        }
        return told ? new Value.Obj(members) : null;
    }
}
