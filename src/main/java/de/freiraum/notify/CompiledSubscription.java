package de.freiraum.notify;

import de.freiraum.jsonld.Context;
import de.freiraum.model.Entity;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.NotificationParams;
import de.freiraum.model.Subscription.QueryText;
import de.freiraum.model.Subscription.Trigger;
import de.freiraum.model.Value;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.GeoQuery;
import de.freiraum.query.GeoQueryParser;
import de.freiraum.query.LinkedEntities;
import de.freiraum.query.Projection;
import de.freiraum.query.QExpression;
import de.freiraum.query.QParser;
import de.freiraum.query.ScopeQuery;
import de.freiraum.query.ScopeQueryParser;
import de.freiraum.query.TextPattern;
import de.freiraum.query.TypeSelectionParser;
import de.freiraum.representation.LanguageFilter;
import de.freiraum.representation.SpecificationVersion;
import de.freiraum.representation.SubscriptionReader;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A subscription with everything parsed that is evaluated on each change.
 *
 * @param subscription the subscription
 * @param selectors its entity selectors; empty: any entity
 * @param triggers its triggers, {@code entityUpdated} taken apart
 * @param q its query, or null
 * @param geoQ its geoquery, or null
 * @param scopeQ its scope query, or null
 * @param projection what notifications show
 * @param language the language to reduce language maps to, or null
 * @param version the earlier version of the specification to send entities in, or null: the current one
 */
record CompiledSubscription(
        Subscription subscription,
        List<EntitySelector> selectors,
        Set<Trigger> triggers,
        @Nullable QExpression q,
        @Nullable GeoQuery geoQ,
        @Nullable ScopeQuery scopeQ,
        Projection projection,
        @Nullable LanguageFilter language,
        @Nullable SpecificationVersion version)
        implements Outbox.Compiled {

    private static final UnaryOperator<String> AS_IS = UnaryOperator.identity();

    /**
     * Parses a subscription.
     *
     * @param queryContext the context that the names in its query belong to; null if it cannot be had: then the expanded query is read, in
     *     which only names inside values are not expanded
     */
    static CompiledSubscription of(Subscription subscription, @Nullable Context queryContext) {
        List<EntitySelector> selectors = subscription.entities().stream()
                .map(CompiledSubscription::selector)
                .toList();
        Set<Trigger> triggers = EnumSet.noneOf(Trigger.class);
        triggers.addAll(subscription.triggers());
        if (triggers.contains(Trigger.entityUpdated)) {
            triggers.addAll(Set.of(Trigger.attributeCreated, Trigger.attributeUpdated, Trigger.attributeDeleted));
        }
        Subscription.GeoQuery geoQ = subscription.geoQ();
        String scopeQ = subscription.scopeQ();
        String lang = subscription.lang();
        return new CompiledSubscription(
                subscription,
                selectors,
                triggers,
                q(subscription, queryContext),
                geoQ == null
                        ? null
                        : GeoQueryParser.parse(
                                geoQ.georel(), geoQ.geometry(), geoQ.coordinates(), geoQ.geoproperty(), AS_IS),
                scopeQ == null ? null : ScopeQueryParser.parse(scopeQ),
                projection(subscription.notification()),
                lang == null ? null : LanguageFilter.parse(lang),
                version(subscription.ngsildConformance()));
    }

    private static @Nullable SpecificationVersion version(@Nullable String named) {
        SpecificationVersion version = named == null ? null : SpecificationVersion.parse(named);
        return version == null || version.conformant().equals(SpecificationVersion.CURRENT) ? null : version;
    }

    private static Projection projection(NotificationParams parameters) {
        if (parameters.onlyAttributes()) {
            return Projection.ofAttributes(parameters.pick());
        }
        return Projection.parse(
                parameters.pick().isEmpty() ? null : String.join(",", parameters.pick()),
                parameters.omit().isEmpty() ? null : String.join(",", parameters.omit()),
                AS_IS);
    }

    private static @Nullable QExpression q(Subscription subscription, @Nullable Context context) {
        QueryText q = subscription.q();
        if (q == null) {
            return null;
        }
        if (context == null) {
            return QParser.parse(q.expanded(), AS_IS);
        }
        Value.Obj document = subscription.document();
        return QParser.parse(
                "q",
                q.given(),
                context::expand,
                SubscriptionReader.names(document, "expandValues"),
                SubscriptionReader.names(document, "jsonKeys"));
    }

    static EntitySelector selector(Subscription.EntitySelector selector) {
        return new EntitySelector(
                selector.types() == null ? null : TypeSelectionParser.parse(selector.types(), AS_IS),
                selector.ids(),
                selector.idPattern() == null ? null : TextPattern.of("idPattern", selector.idPattern()));
    }

    /** Whether the entity is one of those subscribed to. */
    boolean selects(Entity entity) {
        return selectors.isEmpty() || selectors.stream().anyMatch(s -> s.matches(entity));
    }

    /** Whether the entity meets the query conditions. */
    boolean meets(Entity entity, LinkedEntities linked) {
        return (q == null || q.matches(entity, linked))
                && (geoQ == null || geoQ.matches(entity))
                && (scopeQ == null || scopeQ.matches(entity.scopes()));
    }
}
