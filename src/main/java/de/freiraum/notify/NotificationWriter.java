package de.freiraum.notify;

import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.Endpoint;
import de.freiraum.model.Subscription.Join;
import de.freiraum.model.Subscription.NotificationParams;
import de.freiraum.model.Subscription.Trigger;
import de.freiraum.model.Tenant;
import de.freiraum.query.Projection;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.LanguageFilter;
import de.freiraum.representation.RepresentationOptions;
import de.freiraum.representation.RepresentationOptions.Form;
import de.freiraum.representation.RepresentationOptions.GeoJson;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes notifications (clauses 5.3.1, 5.8.6 and 6.3.8). */
final class NotificationWriter {
    private static final String GEO_JSON = "application/geo+json";
    private static final String JSON_LD = "application/ld+json";

    private final EntityWriter entityWriter;
    private final Supplier<String> ids;

    NotificationWriter(EntityWriter entityWriter, Supplier<String> ids) {
        this.entityWriter = entityWriter;
        this.ids = ids;
    }

    /**
     * Writes a notification.
     *
     * @param entities what to notify of, not empty
     * @param linked entities to join, by URI
     * @param context what to compact names with
     * @param generatedAt when the notification came about
     * @param timeout how long the receiver may take
     */
    Message write(
            Tenant tenant,
            Subscription subscription,
            List<NotifiedEntity> entities,
            Map<String, Entity> linked,
            Context context,
            Instant generatedAt,
            Duration timeout) {
        Endpoint endpoint = subscription.notification().endpoint();
        String contextUrl = Objects.requireNonNull(subscription.jsonldContext(), "stored subscriptions have a context");
        boolean geoJson = endpoint.accept().equals(GEO_JSON);
        boolean contextInBody = endpoint.accept().equals(JSON_LD) || (geoJson && !prefersPlainJson(endpoint));

        JsonWriter out = new JsonWriter(2048);
        out.beginObject()
                .member("id", "urn:ngsi-ld:Notification:" + ids.get())
                .member("type", "Notification")
                .member("subscriptionId", subscription.id())
                .name("notifiedAt")
                .time(generatedAt)
                .name("data");
        if (geoJson) {
            out.beginObject().member("type", "FeatureCollection").name("features");
        }
        out.beginArray();
        data(out, subscription, entities, linked, options(subscription, context));
        out.endArray();
        if (geoJson && contextInBody) {
            out.member("@context", contextUrl);
        }
        if (geoJson) {
            out.endObject();
        } else if (contextInBody) {
            out.member("@context", contextUrl);
        }
        out.endObject();
        return new Message(
                tenant, endpoint, endpoint.accept(), contextInBody ? null : contextUrl, out.toBytes(), timeout);
    }

    private static boolean prefersPlainJson(Endpoint endpoint) {
        return endpoint.receiverInfo().stream()
                .anyMatch(p -> p.key().equalsIgnoreCase("Prefer") && p.value().equals("body=json"));
    }

    private static RepresentationOptions options(Subscription subscription, Context context) {
        NotificationParams parameters = subscription.notification();
        String accept = parameters.endpoint().accept();
        return RepresentationOptions.of(context)
                .withForm(
                        switch (parameters.format()) {
                            case normalized -> Form.NORMALIZED;
                            case concise -> Form.CONCISE;
                            case simplified -> Form.SIMPLIFIED;
                        })
                .withSysAttrs(parameters.sysAttrs())
                .withLanguage(subscription.lang() == null ? null : LanguageFilter.parse(subscription.lang()))
                .withProjection(projection(parameters))
                .withDatasetIds(subscription.datasetIds())
                .withGeoJson(accept.equals(GEO_JSON) ? GeoJson.LOCATION : null)
                .withContextInBody(accept.equals(JSON_LD));
    }

    private static Projection projection(NotificationParams parameters) {
        if (parameters.onlyAttributes()) {
            return Projection.ofAttributes(parameters.pick());
        }
        List<String> pick = parameters.pick();
        return Projection.parse(
                pick.isEmpty() ? null : String.join(",", pick),
                parameters.omit().isEmpty() ? null : String.join(",", parameters.omit()),
                UnaryOperator.identity());
    }

    private void data(
            JsonWriter out,
            Subscription subscription,
            List<NotifiedEntity> entities,
            Map<String, Entity> linked,
            RepresentationOptions options) {
        Set<String> written = new HashSet<>();
        for (NotifiedEntity notified : entities) {
            entity(out, subscription, notified, linked, options);
            written.add(notified.latest().id());
        }
        if (subscription.notification().join() == Join.flat) {
            RepresentationOptions whole = options.withProjection(Projection.ALL).withDatasetIds(Set.of());
            for (Entity entity : linked.values()) {
                if (written.add(entity.id())) {
                    entityWriter.write(out, entity, whole);
                }
            }
        }
    }

    private void entity(
            JsonWriter out,
            Subscription subscription,
            NotifiedEntity notified,
            Map<String, Entity> linked,
            RepresentationOptions options) {
        NotificationParams parameters = subscription.notification();
        Entity after = notified.after();
        Entity before = shownBefore(subscription, notified);
        EntityWriter.@Nullable Join join =
                parameters.join() == Join.inline ? new EntityWriter.Join(linked::get, parameters.joinLevel()) : null;
        boolean deletions = tellsDeletions(subscription) || (after == null && parameters.showChanges());
        if (after != null && !parameters.showChanges() && !(deletions && hasDeletions(before, after))) {
            if (join == null) {
                entityWriter.write(out, after, options);
            } else {
                out.raw(entityWriter.write(after, options, join));
            }
            return;
        }
        entityWriter.writeChange(out, before, after, notified.at(), parameters.showChanges(), deletions, options, join);
    }

    private static boolean tellsDeletions(Subscription subscription) {
        return subscription.triggers().contains(Trigger.attributeDeleted)
                || subscription.triggers().contains(Trigger.entityUpdated);
    }

    private static boolean hasDeletions(@Nullable Entity before, Entity after) {
        if (before != null) {
            for (Map.Entry<String, List<Attribute>> attribute :
                    before.attributes().entrySet()) {
                for (Attribute then : attribute.getValue()) {
                    if (after.instance(attribute.getKey(), then.meta().datasetId()) == null) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /**
     * The entity before, as far as it is to be told. Of a deleted entity these are the watched attributes, unless previous values are shown. Of
     * an attribute that is gone with all its instances, one instance without its dataset stands for all, for only its name is to be told.
     */
    private static @Nullable Entity shownBefore(Subscription subscription, NotifiedEntity notified) {
        Entity before = notified.before();
        Entity after = notified.after();
        if (before == null || subscription.notification().showChanges()) {
            return before;
        }
        Set<String> watched = subscription.watchedAttributes();
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        before.attributes().forEach((iri, instances) -> {
            if (after == null && !watched.isEmpty() && !watched.contains(iri)) {
                return;
            }
            boolean gone = after == null || after.attribute(iri).isEmpty();
            attributes.put(
                    iri, gone && subscription.datasetIds().isEmpty() ? List.of(withoutDataset(instances)) : instances);
        });
        return before.withAttributes(attributes);
    }

    private static Attribute withoutDataset(List<Attribute> instances) {
        for (Attribute instance : instances) {
            if (instance.meta().datasetId() == null) {
                return instance;
            }
        }
        Attribute first = instances.get(0);
        return first.with(first.meta().withDatasetId(null));
    }
}
