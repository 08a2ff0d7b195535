package de.freiraum.broker;

import de.freiraum.broker.EntityOperations.AttributeInstances;
import de.freiraum.model.Attribute;
import de.freiraum.model.TemporalInstance;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TemporalStore.Added;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Entities that are known by their temporal evolution alone, as those created by clause 5.6.11. */
final class PastEntities {
    /** The newest instance of each dataset. */
    private static final Range NEWEST = new Range(TimeProperty.observedAt, null, null, 1);

    private final EntityStore store;
    private final TemporalStore history;

    PastEntities(EntityStore store, TemporalStore history) {
        this.store = store;
        this.history = history;
    }

    /**
     * Puts the deletion of an attribute into the evolution of an entity that has no current state.
     *
     * @return false: there is a current state, no such evolution, or nothing in it that is not deleted yet
     */
    Future<Boolean> deleteAttribute(Caller caller, Target target, String attribute, AttributeInstances instances) {
        String id = target.entityId();
        return store.retrieve(caller.tenant(), id)
                .compose(current -> current != null
                        ? Future.succeededFuture(false)
                        : history.head(caller.tenant(), id).compose(head -> {
                            if (head == null || !isMeant(caller, target, head)) {
                                return Future.succeededFuture(false);
                            }
                            return history.instances(caller.tenant(), id, Set.of(attribute), NEWEST)
                                    .map(newest -> deletions(newest, instances))
                                    .compose(deletions -> deletions.isEmpty()
                                            ? Future.succeededFuture(false)
                                            : history.add(caller.tenant(), id, List.of(), deletions, false)
                                                    .map(added -> added != Added.NOWHERE));
                        }));
    }

    private static boolean isMeant(Caller caller, Target target, Head head) {
        return caller.sees(head.types())
                && (target.types() == null || target.types().matches(head.types()));
    }

    private static List<TemporalInstance> deletions(List<TemporalInstance> newest, AttributeInstances instances) {
        return newest.stream()
                .filter(one -> !one.instance().isNull()
                        && (instances.all()
                                || Objects.equals(
                                        instances.datasetId(),
                                        one.instance().meta().datasetId())))
                .map(one -> new TemporalInstance(one.attribute(), Attribute.deletion(one.instance(), null)))
                .toList();
    }
}
