package de.freiraum.store.embedded;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.EntityStore.AttributeSummary;
import de.freiraum.store.EntityStore.EntityPage;
import de.freiraum.store.EntityStore.TypeSummary;
import de.freiraum.store.change.QueryTime;
import de.freiraum.store.change.Ticks;
import de.freiraum.store.embedded.CommittedEntities.OfTenant;
import de.freiraum.store.embedded.CommittedEntities.Slot;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads entities (5.7) from the versions in memory. Callable from any thread. */
final class EntityReader {
    private static final Logger LOG = LoggerFactory.getLogger(EntityReader.class);

    /** How many candidates a query looks at on the caller's thread before it goes on on a worker. */
    private static final int LOOKED_AT_ON_CALLER = 1000;

    /** The same in time, for conditions that take long to evaluate. */
    private static final long NANOS_ON_CALLER = 5_000_000;

    /** After how many candidates it is looked how long it took. */
    private static final int STEP = 100;

    private final CommittedEntities committed;
    private final WorkerExecutor readers;
    private final Ticks ticks;
    private final long queryNanos;

    EntityReader(CommittedEntities committed, WorkerExecutor readers, Ticks ticks, Duration queryTime) {
        this.committed = committed;
        this.readers = readers;
        this.ticks = ticks;
        this.queryNanos = queryTime.toNanos();
    }

    Future<@Nullable Entity> retrieve(Tenant tenant, String entityId) {
        return Future.succeededFuture(committed.visible(tenant, entityId, ticks));
    }

    Future<EntityPage> query(Tenant tenant, EntityQuery query, int offset, int limit, boolean count) {
        if (offset < 0 || limit < 0) {
            return Future.failedFuture(NgsiLdException.badRequest("offset and limit: at least 0 is allowed"));
        }
        OfTenant entities = committed.of(tenant);
        if (entities == null) {
            return Future.succeededFuture(new EntityPage(List.of(), false, count ? 0 : -1));
        }
        try {
            Search search =
                    new Search(entities, query, offset, limit, count, ticks, committed.anyExpiredBy(ticks.now()));
            ValueIndex wanted = entities.values.takeWanted();
            if (wanted != null) {
                fill(wanted, entities);
            }
            long start = System.nanoTime();
            for (int looked = 0; looked < LOOKED_AT_ON_CALLER; looked += STEP) {
                if (search.run(STEP)) {
                    return Future.succeededFuture(search.page());
                }
                if (System.nanoTime() - start > NANOS_ON_CALLER) {
                    break;
                }
            }
            return readers.executeBlocking(
                    () -> {
                        while (!search.run(STEP)) {
                            if (System.nanoTime() - start > queryNanos) {
                                throw QueryTime.isOver();
                            }
                        }
                        return search.page();
                    },
                    false);
        } catch (NgsiLdException e) {
            return Future.failedFuture(e);
        }
    }

    private void fill(ValueIndex index, OfTenant entities) {
        readers.executeBlocking(
                        () -> {
                            index.fill(entities.ordered.values());
                            return true;
                        },
                        false)
                .onFailure(e -> LOG.warn("the values of {} could not be indexed", index.attribute(), e));
    }

    Future<List<TypeSummary>> types(Tenant tenant) {
        OfTenant entities = committed.of(tenant);
        if (entities == null) {
            return Future.succeededFuture(List.of());
        }
        return readers.executeBlocking(
                () -> {
                    List<TypeSummary> summaries = new ArrayList<>();
                    for (String type : new TreeSet<>(entities.byType.keySet())) {
                        summarise(entities, type).ifPresent(summaries::add);
                    }
                    return summaries;
                },
                false);
    }

    private Optional<TypeSummary> summarise(OfTenant entities, String type) {
        Map<String, Slot> slots = entities.byType.get(type);
        if (slots == null) {
            return Optional.empty();
        }
        long count = 0;
        Map<String, Long> counts = new TreeMap<>();
        Map<String, Set<String>> kinds = new HashMap<>();
        for (Slot slot : slots.values()) {
            Entity entity = slot.visible(ticks);
            if (entity == null) {
                continue;
            }
            count++;
            entity.attributes().forEach((iri, instances) -> {
                counts.merge(iri, 1L, Long::sum);
                Set<String> met = kinds.computeIfAbsent(iri, i -> new TreeSet<>());
                for (Attribute instance : instances) {
                    met.add(String.valueOf(instance.kind()));
                }
            });
        }
        Map<String, AttributeSummary> attributes = new TreeMap<>();
        counts.forEach(
                (iri, number) -> attributes.put(iri, new AttributeSummary(number, kinds.getOrDefault(iri, Set.of()))));
        return count == 0 ? Optional.empty() : Optional.of(new TypeSummary(type, count, attributes));
    }
}
