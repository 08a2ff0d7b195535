package de.freiraum.http;

import de.freiraum.broker.DiscoveryOperations;
import de.freiraum.broker.DiscoveryOperations.AttributeInformation;
import de.freiraum.broker.DiscoveryOperations.CountedAttribute;
import de.freiraum.federation.Federation;
import de.freiraum.federation.Gathered;
import de.freiraum.federation.Incoming;
import de.freiraum.jsonld.Context;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.store.EntityStore.TypeSummary;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Types and attributes of the broker itself and of other brokers (clauses 5.7.5 to 5.7.11). */
final class DistributedDiscovery {
    private final DiscoveryOperations operations;
    private final Federation federation;

    DistributedDiscovery(DiscoveryOperations operations, Federation federation) {
        this.operations = operations;
        this.federation = federation;
    }

    Future<Answer> types(
            RequestContext request, Context context, boolean details, Function<List<TypeSummary>, Answer> answer) {
        return several(
                request,
                operations.types(request.caller()),
                () -> federation.discovery().types(incoming(request, context), details),
                new Merging<>(TypeSummary::type, DiscoveryOperations::both, t -> request.caller()
                        .sees(List.of(t.type()))),
                answer);
    }

    Future<Answer> type(RequestContext request, Context context, String iri, Function<TypeSummary, Answer> answer) {
        return one(
                request,
                operations.type(request.caller(), iri),
                () -> federation.discovery().type(incoming(request, context), iri),
                new Merging<>(TypeSummary::type, DiscoveryOperations::both, t -> request.caller()
                        .sees(List.of(t.type()))),
                answer);
    }

    Future<Answer> attributes(
            RequestContext request,
            Context context,
            boolean details,
            Function<List<AttributeInformation>, Answer> answer) {
        return several(
                request,
                operations.attributes(request.caller()),
                () -> federation.discovery().attributes(incoming(request, context), details),
                new Merging<>(AttributeInformation::iri, DiscoveryOperations::both, a -> true),
                answer);
    }

    Future<Answer> attribute(
            RequestContext request, Context context, String iri, Function<CountedAttribute, Answer> answer) {
        return one(
                request,
                operations.attribute(request.caller(), iri),
                () -> federation.discovery().attribute(incoming(request, context), iri),
                new Merging<>(a -> a.information().iri(), DiscoveryOperations::both, a -> true),
                answer);
    }

    /** How descriptions of the same thing become one. */
    private record Merging<T>(Function<T, String> iri, BinaryOperator<T> both, Predicate<T> visible) {
        Collection<T> all(Collection<T> own, List<T> others) {
            Map<String, T> merged = new TreeMap<>();
            own.forEach(t -> merged.merge(iri.apply(t), t, both));
            others.stream().filter(visible).forEach(t -> merged.merge(iri.apply(t), t, both));
            return merged.values();
        }
    }

    private interface Asking<T> {
        Future<Gathered<T>> ask();
    }

    private <T> Future<Answer> several(
            RequestContext request,
            Future<List<T>> own,
            Asking<T> asking,
            Merging<T> merging,
            Function<List<T>, Answer> answer) {
        if (isLocal(request)) {
            return own.map(answer);
        }
        return own.compose(here -> asking.ask()
                .compose(there -> DistributedReads.warned(
                        there.warnings(),
                        Future.succeededFuture(answer.apply(new ArrayList<>(merging.all(here, there.parts())))))));
    }

    private <T> Future<Answer> one(
            RequestContext request, Future<T> own, Asking<T> asking, Merging<T> merging, Function<T, Answer> answer) {
        if (isLocal(request)) {
            return own.map(answer);
        }
        return own.map(here -> new Own<>(here, null))
                .recover(e -> e instanceof NgsiLdException absent && absent.type() == ErrorType.ResourceNotFound
                        ? Future.succeededFuture(new Own<T>(null, absent))
                        : Future.failedFuture(e))
                .compose(here -> asking.ask().compose(there -> {
                    Collection<T> all = merging.all(here.asList(), there.parts());
                    NgsiLdException absent = here.absent();
                    return DistributedReads.warned(
                            there.warnings(),
                            all.isEmpty() && absent != null
                                    ? Future.failedFuture(absent)
                                    : Future.succeededFuture(
                                            answer.apply(all.iterator().next())));
                }));
    }

    private record Own<T>(@Nullable T found, @Nullable NgsiLdException absent) {
        List<T> asList() {
            return found == null ? List.of() : List.of(found);
        }
    }

    private boolean isLocal(RequestContext request) {
        return request.parameters().flag("local")
                || federation.isLocal(request.caller().tenant());
    }

    private Incoming incoming(RequestContext request, Context context) {
        return DistributedReads.incoming(federation, request, context);
    }
}
