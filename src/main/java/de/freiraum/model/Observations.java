package de.freiraum.model;

import de.freiraum.model.EntityChange.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How observations change an entity. They come late, twice and out of order, so they are placed by the time at which they were
 * observed, and saying the same thing again changes nothing.
 */
public final class Observations {
    private Observations() {}

    /**
     * Takes up observations. Per attribute instance with observedAt: one at least as new as the current becomes the current; an older
     * one goes into history only; one that repeats the current changes nothing. Instances without observedAt are set when they
     * differ. Types are added; the entity is created if it is absent.
     *
     * @param fragment with the id, at least one type and complete attributes
     */
    public static EntityChange update(EntityFragment fragment) {
        String id = Objects.requireNonNull(fragment.id(), "observations name their entity");
        return (before, now) -> {
            Entity old = before;
            boolean touched = old == null;
            Map<String, List<Attribute>> attributes = new LinkedHashMap<>(old == null ? Map.of() : old.attributes());
            List<String> updated = new ArrayList<>();
            List<TemporalInstance> late = new ArrayList<>();
            for (Map.Entry<String, List<Attribute>> entry :
                    fragment.attributes().entrySet()) {
                String iri = entry.getKey();
                for (Attribute given : entry.getValue()) {
                    Attribute there =
                            old == null ? null : old.instance(iri, given.meta().datasetId());
                    if (there != null && isOlder(given, there)) {
                        late.add(new TemporalInstance(iri, EntityChanges.stamp(identified(iri, given), null, now)));
                        updated.add(iri);
                    } else if (there == null || !AttributeMerge.sameContent(there, given)) {
                        Instant created = there == null ? null : there.meta().createdAt();
                        put(attributes, iri, EntityChanges.stamp(identified(iri, given), created, now));
                        updated.add(iri);
                        touched = true;
                    }
                }
            }
            List<String> types = new ArrayList<>(old == null ? List.of() : old.types());
            for (String type : fragment.types()) {
                if (!types.contains(type)) {
                    types.add(type);
                    touched = true;
                }
            }
            UpdateResult result = new UpdateResult(updated, List.of());
            if (!touched) {
                return new Outcome(old, result, late);
            }
            List<String> scopes =
                    fragment.scopes() != null ? fragment.scopes() : old == null ? List.of() : old.scopes();
            Instant created = old == null ? now : old.createdAt();
            Entity after = new Entity(
                    id, types, scopes, attributes, created, now, old == null ? fragment.expiresAt() : old.expiresAt());
            return new Outcome(after, result, late);
        };
    }

    /**
     * The identity of an observation in history: the same for every repetition of it, so that a repetition replaces itself.
     *
     * @param attribute IRI
     * @param datasetId dataset, or null
     * @param observedAt when it was observed
     */
    public static String instanceId(String attribute, @Nullable String datasetId, Instant observedAt) {
        String key = attribute + ' ' + (datasetId == null ? "" : datasetId) + ' ' + observedAt;
        return "urn:ngsi-ld:Instance:" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
    }

    /** The instance with its identity in history, if it has an observedAt. */
    public static Attribute identified(String attribute, Attribute instance) {
        Instant observedAt = instance.meta().observedAt();
        return observedAt == null
                ? instance
                : instance.with(instance.meta()
                        .withInstanceId(instanceId(attribute, instance.meta().datasetId(), observedAt)));
    }

    private static boolean isOlder(Attribute given, Attribute there) {
        Instant observed = given.meta().observedAt();
        Instant current = there.meta().observedAt();
        return observed != null && current != null && observed.isBefore(current);
    }

    private static void put(Map<String, List<Attribute>> attributes, String iri, Attribute instance) {
        List<Attribute> instances = new ArrayList<>(attributes.getOrDefault(iri, List.of()));
        instances.removeIf(
                a -> Objects.equals(a.meta().datasetId(), instance.meta().datasetId()));
        instances.add(instance);
        attributes.put(iri, List.copyOf(instances));
    }
}
