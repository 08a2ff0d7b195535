package de.freiraum.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to changes of entities (clause 5.2.12), valid as a whole, with expanded names. Query texts are in their languages with IRIs as
 * names; whoever evaluates them parses them once.
 *
 * @param id its URI
 * @param entities which entities, one of which must match; empty: any
 * @param watchedAttributes attribute IRIs; empty: any
 * @param triggers what kinds of changes matter; never empty
 * @param timeInterval how often to notify regardless of changes, or null: when something changes
 * @param throttling the least time between two notifications, or null
 * @param q condition on the entity, or null
 * @param geoQ geographical condition on the entity, or null
 * @param scopeQ condition on the entity's scopes, or null
 * @param csf condition on registrations, or null
 * @param datasetIds which attribute instances to send, {@code @none} for those without; empty: all
 * @param lang language to reduce language maps to, or null
 * @param ngsildConformance version of the specification to send entities in, such as 1.6, or null: the broker's
 * @param expiresAt when it ends, or null: never
 * @param active false while its owner has paused it
 * @param jsonldContext URL of the context to compact notifications with; null only before the broker has given it one
 * @param notification what to send where
 * @param document the subscription as it was given, with only the members of the data type, and expanded names
 */
public record Subscription(
        String id,
        List<EntitySelector> entities,
        Set<String> watchedAttributes,
        Set<Trigger> triggers,
        @Nullable Duration timeInterval,
        @Nullable Duration throttling,
        @Nullable QueryText q,
        @Nullable GeoQuery geoQ,
        @Nullable String scopeQ,
        @Nullable QueryText csf,
        Set<String> datasetIds,
        @Nullable String lang,
        @Nullable String ngsildConformance,
        @Nullable Instant expiresAt,
        boolean active,
        @Nullable String jsonldContext,
        NotificationParams notification,
        Value.Obj document) {

    /** Copies the collections. */
    public Subscription {
        entities = List.copyOf(entities);
        watchedAttributes = Set.copyOf(watchedAttributes);
        triggers = Set.copyOf(triggers);
        datasetIds = Set.copyOf(datasetIds);
    }

    /** Kinds of changes, named as {@code notificationTrigger} names them. {@code entityUpdated} stands for the three of attributes. */
    public enum Trigger {
        entityCreated,
        entityUpdated,
        entityDeleted,
        attributeCreated,
        attributeUpdated,
        attributeDeleted;

        /** What holds where a subscription names none. */
        public static final List<Trigger> DEFAULT = List.of(attributeCreated, attributeUpdated);
    }

    /** Whether notifications are sent, named as {@code status} names it. */
    public enum Status {
        active,
        paused,
        expired
    }

    /** The status at a moment. */
    public Status status(Instant now) {
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            return Status.expired;
        }
        return active ? Status.active : Status.paused;
    }

    /**
     * Clause 5.2.33.
     *
     * @param types type selection with IRIs as names, {@code *} for any, or null
     * @param ids URIs; empty: any
     * @param idPattern regular expression, or null
     */
    public record EntitySelector(
            @Nullable String types,
            Set<String> ids,
            @Nullable String idPattern) {
        /** Copies the set. */
        public EntitySelector {
            ids = Set.copyOf(ids);
        }
    }

    /**
     * A text of the query language.
     *
     * @param given as the subscriber wrote it
     * @param context the {@code @context} the subscriber's names belong to
     * @param expanded the same query with IRIs as names
     */
    public record QueryText(String given, Value context, String expanded) {}

    /**
     * Clause 5.2.13.
     *
     * @param georel the relation
     * @param geometry GeoJSON type
     * @param coordinates GeoJSON coordinates
     * @param geoproperty path of the GeoProperty with IRIs as names
     */
    public record GeoQuery(String georel, String geometry, Value coordinates, String geoproperty) {}

    /** How entities are written, named as {@code format} names it. */
    public enum Format {
        normalized,
        concise,
        simplified
    }

    /** How linked entities are added, named as {@code join} names it. */
    public enum Join {
        none,
        flat,
        inline
    }

    /**
     * Clause 5.2.14.
     *
     * @param pick members to reduce entities to, in the projection language with IRIs as names; empty: all
     * @param omit members to leave out; empty: none
     * @param onlyAttributes whether {@code pick} comes from {@code attributes}: id, type and scope are always sent then
     * @param format how entities are written
     * @param sysAttrs whether to send the system's times
     * @param showChanges whether to send previous values
     * @param join how to add linked entities
     * @param joinLevel how far to follow relationships, above 0
     * @param endpoint where to send to
     */
    public record NotificationParams(
            List<String> pick,
            List<String> omit,
            boolean onlyAttributes,
            Format format,
            boolean sysAttrs,
            boolean showChanges,
            Join join,
            int joinLevel,
            Endpoint endpoint) {
        /** Copies the lists. */
        public NotificationParams {
            pick = List.copyOf(pick);
            omit = List.copyOf(omit);
        }
    }

    /**
     * Clause 5.2.15.
     *
     * @param uri of scheme http, https, mqtt or mqtts
     * @param accept media type to send: application/json, application/ld+json or application/geo+json
     * @param timeout how long to wait for an answer, or null: as long as the broker does
     * @param cooldown how long to send nothing after a failure, or null
     * @param receiverInfo what to tell the receiver: headers in HTTP, metadata in MQTT; names may repeat
     * @param notifierInfo settings of the transport
     */
    public record Endpoint(
            String uri,
            String accept,
            @Nullable Duration timeout,
            @Nullable Duration cooldown,
            List<KeyValuePair> receiverInfo,
            Map<String, String> notifierInfo) {
        /** The setting that says whether a notification is tried once, or kept until it is received. */
        public static final String DELIVERY = "Delivery";

        /** A notification is tried once; so unless said otherwise. */
        public static final String ONCE = "once";

        /** A notification is kept and tried again until it is received. */
        public static final String GUARANTEED = "guaranteed";

        /** Copies the collections. */
        public Endpoint {
            receiverInfo = List.copyOf(receiverInfo);
            notifierInfo = Map.copyOf(notifierInfo);
        }

        /** Whether notifications are kept and tried again until they are received. */
        public boolean isGuaranteed() {
            return GUARANTEED.equals(notifierInfo.get(DELIVERY));
        }

        @Override
        public String toString() {
            // The URI and receiverInfo may hold credentials, which must not reach a log.
            return "Endpoint[accept=" + accept + "]";
        }
    }

    /** Clause 5.2.22. */
    public record KeyValuePair(String key, String value) {}

    @Override
    public String toString() {
        return "Subscription[" + id + "]";
    }
}
