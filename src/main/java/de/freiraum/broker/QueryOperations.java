package de.freiraum.broker;

import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChanges;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.UpdateResult;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.TypeSelection;
import de.freiraum.store.EntityStore;
import de.freiraum.store.EntityStore.EntityPage;
import de.freiraum.store.EntityStore.EntityWrite;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finding entities (clause 5.7.2), and purging what is found (clause 5.6.21). */
public final class QueryOperations {
    private static final String SCOPE = NgsiLd.NAMESPACE + "scope";
    private static final int PURGE_PAGE = 1000;

    private final EntityStore store;

    /** Operations on that store. */
    public QueryOperations(EntityStore store) {
        this.store = store;
    }

    /**
     * A page of a result.
     *
     * @param offset matches to leave out, 0 or more
     * @param limit the most entities, 0 or more
     * @param count whether to count all matches
     */
    public record PageRequest(int offset, int limit, boolean count) {}

    /** Clause 5.7.2. */
    public Future<EntityPage> queryEntities(Caller caller, EntityQuery query, PageRequest page) {
        return store.query(caller.tenant(), visible(caller, query), page.offset(), page.limit(), page.count());
    }

    /**
     * What a purge does to the entities it finds.
     *
     * @param drop IRIs of attributes, and perhaps of {@code scope}, to delete; empty: none in particular
     * @param keep IRIs of attributes, and perhaps of {@code scope}, that alone stay; empty: not restricted
     */
    public record Purge(Set<String> drop, Set<String> keep) {
        /** Deletes whole entities. */
        public static final Purge ENTITIES = new Purge(Set.of(), Set.of());

        /** Copies the sets. */
        public Purge {
            drop = Set.copyOf(drop);
            keep = Set.copyOf(keep);
        }

        private boolean takes(String iri) {
            return drop.contains(iri) || (!keep.isEmpty() && !keep.contains(iri));
        }
    }

    /** Clause 5.6.21. Entities that are gone by the time they are reached are no error. */
    public Future<BatchResult> purgeEntities(Caller caller, EntityQuery query, Purge purge) {
        return collect(caller, visible(caller, query), 0, new ArrayList<>()).compose(ids -> {
            if (ids.isEmpty()) {
                return Future.succeededFuture(new BatchResult(List.of(), List.of(), List.of()));
            }
            List<EntityWrite> writes = ids.stream()
                    .map(id -> new EntityWrite(id, caller.guarded(change(purge))))
                    .toList();
            return store.applyAll(caller.tenant(), writes, Origin.API).map(results -> {
                List<String> success = new ArrayList<>();
                List<BatchResult.Failure> errors = new ArrayList<>();
                for (int i = 0; i < results.size(); i++) {
                    if (results.get(i).error() == null) {
                        success.add(ids.get(i));
                    } else {
                        errors.add(new BatchResult.Failure(
                                ids.get(i),
                                java.util.Objects.requireNonNull(results.get(i).error())));
                    }
                }
                return new BatchResult(success, List.of(), errors);
            });
        });
    }

    private Future<List<String>> collect(Caller caller, EntityQuery query, int offset, List<String> ids) {
        return store.query(caller.tenant(), query, offset, PURGE_PAGE, false).compose(page -> {
            page.entities().forEach(e -> ids.add(e.id()));
            return page.more() ? collect(caller, query, offset + PURGE_PAGE, ids) : Future.succeededFuture(ids);
        });
    }

    private static EntityChange change(Purge purge) {
        if (purge.drop().isEmpty() && purge.keep().isEmpty()) {
            return (before, now) -> before == null
                    ? EntityChange.Outcome.of(null, UpdateResult.EMPTY)
                    : EntityChanges.delete(before.id()).apply(before, now);
        }
        return (before, now) -> EntityChange.Outcome.of(reduced(before, now, purge), UpdateResult.EMPTY);
    }

    private static @Nullable Entity reduced(@Nullable Entity before, Instant now, Purge purge) {
        if (before == null) {
            return null;
        }
        Map<String, List<de.freiraum.model.Attribute>> left = new LinkedHashMap<>(before.attributes());
        left.keySet().removeIf(purge::takes);
        List<String> scopes = purge.takes(SCOPE) ? List.of() : before.scopes();
        return left.size() == before.attributes().size()
                        && scopes.size() == before.scopes().size()
                ? before
                : new Entity(before.id(), before.types(), scopes, left, before.createdAt(), now, before.expiresAt());
    }

    /** The query for a caller that must not see every type. */
    static EntityQuery visible(Caller caller, EntityQuery query) {
        if (caller.seesAll()) {
            return query;
        }
        if (!caller.onlyTypes().isEmpty() && query.linkedDepth() > 0) {
            throw new NgsiLdException(
                    ErrorType.Forbidden, "q: the credential does not permit to look at linked entities");
        }
        List<TypeSelection> all = new ArrayList<>();
        if (query.types() != null) {
            all.add(query.types());
        }
        if (!caller.hiddenTypes().isEmpty()) {
            all.add(new TypeSelection.NoneOf(caller.hiddenTypes()));
        }
        if (!caller.onlyTypes().isEmpty()) {
            all.add(new TypeSelection.Only(caller.onlyTypes()));
        }
        return query.withTypes(all.size() == 1 ? all.get(0) : new TypeSelection.And(all))
                .withQ(query.q() == null ? null : query.q().hiding(caller.hiddenTypes()));
    }
}
