package de.freiraum.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A committed change of one entity.
 *
 * @param tenant whose entity it is
 * @param entityId the entity's URI
 * @param before the version before, or null if it was created
 * @param after the version after, or null if it was deleted
 * @param history late observations and corrections that went into history only
 * @param at when it was made
 * @param origin who made it
 * @param sequence position in the store's order of changes; grows, with gaps
 */
public record Change(
        Tenant tenant,
        String entityId,
        @Nullable Entity before,
        @Nullable Entity after,
        List<TemporalInstance> history,
        Instant at,
        Origin origin,
        long sequence) {

    /** What happened to one attribute instance. */
    public enum What {
        CREATED,
        UPDATED,
        DELETED
    }

    /**
     * One attribute instance that the change touched.
     *
     * @param attribute its IRI
     * @param datasetId its dataset, or null for the default instance
     * @param what what happened to it
     * @param before the instance before, or null if created
     * @param after the instance after, or null if deleted
     */
    public record AttributeChange(
            String attribute,
            @Nullable String datasetId,
            What what,
            @Nullable Attribute before,
            @Nullable Attribute after) {}

    /** Copies the list. */
    public Change {
        history = List.copyOf(history);
    }

    /** The touched attribute instances. An instance counts as touched when it is another object, even with an equal value. */
    public List<AttributeChange> attributeChanges() {
        List<AttributeChange> changes = new ArrayList<>();
        if (after != null) {
            after.attributes().forEach((iri, instances) -> {
                for (Attribute now : instances) {
                    Attribute then = before == null
                            ? null
                            : before.instance(iri, now.meta().datasetId());
                    if (then != now) {
                        changes.add(new AttributeChange(
                                iri, now.meta().datasetId(), then == null ? What.CREATED : What.UPDATED, then, now));
                    }
                }
            });
        }
        if (before != null) {
            before.attributes().forEach((iri, instances) -> {
                for (Attribute then : instances) {
                    if (after == null || after.instance(iri, then.meta().datasetId()) == null) {
                        changes.add(new AttributeChange(iri, then.meta().datasetId(), What.DELETED, then, null));
                    }
                }
            });
        }
        return changes;
    }

    /** The version that exists, or the last that did. */
    public Entity latest() {
        return after != null ? after : Objects.requireNonNull(before);
    }
}
