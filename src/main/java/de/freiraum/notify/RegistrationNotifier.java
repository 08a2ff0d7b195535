package de.freiraum.notify;

import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.broker.registry.RegistryOperations;
import de.freiraum.broker.registry.SourceIndex;
import de.freiraum.broker.subscriptions.RegisteredSubscription;
import de.freiraum.broker.subscriptions.SubscriptionOperations;
import de.freiraum.egress.Egress;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.Subscription;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.notify.NotifiedRegistration.TriggerReason;
import de.freiraum.registration.CSourceRegistration;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies subscribers of registrations: at first, on each change, and periodically (clause 5.11.7). One per process. */
public final class RegistrationNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(RegistrationNotifier.class);

    private static final class RegistrationOutbox
            extends Outbox<CompiledRegistrationSubscription, NotifiedRegistration> {
        private boolean notifiedBefore;

        /** What there was at the first notification; changes to this state were notified with it. */
        private SourceIndex known = SourceIndex.EMPTY;

        RegistrationOutbox(
                RegisteredSubscription registered,
                Vertx vertx,
                Context loop,
                InstantSource clock,
                NotifierSettings settings,
                Delivery<CompiledRegistrationSubscription, NotifiedRegistration> delivery) {
            super(registered, vertx, loop, clock, settings, delivery, new Undone());
        }
    }

    private final Vertx vertx;
    private final Context loop;
    private final RegistryOperations registry;
    private final SubscriptionOperations operations;
    private final ContextResolver contexts;
    private final NotifierSettings settings;
    private final InstantSource clock;
    private final RegistrationNotificationWriter writer;
    private final Transports transports;
    private final Map<RegisteredSubscription, RegistrationOutbox> outboxes = new ConcurrentHashMap<>();
    private volatile boolean started;
    private volatile BooleanSupplier leads = () -> true;
    private volatile boolean closed;
    private long saveTimer;

    /**
     * A notifier that does nothing until {@link #start}.
     *
     * @param registry the registrations to notify of
     * @param operations the subscriptions to registrations
     * @param contexts finds the contexts that notifications are written with
     * @param egress the way out
     * @param ids makes unique strings, for notifications' URIs and MQTT client identifiers
     * @param clock tells the time
     */
    public RegistrationNotifier(
            Vertx vertx,
            RegistryOperations registry,
            SubscriptionOperations operations,
            ContextResolver contexts,
            Egress egress,
            NotifierSettings settings,
            Supplier<String> ids,
            InstantSource clock) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.registry = registry;
        this.operations = operations;
        this.contexts = contexts;
        this.settings = settings;
        this.clock = clock;
        this.writer = new RegistrationNotificationWriter(ids);
        this.transports = new Transports(vertx, egress, ids);
    }

    /** Takes over the subscriptions there are, which are not notified again, and listens. @return completes when changes from then on are notified */
    public Future<Void> start() {
        registry.listen(this::changed);
        saveTimer = vertx.setPeriodic(settings.saveCountersEvery().toMillis(), id -> operations
                .saveCounters()
                .onFailure(e -> LOG.warn("counters of notifications of registrations cannot be saved", e)));
        return operations
                .listen(new SubscriptionOperations.Listener() {
                    @Override
                    public Future<Void> put(RegisteredSubscription subscription) {
                        RegistrationNotifier.this.put(subscription, started);
                        return Future.succeededFuture();
                    }

                    @Override
                    public Future<Void> takenOver(RegisteredSubscription subscription) {
                        RegistrationNotifier.this.put(subscription, false);
                        return Future.succeededFuture();
                    }

                    @Override
                    public void removed(RegisteredSubscription subscription) {
                        RegistrationOutbox outbox = outboxes.remove(subscription);
                        if (outbox != null) {
                            loop.runOnContext(v -> outbox.stop());
                        }
                    }
                })
                .map(v -> {
                    started = true;
                    return null;
                });
    }

    /** Sends periodic notifications only while this holds, where several processes have the same subscriptions. */
    public void periodicWhile(BooleanSupplier condition) {
        leads = condition;
    }

    /** Stops notifying, and saves the counters. What waits is given up; what is on its way is not waited for. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(saveTimer);
        Promise<Void> stopped = Promise.promise();
        loop.runOnContext(v -> {
            outboxes.values().forEach(RegistrationOutbox::stop);
            transports.close().onComplete(done -> stopped.complete());
        });
        return stopped.future().compose(v -> operations.saveCounters());
    }

    private void put(RegisteredSubscription registered, boolean notifyNow) {
        CompiledRegistrationSubscription compiled = CompiledRegistrationSubscription.of(registered.subscription());
        RegistrationOutbox outbox = outboxes.computeIfAbsent(
                registered, r -> new RegistrationOutbox(r, vertx, loop, clock, settings, this::deliver));
        outbox.current(compiled);
        SourceIndex now = registry.sources(registered.tenant());
        loop.runOnContext(v -> {
            outbox.schedule(() -> {
                if (leads.getAsBoolean()) {
                    notifyAll(outbox, registry.sources(registered.tenant()));
                }
                return Future.succeededFuture();
            });
            outbox.notifiedBefore = !notifyNow;
            if (notifyNow) {
                outbox.known = now;
                notifyAll(outbox, now);
            }
        });
    }

    /** Notifies of all that match now: at first, after an update of the subscription, and each time its interval ends. */
    private void notifyAll(RegistrationOutbox outbox, SourceIndex sources) {
        CompiledRegistrationSubscription compiled = outbox.current();
        if (compiled == null || !outbox.isActive()) {
            return;
        }
        TriggerReason reason = outbox.notifiedBefore ? TriggerReason.updated : TriggerReason.newlyMatching;
        List<NotifiedRegistration> matching = sources.valid(clock.instant())
                .map(RegisteredSource::registration)
                .filter(compiled.query()::matches)
                .limit(settings.entitiesPerNotification())
                .map(r -> new NotifiedRegistration(r, reason))
                .toList();
        if (!matching.isEmpty()) {
            outbox.notifiedBefore = true;
            outbox.due(matching);
        }
    }

    private void changed(Tenant tenant, @Nullable RegisteredSource before, @Nullable RegisteredSource after) {
        if (closed || outboxes.isEmpty()) {
            return;
        }
        loop.runOnContext(v -> outboxes.forEach((registered, outbox) -> {
            CompiledRegistrationSubscription compiled = outbox.current();
            // Periodic subscriptions hear of no changes.
            if (compiled == null
                    || !registered.tenant().equals(tenant)
                    || compiled.subscription().timeInterval() != null
                    || !outbox.isActive()
                    || (after != null && outbox.known.all().contains(after))) {
                return;
            }
            NotifiedRegistration change = compiled.match(registration(before), registration(after));
            if (change != null) {
                outbox.offer(change);
            }
        }));
    }

    private static @Nullable CSourceRegistration registration(@Nullable RegisteredSource source) {
        return source == null ? null : source.registration();
    }

    /** Sends one notification for each reason, for a notification has one. */
    private Future<Void> deliver(
            Outbox<CompiledRegistrationSubscription, NotifiedRegistration> outbox,
            List<NotifiedRegistration> items,
            Instant generatedAt) {
        CompiledRegistrationSubscription compiled = outbox.current();
        if (compiled == null) {
            return Future.failedFuture(new DeliveryFailure("the subscription was deleted"));
        }
        Subscription subscription = compiled.subscription();
        String contextUrl = Objects.requireNonNull(subscription.jsonldContext(), "stored subscriptions have a context");
        return Future.fromCompletionStage(contexts.resolve(Value.of(contextUrl)), loop)
                .compose(context -> {
                    Future<Void> sent = Future.succeededFuture();
                    for (TriggerReason reason : TriggerReason.values()) {
                        List<CSourceRegistration> registrations = new ArrayList<>();
                        items.stream()
                                .filter(i -> i.reason() == reason)
                                .forEach(i -> registrations.add(i.registration()));
                        if (!registrations.isEmpty()) {
                            Message message = writer.write(
                                    outbox.registered().tenant(),
                                    compiled,
                                    registrations,
                                    reason,
                                    context,
                                    generatedAt,
                                    settings.timeout(subscription
                                            .notification()
                                            .endpoint()
                                            .timeout()));
                            sent = sent.compose(v -> transports.send(message));
                        }
                    }
                    return sent;
                });
    }
}
