package de.freiraum.representation;

import de.freiraum.json.Times;
import de.freiraum.jsonld.Context;
import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.QueryText;
import de.freiraum.model.Subscription.Trigger;
import de.freiraum.model.Value;
import de.freiraum.query.QParser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes subscriptions as they are read back (clauses 5.2.12, 5.2.14.2, 5.8.3). */
public final class SubscriptionWriter {
    private SubscriptionWriter() {}

    /**
     * The subscription with compacted names and what only the broker knows: status, triggers that hold by default, and counters.
     *
     * @param context what to compact names with; not part of the result
     * @param now the current time, which the status depends on
     */
    public static Value.Obj write(Subscription subscription, DeliveryCounters counters, Context context, Instant now) {
        UnaryOperator<String> compact = context::compact;
        Map<String, Value> members = new LinkedHashMap<>();
        subscription.document().members().forEach((name, value) -> {
            Value written =
                    switch (name) {
                        case "entities" -> entities(value, compact);
                        case "watchedAttributes" -> each(value, compact);
                        case "expandValues", "jsonKeys" -> text(value, t -> NameLists.list(t, compact));
                        case "q" -> query(value, subscription.q(), context);
                        case "csf" -> query(value, subscription.csf(), context);
                        case "geoQ" -> with(value, "geoproperty", p -> text(p, compact));
                        case "notification" -> notification(value, counters, compact);
                        default -> value;
                    };
            members.put(name, written);
        });
        members.putIfAbsent(
                "notificationTrigger",
                Value.ofTexts(Trigger.DEFAULT.stream().map(Enum::name).toList()));
        members.put("status", Value.of(subscription.status(now).name()));
        return new Value.Obj(members);
    }

    /** A subscription that was written, with the system's times (clauses 4.8 and 6.3.11). */
    public static Value.Obj withTimes(Value.Obj written, Instant createdAt, Instant modifiedAt) {
        Map<String, Value> members = new LinkedHashMap<>(written.members());
        time(members, "createdAt", createdAt);
        time(members, "modifiedAt", modifiedAt);
        return new Value.Obj(members);
    }

    private static Value entities(Value value, UnaryOperator<String> compact) {
        List<Value> selectors = new ArrayList<>();
        if (value instanceof Value.Array array) {
            array.items().forEach(s -> selectors.add(with(s, "type", t -> text(t, x -> NameLists.types(x, compact)))));
        }
        return new Value.Array(selectors);
    }

    private static Value query(Value given, @Nullable QueryText query, Context context) {
        if (query == null || query.context().equals(context.source())) {
            return given;
        }
        return Value.of(
                QParser.parse(query.expanded(), UnaryOperator.identity()).print(context::compact));
    }

    private static Value notification(Value value, DeliveryCounters counters, UnaryOperator<String> compact) {
        if (!(value instanceof Value.Obj notification)) {
            return value;
        }
        Map<String, Value> members = new LinkedHashMap<>();
        notification.members().forEach((name, member) -> {
            boolean names = name.equals("attributes") || name.equals("pick") || name.equals("omit");
            members.put(name, names ? each(member, t -> NameLists.projection(t, compact)) : member);
        });
        if (counters.timesSent() > 0) {
            members.put("timesSent", Value.of(counters.timesSent()));
        }
        if (counters.timesFailed() > 0) {
            members.put("timesFailed", Value.of(counters.timesFailed()));
        }
        time(members, "lastNotification", counters.lastNotification());
        time(members, "lastSuccess", counters.lastSuccess());
        time(members, "lastFailure", counters.lastFailure());
        if (counters.lastSuccess() != null || counters.lastFailure() != null) {
            members.put("status", Value.of(counters.failing() ? "failed" : "ok"));
        }
        return new Value.Obj(members);
    }

    private static void time(Map<String, Value> members, String name, @Nullable Instant at) {
        if (at != null) {
            members.put(name, Value.of(Times.format(at)));
        }
    }

    private static Value with(Value value, String name, UnaryOperator<Value> change) {
        if (!(value instanceof Value.Obj object) || object.get(name) == null) {
            return value;
        }
        Map<String, Value> members = new LinkedHashMap<>(object.members());
        members.computeIfPresent(name, (key, member) -> change.apply(member));
        return new Value.Obj(members);
    }

    private static Value each(Value value, UnaryOperator<String> change) {
        List<Value> items = new ArrayList<>();
        if (value instanceof Value.Array array) {
            array.items().forEach(item -> items.add(text(item, change)));
        }
        return new Value.Array(items);
    }

    private static Value text(Value value, UnaryOperator<String> change) {
        return value instanceof Value.Text text ? Value.of(change.apply(text.text())) : value;
    }
}
