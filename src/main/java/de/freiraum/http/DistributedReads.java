package de.freiraum.http;

import de.freiraum.broker.EntityMap;
import de.freiraum.broker.EntityMapOperations;
import de.freiraum.broker.EntityMapOperations.Use;
import de.freiraum.broker.EntityOperations;
import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.broker.Target;
import de.freiraum.federation.Federation;
import de.freiraum.federation.Federation.Found;
import de.freiraum.federation.Incoming;
import de.freiraum.federation.Via;
import de.freiraum.federation.Warning;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.TypeSelection;
import de.freiraum.store.EntityStore.EntityPage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Retrieval and queries that other brokers have a part in (clauses 5.7.1, 5.7.2 and 6.3.17). */
final class DistributedReads {
    /** How many entities are looked at for one page. */
    static final int MOST_ENTITIES = 10_000;

    private static final int LINKED_AT_A_TIME = 30;

    private final EntityOperations entities;
    private final QueryOperations queries;
    private final EntityMapOperations maps;
    private final Federation federation;

    DistributedReads(
            EntityOperations entities, QueryOperations queries, EntityMapOperations maps, Federation federation) {
        this.entities = entities;
        this.queries = queries;
        this.maps = maps;
        this.federation = federation;
    }

    /** Whether other brokers are to be asked at all. */
    boolean mayConcern(RequestContext request) {
        return !federation.isLocal(request.caller().tenant())
                && !request.parameters().flag("local");
    }

    /**
     * Whether other brokers may have something of what a query asks for.
     *
     * @throws NgsiLdException BadRequestData if the answer is to be in an order, which needs local scope (clause 5.7.2.4)
     */
    boolean concerns(RequestContext request, Parameters parameters, QueryRequest asked, Context context) {
        EntityQuery query = asked.query();
        if (federation.isLocal(request.caller().tenant())
                || EntityQueryReader.isLocal(parameters, query)
                || !federation.concerns(incoming(federation, request, context), query, wanted(asked.view()))) {
            return false;
        }
        if (query.orderBy() != null) {
            throw NgsiLdException.badRequest(
                    "orderBy: other brokers may have something of what is asked for; an order needs local=true");
        }
        return true;
    }

    /** Retrieves an entity; {@code answer} makes the answer. */
    Future<Answer> retrieve(
            RequestContext request,
            Target target,
            Set<String> oneOf,
            EntityView view,
            Context context,
            Function<Entity, Future<Answer>> answer) {
        EntitySelector selector = new EntitySelector(target.types(), Set.of(target.entityId()), null);
        Use use = EntityMapHeader.read(request, request.parameters());
        return entities.find(request.caller(), target.entityId()).compose(local -> federation
                .retrieve(
                        incoming(federation, request, context),
                        selector,
                        wanted(view),
                        view.options().datasetIds(),
                        local,
                        maps.named(request.caller(), use))
                .compose(found -> warned(
                        found.warnings(),
                        Future.succeededFuture(found.entity())
                                .compose(entity -> answer.apply(
                                        EntityOperations.required(request.caller(), target, entity, oneOf)))
                                .map(told -> use.isPresent()
                                        ? EntityMapHeader.tell(told, map(request, target, use, local, found))
                                        : told))));
    }

    private EntityMap map(
            RequestContext request, Target target, Use use, @Nullable Entity local, Federation.Retrieved found) {
        List<String> places = new ArrayList<>(local == null ? List.of() : List.of(EntityMap.LOCAL));
        places.addAll(found.contributors());
        return maps.mapOf(request.caller(), target.entityId(), places, use);
    }

    /**
     * Linked entities of all brokers.
     *
     * @param ids URIs, each with the type IRIs that are stated of it
     * @param own those that this broker has
     */
    Future<List<Entity>> linked(
            RequestContext request, Context context, Map<String, Set<String>> ids, List<Entity> own) {
        Map<Set<String>, Set<String>> byTypes = new LinkedHashMap<>();
        ids.forEach((id, types) -> {
            if (!types.isEmpty()) {
                byTypes.computeIfAbsent(types, t -> new LinkedHashSet<>()).add(id);
            }
        });
        Map<String, Entity> found = new LinkedHashMap<>();
        own.forEach(entity -> found.put(entity.id(), entity));
        Incoming incoming = incoming(federation, request, context);
        Future<Void> asked = Future.succeededFuture();
        for (Map.Entry<Set<String>, Set<String>> group : byTypes.entrySet()) {
            List<String> all = List.copyOf(group.getValue());
            for (int from = 0; from < all.size(); from += LINKED_AT_A_TIME) {
                Set<String> some =
                        new LinkedHashSet<>(all.subList(from, Math.min(from + LINKED_AT_A_TIME, all.size())));
                List<TypeSelection> types = group.getKey().stream()
                        .<TypeSelection>map(TypeSelection.Type::new)
                        .toList();
                EntityQuery query =
                        EntityQuery.ALL.withTypes(new TypeSelection.Or(types)).withIds(some);
                List<Entity> here =
                        own.stream().filter(e -> some.contains(e.id())).toList();
                asked = asked.compose(v -> federation
                        .query(incoming, query, false, Set.of(), new Found(here, true, List.of()), some.size())
                        .map(result -> {
                            result.entities().forEach(entity -> found.put(entity.id(), entity));
                            return null;
                        }));
            }
        }
        return asked.map(v -> List.copyOf(found.values()));
    }

    /** Queries entities; {@code answer} makes the answer of a page. */
    Future<Answer> query(
            RequestContext request,
            Parameters parameters,
            QueryRequest asked,
            PageRequest page,
            Context context,
            Function<EntityPage, Future<Answer>> answer) {
        EntityQuery query = asked.query();
        boolean split = EntityQueryReader.mayBeSplit(parameters, query);
        // Which entities are on a page is only known when those of all sources before it are.
        int most = page.count() ? MOST_ENTITIES : (int) Math.min(MOST_ENTITIES, 1L + page.offset() + page.limit());
        return queries.queryEntities(
                        request.caller(), split ? query.candidates() : query, new PageRequest(0, most, false))
                .compose(local -> federation.query(
                        incoming(federation, request, context),
                        query,
                        split,
                        wanted(asked.view()),
                        new Found(local.entities(), !local.more(), List.of()),
                        most))
                .compose(result -> warned(result.warnings(), answer.apply(page(result, page))));
    }

    private static EntityPage page(Found found, PageRequest page) {
        List<Entity> all = found.entities();
        int from = Math.min(page.offset(), all.size());
        int to = (int) Math.min((long) from + page.limit(), all.size());
        boolean more = to < all.size() || !found.complete();
        return new EntityPage(all.subList(from, to), more, page.count() ? all.size() : -1);
    }

    /** Attributes that are shown; empty: all. */
    static Set<String> wanted(EntityView view) {
        return view.options().projection().pickedAttributes();
    }

    static Incoming incoming(Federation federation, RequestContext request, Context context) {
        return federation.incoming(request.caller(), context, Via.parse(request.headers("Via")), request::header);
    }

    /** The answer, or the problem, with what is missing and why. */
    static Future<Answer> warned(List<Warning> warnings, Future<Answer> answer) {
        if (warnings.isEmpty()) {
            return answer;
        }
        return answer.recover(failure -> failure instanceof NgsiLdException problem
                        ? Future.succeededFuture(Problems.answer(problem.type(), problem.detail()))
                        : Future.failedFuture(failure))
                .map(told -> {
                    Answer with = told;
                    for (Warning warning : warnings) {
                        with = with.with("NGSILD-Warning", warning.header());
                    }
                    return with;
                });
    }
}
