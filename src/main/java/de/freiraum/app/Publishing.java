package de.freiraum.app;

import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.ScanOperations;
import de.freiraum.catalog.CatalogueSource;
import de.freiraum.catalog.Publication;
import de.freiraum.catalog.export.Freshness;
import de.freiraum.catalog.web.PublishedRoutes;
import de.freiraum.formats.FormatRoutes;
import de.freiraum.formats.Published;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import de.freiraum.web.Browsers;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Puts together what publishes the data. */
final class Publishing {
    private Publishing() {}

    /**
     * Adds the routes of what is published to a router; or none if the settings say so, or if not everybody may read.
     *
     * @param origin where clients reach the server
     */
    static Optional<Consumer<Router>> routes(
            Vertx vertx,
            AppConfig config,
            String origin,
            EntityStore entities,
            TemporalStore history,
            InstantSource clock) {
        if (!config.catalog().enabled() || (!config.open() && !config.security().anonymousReads())) {
            return Optional.empty();
        }
        Publication publication = publication(config, origin);
        ScanOperations scan = new ScanOperations(entities, history);
        Freshness freshness = new Freshness(clock);
        entities.onChangeAnywhere(freshness::changed);
        CatalogueSource source = new CatalogueSource(publication, scan, entities::tenants, clock);
        PublishedRoutes catalogue = new PublishedRoutes(
                vertx, publication, source, scan, freshness, config.http().corsOrigins(), clock);
        FormatRoutes formats = new FormatRoutes(
                new Published(publication, source, new QueryOperations(entities), entities::tenants),
                new Browsers(config.http().corsOrigins()));
        return Optional.of(router -> {
            catalogue.mount(router);
            formats.mount(router);
        });
    }

    /** IRIs of the attributes that are published nowhere. */
    static Set<String> hiddenAttributes(AppConfig config) {
        return publication(config, "").hiddenAttributes();
    }

    private static Publication publication(AppConfig config, String origin) {
        Map<String, String> cityNames = new LinkedHashMap<>();
        config.dashboard().cities().forEach(city -> cityNames.put(city.tenant(), city.name()));
        return new Publication(
                config.catalog(),
                new Publication.Surroundings(
                        origin,
                        config.dashboard().title(),
                        cityNames,
                        config.aggregate().footfall()::zoneOf,
                        config.security().closedTenants(),
                        config.security().privateTypes(),
                        config.security().privateAttributes(),
                        config.dashboard().simulated()));
    }
}
