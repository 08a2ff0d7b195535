package de.freiraum.http;

import de.freiraum.broker.BatchResult;
import de.freiraum.broker.BatchResult.Failure;
import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.QueryOperations.Purge;
import de.freiraum.federation.Federation;
import de.freiraum.federation.PurgeSources.Outcome;
import de.freiraum.jsonld.Context;
import de.freiraum.query.EntityQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Purges that other brokers have a part in (clause 5.6.21). */
final class DistributedPurges {
    private final QueryOperations queries;
    private final Federation federation;

    DistributedPurges(QueryOperations queries, Federation federation) {
        this.queries = queries;
        this.federation = federation;
    }

    /** Deletes here and at the sources that may have something of it. */
    Future<Answer> purge(
            RequestContext request, Parameters parameters, EntityQuery query, Purge purge, Context context) {
        Future<BatchResult> here = queries.purgeEntities(request.caller(), query, purge);
        if (federation.isLocal(request.caller().tenant()) || EntityQueryReader.isLocal(parameters, query)) {
            return here.map(BatchRoutes::done);
        }
        Future<Outcome> there =
                federation.purges().forward(DistributedReads.incoming(federation, request, context), query, purge);
        return Future.join(here, there).map(all -> answer(here.result(), there.result()));
    }

    private static Answer answer(BatchResult here, Outcome there) {
        if (there.failures().size() == 1
                && there.done() == 0
                && here.success().isEmpty()
                && here.errors().isEmpty()) {
            throw there.failures().get(0).error();
        }
        List<Failure> errors = new ArrayList<>(here.errors());
        errors.addAll(there.failures());
        return BatchRoutes.done(new BatchResult(here.success(), List.of(), errors));
    }
}
