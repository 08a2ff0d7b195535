package de.freiraum.formats;

import de.freiraum.formats.datex.DatexRoutes;
import de.freiraum.formats.ogc.OgcRoutes;
import de.freiraum.formats.parkapi.ParkApiRoutes;
import de.freiraum.web.Browsers;
import io.vertx.ext.web.Router;

/** All forms in which other communities read the published data. */
public final class FormatRoutes {
    private final Published published;
    private final Browsers browsers;

    /**
     * Of what is published.
     *
     * @param browsers which pages may read it
     */
    public FormatRoutes(Published published, Browsers browsers) {
        this.published = published;
        this.browsers = browsers;
    }

    /** Adds the routes. */
    public void mount(Router router) {
        browsers.mayRead(router, "/ogc*", "/parkapi/*", "/datex2/*");
        new OgcRoutes(published).mount(router);
        new ParkApiRoutes(published).mount(router);
        new DatexRoutes(published).mount(router);
    }
}
