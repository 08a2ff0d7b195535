package de.freiraum.http;

import de.freiraum.broker.EntityMap;
import de.freiraum.broker.EntityMapOperations;
import de.freiraum.broker.EntityMapOperations.Use;
import de.freiraum.broker.EntityOperations;
import de.freiraum.broker.LinkedRetrieval;
import de.freiraum.broker.LinkedRetrieval.Follow;
import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.broker.QueryOperations.Purge;
import de.freiraum.broker.Target;
import de.freiraum.federation.Federation;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.LinkedEntities;
import de.freiraum.query.Projection;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.RepresentationOptions;
import de.freiraum.representation.SpecificationVersion;
import de.freiraum.representation.VersionFallback;
import de.freiraum.security.Access;
import de.freiraum.store.EntityStore.EntityPage;
import de.freiraum.web.Bytes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finding entities: {@code /entities}, {@code /entities/{entityId}} and {@code /entityOperations/query} (clauses 6.4, 6.5, 6.23). */
public final class QueryRoutes {
    /** Parameters that say which page. */
    static final Set<String> PAGING = Set.of("limit", "offset", "count");
    /** Parameters of the URL beside a Query document. */
    static final Set<String> BESIDE_DOCUMENT = Set.of("options", "format", "local", "geometryProperty");

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NON_AUTHORITATIVE = 203;
    private static final int BYTES_PER_ENTITY = 1024;

    private final EntityOperations entities;
    private final QueryOperations queries;
    private final EntityMapOperations maps;
    private final LinkedRetrieval links;
    private final EntityWriter writer;
    private final DistributedReads distributed;
    private final DistributedMaps distributedMaps;
    private final DistributedPurges purges;

    /**
     * Routes to those operations.
     *
     * @param federation asks other brokers for what they have
     * @param writer renders entities and remembers the bytes
     */
    public QueryRoutes(
            EntityOperations entities,
            QueryOperations queries,
            EntityMapOperations maps,
            LinkedRetrieval links,
            Federation federation,
            EntityWriter writer) {
        this.entities = entities;
        this.queries = queries;
        this.maps = maps;
        this.links = links;
        this.writer = writer;
        this.distributed = new DistributedReads(entities, queries, maps, federation);
        this.distributedMaps = new DistributedMaps(maps, queries, federation);
        this.purges = new DistributedPurges(queries, federation);
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.get("/entities", "queryEntities", this::query)
                        .with(EntityQueryReader.SELECTING)
                        .with(EntityQueryReader.ORDERING)
                        .with(EntityView.SHOWING)
                        .with(EntityMapHeader.PARAMETERS)
                        .with(PAGING)
                        .producingGeoJson(),
                ApiRoute.postQuery("/entityOperations/query", "queryBatch", this::queryByDocument)
                        .with(PAGING)
                        .with(BESIDE_DOCUMENT)
                        .producingGeoJson(),
                ApiRoute.get("/entities/{entityId}", "retrieveEntity", this::retrieve)
                        .with(EntityView.SHOWING)
                        .with(EntityMapHeader.PARAMETERS)
                        .with("attrs", "type", "local")
                        .producingGeoJson(),
                ApiRoute.delete("/entities", "purgeEntities", this::purge)
                        .with(EntityQueryReader.SELECTING)
                        .with("drop", "keep", "geometryProperty")
                        .needing(Access.WRITE));
    }

    private Future<Answer> query(RequestContext request) {
        return request.context().compose(context -> answer(request, request.parameters(), List.of(), context));
    }

    private Future<Answer> queryByDocument(RequestContext request) {
        return request.document().compose(body -> {
            EntityQueryReader.Query query =
                    EntityQueryReader.document(body.value(), request.parameters(), body.context());
            return answer(request, query.parameters(), query.selectors(), body.context());
        });
    }

    private Future<Answer> answer(
            RequestContext request, Parameters parameters, List<EntitySelector> selectors, Context context) {
        QueryRequest asked = QueryRequest.read(request, parameters, selectors, context);
        PageRequest page = new PageRequest(parameters.offset(), parameters.limit(), parameters.count());
        Use use = EntityMapHeader.read(request, parameters);
        boolean elsewhere = distributed.concerns(request, parameters, asked, context);
        if (!use.isPresent()) {
            return elsewhere
                    ? distributed.query(
                            request,
                            parameters,
                            asked,
                            page,
                            context,
                            found -> answer(request, context, asked.view(), found))
                    : queries.queryEntities(request.caller(), asked.query(), page)
                            .compose(found -> answer(request, context, asked.view(), found));
        }
        if (elsewhere) {
            return distributedMaps.query(
                    request,
                    parameters,
                    asked,
                    page,
                    context,
                    use,
                    found -> answer(request, context, asked.view(), found));
        }
        EntityQuery query = asked.query();
        EntityQuery candidates = EntityQueryReader.mayBeSplit(parameters, query) ? query.candidates() : query;
        return maps.queryEntities(request.caller(), query, candidates, page, use)
                .compose(found -> answer(request, context, asked.view(), found.page())
                        .map(answer -> EntityMapHeader.tell(
                                found.created() ? answer.withStatus(CREATED) : answer, found.map())));
    }

    private Future<Answer> answer(RequestContext request, Context context, EntityView view, EntityPage found) {
        List<Entity> shown = found.entities().stream().filter(view::shows).toList();
        return show(request, context, shown, view, true)
                .map(answer -> Responses.page(request, answer, found.more(), found.count()));
    }

    private Future<Answer> retrieve(RequestContext request) {
        return request.context().compose(context -> {
            Parameters parameters = request.parameters();
            Target target = EntityRoutes.target(request, context);
            Set<String> attributes =
                    EntityQueryReader.attributes(parameters.list("attrs"), "attrs", request.names(context));
            EntityView view = EntityView.read(request, parameters, context, attributes, 0);
            Use use = EntityMapHeader.read(request, parameters);
            if (distributed.mayConcern(request)) {
                return distributed.retrieve(
                        request,
                        target,
                        attributes,
                        view,
                        context,
                        entity -> shown(request, target, entity, view, context));
            }
            return entities.retrieveEntity(request.caller(), target, attributes).compose(entity -> {
                return shown(request, target, entity, view, context)
                        .map(answer -> use.isPresent()
                                ? EntityMapHeader.tell(
                                        answer,
                                        maps.mapOf(request.caller(), entity.id(), List.of(EntityMap.LOCAL), use))
                                : answer);
            });
        });
    }

    private Future<Answer> shown(
            RequestContext request, Target target, Entity entity, EntityView view, Context context) {
        if (!view.shows(entity)) {
            throw NgsiLdException.notFound("Entity " + target.entityId() + " has none of the members asked for");
        }
        // With linked entities inside, or parts of other brokers, this entity's time is not the answer's.
        boolean alone = view.follow() == null && !distributed.mayConcern(request);
        return show(request, context, List.of(entity), view, false)
                .map(answer -> Caching.lastModified(answer, alone ? entity.modifiedAt() : null));
    }

    /** Entities as they are or, if the client prefers that, as an earlier version of the specification had them (clause 4.3.6.8). */
    private Future<Answer> show(
            RequestContext request, Context context, List<Entity> found, EntityView view, boolean asList) {
        Future<Buffer> asTheyAre = body(request, found, view, asList, null);
        SpecificationVersion version = request.version();
        if (version == null || version.conformant().equals(SpecificationVersion.CURRENT)) {
            return asTheyAre.map(body -> Responses.bytes(request, context, body));
        }
        VersionFallback fallback = new VersionFallback(version, view.options().context());
        return asTheyAre.compose(body -> body(request, found, view, asList, fallback)
                .map(amended -> Responses.bytes(request, context, amended)
                        .withStatus(amended.equals(body) ? OK : NON_AUTHORITATIVE)));
    }

    /** One entity as an object, several as a list; flattened linked entities make a list of one as well. */
    private Future<Buffer> body(
            RequestContext request,
            List<Entity> asked,
            EntityView view,
            boolean asList,
            @Nullable VersionFallback fallback) {
        RepresentationOptions options = view.options();
        Follow follow = view.follow();
        List<Entity> found =
                fallback == null ? asked : asked.stream().map(fallback::apply).toList();
        if (follow == null) {
            return Future.succeededFuture(
                    Bytes.asBuffer(asList ? writer.writeArray(found, options) : writer.write(found.get(0), options)));
        }
        return linked(request, asked, follow, options.context()).map(whole -> {
            LinkedRetrieval.Graph graph = fallback == null ? whole : whole.as(fallback::apply);
            if (view.join() == EntityView.Join.FLAT) {
                return Buffer.buffer(flat(found, graph, options));
            }
            Map<String, Entity> starts = new HashMap<>();
            found.forEach(e -> starts.put(e.id(), e));
            starts.keySet().removeAll(follow.containedBy());
            LinkedEntities within = id -> graph.linked().getOrDefault(id, starts.get(id));
            EntityWriter.Join join = new EntityWriter.Join(within, follow.levels());
            return Buffer.buffer(
                    asList ? writer.writeArray(found, options, join) : writer.write(found.get(0), options, join));
        });
    }

    /** Linked entities, also those that other brokers have, as far as Relationships state their types (clause 4.5.23.1). */
    private Future<LinkedRetrieval.Graph> linked(
            RequestContext request, List<Entity> asked, Follow follow, Context context) {
        return distributed.mayConcern(request)
                ? links.from(request.caller(), asked, follow, ids -> links.own(request.caller(), ids.keySet())
                        .compose(own -> distributed.linked(request, context, ids, own)))
                : links.from(request.caller(), asked, follow);
    }

    private byte[] flat(List<Entity> found, LinkedRetrieval.Graph graph, RepresentationOptions options) {
        boolean geoJson = options.geoJson() != null;
        RepresentationOptions inside = geoJson ? options.withContextInBody(false) : options;
        JsonWriter json =
                new JsonWriter(BYTES_PER_ENTITY * (found.size() + graph.linked().size()));
        if (geoJson) {
            json.beginObject().member("type", "FeatureCollection").name("features");
        }
        json.beginArray();
        found.forEach(e -> writer.write(json, e, inside));
        graph.linked()
                .forEach((id, e) -> writer.write(
                        json, e, inside.withProjection(graph.projections().getOrDefault(id, Projection.ALL))));
        json.endArray();
        if (geoJson) {
            if (options.contextInBody()) {
                json.member("@context", options.context().source());
            }
            json.endObject();
        }
        return json.toBytes();
    }

    private Future<Answer> purge(RequestContext request) {
        return request.context().compose(context -> {
            Parameters parameters = request.parameters();
            EntityQuery query = EntityQueryReader.read(parameters, List.of(), context::expand);
            if (query.linkedDepth() > 0) {
                throw NgsiLdException.badRequest("q: a purge cannot follow Relationships to linked entities");
            }
            Purge purge = new Purge(
                    EntityQueryReader.attributesAndScope(parameters.list("drop"), "drop", context::expand),
                    EntityQueryReader.attributesAndScope(parameters.list("keep"), "keep", context::expand));
            if (!purge.drop().isEmpty() && !purge.keep().isEmpty()) {
                throw NgsiLdException.badRequest("drop and keep exclude each other");
            }
            return purges.purge(request, parameters, query, purge, context);
        });
    }
}
