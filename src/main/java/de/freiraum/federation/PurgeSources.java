package de.freiraum.federation;

import de.freiraum.broker.BatchResult.Failure;
import de.freiraum.broker.QueryOperations.Purge;
import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.registration.CSourceRegistration;
import de.freiraum.registration.Coverage;
import de.freiraum.registration.EntitySpecification;
import de.freiraum.registration.Mode;
import de.freiraum.registration.Operation;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Passes a purge on to the sources that have a part in it (clause 5.6.21). */
public final class PurgeSources {
    private static final Set<Operation> PURGE = Set.of(Operation.purgeEntity);

    private final SourceClient client;
    private final SourceSelection selection;
    private final FederationSettings settings;

    PurgeSources(SourceClient client, SourceSelection selection, FederationSettings settings) {
        this.client = client;
        this.selection = selection;
        this.settings = settings;
    }

    private record Part(RemoteQuery query, Purge purge, boolean supported) {}

    /**
     * What became of it at sources.
     *
     * @param done how many did it
     * @param failures what was not done, with the registration
     */
    public record Outcome(int done, List<Failure> failures) {
        /** Copies the list. */
        public Outcome {
            failures = List.copyOf(failures);
        }
    }

    /** Passes it on. Inclusive sources that do not offer it are passed over; of others that is a Conflict. */
    public Future<Outcome> forward(Incoming incoming, EntityQuery query, Purge purge) {
        EntitySpecification specification = Federation.specification(query, Set.of());
        List<Part> parts = new ArrayList<>();
        selection
                .ofChanges(incoming)
                .filter(s -> s.registration().mode() != Mode.auxiliary
                        && !s.registration().isTemporal()
                        && SourceSelection.meets(s, query.csf()))
                .forEach(source -> parts.addAll(parts(source, specification, query, purge)));
        return Parallel.all(parts, settings.parallel(), part -> send(part, incoming))
                .map(problems -> {
                    List<Failure> failures = new ArrayList<>();
                    for (int i = 0; i < problems.size(); i++) {
                        NgsiLdException problem = problems.get(i).error();
                        if (problem != null) {
                            failures.add(new Failure(
                                    null,
                                    problem,
                                    parts.get(i).query().source().registration().id()));
                        }
                    }
                    return new Outcome(parts.size() - failures.size(), failures);
                });
    }

    private static List<Part> parts(
            RegisteredSource source, EntitySpecification specification, EntityQuery query, Purge purge) {
        CSourceRegistration registration = source.registration();
        boolean supported = registration.operations().containsAll(PURGE);
        if (!supported && registration.mode() == Mode.inclusive) {
            return List.of();
        }
        List<Part> parts = new ArrayList<>();
        for (Coverage coverage : Coverage.of(specification, registration)) {
            Purge here = registered(purge, coverage);
            if (here != null) {
                RemoteQuery remote = new RemoteQuery(source, coverage, query, query.attributes());
                if (parts.stream().noneMatch(p -> p.query().sameEntities(remote))) {
                    parts.add(new Part(remote, here, supported));
                }
            }
        }
        return parts;
    }

    /** Which of the attributes the source has registered; null: none of those that are to go. */
    private static @Nullable Purge registered(Purge purge, Coverage coverage) {
        boolean whole = purge.drop().isEmpty() && purge.keep().isEmpty();
        if (whole || coverage.info().anyAttribute()) {
            return purge;
        }
        Set<String> drop = new TreeSet<>(coverage.info().attributes());
        if (purge.drop().isEmpty()) {
            drop.removeAll(purge.keep());
        } else {
            drop.retainAll(purge.drop());
        }
        return drop.isEmpty() ? null : new Purge(drop, Set.of());
    }

    private record Sent(@Nullable NgsiLdException error) {}

    private Future<Sent> send(Part part, Incoming incoming) {
        CSourceRegistration registration = part.query().source().registration();
        if (!part.supported()) {
            return Future.succeededFuture(new Sent(new NgsiLdException(
                    ErrorType.Conflict,
                    "registration " + registration.id() + " is " + registration.mode()
                            + " and its source does not offer " + Operation.purgeEntity)));
        }
        return client.wording(registration, incoming)
                .compose(wording -> client.send(part.query().purge(part.purge(), wording), wording, incoming))
                .map(answer -> new Sent(
                        answer instanceof SourceAnswer.Absent ? null : Provisions.problem(answer, registration.id())))
                .recover(e -> Future.succeededFuture(new Sent(new NgsiLdException(
                        ErrorType.BadGateway, "registration " + registration.id() + ": its context cannot be had"))));
    }
}
