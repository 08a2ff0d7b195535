package de.freiraum.notify;

import de.freiraum.broker.subscriptions.RegisteredSubscription;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** The way out of one subscription to entities. */
final class EntityOutbox extends Outbox<CompiledSubscription, NotifiedEntity> {
    EntityOutbox(
            RegisteredSubscription registered,
            Vertx vertx,
            Context loop,
            InstantSource clock,
            NotifierSettings settings,
            Delivery<CompiledSubscription, NotifiedEntity> delivery,
            Undone undone) {
        super(registered, vertx, loop, clock, settings, delivery, undone);
    }
}
