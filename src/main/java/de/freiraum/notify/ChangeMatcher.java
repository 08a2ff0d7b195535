package de.freiraum.notify;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Change.AttributeChange;
import de.freiraum.model.Change.What;
import de.freiraum.model.Entity;
import de.freiraum.model.Subscription.Trigger;
import de.freiraum.query.LinkedEntities;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether a change is one that a subscription is to be notified of (clauses 5.2.12 and 5.8.6). */
final class ChangeMatcher {
    private ChangeMatcher() {}

    /**
     * What to notify of, or null. Conditions are evaluated on the entity after the change; on the last version if it was deleted.
     *
     * @param linked where entities behind Relationships are found
     */
    static @Nullable NotifiedEntity match(CompiledSubscription subscription, Change change, LinkedEntities linked) {
        Entity entity = change.latest();
        if (!subscription.selects(entity)) {
            return null;
        }
        List<AttributeChange> changes = change.attributeChanges().stream()
                .filter(ChangeMatcher::isRealChange)
                .toList();
        if (!triggered(subscription, change, changes) || !subscription.meets(entity, linked)) {
            return null;
        }
        return NotifiedEntity.of(change);
    }

    private static boolean triggered(CompiledSubscription subscription, Change change, List<AttributeChange> changes) {
        Set<Trigger> triggers = subscription.triggers();
        Set<String> watched = subscription.subscription().watchedAttributes();
        boolean wholeEntity = (change.before() == null && triggers.contains(Trigger.entityCreated))
                || (change.after() == null && triggers.contains(Trigger.entityDeleted));
        if (wholeEntity && watched.isEmpty()) {
            return true;
        }
        for (AttributeChange touched : changes) {
            if ((watched.isEmpty() || watched.contains(touched.attribute()))
                    && (wholeEntity || triggers.contains(trigger(touched.what())))) {
                return true;
            }
        }
        return false;
    }

    private static Trigger trigger(What what) {
        return switch (what) {
            case CREATED -> Trigger.attributeCreated;
            case UPDATED -> Trigger.attributeUpdated;
            case DELETED -> Trigger.attributeDeleted;
        };
    }

    /** An attribute changes when a member of its node, children included, gets another value (clause 5.8.6); the system's times do not count. */
    private static boolean isRealChange(AttributeChange change) {
        Attribute before = change.before();
        Attribute after = change.after();
        return before == null || after == null || !timeless(before).equals(timeless(after));
    }

    private static Attribute timeless(Attribute attribute) {
        AttributeMeta meta = attribute.meta();
        Map<String, List<Attribute>> children = new LinkedHashMap<>();
        meta.attributes()
                .forEach((iri, instances) -> children.put(
                        iri, instances.stream().map(ChangeMatcher::timeless).toList()));
        return attribute.with(
                meta.withTimes(null, null, null).withInstanceId(null).withAttributes(children));
    }
}
