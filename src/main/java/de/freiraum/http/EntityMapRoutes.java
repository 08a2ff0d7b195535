package de.freiraum.http;

import de.freiraum.broker.EntityMap;
import de.freiraum.broker.EntityMapOperations;
import de.freiraum.broker.EntityOperations;
import de.freiraum.broker.QueryOperations;
import de.freiraum.federation.Federation;
import de.freiraum.json.Times;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.IsoDuration;
import de.freiraum.representation.Names;
import de.freiraum.security.Access;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Entity maps: {@code /entityMaps} and {@code /entityMaps/{entityMapId}} (clauses 6.32 and 6.34). */
public final class EntityMapRoutes {
    private static final String MAP = "/entityMaps/{entityMapId}";

    /** Members that only the broker sets (clause 5.2.39); they are ignored. */
    private static final Set<String> OUTPUT_ONLY = Set.of("entityMap", "linkedMaps");

    private final EntityMapOperations operations;
    private final DistributedReads reads;
    private final DistributedMaps distributed;

    /**
     * Routes to those operations.
     *
     * @param federation asks other brokers for what they have
     */
    public EntityMapRoutes(
            EntityMapOperations operations, EntityOperations entities, QueryOperations queries, Federation federation) {
        this.operations = operations;
        this.reads = new DistributedReads(entities, queries, operations, federation);
        this.distributed = new DistributedMaps(operations, queries, federation);
    }

    /**
     * The routes. Whoever may read may also change and delete a map: it belongs to the reader who had it made, and its id cannot be guessed.
     */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.get("/entityMaps", "createEntityMapQueryEntity", this::create)
                        .with(EntityQueryReader.SELECTING)
                        .with(EntityQueryReader.ORDERING)
                        .with(EntityView.SHOWING)
                        .with(EntityMapHeader.PARAMETERS)
                        .with(QueryRoutes.PAGING),
                ApiRoute.postQuery("/entityMaps", "createEntityMapQueryEntityPost", this::createByDocument)
                        .with(QueryRoutes.PAGING)
                        .with(QueryRoutes.BESIDE_DOCUMENT),
                ApiRoute.get(MAP, "retrieveEntityMap", this::retrieve),
                ApiRoute.patch(MAP, "updateEntityMap", this::update).needing(Access.READ),
                ApiRoute.delete(MAP, "deleteEntityMap", this::delete).needing(Access.READ));
    }

    private Future<Answer> create(RequestContext request) {
        return request.context().compose(context -> create(request, request.parameters(), List.of(), context));
    }

    private Future<Answer> createByDocument(RequestContext request) {
        return request.document().compose(body -> {
            EntityQueryReader.Query query =
                    EntityQueryReader.document(body.value(), request.parameters(), body.context());
            return create(request, query.parameters(), query.selectors(), body.context());
        });
    }

    /** What would say how entities are shown is checked as in a query, and of no effect but for the attributes that are picked. */
    private Future<Answer> create(
            RequestContext request, Parameters parameters, List<EntitySelector> selectors, Context context) {
        QueryRequest asked = QueryRequest.read(request, parameters, selectors, context);
        EntityQuery query = asked.query();
        IsoDuration lifetime = EntityMapHeader.lifetime(parameters);
        parameters.flag("entityMap");
        if (reads.concerns(request, parameters, asked, context)) {
            return distributed
                    .create(request, parameters, asked, context, lifetime)
                    .compose(made -> DistributedReads.warned(
                            made.warnings(), Future.succeededFuture(created(request, context, made.map()))));
        }
        EntityQuery candidates = EntityQueryReader.mayBeSplit(parameters, query) ? query.candidates() : query;
        return operations
                .createEntityMap(request.caller(), candidates, lifetime)
                .map(map -> created(request, context, map));
    }

    private static Answer created(RequestContext request, Context context, EntityMap map) {
        return EntityMapHeader.tell(
                Responses.object(request, context, document(map)).withStatus(201), map);
    }

    private Future<Answer> retrieve(RequestContext request) {
        EntityMap map = operations.retrieveEntityMap(request.caller(), id(request));
        return request.context().map(context -> Responses.object(request, context, document(map)));
    }

    private Future<Answer> update(RequestContext request) {
        String id = id(request);
        return request.document().map(body -> {
            operations.updateEntityMap(request.caller(), id, expiresAt(id, body.value()));
            return Answer.noContent();
        });
    }

    private static @Nullable Instant expiresAt(String id, Value.Obj fragment) {
        Instant expiresAt = null;
        for (Map.Entry<String, Value> member : fragment.members().entrySet()) {
            String name = member.getKey();
            String text = member.getValue() instanceof Value.Text t ? t.text() : "";
            switch (name) {
                case "expiresAt" -> expiresAt = Times.parse(text, name);
                case "id" -> require(text.equals(id), "id: the body has another one than the path");
                case "type" -> require(text.equals("EntityMap"), "type: expected EntityMap");
                default ->
                    require(
                            OUTPUT_ONLY.contains(name),
                            "\"" + Parameters.clip(name)
                                    + "\" is no member of an entity map; expiresAt can be changed");
            }
        }
        return expiresAt;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw NgsiLdException.badRequest(otherwise);
        }
    }

    private Future<Answer> delete(RequestContext request) {
        operations.deleteEntityMap(request.caller(), id(request));
        return Future.succeededFuture(Answer.noContent());
    }

    private static String id(RequestContext request) {
        return Names.uri(request.path("entityMapId"), "the entity map's id in the path");
    }

    /** A map as clause 5.2.39 has it. */
    static Value.Obj document(EntityMap map) {
        Map<String, Value> sources = new LinkedHashMap<>();
        map.entityIds().forEach(entity -> sources.put(entity, Value.ofTexts(map.sources(entity))));
        Map<String, Value> linked = new LinkedHashMap<>();
        map.linkedMaps().forEach((registration, other) -> linked.put(registration, Value.of(other)));
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of(map.id()));
        members.put("type", Value.of("EntityMap"));
        members.put("expiresAt", Value.of(Times.format(map.expiresAt())));
        members.put("entityMap", new Value.Obj(sources));
        members.put("linkedMaps", new Value.Obj(linked));
        return new Value.Obj(members);
    }
}
