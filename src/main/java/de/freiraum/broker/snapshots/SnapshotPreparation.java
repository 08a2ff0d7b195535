package de.freiraum.broker.snapshots;

import de.freiraum.broker.Caller;
import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.temporal.TemporalOperations;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Snapshot.ExecutionResult;
import de.freiraum.model.Snapshot.Outcome;
import de.freiraum.model.Snapshot.Status;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the queries of one snapshot, one after the other; one that fails does not keep the others from running (clause 5.16.1.4). */
final class SnapshotPreparation {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotPreparation.class);

    private final Caller caller;
    private final SnapshotContent into;
    private final QueryOperations queries;
    private final TemporalOperations temporalQueries;
    private final BooleanSupplier givenUp;

    /** @param givenUp whether nobody wants the result any more */
    SnapshotPreparation(
            Caller caller,
            SnapshotContent into,
            QueryOperations queries,
            TemporalOperations temporalQueries,
            BooleanSupplier givenUp) {
        this.caller = caller;
        this.into = into;
        this.queries = queries;
        this.temporalQueries = temporalQueries;
        this.givenUp = givenUp;
    }

    Future<Outcome> run(SnapshotQueries content) {
        return each(content.entities(), query -> into.entities(caller, queries, query))
                .compose(
                        entities -> each(content.evolutions(), query -> into.evolutions(caller, temporalQueries, query))
                                .map(evolutions -> new Outcome(status(entities, evolutions), entities, evolutions)));
    }

    private <Q> Future<List<ExecutionResult>> each(List<Q> all, Function<Q, Future<Long>> execution) {
        List<ExecutionResult> results = new ArrayList<>();
        Future<Void> done = Future.succeededFuture();
        for (Q query : all) {
            done = done.compose(v -> givenUp.getAsBoolean() ? Future.succeededFuture(0L) : execution.apply(query))
                    .transform(found -> {
                        results.add(
                                found.succeeded()
                                        ? new ExecutionResult(found.result() > 0, null)
                                        : new ExecutionResult(false, problem(found.cause())));
                        return Future.succeededFuture();
                    });
        }
        return done.map(v -> results);
    }

    private static NgsiLdException problem(Throwable cause) {
        if (cause instanceof NgsiLdException refusal) {
            return refusal;
        }
        LOG.error("a query of a snapshot failed", cause);
        return new NgsiLdException(ErrorType.InternalError, "the query failed inside the broker");
    }

    private static Status status(List<ExecutionResult> entities, List<ExecutionResult> evolutions) {
        List<ExecutionResult> all =
                Stream.concat(entities.stream(), evolutions.stream()).toList();
        if (all.stream().allMatch(ExecutionResult::found)) {
            return Status.success;
        }
        if (all.stream().anyMatch(ExecutionResult::found)) {
            return Status.partial;
        }
        return all.stream().anyMatch(r -> r.problem() == null) ? Status.empty : Status.failure;
    }
}
