package de.freiraum.retention;

import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.Store;
import de.freiraum.store.TemporalStore.Condensation;
import de.freiraum.store.TemporalStore.Condensed;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Spot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One way through all evolutions, one store operation after the other. Each step begins when the one before has ended, so that it needs no lock. */
final class RetentionPass {
    private static final int HEADS_AT_ONCE = 100;

    private final Store store;
    private final Plan plan;
    private final Consumer<Condensed> count;
    private final BooleanSupplier stopping;
    private final Iterator<Tenant> tenants;
    private final Queue<Work> work = new ArrayDeque<>();
    private final Promise<Void> done = Promise.promise();
    private @Nullable Tenant tenant;
    private @Nullable String after;
    private @Nullable Spot spot;

    /** What is to be done with an evolution. */
    private record Work(Tenant tenant, String entityId, Condensation condensation) {}

    /** Says what to do with an evolution. */
    interface Plan {
        /** Whether there may be anything to do in a tenant. */
        boolean isFor(Tenant tenant);

        /** What to do with one, in this order. */
        List<Condensation> of(Tenant tenant, Head head);
    }

    RetentionPass(Store store, Plan plan, Consumer<Condensed> count, BooleanSupplier stopping) {
        this.store = store;
        this.plan = plan;
        this.count = count;
        this.stopping = stopping;
        this.tenants = List.copyOf(store.tenants()).iterator();
    }

    Future<Void> run() {
        next();
        return done.future();
    }

    private void next() {
        Work current = work.peek();
        Tenant place = tenant;
        if (stopping.getAsBoolean()) {
            done.complete();
        } else if (current != null) {
            store.condense(current.tenant(), current.entityId(), current.condensation(), spot)
                    .onSuccess(this::condensed)
                    .onFailure(done::fail);
        } else if (place != null) {
            store.heads(place, EntityQuery.ALL, after, HEADS_AT_ONCE)
                    .onSuccess(heads -> found(place, heads))
                    .onFailure(done::fail);
        } else if (tenants.hasNext()) {
            Tenant following = tenants.next();
            tenant = plan.isFor(following) ? following : null;
            after = null;
            next();
        } else {
            done.complete();
        }
    }

    private void condensed(Condensed slice) {
        count.accept(slice);
        spot = slice.next();
        if (spot == null) {
            work.remove();
        }
        next();
    }

    private void found(Tenant place, List<Head> heads) {
        for (Head head : heads) {
            plan.of(place, head).forEach(condensation -> work.add(new Work(place, head.entityId(), condensation)));
        }
        if (heads.size() < HEADS_AT_ONCE) {
            tenant = null;
        } else {
            after = heads.get(heads.size() - 1).entityId();
        }
        next();
    }
}
