package de.freiraum.http;

import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.broker.Target;
import de.freiraum.broker.temporal.EvolutionPage;
import de.freiraum.broker.temporal.EvolutionSelection;
import de.freiraum.broker.temporal.TemporalOperations;
import de.freiraum.broker.temporal.TemporalOperations.Selection;
import de.freiraum.federation.EvolutionSources.Found;
import de.freiraum.federation.Federation;
import de.freiraum.federation.Incoming;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.representation.TemporalWriter.Evolution;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/** Temporal evolutions that other brokers have a part in (clauses 5.7.3 and 5.7.4). */
final class DistributedEvolutions {
    private static final int MOST_EVOLUTIONS = 1000;

    private final TemporalOperations operations;
    private final Federation federation;

    DistributedEvolutions(TemporalOperations operations, Federation federation) {
        this.operations = operations;
        this.federation = federation;
    }

    /** Whether other brokers are to be asked at all. */
    boolean mayConcern(RequestContext request) {
        return !federation.isLocal(request.caller().tenant())
                && !request.parameters().flag("local");
    }

    /** Retrieves an evolution; {@code answer} makes the answer. */
    Future<Answer> retrieve(
            RequestContext request,
            Target target,
            Selection shown,
            Context context,
            Function<EvolutionPage, Answer> answer) {
        EvolutionSelection selection = EvolutionSelection.ofWhole(EntityQuery.ALL, shown);
        return operations
                .findEvolution(request.caller(), target, shown)
                .compose(local -> federation
                        .evolutions()
                        .retrieve(
                                DistributedReads.incoming(federation, request, context),
                                target.entityId(),
                                selection,
                                local))
                .compose(found -> DistributedReads.warned(
                        found.warnings(), Future.succeededFuture(found).map(all -> {
                            if (all.evolutions().isEmpty()) {
                                throw NgsiLdException.notFound("there is nothing in the temporal evolution of "
                                        + Parameters.clip(target.entityId()) + " that meets the query");
                            }
                            return answer.apply(EvolutionPage.of(all.evolutions(), false, -1, shown, all.until()));
                        })));
    }

    /**
     * Whether other brokers may have something of what a query asks for.
     *
     * @throws NgsiLdException BadRequestData if the answer is to be in an order, which needs local scope (clause 5.7.4.4)
     */
    boolean concerns(RequestContext request, Parameters parameters, TemporalQueryRequest asked, Context context) {
        EntityQuery query = asked.query();
        if (federation.isLocal(request.caller().tenant())
                || EntityQueryReader.isLocal(parameters, query)
                || !federation
                        .evolutions()
                        .concerns(
                                DistributedReads.incoming(federation, request, context),
                                query,
                                selection(parameters, asked))) {
            return false;
        }
        if (query.orderBy() != null) {
            throw NgsiLdException.badRequest(
                    "orderBy: other brokers may have something of what is asked for; an order needs local=true");
        }
        return true;
    }

    private static EvolutionSelection selection(Parameters parameters, TemporalQueryRequest asked) {
        Selection shown = asked.view().selection();
        return EntityQueryReader.mayBeSplit(parameters, asked.query())
                ? EvolutionSelection.ofSplit(asked.query(), shown)
                : EvolutionSelection.ofWhole(asked.query(), shown);
    }

    /** Queries evolutions; {@code answer} makes the answer of a page. */
    Future<Answer> query(
            RequestContext request,
            Parameters parameters,
            TemporalQueryRequest asked,
            PageRequest page,
            Context context,
            Function<EvolutionPage, Answer> answer) {
        EntityQuery query = asked.query();
        EntityQuery passedOn = EntityQueryReader.mayBeSplit(parameters, query)
                ? query.candidates().withCsf(query.csf())
                : query;
        EvolutionSelection selection = selection(parameters, asked);
        Incoming incoming = DistributedReads.incoming(federation, request, context);
        int most = page.count() ? MOST_EVOLUTIONS : (int) Math.min(MOST_EVOLUTIONS, 1L + page.offset() + page.limit());
        return operations
                .collectEvolutions(request.caller(), passedOn, selection.asked(), most)
                .compose(local -> federation
                        .evolutions()
                        .query(incoming, passedOn, selection, local.evolutions(), !local.more(), most))
                .compose(found -> DistributedReads.warned(
                        found.warnings(),
                        Future.succeededFuture(found)
                                .map(all -> answer.apply(
                                        page(all, page, asked.view().selection())))));
    }

    private static EvolutionPage page(Found found, PageRequest page, Selection shown) {
        List<Evolution> all = found.evolutions();
        int from = Math.min(page.offset(), all.size());
        int to = (int) Math.min((long) from + page.limit(), all.size());
        boolean more = to < all.size() || !found.complete();
        return EvolutionPage.of(all.subList(from, to), more, page.count() ? all.size() : -1, shown, found.until());
    }
}
