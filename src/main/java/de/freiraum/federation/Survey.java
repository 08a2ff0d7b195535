package de.freiraum.federation;

import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.model.NgsiLdException;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Asks several sources, some at a time, and collects what they answer; what is missing becomes a warning. */
final class Survey {
    private final SourceClient client;
    private final FederationSettings settings;

    Survey(SourceClient client, FederationSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /**
     * A question to a source.
     *
     * @param source whom to ask
     * @param request what to ask, given how names are written
     * @param reader makes of an answer what counts of it; fails with an {@link NgsiLdException} for what is no valid answer
     */
    record Question<T>(RegisteredSource source, Function<Wording, SourceRequest> request, Reader<T> reader) {}

    /** Makes of an answer what counts of it. */
    interface Reader<T> {
        Future<List<T>> read(SourceAnswer.Done answer, Wording wording);
    }

    /** Asks. @return never fails for what a source does */
    <T> Future<Gathered<T>> ask(List<Question<T>> questions, Incoming incoming) {
        return Parallel.all(questions, settings.parallel(), question -> ask(question, incoming))
                .map(Gathered::all);
    }

    private <T> Future<Gathered<T>> ask(Question<T> question, Incoming incoming) {
        String id = question.source().registration().id();
        return client.wording(question.source().registration(), incoming)
                .compose(wording -> client.send(question.request().apply(wording), wording, incoming)
                        .compose(answer -> {
                            Warning warning = Warning.of(answer, id);
                            if (warning != null) {
                                return Future.succeededFuture(new Gathered<T>(List.of(), List.of(warning)));
                            }
                            return answer instanceof SourceAnswer.Done done
                                    ? question.reader()
                                            .read(done, wording)
                                            .map(parts -> new Gathered<>(parts, List.of()))
                                    : Future.succeededFuture(Gathered.<T>nothing());
                        }))
                .recover(e -> isForeign(e)
                        ? Future.succeededFuture(new Gathered<>(
                                List.of(),
                                List.of(new Warning(
                                        Warning.REVALIDATION_FAILED, id, "the answer is no valid NGSI-LD"))))
                        : Future.failedFuture(e));
    }

    /** Whether something is wrong with what a source sent, or with a context that it needs. */
    static boolean isForeign(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof NgsiLdException;
    }
}
