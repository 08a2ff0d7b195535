package de.freiraum.app;

import de.freiraum.broker.HostedContexts;
import de.freiraum.broker.SourceIdentity;
import de.freiraum.broker.registry.RegistryOperations;
import de.freiraum.broker.subscriptions.SubscriptionOperations;
import de.freiraum.egress.Egress;
import de.freiraum.federation.Federation;
import de.freiraum.federation.FederationSettings;
import de.freiraum.federation.RemoteSubscriptions;
import de.freiraum.http.ApiRoute;
import de.freiraum.http.ApiRouter;
import de.freiraum.http.RegistrationRoutes;
import de.freiraum.http.RemoteNotificationRoutes;
import de.freiraum.http.SubscriptionRoutes;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.notify.Notifier;
import de.freiraum.notify.NotifierSettings;
import de.freiraum.notify.RegistrationNotifier;
import de.freiraum.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry of context sources with the subscriptions to it, put together. */
final class SourceRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(SourceRegistry.class);
    private static final Duration EXPIRY = Duration.ofSeconds(1);

    private final RegistryOperations registry;
    private final SubscriptionOperations subscriptions;
    private final InstantSource clock;

    private SourceRegistry(RegistryOperations registry, SubscriptionOperations subscriptions, InstantSource clock) {
        this.registry = registry;
        this.subscriptions = subscriptions;
        this.clock = clock;
    }

    /** Opens the registry and starts its notifications, which the lifecycle stops. */
    static Future<SourceRegistry> start(
            Vertx vertx,
            Store store,
            ContextResolver resolver,
            HostedContexts hosted,
            Egress egress,
            Supplier<String> ids,
            InstantSource clock,
            Lifecycle lifecycle) {
        return RegistryOperations.open(store, store, egress, ids, clock)
                .compose(registry -> SubscriptionOperations.open(
                                SubscriptionOperations.Kind.REGISTRATIONS,
                                store,
                                store.tenants(),
                                resolver,
                                hosted::urlOf,
                                egress,
                                ids,
                                clock)
                        .compose(subscriptions -> {
                            RegistrationNotifier notifier = new RegistrationNotifier(
                                    vertx,
                                    registry,
                                    subscriptions,
                                    resolver,
                                    egress,
                                    NotifierSettings.DEFAULT,
                                    ids,
                                    clock);
                            notifier.periodicWhile(store::leads);
                            lifecycle.started("notifications of registrations", notifier::close);
                            vertx.setPeriodic(
                                    EXPIRY.toMillis(),
                                    tick -> (store.leads() ? registry.deleteExpired() : Future.succeededFuture())
                                            .onFailure(e -> LOG.warn(
                                                    "registrations that ended are not deleted: {}", e.toString())));
                            return notifier.start().map(v -> new SourceRegistry(registry, subscriptions, clock));
                        }));
    }

    /** Keeps registrations and the subscriptions to them as other replicas make them. */
    void replicate(Replication replication) {
        replication.keep(RegistryOperations.COLLECTION, registry::refresh, registry::refreshAll);
        replication.keep(subscriptions.collection(), subscriptions::refresh, subscriptions::refreshAll);
    }

    /** Distributed operations over the sources registered. */
    Federation federation(Egress egress, ContextResolver resolver, SourceIdentity identity) {
        return new Federation(registry, egress, resolver, identity, FederationSettings.DEFAULT, clock);
    }

    /** Keeps subscriptions of this broker at other brokers, from where the notifier passes on what they tell. */
    Future<RemoteSubscriptions> remote(
            Vertx vertx,
            Store store,
            Federation federation,
            ContextResolver resolver,
            SubscriptionOperations toEntities,
            Notifier notifier,
            String origin,
            Replication replication) {
        RemoteSubscriptions remote = new RemoteSubscriptions(
                toEntities,
                registry,
                federation,
                resolver,
                store,
                store,
                origin + ApiRouter.BASE + RemoteNotificationRoutes.PATH,
                notifier::forward,
                () -> UUID.randomUUID().toString(),
                clock);
        replication.keep(RemoteSubscriptions.COLLECTION, remote::refresh, remote::refreshAll);
        return remote.start(vertx, store.tenants(), store::leads).map(v -> remote);
    }

    /** The routes to all of it. */
    List<ApiRoute> routes(SourceIdentity identity) {
        List<ApiRoute> routes = new ArrayList<>(new RegistrationRoutes(registry).routes());
        routes.addAll(SubscriptionRoutes.toRegistrations(subscriptions, identity, clock)
                .routes());
        return routes;
    }
}
