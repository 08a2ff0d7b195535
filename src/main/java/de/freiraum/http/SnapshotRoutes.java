package de.freiraum.http;

import de.freiraum.broker.snapshots.SnapshotOperations;
import de.freiraum.broker.snapshots.SnapshotQueries;
import de.freiraum.broker.snapshots.SnapshotQueries.OfEntities;
import de.freiraum.broker.snapshots.SnapshotQueries.OfEvolutions;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.representation.SnapshotReader;
import de.freiraum.representation.SnapshotReader.Draft;
import de.freiraum.representation.SnapshotWriter;
import de.freiraum.security.Access;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Snapshots over HTTP (clauses 6.36 to 6.38). Reading their descriptions needs the right to write, since those hold their receivers' credentials.
 */
public final class SnapshotRoutes {
    private static final String COLLECTION = "/snapshots";
    private static final String ONE = COLLECTION + "/{snapshotId}";

    private final SnapshotOperations operations;

    /** Routes to these operations. */
    public SnapshotRoutes(SnapshotOperations operations) {
        this.operations = operations;
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.post(COLLECTION, "createSnapshot", this::create),
                ApiRoute.delete(COLLECTION, "purgeSnapshots", this::purge).with("q"),
                ApiRoute.get(ONE, "retrieveSnapshotStatus", this::retrieve).needing(Access.WRITE),
                ApiRoute.patch(ONE, "updateSnapshotStatus", this::update).producing(MediaType.JSON, MediaType.JSON_LD),
                ApiRoute.delete(ONE, "deleteSnapshot", this::delete),
                ApiRoute.post(ONE + "/clone", "cloneSnapshot", this::cloneSnapshot));
    }

    private Future<Answer> create(RequestContext request) {
        return request.document()
                .compose(body -> {
                    Draft draft = SnapshotReader.create(body.value());
                    return operations.create(request.caller(), draft, queries(request, draft, body.context()));
                })
                .map(SnapshotRoutes::created);
    }

    private Future<Answer> cloneSnapshot(RequestContext request) {
        return request.document()
                .compose(body -> operations.cloneSnapshot(
                        request.caller(), request.path("snapshotId"), SnapshotReader.cloneOf(body.value())))
                .map(SnapshotRoutes::created);
    }

    private static Answer created(String id) {
        return Answer.created(ApiRouter.BASE + COLLECTION + "/" + PercentCoding.encodeSegment(id));
    }

    private static SnapshotQueries queries(RequestContext request, Draft draft, Context context) {
        List<OfEntities> entities = new ArrayList<>();
        for (Value.Obj document : draft.queries()) {
            entities.add(ofEntities(request, document, context));
        }
        List<OfEvolutions> evolutions = new ArrayList<>();
        for (Value.Obj document : draft.temporalQueries()) {
            evolutions.add(ofEvolutions(request, document, context));
        }
        return new SnapshotQueries(entities, evolutions);
    }

    private static OfEntities ofEntities(RequestContext request, Value.Obj document, Context context) {
        EntityQueryReader.Query read = EntityQueryReader.document(document, request.parameters(), context);
        EntityQuery query = EntityQueryReader.read(read.parameters(), read.selectors(), context::expand);
        EntityView view = EntityView.read(request, read.parameters(), context, query.attributes(), query.linkedDepth());
        EntityQuery necessary = query.attributes().isEmpty() ? query.withAttributes(view.necessary()) : query;
        return new OfEntities(necessary, view.options().projection(), view.follow());
    }

    private static OfEvolutions ofEvolutions(RequestContext request, Value.Obj document, Context context) {
        EntityQueryReader.Query read = TemporalQueryDocument.read(document, request.parameters(), context);
        if (!read.parameters().has("timerel")) {
            throw NgsiLdException.badRequest("temporalQ: timerel is missing");
        }
        EntityQuery query = TemporalQueryDocument.entities(read.parameters(), read.selectors(), context::expand);
        if (query.linkedDepth() > 0) {
            throw NgsiLdException.badRequest("q: a temporal query cannot follow Relationships to linked entities");
        }
        TemporalView view = TemporalView.read(request, read.parameters(), context, query.attributes(), 0);
        return new OfEvolutions(query, view.selection(), view.options().projection());
    }

    private Future<Answer> retrieve(RequestContext request) {
        Value.Obj found = SnapshotWriter.write(operations.retrieve(request.caller(), request.path("snapshotId")));
        return request.context().map(context -> Responses.object(request, context, found));
    }

    private Future<Answer> update(RequestContext request) {
        return request.document().compose(body -> operations
                .update(request.caller(), request.path("snapshotId"), body.value())
                .map(updated -> Responses.object(request, body.context(), SnapshotWriter.write(updated))));
    }

    private Future<Answer> delete(RequestContext request) {
        return operations.delete(request.caller(), request.path("snapshotId")).map(v -> Answer.noContent());
    }

    private Future<Answer> purge(RequestContext request) {
        String q = request.parameters().text("q");
        if (q == null) {
            throw NgsiLdException.badRequest("q is missing: a purge of snapshots needs a query of their members");
        }
        return operations.purge(request.caller(), q).map(BatchRoutes::done);
    }
}
