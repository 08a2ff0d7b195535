package de.freiraum.http;

import static java.util.concurrent.TimeUnit.SECONDS;

import de.freiraum.broker.BatchOperations;
import de.freiraum.broker.ContextOperations;
import de.freiraum.broker.DiscoveryOperations;
import de.freiraum.broker.EntityMapOperations;
import de.freiraum.broker.EntityMaps;
import de.freiraum.broker.EntityOperations;
import de.freiraum.broker.HostedContexts;
import de.freiraum.broker.LinkedRetrieval;
import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.SourceIdentity;
import de.freiraum.broker.registry.RegistryOperations;
import de.freiraum.broker.snapshots.SnapshotLimits;
import de.freiraum.broker.snapshots.SnapshotOperations;
import de.freiraum.broker.snapshots.Stores;
import de.freiraum.broker.subscriptions.SubscriptionOperations;
import de.freiraum.broker.temporal.TemporalEntityMaps;
import de.freiraum.broker.temporal.TemporalOperations;
import de.freiraum.egress.AddressPolicy;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressSettings;
import de.freiraum.federation.Federation;
import de.freiraum.federation.FederationSettings;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.ContextCacheListener;
import de.freiraum.jsonld.ContextLoader;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.jsonld.LoadedContext;
import de.freiraum.representation.EntityWriter;
import de.freiraum.security.AccessPolicy;
import de.freiraum.security.SecurityConfig;
import de.freiraum.store.Store;
import de.freiraum.store.TestStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** The HTTP binding over a real store, on a port of its own. */
final class TestBroker implements AutoCloseable {
    private static final int MOST_INSTANCES = 30;

    private final Vertx vertx = Vertx.vertx();
    private final Store store;
    private final HttpServer server;
    private final ApiRouter router;

    TestBroker(SecurityConfig security, ContextLoader loader, int port) {
        try {
            InstantSource clock = InstantSource.system();
            store = TestStore.open(vertx, clock).await(10, SECONDS);
            HostedContexts hosted = HostedContexts.open(
                            store,
                            store.tenants(),
                            "http://localhost",
                            () -> UUID.randomUUID().toString(),
                            clock)
                    .await(10, SECONDS);
            ContextResolver resolver = new ContextResolver(
                    loader, hosted, ContextCacheListener.NONE, ContextResolver.Limits.DEFAULT, clock);
            EntityOperations entities = new EntityOperations(store, store);
            EntityMaps entityMaps = new EntityMaps(
                    EntityMaps.Limits.DEFAULT, () -> UUID.randomUUID().toString(), clock);
            EntityMapOperations maps = new EntityMapOperations(store, entityMaps);
            TemporalEntityMaps temporalMaps = new TemporalEntityMaps(store, entityMaps);
            Egress egress = new Egress(vertx, EgressSettings.DEFAULT.withAddresses(AddressPolicy.WITH_PRIVATE));
            RegistryOperations registry = RegistryOperations.open(
                            store, store, egress, () -> UUID.randomUUID().toString(), clock)
                    .await(10, SECONDS);
            SubscriptionOperations subscriptions = SubscriptionOperations.open(
                            SubscriptionOperations.Kind.ENTITIES,
                            store,
                            store.tenants(),
                            resolver,
                            hosted::urlOf,
                            egress,
                            () -> UUID.randomUUID().toString(),
                            clock)
                    .await(10, SECONDS);
            SubscriptionOperations toRegistrations = SubscriptionOperations.open(
                            SubscriptionOperations.Kind.REGISTRATIONS,
                            store,
                            store.tenants(),
                            resolver,
                            hosted::urlOf,
                            egress,
                            () -> UUID.randomUUID().toString(),
                            clock)
                    .await(10, SECONDS);
            SnapshotOperations snapshots = SnapshotOperations.open(
                            vertx,
                            new Stores(store, store, store, store),
                            store.tenants(),
                            egress,
                            SnapshotLimits.DEFAULT,
                            subscriptions::forget,
                            () -> UUID.randomUUID().toString(),
                            clock)
                    .await(10, SECONDS);
            SourceIdentity identity =
                    new SourceIdentity("urn:ngsi-ld:ContextSource:test", "test-" + UUID.randomUUID(), clock);
            Federation federation =
                    new Federation(registry, egress, resolver, identity, FederationSettings.DEFAULT, clock);
            router = new ApiRouter(
                            HttpSettings.DEFAULT,
                            new AccessPolicy(security),
                            resolver,
                            BuiltInContexts.core(),
                            tenant -> store.tenants().contains(tenant),
                            snapshots::use,
                            () -> UUID.randomUUID().toString())
                    .add(new EntityRoutes(entities, federation).routes())
                    .add(new QueryRoutes(
                                    entities,
                                    new QueryOperations(store),
                                    maps,
                                    new LinkedRetrieval(store),
                                    federation,
                                    new EntityWriter(1 << 20))
                            .routes())
                    .add(new EntityMapRoutes(maps, entities, new QueryOperations(store), federation).routes())
                    .add(SubscriptionRoutes.toEntities(subscriptions, identity, clock)
                            .routes())
                    .add(new RegistrationRoutes(registry).routes())
                    .add(SubscriptionRoutes.toRegistrations(toRegistrations, identity, clock)
                            .routes())
                    .add(new SnapshotRoutes(snapshots).routes())
                    .add(new BatchRoutes(new BatchOperations(store), federation).routes())
                    .add(new TemporalRoutes(new TemporalOperations(store), temporalMaps, federation, MOST_INSTANCES)
                            .routes())
                    .add(new TemporalEntityMapRoutes(temporalMaps).routes())
                    .add(new DiscoveryRoutes(new DiscoveryOperations(store), federation, () -> UUID.randomUUID()
                                    .toString())
                            .routes())
                    .add(new ContextRoutes(new ContextOperations(hosted, resolver)).routes())
                    .add(new InfoRoutes(identity).routes());
            server = vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(port, "127.0.0.1")
                    .await(10, SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    static TestBroker open() {
        return new TestBroker(SecurityConfig.OPEN, TestBroker::fetchNothing, 0);
    }

    static CompletableFuture<LoadedContext> fetchNothing(String url) {
        return CompletableFuture.failedFuture(new IOException("no network in this test"));
    }

    ApiRouter router() {
        return router;
    }

    int port() {
        return server.actualPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + ApiRouter.BASE + path;
    }

    /** Sends a request; headers are names and values in turn. */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.BodyPublisher publisher = body.isEmpty() && (method.equals("GET") || method.equals("DELETE"))
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(Duration.ofSeconds(20))
                .method(method, publisher);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> post(String path, String json) {
        return send("POST", path, json, "Content-Type", "application/json");
    }

    @Override
    public void close() {
        try {
            server.close().await(10, SECONDS);
            store.close().await(10, SECONDS);
            vertx.close().await(10, SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
