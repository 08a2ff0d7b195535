package de.freiraum.notify;

import de.freiraum.broker.LinkedRetrieval.Graph;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Entity;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.Endpoint;
import de.freiraum.model.Subscription.Join;
import de.freiraum.model.Subscription.NotificationParams;
import de.freiraum.model.Tenant;
import de.freiraum.query.Projection;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.EntityWriter.Changed;
import de.freiraum.representation.RepresentationOptions;
import de.freiraum.representation.RepresentationOptions.Form;
import de.freiraum.representation.RepresentationOptions.GeoJson;
import de.freiraum.representation.SpecificationVersion;
import de.freiraum.representation.VersionFallback;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes notifications (clauses 5.3.1, 5.8.6 and 6.3.8). */
final class NotificationWriter {
    private static final String GEO_JSON = "application/geo+json";
    private static final String JSON_LD = "application/ld+json";

    private final EntityWriter entityWriter;
    private final NotifierSettings settings;

    NotificationWriter(EntityWriter entityWriter, NotifierSettings settings) {
        this.entityWriter = entityWriter;
        this.settings = settings;
    }

    /**
     * What a notification tells.
     *
     * @param entities the entities, not empty
     * @param linked the entities to join
     * @param generatedAt when the notification came about
     */
    record Content(List<NotifiedEntity> entities, Graph linked, Instant generatedAt) {}

    /** The same for the same changes, so that a receiver recognises a notification that another process sends again. */
    private static UUID id(Subscription subscription, List<NotifiedEntity> entities) {
        StringBuilder changes = new StringBuilder(subscription.id());
        entities.forEach(
                entity -> changes.append('\n').append(entity.id()).append(' ').append(entity.at()));
        return UUID.nameUUIDFromBytes(changes.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes a notification.
     *
     * @param content what to notify of
     * @param context what to compact names with
     */
    Message write(Tenant tenant, CompiledSubscription compiled, Content content, Context context) {
        Subscription subscription = compiled.subscription();
        Endpoint endpoint = subscription.notification().endpoint();
        String contextUrl = Objects.requireNonNull(subscription.jsonldContext(), "stored subscriptions have a context");
        boolean geoJson = endpoint.accept().equals(GEO_JSON);
        boolean contextInBody = endpoint.accept().equals(JSON_LD) || (geoJson && !prefersPlainJson(endpoint));

        JsonWriter out = new JsonWriter(2048);
        out.beginObject()
                .member("id", "urn:ngsi-ld:Notification:" + id(subscription, content.entities()))
                .member("type", "Notification")
                .member("subscriptionId", subscription.id())
                .name("notifiedAt")
                .time(content.generatedAt())
                .name("data");
        if (geoJson) {
            out.beginObject().member("type", "FeatureCollection").name("features");
        }
        out.beginArray();
        new Data(out, compiled, content, options(compiled, context)).write();
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
                tenant,
                endpoint,
                endpoint.accept(),
                contextInBody ? null : contextUrl,
                out.toBytes(),
                settings.timeout(endpoint.timeout()));
    }

    private static boolean prefersPlainJson(Endpoint endpoint) {
        return endpoint.receiverInfo().stream()
                .anyMatch(p -> p.key().equalsIgnoreCase("Prefer") && p.value().equals("body=json"));
    }

    private static RepresentationOptions options(CompiledSubscription compiled, Context context) {
        NotificationParams parameters = compiled.subscription().notification();
        String accept = parameters.endpoint().accept();
        return RepresentationOptions.of(context)
                .withForm(
                        switch (parameters.format()) {
                            case normalized -> Form.NORMALIZED;
                            case concise -> Form.CONCISE;
                            case simplified -> Form.SIMPLIFIED;
                        })
                .withSysAttrs(parameters.sysAttrs())
                .withLanguage(compiled.language())
                .withProjection(compiled.projection())
                .withDatasetIds(compiled.subscription().datasetIds())
                .withGeoJson(accept.equals(GEO_JSON) ? GeoJson.LOCATION : null)
                .withContextInBody(accept.equals(JSON_LD));
    }

    /** The writing of one notification's entities. */
    private final class Data {
        private final JsonWriter out;
        private final CompiledSubscription compiled;
        private final NotificationParams parameters;
        private final Content content;
        private final RepresentationOptions options;
        private final EntityWriter.@Nullable Join join;
        private final @Nullable VersionFallback fallback;

        Data(JsonWriter out, CompiledSubscription compiled, Content content, RepresentationOptions options) {
            this.out = out;
            this.compiled = compiled;
            this.parameters = compiled.subscription().notification();
            this.content = content;
            this.options = options;
            this.join = parameters.join() == Join.inline
                    ? new EntityWriter.Join(this::linked, parameters.joinLevel())
                    : null;
            SpecificationVersion version = compiled.version();
            this.fallback = version == null ? null : new VersionFallback(version, options.context());
        }

        void write() {
            Set<String> written = new HashSet<>();
            for (NotifiedEntity notified : content.entities()) {
                entity(notified);
                written.add(notified.latest().id());
            }
            if (parameters.join() == Join.flat) {
                content.linked().linked().forEach((id, entity) -> {
                    if (written.add(id)) {
                        Projection shown = content.linked().projections().getOrDefault(id, Projection.ALL);
                        entityWriter.write(
                                out,
                                amended(entity),
                                options.withProjection(shown).withDatasetIds(Set.of()));
                    }
                });
            }
        }

        private void entity(NotifiedEntity notified) {
            Entity after = notified.after();
            if (after != null && !parameters.showChanges() && !Deletions.areIn(notified.before(), after)) {
                if (join == null) {
                    entityWriter.write(out, amended(after), options);
                } else {
                    out.raw(entityWriter.write(amended(after), options, join));
                }
                return;
            }
            Entity before = Deletions.toldOf(compiled.subscription(), notified);
            Changed change = new Changed(
                    before == null ? null : amended(before),
                    after == null ? null : amended(after),
                    notified.at(),
                    parameters.showChanges());
            entityWriter.writeChange(out, change, options, join);
        }

        private @Nullable Entity linked(String id) {
            Entity found = content.linked().find(id);
            if (found == null) {
                // Linked entities may be among those that the notification is about.
                found = content.entities().stream()
                        .map(NotifiedEntity::after)
                        .filter(e -> e != null && e.id().equals(id))
                        .findFirst()
                        .orElse(null);
            }
            return found == null ? null : amended(found);
        }

        private Entity amended(Entity entity) {
            return fallback == null ? entity : fallback.apply(entity);
        }
    }
}
