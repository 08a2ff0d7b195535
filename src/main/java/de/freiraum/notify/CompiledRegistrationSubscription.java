package de.freiraum.notify;

import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.NotificationParams;
import de.freiraum.notify.NotifiedRegistration.TriggerReason;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.GeoQueryParser;
import de.freiraum.query.Projection;
import de.freiraum.query.QParser;
import de.freiraum.query.ScopeQueryParser;
import de.freiraum.registration.CSourceRegistration;
import de.freiraum.registration.EntitySpecification;
import de.freiraum.registration.RegistrationQuery;
import de.freiraum.representation.TemporalQueryReader;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to registrations with everything parsed that is evaluated on each change of one.
 *
 * @param subscription the subscription
 * @param query which registrations match it (clause 5.11.2.4)
 */
record CompiledRegistrationSubscription(Subscription subscription, RegistrationQuery query) implements Outbox.Compiled {
    private static final UnaryOperator<String> AS_IS = UnaryOperator.identity();

    /** Parses a subscription. */
    static CompiledRegistrationSubscription of(Subscription subscription) {
        List<EntitySelector> selectors = subscription.entities().stream()
                .map(CompiledSubscription::selector)
                .toList();
        Subscription.GeoQuery geoQ = subscription.geoQ();
        return new CompiledRegistrationSubscription(
                subscription,
                new RegistrationQuery(
                        new EntitySpecification(selectors, attributes(subscription), subscription.datasetIds()),
                        geoQ == null
                                ? null
                                : GeoQueryParser.parse(
                                        geoQ.georel(), geoQ.geometry(), geoQ.coordinates(), geoQ.geoproperty(), AS_IS),
                        TemporalQueryReader.of(subscription),
                        subscription.csf() == null
                                ? null
                                : QParser.parse(subscription.csf().expanded(), AS_IS),
                        subscription.scopeQ() == null ? null : ScopeQueryParser.parse(subscription.scopeQ())));
    }

    /** The watched and the notified attributes together; if there are none of either, any attribute matches (clause 5.11.2.4). */
    private static Set<String> attributes(Subscription subscription) {
        NotificationParams parameters = subscription.notification();
        Set<String> notified = parameters.pick().isEmpty()
                ? Set.of()
                : Projection.parse(String.join(",", parameters.pick()), null, AS_IS)
                        .pickedAttributes();
        if (notified.isEmpty() || subscription.watchedAttributes().isEmpty()) {
            return Set.of();
        }
        Set<String> attributes = new LinkedHashSet<>(subscription.watchedAttributes());
        attributes.addAll(notified);
        return attributes;
    }

    /** What a change of a registration gives to notify of, or null; a registration that is not there is null. */
    @Nullable
    NotifiedRegistration match(@Nullable CSourceRegistration before, @Nullable CSourceRegistration after) {
        boolean did = before != null && query.matches(before);
        boolean does = after != null && query.matches(after);
        if (after != null && does) {
            return new NotifiedRegistration(after, did ? TriggerReason.updated : TriggerReason.newlyMatching);
        }
        return before != null && did ? new NotifiedRegistration(before, TriggerReason.noLongerMatching) : null;
    }
}
