package de.freiraum.catalog.web;

import de.freiraum.broker.ScanOperations;
import de.freiraum.catalog.Addresses;
import de.freiraum.catalog.CatalogueSource;
import de.freiraum.catalog.Publication;
import de.freiraum.catalog.export.DatasetFiles;
import de.freiraum.catalog.export.Freshness;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.CorsHandler;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Everything that is published: the catalogue, its files and its pages. */
public final class PublishedRoutes {
    private final CatalogRoutes catalog;
    private final DatasetRoutes datasets;
    private final Pages pages;
    private final List<String> corsOrigins;

    /**
     * Of that catalogue.
     *
     * @param scan reads what is published
     * @param freshness hears of every change
     * @param corsOrigins origins whose pages may read it from a browser; {@code *}: all
     * @param clock tells which periods are over
     */
    public PublishedRoutes(
            Vertx vertx,
            Publication publication,
            CatalogueSource source,
            ScanOperations scan,
            Freshness freshness,
            List<String> corsOrigins,
            InstantSource clock) {
        String base = publication.about().base();
        DatasetFiles files = new DatasetFiles(scan, publication);
        Checksums checksums = new Checksums(vertx, files, clock);
        Documents documents =
                new Documents(vertx, source, checksums, publication.config().pageSize());
        this.pages = new Pages(vertx, documents, files, base);
        Addresses addresses = new Addresses(base);
        this.catalog = new CatalogRoutes(documents, addresses, pages);
        this.datasets =
                new DatasetRoutes(vertx, documents, files, freshness, pages, new Links(addresses), checksums, clock);
        this.corsOrigins = List.copyOf(corsOrigins);
    }

    /** Adds the routes. */
    public void mount(Router router) {
        CorsHandler cors = CorsHandler.create()
                .addOrigins(corsOrigins)
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.HEAD))
                .exposedHeaders(Set.of(
                        "ETag", "Last-Modified", "Link", "Content-Disposition", "Accept-Ranges", "Content-Range"));
        router.route("/catalog*").handler(cors);
        router.route("/datasets*").handler(cors);
        pages.mount(router);
        catalog.mount(router);
        datasets.mount(router);
    }
}
