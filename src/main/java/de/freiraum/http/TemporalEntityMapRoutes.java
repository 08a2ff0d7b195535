package de.freiraum.http;

import de.freiraum.broker.temporal.TemporalEntityMaps;
import de.freiraum.jsonld.Context;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import io.vertx.core.Future;
import java.util.List;

/** Entity maps of queries of evolutions: {@code /temporal/entityMaps} (clause 6.35). They are read and changed as all others. */
public final class TemporalEntityMapRoutes {
    private static final String MAPS = "/temporal/entityMaps";

    private final TemporalEntityMaps maps;

    /** Routes to those maps. */
    public TemporalEntityMapRoutes(TemporalEntityMaps maps) {
        this.maps = maps;
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.get(MAPS, "createEntityMapQueryTemporal", this::create)
                        .with(EntityQueryReader.SELECTING)
                        .with(TemporalRoutes.ORDERING)
                        .with(TemporalView.SHOWING)
                        .with(EntityMapHeader.PARAMETERS)
                        .with(QueryRoutes.PAGING),
                ApiRoute.postQuery(MAPS, "createEntityMapQueryTemporalPost", this::createByDocument)
                        .with(QueryRoutes.PAGING)
                        .with(TemporalRoutes.BESIDE_DOCUMENT));
    }

    private Future<Answer> create(RequestContext request) {
        return request.context().compose(context -> create(request, request.parameters(), List.of(), context));
    }

    private Future<Answer> createByDocument(RequestContext request) {
        return request.document().compose(body -> {
            EntityQueryReader.Query query =
                    TemporalQueryDocument.read(body.value(), request.parameters(), body.context());
            return create(request, query.parameters(), query.selectors(), body.context());
        });
    }

    /** What would say how evolutions are shown is checked as in a query; of effect is which attributes are concerned. */
    private Future<Answer> create(
            RequestContext request, Parameters parameters, List<EntitySelector> selectors, Context context) {
        TemporalQueryRequest asked = TemporalQueryRequest.read(request, parameters, selectors, context, 1);
        EntityQuery query = asked.query();
        EntityQuery candidates = EntityQueryReader.mayBeSplit(parameters, query) ? query.candidates() : query;
        parameters.flag("entityMap");
        return maps.createEntityMap(
                        request.caller(), candidates, asked.view().selection(), EntityMapHeader.lifetime(parameters))
                .map(map -> EntityMapHeader.tell(
                        Responses.object(request, context, EntityMapRoutes.document(map))
                                .withStatus(201),
                        map));
    }
}
