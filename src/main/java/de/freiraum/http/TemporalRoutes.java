package de.freiraum.http;

import de.freiraum.broker.EntityMapOperations.Use;
import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.broker.Target;
import de.freiraum.broker.temporal.EvolutionPage;
import de.freiraum.broker.temporal.TemporalEntityMaps;
import de.freiraum.broker.temporal.TemporalOperations;
import de.freiraum.broker.temporal.TemporalOperations.Selection;
import de.freiraum.federation.Federation;
import de.freiraum.json.JsonWriter;
import de.freiraum.json.Times;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.representation.SpecificationVersion;
import de.freiraum.representation.TemporalWriter.Evolution;
import de.freiraum.representation.VersionFallback;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The temporal evolution of entities: {@code /temporal/entities} and below, and {@code /temporal/entityOperations/query} (clauses 6.18 to 6.22
 * and 6.24).
 */
public final class TemporalRoutes {
    private static final String ENTITIES = "/temporal/entities";
    private static final String ENTITY = ENTITIES + "/{entityId}";

    /** Parameters that say in which order. */
    static final Set<String> ORDERING = Set.of("orderBy", "collation");

    /** Parameters of the URL beside a Query document. */
    static final Set<String> BESIDE_DOCUMENT = Set.of("options", "format", "local");

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NON_AUTHORITATIVE = 203;
    private static final int PARTIAL_CONTENT = 206;
    private static final int BYTES_PER_ENTITY = 2048;

    private final TemporalOperations operations;
    private final TemporalChanges changes;
    private final DistributedEvolutions distributed;
    private final TemporalEntityMaps maps;
    private final int mostInstances;

    /**
     * Routes to those operations.
     *
     * @param federation asks other brokers for what they have
     * @param mostInstances how many instances an answer has at the most, before it is cut in time (clause 6.3.10), above 0
     */
    public TemporalRoutes(
            TemporalOperations operations, TemporalEntityMaps maps, Federation federation, int mostInstances) {
        if (mostInstances < 1) {
            throw new IllegalArgumentException("mostInstances: at least 1 is allowed, not " + mostInstances);
        }
        this.operations = operations;
        this.changes = new TemporalChanges(operations, federation);
        this.distributed = new DistributedEvolutions(operations, federation);
        this.maps = maps;
        this.mostInstances = mostInstances;
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        List<ApiRoute> routes = new ArrayList<>(changes.routes());
        routes.addAll(List.of(
                ApiRoute.get(ENTITIES, "queryTemporal", this::query)
                        .with(EntityQueryReader.SELECTING)
                        .with(ORDERING)
                        .with(TemporalView.SHOWING)
                        .with(EntityMapHeader.PARAMETERS)
                        .with(QueryRoutes.PAGING),
                ApiRoute.postQuery("/temporal/entityOperations/query", "queryBatchTemporal", this::queryByDocument)
                        .with(QueryRoutes.PAGING)
                        .with(BESIDE_DOCUMENT),
                ApiRoute.get(ENTITY, "retrieveTemporal", this::retrieve)
                        .with(TemporalView.SHOWING)
                        .with(EntityMapHeader.PARAMETERS)
                        .with("attrs", "local")));
        return routes;
    }

    private Future<Answer> retrieve(RequestContext request) {
        Target target = TemporalChanges.target(request);
        return request.context().compose(context -> {
            Parameters parameters = request.parameters();
            TemporalView view = TemporalView.read(
                    request,
                    parameters,
                    context,
                    EntityQueryReader.attributes(parameters.list("attrs"), "attrs", request.names(context)),
                    mostInstances);
            Use use = EntityMapHeader.read(request, parameters);
            if (distributed.mayConcern(request)) {
                return distributed.retrieve(
                        request, target, view.selection(), context, page -> one(request, context, view, page));
            }
            return operations
                    .retrieveEvolution(request.caller(), target, view.selection())
                    .map(page -> {
                        Answer answer = one(request, context, view, page);
                        return use.isPresent()
                                ? EntityMapHeader.tell(answer, maps.mapOf(request.caller(), target.entityId(), use))
                                : answer;
                    });
        });
    }

    private static Answer one(RequestContext request, Context context, TemporalView view, EvolutionPage page) {
        Evolution evolution = page.evolutions().get(0);
        if (!view.showsAnything(evolution)) {
            throw NgsiLdException.notFound("nothing is left of the entity after pick and omit");
        }
        view.requireEligible(page.evolutions());
        return part(show(request, context, view, List.of(evolution), false), page);
    }

    private Future<Answer> query(RequestContext request) {
        return request.context().compose(context -> answer(request, request.parameters(), List.of(), context));
    }

    private Future<Answer> queryByDocument(RequestContext request) {
        return request.document().compose(body -> {
            EntityQueryReader.Query query =
                    TemporalQueryDocument.read(body.value(), request.parameters(), body.context());
            return answer(request, query.parameters(), query.selectors(), body.context());
        });
    }

    private Future<Answer> answer(
            RequestContext request, Parameters parameters, List<EntitySelector> selectors, Context context) {
        TemporalQueryRequest asked = TemporalQueryRequest.read(request, parameters, selectors, context, mostInstances);
        PageRequest page = new PageRequest(
                parameters.offset(),
                parameters.limit(),
                parameters.count() || asked.view().counts());
        Use use = EntityMapHeader.read(request, parameters);
        EntityQuery query = asked.query();
        Selection selection = asked.view().selection();
        if (!use.isPresent()) {
            if (distributed.concerns(request, parameters, asked, context)) {
                return distributed.query(
                        request,
                        parameters,
                        asked,
                        page,
                        context,
                        found -> page(request, context, asked.view(), found));
            }
            return operations
                    .queryEvolutions(request.caller(), query, selection, page)
                    .map(found -> page(request, context, asked.view(), found));
        }
        EntityQuery candidates = EntityQueryReader.mayBeSplit(parameters, query) ? query.candidates() : query;
        return maps.queryEvolutions(request.caller(), query, candidates, selection, page, use)
                .map(found -> {
                    Answer answer = page(request, context, asked.view(), found.page());
                    boolean whole = found.page().part() == null;
                    return EntityMapHeader.tell(
                            found.created() && whole ? answer.withStatus(CREATED) : answer, found.map());
                });
    }

    private static Answer page(RequestContext request, Context context, TemporalView view, EvolutionPage result) {
        view.requireEligible(result.evolutions());
        List<Evolution> shown =
                result.evolutions().stream().filter(view::showsAnything).toList();
        Answer answer = show(request, context, view, shown, true);
        return part(Responses.page(request, answer, result.more(), result.count()), result);
    }

    /** Evolutions as they are or, if the client prefers that, as an earlier version of the specification had them (clause 4.3.6.8). */
    private static Answer show(
            RequestContext request, Context context, TemporalView view, List<Evolution> found, boolean asList) {
        Buffer asTheyAre = body(view, found, asList);
        SpecificationVersion version = request.version();
        if (version == null || version.conformant().equals(SpecificationVersion.CURRENT)) {
            return Responses.bytes(request, context, asTheyAre);
        }
        VersionFallback fallback = new VersionFallback(version, context);
        Buffer amended = body(view, found.stream().map(fallback::apply).toList(), asList);
        return Responses.bytes(request, context, amended)
                .withStatus(amended.equals(asTheyAre) ? OK : NON_AUTHORITATIVE);
    }

    private static Buffer body(TemporalView view, List<Evolution> found, boolean asList) {
        JsonWriter json = new JsonWriter(BYTES_PER_ENTITY * (1 + found.size()));
        if (asList) {
            json.beginArray();
        }
        found.forEach(e -> view.write(json, e));
        if (asList) {
            json.endArray();
        }
        return Buffer.buffer(json.toBytes());
    }

    /** 206 with the part of the time range that the answer covers. The unit is spelled as clients of existing brokers expect it. */
    private static Answer part(Answer answer, EvolutionPage page) {
        EvolutionPage.Part part = page.part();
        if (part == null) {
            return answer;
        }
        String size = part.lastN() == 0 ? "*" : Integer.toString(part.lastN());
        return answer.withStatus(PARTIAL_CONTENT)
                .with(
                        "Content-Range",
                        "date-time " + Times.format(part.start()) + "-" + Times.format(part.end()) + "/" + size);
    }
}
