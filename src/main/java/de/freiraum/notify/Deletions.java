package de.freiraum.notify;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Subscription;
import de.freiraum.model.Subscription.Trigger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What notifications tell of deleted entities and attributes (clause 5.8.6). */
final class Deletions {
    private Deletions() {}

    /**
     * The entity before the change, as far as it is to be told: all of it where previous values are shown. Of a deleted entity without them nothing
     * but its times, or the watched attributes if it is their deletion alone that is notified. Of an attribute that is gone with all
     * its instances, one instance without its dataset stands for all, for only its name is to be told.
     */
    static @Nullable Entity toldOf(Subscription subscription, NotifiedEntity notified) {
        Entity before = notified.before();
        Entity after = notified.after();
        if (before == null || subscription.notification().showChanges()) {
            return before;
        }
        Set<String> watched = subscription.watchedAttributes();
        boolean entityAlone = after == null && subscription.triggers().contains(Trigger.entityDeleted);
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        before.attributes().forEach((iri, instances) -> {
            if (after == null && (entityAlone || !(watched.isEmpty() || watched.contains(iri)))) {
                return;
            }
            boolean gone = after == null || after.attribute(iri).isEmpty();
            attributes.put(
                    iri, gone && subscription.datasetIds().isEmpty() ? List.of(withoutDataset(instances)) : instances);
        });
        return new Entity(
                before.id(),
                before.types(),
                List.of(),
                attributes,
                before.createdAt(),
                before.modifiedAt(),
                before.expiresAt());
    }

    /** Whether the entity before has attribute instances that the one after has not. */
    static boolean areIn(@Nullable Entity before, Entity after) {
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
