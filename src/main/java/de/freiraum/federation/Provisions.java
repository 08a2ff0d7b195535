package de.freiraum.federation;

import de.freiraum.broker.BatchResult.Failure;
import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.jsonld.Context;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.registration.CSourceRegistration;
import de.freiraum.registration.Mode;
import de.freiraum.registration.Operation;
import de.freiraum.registration.ProvisionPlan;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes changes of entities on to the sources that have a part in them (clauses 5.6.1 to 5.6.6 and 5.6.17 to 5.6.19). */
public final class Provisions {
    private static final int CREATED = 201;

    private final SourceSelection selection;
    private final SourceClient client;
    private final BatchProvisions batches;
    private final FederationSettings settings;

    Provisions(SourceSelection selection, SourceClient client, FederationSettings settings) {
        this.selection = selection;
        this.client = client;
        this.batches = new BatchProvisions(client, settings);
        this.settings = settings;
    }

    /**
     * A change as it came, to be passed on.
     *
     * @param operation what it is
     * @param method its verb
     * @param path below {@code /ngsi-ld/v1}, encoded, without the attribute's name
     * @param attribute IRI of the attribute that comes next in the path, or null
     * @param instance what comes behind the attribute in the path, encoded; may be empty
     * @param parameters of the URL
     * @param body an entity or a part of one, or where {@code attribute} is given, an attribute; null if there is none
     */
    public record Change(
            Operation operation,
            HttpMethod method,
            String path,
            @Nullable String attribute,
            String instance,
            Map<String, String> parameters,
            Value.@Nullable Obj body) {
        /** Copies the map. */
        public Change {
            parameters = new LinkedHashMap<>(parameters);
        }
    }

    /**
     * What became of a part.
     *
     * @param part the part
     * @param error why it was not done, or null
     * @param created whether the source made something new
     */
    public record Outcome(ProvisionPlan.Part part, @Nullable NgsiLdException error, boolean created) {
        Outcome(ProvisionPlan.Part part, @Nullable NgsiLdException error) {
            this(part, error, false);
        }
    }

    /**
     * An item of a batch.
     *
     * @param entityId which entity
     * @param types its type IRIs; empty if they are not known
     * @param attributes IRIs of what is changed; null: the entity as a whole
     * @param body the item as it came, without {@code @context}; null where the item is an id alone
     * @param context what its names belong to
     */
    public record BatchItem(
            String entityId,
            List<String> types,
            @Nullable Set<String> attributes,
            Value.@Nullable Obj body,
            Context context) {}

    /** An item with who has a part in it. */
    public record PlannedItem(BatchItem item, ProvisionPlan plan) {}

    /**
     * Who has a part in an item of a batch; sources that offer no batches may offer the same for one entity.
     *
     * @param batch the batch operation
     */
    public ProvisionPlan plan(Incoming incoming, BatchItem item, Operation batch) {
        Operation single = BatchProvisions.single(batch);
        return ProvisionPlan.of(
                item.entityId(),
                item.types(),
                item.attributes(),
                single == null ? Set.of(batch) : Set.of(batch, single),
                matching(incoming));
    }

    /**
     * Passes a batch on.
     *
     * @param parameters of the URL
     * @param items the items with their plans
     * @return what failed
     */
    public Future<List<Failure>> forward(
            Incoming incoming, Operation batch, Map<String, String> parameters, List<PlannedItem> items) {
        Map<String, List<BatchProvisions.Item>> bySource = new LinkedHashMap<>();
        List<Failure> failures = new ArrayList<>();
        items.forEach(planned -> planned.plan().parts().forEach(part -> {
            BatchItem item = planned.item();
            if (part.supported()) {
                bySource.computeIfAbsent(part.registrationId(), id -> new ArrayList<>())
                        .add(new BatchProvisions.Item(item.entityId(), part.attributes(), item.body(), item.context()));
            } else {
                failures.add(new Failure(item.entityId(), unsupported(part, batch), part.registrationId()));
            }
        }));
        return Parallel.all(List.copyOf(bySource.entrySet()), settings.parallel(), entry -> {
                    RegisteredSource source = selection.get(incoming, entry.getKey());
                    return source == null
                            ? Future.succeededFuture(List.<Failure>of())
                            : batches.send(source, batch, parameters, entry.getValue(), incoming);
                })
                .map(lists -> {
                    lists.forEach(failures::addAll);
                    return failures;
                });
    }

    private static NgsiLdException unsupported(ProvisionPlan.Part part, Operation operation) {
        return new NgsiLdException(
                ErrorType.Conflict,
                "registration " + part.registrationId() + " is " + part.mode() + " and its source does not offer "
                        + operation);
    }

    /**
     * Who has a part in a change.
     *
     * @param types the entity's type IRIs; empty if they are not known
     * @param attributes IRIs of what is changed; null: the entity as a whole
     */
    public ProvisionPlan plan(
            Incoming incoming,
            String entityId,
            List<String> types,
            @Nullable Set<String> attributes,
            Operation operation) {
        return ProvisionPlan.of(entityId, types, attributes, Set.of(operation), matching(incoming));
    }

    private List<CSourceRegistration> matching(Incoming incoming) {
        return selection.ofChanges(incoming).map(RegisteredSource::registration).toList();
    }

    /** Passes the parts on. @return what became of each, in their order */
    public Future<List<Outcome>> forward(Incoming incoming, ProvisionPlan plan, Change change) {
        return Parallel.all(
                plan.parts(),
                settings.parallel(),
                part -> part.supported()
                        ? forward(incoming, part, change)
                        : Future.succeededFuture(new Outcome(part, unsupported(part, change.operation()))));
    }

    private Future<Outcome> forward(Incoming incoming, ProvisionPlan.Part part, Change change) {
        RegisteredSource source = selection.get(incoming, part.registrationId());
        if (source == null) {
            return Future.succeededFuture(new Outcome(part, null));
        }
        return client.wording(source.registration(), incoming)
                .compose(wording -> client.send(request(source, part, change, wording, incoming), wording, incoming))
                .map(answer -> new Outcome(
                        part,
                        problem(answer, part.registrationId()),
                        answer instanceof SourceAnswer.Done done && done.status() == CREATED))
                .recover(e -> Future.succeededFuture(new Outcome(
                        part,
                        new NgsiLdException(
                                ErrorType.BadGateway,
                                "registration " + part.registrationId() + ": its context cannot be had"))));
    }

    private static SourceRequest request(
            RegisteredSource source, ProvisionPlan.Part part, Change change, Wording wording, Incoming incoming) {
        Context context = incoming.context();
        Renaming renaming = new Renaming(context, wording.context());
        String attribute = change.attribute();
        Value.Obj body = change.body();
        Value sent = null;
        if (body != null) {
            sent = attribute == null
                    ? renaming.entity(body, iri -> part.attributes().contains(iri))
                    : renaming.attribute(body);
        }
        String path = attribute == null
                ? change.path()
                : change.path() + SourceRequest.segment(wording.context().compact(attribute)) + change.instance();
        return new SourceRequest(source, change.method(), path, change.parameters(), sent);
    }

    /** Why a part was not done, or null. */
    static @Nullable NgsiLdException problem(SourceAnswer answer, String registrationId) {
        String at = "registration " + registrationId + ": ";
        if (answer instanceof SourceAnswer.Done done) {
            return done.status() == 207
                    ? new NgsiLdException(ErrorType.BadGateway, at + "the source did a part of it only")
                    : null;
        }
        if (answer instanceof SourceAnswer.Absent) {
            return NgsiLdException.notFound(at + "the source does not have it");
        }
        if (answer instanceof SourceAnswer.Failed failed) {
            ErrorType type =
                    switch (failed.reason()) {
                        case LOOP -> ErrorType.LoopDetected;
                        case TIMEOUT -> ErrorType.GatewayTimeout;
                        case UNREACHABLE, INVALID -> ErrorType.BadGateway;
                    };
            return new NgsiLdException(type, at + failed.text());
        }
        int status = ((SourceAnswer.Refused) answer).status();
        ErrorType type =
                switch (status) {
                    case 400 -> ErrorType.BadRequestData;
                    case 409 -> ErrorType.Conflict;
                    case 508 -> ErrorType.LoopDetected;
                    default -> ErrorType.BadGateway;
                };
        return new NgsiLdException(type, at + "the source answers " + status);
    }

    /**
     * The error of a change that one source alone should have made (clause 6.3.17): a loop, no answer in time, not found, an operation that
     * it does not offer, and for everything else that it failed.
     */
    public static NgsiLdException alone(Outcome outcome) {
        NgsiLdException error = outcome.error();
        if (error == null) {
            throw new IllegalArgumentException("nothing failed");
        }
        boolean told = !outcome.part().supported()
                || outcome.part().mode() == Mode.inclusive
                || Set.of(ErrorType.LoopDetected, ErrorType.GatewayTimeout, ErrorType.ResourceNotFound)
                        .contains(error.type());
        return told ? error : new NgsiLdException(ErrorType.BadGateway, error.detail());
    }
}
