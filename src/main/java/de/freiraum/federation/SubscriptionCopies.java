package de.freiraum.federation;

import de.freiraum.jsonld.Context;
import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.Subscription;
import de.freiraum.model.Value;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.TextPattern;
import de.freiraum.query.TypeSelectionParser;
import de.freiraum.registration.CSourceRegistration;
import de.freiraum.registration.Coverage;
import de.freiraum.registration.EntitySpecification;
import de.freiraum.representation.SubscriptionWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What of a subscription goes to a source: no more than what both are about (clause 5.8.1.4). */
final class SubscriptionCopies {
    /** Members that are the broker's own affair, or that the copy has in another form. */
    private static final Set<String> NOT_COPIED = Set.of(
            "id",
            "status",
            "entities",
            "watchedAttributes",
            "notification",
            "csf",
            "@context",
            "jsonldContext",
            "throttling",
            "lang",
            "ngsildConformance",
            "createdAt",
            "modifiedAt");

    /** Conditions that need the whole of an entity. */
    private static final Set<String> CONDITIONS = Set.of("q", "geoQ", "scopeQ", "expandValues", "jsonKeys");

    private SubscriptionCopies() {}

    /** Whether a subscription is about entities of this broker alone. */
    static boolean isLocal(Subscription subscription) {
        return Value.Bool.TRUE.equals(subscription.document().get("localOnly"))
                || subscription.entities().stream().anyMatch(s -> "*".equals(s.types()));
    }

    /** Whether its entities may be split between brokers. */
    static boolean isSplit(Subscription subscription) {
        return Value.Bool.TRUE.equals(subscription.document().get("splitEntities"));
    }

    /** What a source may have of what a subscription is about; empty: nothing. */
    static List<Coverage> coverages(Subscription subscription, CSourceRegistration registration) {
        List<EntitySelector> selectors = subscription.entities().stream()
                .map(s -> new EntitySelector(
                        s.types() == null ? null : TypeSelectionParser.parse(s.types(), UnaryOperator.identity()),
                        s.ids(),
                        s.idPattern() == null ? null : TextPattern.of("idPattern", s.idPattern())))
                .toList();
        return Coverage.of(
                new EntitySpecification(selectors, subscription.watchedAttributes(), Set.of()), registration);
    }

    /**
     * The copy.
     *
     * @param id its URI
     * @param endpoint where this broker wants to be notified
     * @param context what the source's names belong to
     */
    static Value.Obj write(
            Subscription subscription, List<Coverage> coverages, String id, String endpoint, Context context) {
        Value.Obj whole = SubscriptionWriter.write(subscription, DeliveryCounters.NONE, context, Instant.EPOCH);
        boolean split = isSplit(subscription);
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of(id));
        members.put("type", Value.of("Subscription"));
        whole.members().forEach((name, value) -> {
            if (!NOT_COPIED.contains(name) && !(split && CONDITIONS.contains(name))) {
                members.put(name, value);
            }
        });
        Set<Value> entities = new LinkedHashSet<>();
        coverages.forEach(coverage -> {
            Value selector = selector(coverage, context);
            if (selector != null) {
                entities.add(selector);
            }
        });
        if (!entities.isEmpty()) {
            members.put("entities", new Value.Array(List.copyOf(entities)));
        }
        Set<String> registered = registered(coverages);
        Set<String> watched = new LinkedHashSet<>(subscription.watchedAttributes());
        if (!registered.isEmpty()) {
            if (watched.isEmpty()) {
                watched.addAll(registered);
            } else {
                watched.retainAll(registered);
            }
        }
        if (!watched.isEmpty()) {
            members.put("watchedAttributes", names(watched, context));
        }
        Map<String, Value> notification = new LinkedHashMap<>();
        if (!registered.isEmpty()) {
            notification.put("attributes", names(registered, context));
        }
        notification.put("format", Value.of("normalized"));
        notification.put("sysAttrs", Value.Bool.TRUE);
        if (subscription.notification().showChanges()) {
            notification.put("showChanges", Value.Bool.TRUE);
        }
        notification.put(
                "endpoint", new Value.Obj(Map.of("uri", Value.of(endpoint), "accept", Value.of("application/json"))));
        members.put("notification", new Value.Obj(notification));
        return new Value.Obj(members);
    }

    /** The attributes that the source has registered; empty: any. */
    private static Set<String> registered(List<Coverage> coverages) {
        Set<String> all = new LinkedHashSet<>();
        for (Coverage coverage : coverages) {
            if (coverage.info().anyAttribute()) {
                return Set.of();
            }
            all.addAll(coverage.info().attributes());
        }
        return all;
    }

    private static @Nullable Value selector(Coverage coverage, Context context) {
        Map<String, Value> members = new LinkedHashMap<>();
        String type = RemoteQuery.type(coverage, context::compact);
        if (type != null) {
            members.put("type", Value.of(type));
        }
        Set<String> ids = coverage.ids();
        String pattern = RemoteQuery.idPattern(coverage);
        if (ids.size() == 1) {
            members.put("id", Value.of(ids.iterator().next()));
        } else if (!ids.isEmpty()) {
            members.put("id", Value.ofTexts(new ArrayList<>(ids)));
        } else if (pattern != null) {
            members.put("idPattern", Value.of(pattern));
        }
        return members.isEmpty() ? null : new Value.Obj(members);
    }

    private static Value names(Set<String> iris, Context context) {
        return Value.ofTexts(iris.stream().map(context::compact).toList());
    }
}
