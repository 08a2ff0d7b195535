package de.freiraum.store.mongodb;

import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.FindPublisher;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.LinkedEntities;
import de.freiraum.query.OrderBy;
import de.freiraum.store.EntityStore.EntityPage;
import de.freiraum.store.change.Expiry;
import de.freiraum.store.change.QueryTime;
import de.freiraum.store.change.Ticks;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Queries of entities. Where the filter is exact MongoDB counts, skips and limits; otherwise, and where an order is asked for, what the filter
 * finds is evaluated here chunk by chunk, in bounded memory.
 */
final class EntitySearch {
    private static final int CHUNK = 256;
    private static final int LARGEST_BATCH = 2000;

    /** How many entities are kept for an order beyond those that the page needs, before the rest is dropped. */
    private static final int SLACK = 1000;

    private static final Bson BODY = Projections.include(EntityDocument.BODY);

    private final MongoCollection<RawBsonDocument> entities;
    private final WorkerExecutor workers;
    private final Ticks ticks;
    private final long queryMillis;

    EntitySearch(MongoCollection<RawBsonDocument> entities, WorkerExecutor workers, Ticks ticks, Duration queryTime) {
        this.queryMillis = queryTime.toMillis();
        this.entities = entities;
        this.workers = workers;
        this.ticks = ticks;
    }

    Future<EntityPage> page(Tenant tenant, EntityQuery query, int offset, int limit, boolean count) {
        return search(tenant, query, offset, limit, count)
                .recover(failure -> Future.failedFuture(
                        failure instanceof Failures.Away && failure.getCause() instanceof MongoExecutionTimeoutException
                                ? QueryTime.isOver()
                                : failure));
    }

    private Future<EntityPage> search(Tenant tenant, EntityQuery query, int offset, int limit, boolean count) {
        long now = ticks.now();
        EntityFilter filter = EntityFilter.of(tenant, query, now);
        if (!filter.exact() || query.orderBy() != null || query.linkedDepth() > 0) {
            return evaluated(tenant, query, filter, offset, limit, count, now);
        }
        int oneMore = limit == Integer.MAX_VALUE ? limit : limit + 1;
        Future<List<RawBsonDocument>> page = Reactive.all(find(filter)
                .skip(offset)
                .limit(oneMore)
                .batchSize(Math.min(oneMore, LARGEST_BATCH))
                .projection(BODY));
        Future<Long> all = count
                ? Reactive.first(entities.countDocuments(
                                filter.bson(), new CountOptions().maxTime(queryMillis, TimeUnit.MILLISECONDS)))
                        .map(Objects::requireNonNull)
                : Future.succeededFuture(-1L);
        Future<Boolean> expired = Reactive.first(entities.find(Filters.and(
                                Filters.lte(EntityDocument.EXPIRY, now),
                                Filters.eq(EntityDocument.TENANT, tenant.partition())))
                        .limit(1)
                        .projection(Projections.include("_id")))
                .map(Objects::nonNull);
        return Future.all(page, all, expired)
                .compose(found -> expired.result()
                        ? evaluated(tenant, query, filter, offset, limit, count, now)
                        : workers.executeBlocking(() -> page(page.result(), limit, all.result()), false));
    }

    private FindPublisher<RawBsonDocument> find(EntityFilter filter) {
        return entities.find(filter.bson()).sort(Sorts.ascending("_id")).maxTime(queryMillis, TimeUnit.MILLISECONDS);
    }

    private static EntityPage page(List<RawBsonDocument> documents, int limit, long count) {
        List<Entity> page = new ArrayList<>();
        for (RawBsonDocument document : documents.subList(0, Math.min(limit, documents.size()))) {
            page.add(EntityDocument.entity(document));
        }
        return new EntityPage(page, documents.size() > limit, count);
    }

    private Future<EntityPage> evaluated(
            Tenant tenant, EntityQuery query, EntityFilter filter, int offset, int limit, boolean count, long now) {
        Matches matches = new Matches(
                query, offset, limit, count, now, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(queryMillis));
        LinkedLookup lookup = query.linkedDepth() == 0 ? null : new LinkedLookup(entities, tenant, query, now);
        return Reactive.chunks(
                        find(filter).batchSize(CHUNK).projection(BODY),
                        CHUNK,
                        chunk -> lookup == null
                                ? workers.executeBlocking(
                                        () -> matches.add(matches.visible(chunk), LinkedEntities.NONE), false)
                                : workers.executeBlocking(() -> matches.visible(chunk), false)
                                        .compose(visible -> lookup.of(visible)
                                                .compose(linked -> workers.executeBlocking(
                                                        () -> matches.add(visible, linked), false))))
                .map(done -> matches.page());
    }

    /** What was found so far; used by one thread at a time. */
    private static final class Matches {
        private final EntityQuery query;
        private final int offset;
        private final int limit;
        private final boolean count;
        private final long now;
        private final long deadline;
        private List<Entity> found = new ArrayList<>();
        private long matches;
        private boolean more;

        Matches(EntityQuery query, int offset, int limit, boolean count, long now, long deadline) {
            this.deadline = deadline;
            this.query = query;
            this.offset = offset;
            this.limit = limit;
            this.count = count;
            this.now = now;
        }

        List<Entity> visible(List<RawBsonDocument> documents) {
            List<Entity> visible = new ArrayList<>(documents.size());
            for (RawBsonDocument document : documents) {
                Entity entity = EntityDocument.entity(document);
                Entity there = Expiry.next(entity) <= now ? Expiry.visible(entity, now) : entity;
                if (there != null) {
                    visible.add(there);
                }
            }
            return visible;
        }

        /** Returns whether further entities are of interest. */
        boolean add(List<Entity> candidates, LinkedEntities linked) {
            if (System.nanoTime() - deadline > 0) {
                throw QueryTime.isOver();
            }
            for (Entity candidate : candidates) {
                if (!query.matches(candidate, linked)) {
                    continue;
                }
                matches++;
                if (query.orderBy() != null) {
                    found.add(candidate);
                } else if (matches > offset && found.size() < limit) {
                    found.add(candidate);
                } else if (matches > offset) {
                    more = true;
                    if (!count) {
                        return false;
                    }
                }
            }
            keepFirst();
            return true;
        }

        private void keepFirst() {
            OrderBy order = query.orderBy();
            long needed = (long) offset + limit;
            if (order != null && found.size() > needed + SLACK) {
                found = new ArrayList<>(order.sorted(found).subList(0, (int) needed));
            }
        }

        EntityPage page() {
            long total = count ? matches : -1;
            OrderBy order = query.orderBy();
            if (order == null) {
                return new EntityPage(found, more, total);
            }
            List<Entity> sorted = order.sorted(found);
            int from = Math.min(offset, sorted.size());
            int to = (int) Math.min((long) from + limit, sorted.size());
            return new EntityPage(sorted.subList(from, to), (long) offset + limit < matches, total);
        }
    }
}
