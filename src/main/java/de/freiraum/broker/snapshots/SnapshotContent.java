package de.freiraum.broker.snapshots;

import de.freiraum.broker.Caller;
import de.freiraum.broker.LinkedRetrieval;
import de.freiraum.broker.LinkedRetrieval.Follow;
import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.broker.snapshots.SnapshotQueries.OfEntities;
import de.freiraum.broker.snapshots.SnapshotQueries.OfEvolutions;
import de.freiraum.broker.temporal.TemporalOperations;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.Projection;
import de.freiraum.representation.TemporalWriter.Evolution;
import de.freiraum.store.EntityStore.EntityWrite;
import de.freiraum.store.EntityStore.WriteResult;
import de.freiraum.store.StoreException;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts content into one snapshot, part by part, and waits where the store has too much to do. Its calls follow one another. */
final class SnapshotContent {
    private static final String SCOPE = NgsiLd.NAMESPACE + "scope";
    private static final int PAGE = 1000;
    private static final int HEADS_AT_ONCE = 100;
    private static final int MOST_ATTEMPTS = 100;
    private static final long PAUSE_MILLIS = 100;

    private final Vertx vertx;
    private final Stores stores;
    private final Tenant into;
    private final int most;
    private long taken;

    /** @param most how many entities and evolutions it may take, all in all */
    SnapshotContent(Vertx vertx, Stores stores, Tenant into, int most) {
        this.vertx = vertx;
        this.stores = stores;
        this.into = into;
        this.most = most;
    }

    /** The result of a query of entities. @return how many were found */
    Future<Long> entities(Caller caller, QueryOperations queries, OfEntities query) {
        return entities(caller, queries, query, 0);
    }

    private Future<Long> entities(Caller caller, QueryOperations queries, OfEntities query, int offset) {
        return queries.queryEntities(caller, query.query(), new PageRequest(offset, PAGE, false))
                .compose(page -> withLinked(caller, page.entities(), query.follow())
                        .compose(all -> write(projected(all, query)))
                        .compose(v -> page.more()
                                ? entities(caller, queries, query, offset + PAGE)
                                : Future.succeededFuture(0L))
                        .map(behind -> page.entities().size() + behind));
    }

    private Future<List<Entity>> withLinked(Caller caller, List<Entity> found, @Nullable Follow follow) {
        return follow == null || found.isEmpty()
                ? Future.succeededFuture(found)
                : new LinkedRetrieval(stores.entities())
                        .from(caller, found, follow)
                        .map(graph -> {
                            List<Entity> all = new ArrayList<>(found);
                            all.addAll(graph.linked().values());
                            return all;
                        });
    }

    private static List<Entity> projected(List<Entity> entities, OfEntities query) {
        Projection projection = query.projection();
        Set<String> datasets = query.query().datasetIds();
        if (projection.isAll() && datasets.isEmpty()) {
            return entities;
        }
        return entities.stream()
                .map(entity -> {
                    Map<String, List<Attribute>> kept = new LinkedHashMap<>();
                    entity.attributes().forEach((iri, instances) -> {
                        List<Attribute> shown = instances.stream()
                                .filter(a -> query.query().showsDataset(a.meta().datasetId()))
                                .toList();
                        if (projection.keeps(iri) && !shown.isEmpty()) {
                            kept.put(iri, shown);
                        }
                    });
                    return new Entity(
                            entity.id(),
                            entity.types(),
                            projection.keeps("scope") ? entity.scopes() : List.of(),
                            kept,
                            entity.createdAt(),
                            entity.modifiedAt(),
                            entity.expiresAt());
                })
                .toList();
    }

    /** The result of a temporal query. @return how many evolutions were found */
    Future<Long> evolutions(Caller caller, TemporalOperations queries, OfEvolutions query) {
        long[] found = {0};
        return queries.forEachEvolution(caller, query.query(), query.selection(), evolutions -> {
                    found[0] += evolutions.size();
                    Future<Void> written = Future.succeededFuture();
                    for (Evolution evolution : evolutions) {
                        written = written.compose(v -> takeOver(
                                new Head(
                                        evolution.id(),
                                        evolution.types(),
                                        evolution.createdAt(),
                                        evolution.modifiedAt(),
                                        evolution.deletedAt()),
                                instances(evolution, query.projection())));
                    }
                    return written;
                })
                .map(v -> found[0]);
    }

    private static List<TemporalInstance> instances(Evolution evolution, Projection projection) {
        List<TemporalInstance> instances = new ArrayList<>();
        evolution.attributes().forEach((iri, all) -> {
            if (projection.keeps(iri.equals(SCOPE) ? "scope" : iri)) {
                all.forEach(a -> instances.add(new TemporalInstance(iri, a)));
            }
        });
        return instances;
    }

    /** Everything that another snapshot holds. */
    Future<Void> copyOf(Tenant other) {
        return copyEntities(other, 0).compose(v -> copyEvolutions(other, null));
    }

    private Future<Void> copyEntities(Tenant other, int offset) {
        return stores.entities()
                .query(other, EntityQuery.ALL, offset, PAGE, false)
                .compose(page -> write(page.entities())
                        .compose(v -> page.more() ? copyEntities(other, offset + PAGE) : Future.succeededFuture()));
    }

    private Future<Void> copyEvolutions(Tenant other, @Nullable String after) {
        return stores.history()
                .heads(other, EntityQuery.ALL, after, HEADS_AT_ONCE)
                .compose(heads -> stores.history()
                        .instances(other, heads.stream().map(Head::entityId).toList(), Set.of(), Range.ALL)
                        .compose(instances -> {
                            Future<Void> written = Future.succeededFuture();
                            for (int i = 0; i < heads.size(); i++) {
                                Head head = heads.get(i);
                                List<TemporalInstance> own = instances.get(i);
                                written = written.compose(
                                        v -> own.isEmpty() ? Future.succeededFuture() : takeOver(head, own));
                            }
                            return written;
                        })
                        .compose(v -> heads.size() < HEADS_AT_ONCE
                                ? Future.succeededFuture()
                                : copyEvolutions(
                                        other, heads.get(heads.size() - 1).entityId())));
    }

    private Future<Void> takeOver(Head head, List<TemporalInstance> instances) {
        return room(1).compose(v -> patiently(() -> stores.places().takeOver(into, head, instances), MOST_ATTEMPTS));
    }

    private Future<Void> write(List<Entity> entities) {
        List<EntityWrite> writes =
                entities.stream().map(e -> new EntityWrite(e.id(), added(e))).toList();
        return room(writes.size())
                .compose(v -> patiently(() -> stores.entities().applyAll(into, writes, Origin.SNAPSHOT), MOST_ATTEMPTS))
                .compose(results -> {
                    for (WriteResult result : results) {
                        if (result.error() != null) {
                            return Future.failedFuture(result.error());
                        }
                    }
                    return Future.succeededFuture();
                });
    }

    private Future<Void> room(int more) {
        if (taken + more > most) {
            return Future.failedFuture(new NgsiLdException(
                    ErrorType.TooManyResults, "a snapshot takes at most " + most + " entities and evolutions"));
        }
        taken += more;
        return Future.succeededFuture();
    }

    /** An entity that several queries find has the attributes that any of them shows. What is there stays: it may have been changed there. */
    private static EntityChange added(Entity entity) {
        return (before, now) ->
                EntityChange.Outcome.of(before == null ? entity : union(before, entity), UpdateResult.EMPTY);
    }

    private static Entity union(Entity before, Entity entity) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>(before.attributes());
        entity.attributes().forEach(attributes::putIfAbsent);
        Set<String> scopes = new LinkedHashSet<>(before.scopes());
        scopes.addAll(entity.scopes());
        return new Entity(
                before.id(),
                before.types(),
                List.copyOf(scopes),
                attributes,
                before.createdAt(),
                before.modifiedAt(),
                before.expiresAt());
    }

    /** The same again, a moment later, as long as the store has too much to do. */
    private <T> Future<T> patiently(Supplier<Future<T>> work, int attempts) {
        return work.get()
                .recover(failure -> attempts > 1 && failure instanceof StoreException store && store.retryable()
                        ? vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS).compose(v -> patiently(work, attempts - 1))
                        : Future.failedFuture(failure));
    }
}
