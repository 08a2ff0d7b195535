package de.freiraum.notify;

import de.freiraum.json.JsonWriter;
import de.freiraum.json.Times;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.Endpoint;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.notify.NotifiedRegistration.TriggerReason;
import de.freiraum.registration.CSourceRegistration;
import de.freiraum.registration.EntitySpecification;
import de.freiraum.representation.RegistrationWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Writes notifications of registrations (clauses 5.3.2, 5.11.7 and 6.3.9). */
final class RegistrationNotificationWriter {
    private static final String JSON = "application/json";
    private static final String JSON_LD = "application/ld+json";

    private final Supplier<String> ids;

    RegistrationNotificationWriter(Supplier<String> ids) {
        this.ids = ids;
    }

    /**
     * Writes a notification.
     *
     * @param registrations what to notify of, not empty; each with the parts of its information alone that the subscription is about
     * @param context what to compact names with
     * @param generatedAt when the notification came about
     * @param timeout how long the receiver may take
     */
    Message write(
            Tenant tenant,
            CompiledRegistrationSubscription compiled,
            List<CSourceRegistration> registrations,
            TriggerReason reason,
            Context context,
            Instant generatedAt,
            Duration timeout) {
        Subscription subscription = compiled.subscription();
        Endpoint endpoint = subscription.notification().endpoint();
        String contextUrl = Objects.requireNonNull(subscription.jsonldContext(), "stored subscriptions have a context");
        boolean jsonLd = endpoint.accept().equals(JSON_LD);
        EntitySpecification asked = compiled.query().entities();
        List<Value> data = new ArrayList<>();
        for (CSourceRegistration registration : registrations) {
            data.add(RegistrationWriter.writeNotified(
                    registration,
                    context,
                    place -> asked.matches(registration.information().get(place))));
        }
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of("urn:ngsi-ld:ContextSourceNotification:" + ids.get()));
        members.put("type", Value.of("ContextSourceNotification"));
        members.put("subscriptionId", Value.of(subscription.id()));
        members.put("notifiedAt", Value.of(Times.format(generatedAt)));
        members.put("triggerReason", Value.of(reason.name()));
        members.put("data", new Value.Array(data));
        if (jsonLd) {
            members.put("@context", Value.of(contextUrl));
        }
        return new Message(
                tenant,
                endpoint,
                jsonLd ? JSON_LD : JSON,
                jsonLd ? null : contextUrl,
                JsonWriter.write(new Value.Obj(members)),
                timeout);
    }
}
