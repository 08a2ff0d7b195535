package de.freiraum.http;

import de.freiraum.broker.BatchOperations.Item;
import de.freiraum.broker.BatchResult;
import de.freiraum.broker.BatchResult.Failure;
import de.freiraum.federation.Federation;
import de.freiraum.federation.Incoming;
import de.freiraum.federation.Provisions;
import de.freiraum.federation.Provisions.BatchItem;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.ErrorType;
import de.freiraum.model.Value;
import de.freiraum.registration.Operation;
import de.freiraum.registration.ProvisionPlan;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Batches that other brokers have a part in (clauses 5.6.7 to 5.6.10 and 5.6.20). */
final class DistributedBatches {
    private final Federation federation;

    DistributedBatches(Federation federation) {
        this.federation = federation;
    }

    /**
     * Does a batch at the broker and at the sources that have a part in it.
     *
     * @param batch the operation
     * @param given the items as they came
     * @param items the same as they were understood
     * @param local does some of the items, or parts of them, at the broker itself
     */
    Future<BatchResult> run(
            RequestContext request,
            Operation batch,
            List<RequestContext.Item> given,
            List<Item> items,
            Function<List<Item>, Future<BatchResult>> local) {
        if (request.parameters().flag("local")
                || federation.isLocal(request.caller().tenant())) {
            return local.apply(items);
        }
        Incoming incoming =
                DistributedReads.incoming(federation, request, given.get(0).context());
        Provisions provisions = federation.provisions();
        Shares shares = new Shares(batch == Operation.deleteBatch);
        for (int i = 0; i < items.size(); i++) {
            shares.add(items.get(i), given.get(i), item -> provisions.plan(incoming, item, batch));
        }
        Future<BatchResult> here = shares.here.isEmpty()
                ? Future.succeededFuture(new BatchResult(List.of(), List.of(), List.of()))
                : local.apply(shares.here);
        Map<String, String> parameters = request.parameters().without("local").all();
        Future<List<Failure>> there = provisions.forward(incoming, batch, parameters, shares.there);
        return Future.join(here, there).map(all -> shares.result(here.result(), there.result()));
    }

    /** What of a batch the broker does itself, and what sources do. */
    private static final class Shares {
        private final boolean whole;
        private final List<Item> here = new ArrayList<>();
        private final List<Provisions.PlannedItem> there = new ArrayList<>();
        private final Set<String> proxied = new HashSet<>();

        /** Shares of a batch; of whole entities, or of attributes of them. */
        Shares(boolean whole) {
            this.whole = whole;
        }

        void add(Item item, RequestContext.Item given, Function<BatchItem, ProvisionPlan> planning) {
            EntityFragment fragment = item.fragment();
            if (fragment == null || fragment.id() == null) {
                here.add(item);
                return;
            }
            BatchItem distributed = new BatchItem(
                    fragment.id(),
                    fragment.types(),
                    whole ? null : fragment.attributes().keySet(),
                    given.value() instanceof Value.Obj object ? object : null,
                    given.context());
            ProvisionPlan plan = planning.apply(distributed);
            there.add(new Provisions.PlannedItem(distributed, plan));
            if (plan.proxied()) {
                proxied.add(fragment.id());
            }
            if (whole || plan.parts().isEmpty()) {
                here.add(item);
            } else if (!plan.proxied() || !plan.local().isEmpty()) {
                here.add(Item.of(fragment.keeping(plan.local())));
            }
        }

        BatchResult result(BatchResult own, List<Failure> failed) {
            List<Failure> errors = new ArrayList<>(own.errors());
            // That the broker does not have what sources hold instead of it is no failure.
            errors.removeIf(e -> whole
                    && e.entityId() != null
                    && proxied.contains(e.entityId())
                    && e.error().type() == ErrorType.ResourceNotFound);
            errors.addAll(failed);
            Set<String> success = new LinkedHashSet<>();
            there.forEach(item -> success.add(item.item().entityId()));
            for (Failure error : errors) {
                if (error.entityId() != null) {
                    success.remove(error.entityId());
                }
            }
            return new BatchResult(List.copyOf(success), own.created(), errors);
        }
    }
}
