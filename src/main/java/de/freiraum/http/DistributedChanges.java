package de.freiraum.http;

import de.freiraum.broker.BatchResult;
import de.freiraum.federation.Federation;
import de.freiraum.federation.Incoming;
import de.freiraum.federation.Provisions;
import de.freiraum.federation.Provisions.Change;
import de.freiraum.federation.Provisions.Outcome;
import de.freiraum.jsonld.Context;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.UpdateResult.NotUpdatedDetails;
import de.freiraum.model.Value;
import de.freiraum.registration.Operation;
import de.freiraum.registration.ProvisionPlan;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changes of one entity that other brokers have a part in (clauses 5.6.1 to 5.6.6, 5.6.17 to 5.6.19 and 6.3.17). */
final class DistributedChanges {
    private final Federation federation;

    DistributedChanges(Federation federation) {
        this.federation = federation;
    }

    /**
     * A change.
     *
     * @param operation what it is
     * @param entityId which entity
     * @param types its type IRIs; empty if the request does not tell them
     * @param attributes IRIs of what is changed; null: the entity as a whole
     * @param path where the request goes at a source, without the attribute's name
     * @param attribute IRI of the attribute that comes next in the path, or null
     * @param instance what comes behind the attribute in the path, encoded; may be empty
     * @param body without {@code @context}, or null
     * @param context what the body's names belong to
     * @param local makes the change for some of the attributes at the broker itself
     * @param done the answer if everything was done, given whether a source made something new
     */
    record Request(
            Operation operation,
            String entityId,
            List<String> types,
            @Nullable Set<String> attributes,
            String path,
            @Nullable String attribute,
            String instance,
            Value.@Nullable Obj body,
            Context context,
            Function<Set<String>, Future<UpdateResult>> local,
            Function<Boolean, Answer> done) {}

    /** Makes the change at the broker and at the sources that have a part in it. */
    Future<Answer> change(RequestContext request, Request change) {
        Set<String> attributes = change.attributes();
        if (request.parameters().flag("local")
                || federation.isLocal(request.caller().tenant())) {
            return locally(change, attributes);
        }
        Provisions provisions = federation.provisions();
        Incoming incoming = DistributedReads.incoming(federation, request, change.context());
        ProvisionPlan plan =
                provisions.plan(incoming, change.entityId(), change.types(), attributes, change.operation());
        if (plan.parts().isEmpty()) {
            return locally(change, attributes);
        }
        boolean alsoHere =
                attributes == null || !plan.proxied() || !plan.local().isEmpty();
        Future<Here> here = alsoHere
                ? Future.succeededFuture()
                        .compose(v -> change.local().apply(plan.local()))
                        .map(result -> new Here(true, result, null))
                        .recover(e -> e instanceof NgsiLdException refusal
                                ? Future.succeededFuture(refused(change, plan, refusal))
                                : Future.failedFuture(e))
                : Future.succeededFuture(Here.NOTHING);
        Future<List<Outcome>> there = provisions.forward(incoming, plan, passedOn(request, change));
        return Future.join(here, there).map(all -> answer(change, plan, here.result(), there.result()));
    }

    /**
     * What became of the broker's own part.
     *
     * @param part whether it had one
     * @param result what was done, or null
     * @param error why it was not, or null
     */
    private record Here(
            boolean part,
            @Nullable UpdateResult result,
            @Nullable NgsiLdException error) {
        static final Here NOTHING = new Here(false, null, null);
    }

    /** That the broker does not have an entity is no failure where the whole of it may be elsewhere; nor is it with histories. */
    private static Here refused(Request change, ProvisionPlan plan, NgsiLdException refusal) {
        boolean elsewhere = change.operation().isTemporal() || (change.attributes() == null && plan.proxied());
        return elsewhere && refusal.type() == ErrorType.ResourceNotFound ? Here.NOTHING : new Here(true, null, refusal);
    }

    private static Future<Answer> locally(Request change, @Nullable Set<String> attributes) {
        return change.local()
                .apply(attributes == null ? Set.of() : attributes)
                .map(result ->
                        result.notUpdated().isEmpty() ? change.done().apply(false) : EntityRoutes.partly(result));
    }

    private static Change passedOn(RequestContext request, Request change) {
        Map<String, String> parameters = request.parameters().without("local").all();
        HttpMethod method = request.route().method();
        return new Change(
                change.operation(),
                method,
                change.path(),
                change.attribute(),
                change.instance(),
                parameters,
                change.body());
    }

    private static Answer answer(Request change, ProvisionPlan plan, Here here, List<Outcome> there) {
        List<Outcome> failed = there.stream().filter(o -> o.error() != null).toList();
        UpdateResult result = here.result() == null ? UpdateResult.EMPTY : here.result();
        if (failed.isEmpty() && here.error() == null && result.notUpdated().isEmpty()) {
            return change.done().apply(there.stream().anyMatch(Outcome::created));
        }
        if (there.size() == 1 && !here.part()) {
            throw Provisions.alone(there.get(0));
        }
        return change.path().endsWith("/attrs/")
                ? EntityRoutes.partly(byAttribute(plan, here, result, there))
                : BatchRoutes.partly(byEntity(change.entityId(), here, there));
    }

    private static UpdateResult byAttribute(ProvisionPlan plan, Here here, UpdateResult result, List<Outcome> there) {
        List<String> updated = new ArrayList<>(result.updated());
        List<NotUpdatedDetails> not = new ArrayList<>(result.notUpdated());
        NgsiLdException error = here.error();
        for (String attribute : plan.local()) {
            if (error != null) {
                not.add(new NotUpdatedDetails(attribute, error.detail()));
            } else if (here.part() && result.notUpdated().isEmpty() && !updated.contains(attribute)) {
                updated.add(attribute);
            }
        }
        for (Outcome outcome : there) {
            NgsiLdException why = outcome.error();
            for (String attribute : outcome.part().attributes()) {
                if (why != null) {
                    not.add(new NotUpdatedDetails(
                            attribute, why.detail(), outcome.part().registrationId()));
                } else if (!updated.contains(attribute)) {
                    updated.add(attribute);
                }
            }
        }
        return new UpdateResult(updated, not);
    }

    private static BatchResult byEntity(String entityId, Here here, List<Outcome> there) {
        List<BatchResult.Failure> failures = new ArrayList<>();
        boolean done = here.part() && here.error() == null;
        if (here.error() != null) {
            failures.add(new BatchResult.Failure(entityId, here.error()));
        }
        for (Outcome outcome : there) {
            NgsiLdException why = outcome.error();
            if (why == null) {
                done = true;
            } else {
                failures.add(
                        new BatchResult.Failure(entityId, why, outcome.part().registrationId()));
            }
        }
        return new BatchResult(done ? List.of(entityId) : List.of(), List.of(), failures);
    }
}
