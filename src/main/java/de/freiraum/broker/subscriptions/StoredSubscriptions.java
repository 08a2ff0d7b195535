package de.freiraum.broker.subscriptions;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.json.Times;
import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.QueryText;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.representation.SubscriptionReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How subscriptions lie in the document store. */
final class StoredSubscriptions {
    private static final long VERSION = 1;

    private StoredSubscriptions() {}

    /** An entry's stored form, with content that it may only be about to get. */
    static byte[] write(RegisteredSubscription entry, RegisteredSubscription.Content content) {
        return write(entry, content, entry.counters());
    }

    /** The same with other counters. */
    static byte[] write(
            RegisteredSubscription entry, RegisteredSubscription.Content content, DeliveryCounters counters) {
        Subscription subscription = content.subscription();
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("version", Value.of(VERSION));
        members.put("createdAt", Value.of(Times.format(entry.createdAt())));
        members.put("modifiedAt", Value.of(Times.format(content.modifiedAt())));
        members.put("document", subscription.document());
        members.put("via", Value.ofTexts(entry.via()));
        query(members, "q", subscription.q());
        query(members, "csf", subscription.csf());
        members.put("timesSent", Value.of(counters.timesSent()));
        members.put("timesFailed", Value.of(counters.timesFailed()));
        time(members, "lastNotification", counters.lastNotification());
        time(members, "lastSuccess", counters.lastSuccess());
        time(members, "lastFailure", counters.lastFailure());
        members.put("failing", Value.of(counters.failing()));
        return JsonWriter.write(new Value.Obj(members));
    }

    static RegisteredSubscription read(Tenant tenant, byte[] bytes) {
        if (!(JsonReader.read(bytes) instanceof Value.Obj stored)
                || number(stored, "version") != VERSION
                || !(stored.get("document") instanceof Value.Obj document)) {
            throw new IllegalStateException("a stored subscription is not of version " + VERSION);
        }
        Subscription subscription = SubscriptionReader.stored(document, query(stored, "q"), query(stored, "csf"));
        Instant createdAt = Objects.requireNonNullElse(time(stored, "createdAt"), Instant.EPOCH);
        Instant modifiedAt = Objects.requireNonNullElse(time(stored, "modifiedAt"), createdAt);
        DeliveryCounters counters = new DeliveryCounters(
                number(stored, "timesSent"),
                number(stored, "timesFailed"),
                time(stored, "lastNotification"),
                time(stored, "lastSuccess"),
                time(stored, "lastFailure"),
                Value.Bool.TRUE.equals(stored.get("failing")));
        return new RegisteredSubscription(
                tenant, new RegisteredSubscription.Content(subscription, modifiedAt), counters, createdAt, via(stored));
    }

    private static List<String> via(Value.Obj stored) {
        List<String> entries = new ArrayList<>();
        if (stored.get("via") instanceof Value.Array via) {
            via.items().forEach(entry -> entries.add(entry instanceof Value.Text text ? text.text() : ""));
        }
        return entries;
    }

    private static void query(Map<String, Value> members, String name, @Nullable QueryText query) {
        if (query != null) {
            members.put(
                    name,
                    new Value.Obj(Map.of(
                            "given", Value.of(query.given()),
                            "@context", query.context(),
                            "expanded", Value.of(query.expanded()))));
        }
    }

    private static @Nullable QueryText query(Value.Obj stored, String name) {
        return stored.get(name) instanceof Value.Obj query
                        && query.get("given") instanceof Value.Text given
                        && query.get("@context") != null
                        && query.get("expanded") instanceof Value.Text expanded
                ? new QueryText(given.text(), Objects.requireNonNull(query.get("@context")), expanded.text())
                : null;
    }

    private static void time(Map<String, Value> members, String name, @Nullable Instant time) {
        if (time != null) {
            members.put(name, Value.of(Times.format(time)));
        }
    }

    private static @Nullable Instant time(Value.Obj stored, String name) {
        return stored.get(name) instanceof Value.Text text ? Times.parse(text.text(), name) : null;
    }

    private static long number(Value.Obj stored, String name) {
        return stored.get(name) instanceof Value.Num number ? number.number().longValue() : 0;
    }
}
