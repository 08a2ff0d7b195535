package de.freiraum.catalog.web;

import static java.util.concurrent.TimeUnit.SECONDS;

import de.freiraum.broker.Caller;
import de.freiraum.broker.EntityOperations;
import de.freiraum.broker.ScanOperations;
import de.freiraum.broker.Target;
import de.freiraum.broker.temporal.TemporalOperations;
import de.freiraum.catalog.CatalogConfig;
import de.freiraum.catalog.CatalogueSource;
import de.freiraum.catalog.Catalogues;
import de.freiraum.catalog.Publication;
import de.freiraum.catalog.export.Freshness;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.store.embedded.EmbeddedOptions;
import de.freiraum.store.embedded.EmbeddedStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What is published of a real store in memory, on a port of its own. The catalogue is made anew for each request unless said otherwise. */
final class PublishedServer implements AutoCloseable {
    static final String PARKING_SPOT = "https://smartdatamodels.org/dataModel.Parking/ParkingSpot";
    static final String DEVICE = "https://smartdatamodels.org/dataModel.Device/Device";
    static final String STATUS = NgsiLd.NAMESPACE + "status";
    static final String NAME = "https://smartdatamodels.org/name";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final EmbeddedStore store;
    private final EntityOperations entities;
    private final TemporalOperations history;
    private final HttpServer server;

    PublishedServer(String settings, InstantSource clock) {
        try {
            store = EmbeddedStore.open(vertx, EmbeddedOptions.inMemory(clock)).await(10, SECONDS);
            entities = new EntityOperations(store, store);
            history = new TemporalOperations(store);
            CatalogConfig config = Catalogues.config(settings);
            Publication publication = Catalogues.publication(config, Catalogues.BASE);
            ScanOperations scan = new ScanOperations(store, store);
            Freshness freshness = new Freshness(clock);
            store.onChange(freshness::changed);
            Router router = Router.router(vertx);
            new PublishedRoutes(
                            vertx,
                            publication,
                            new CatalogueSource(publication, scan, store::tenants, clock),
                            scan,
                            freshness,
                            List.of("*"),
                            clock)
                    .mount(router);
            server = vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .await(10, SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    static PublishedServer open() {
        return new PublishedServer("refresh: 0s", InstantSource.system());
    }

    static <T> T done(Future<T> future) {
        try {
            return future.await(30, SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Creates a spot with a name, a state and a place. */
    void spot(String tenant, String id, String name, String status, @Nullable Instant observedAt) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        attributes.put(NAME, List.of(property(name, null)));
        attributes.put(STATUS, List.of(property(status, observedAt)));
        attributes.put(
                NgsiLd.LOCATION, List.of(new Attribute.GeoProperty(Geometry.point(7.56, 51.44), AttributeMeta.NONE)));
        create(tenant, id, PARKING_SPOT, attributes);
    }

    void create(String tenant, String id, String type, Map<String, List<Attribute>> attributes) {
        done(entities.createEntity(caller(tenant), fragment(id, type, attributes)));
    }

    /** Adds what was observed before. */
    void observed(String tenant, String id, String attribute, List<Attribute> instances) {
        done(history.upsertEvolution(caller(tenant), fragment(id, PARKING_SPOT, Map.of(attribute, instances))));
    }

    void delete(String tenant, String id) {
        done(entities.deleteEntity(caller(tenant), Target.of(id)));
    }

    static Attribute property(String text, @Nullable Instant observedAt) {
        return new Attribute.Property(Value.of(text), AttributeMeta.NONE.withObservedAt(observedAt));
    }

    private static Caller caller(String tenant) {
        return Caller.system(new Tenant(tenant));
    }

    private static EntityFragment fragment(String id, String type, Map<String, List<Attribute>> attributes) {
        return new EntityFragment(id, List.of(type), null, attributes, null, Set.of());
    }

    EntityOperations entities() {
        return entities;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, HttpResponse.BodyHandlers.ofString(), headers);
    }

    HttpResponse<byte[]> bytes(String path, String... headers) {
        return send("GET", path, HttpResponse.BodyHandlers.ofByteArray(), headers);
    }

    HttpResponse<String> head(String path) {
        return send("HEAD", path, HttpResponse.BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(String method, String path, HttpResponse.BodyHandler<T> handler, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), handler);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        done(server.close());
        done(store.close());
        done(vertx.close());
    }
}
