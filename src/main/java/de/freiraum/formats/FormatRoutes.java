package de.freiraum.formats;

import de.freiraum.formats.ogc.OgcRoutes;
import de.freiraum.formats.parkapi.ParkApiRoutes;
import de.freiraum.web.Browsers;
import io.vertx.ext.web.Router;
import java.util.List;

/** All forms in which other communities read the published data. */
public final class FormatRoutes {
    private final Published published;
    private final List<String> corsOrigins;

    /**
     * Of what is published.
     *
     * @param corsOrigins origins whose pages may read it from a browser; {@code *}: all
     */
    public FormatRoutes(Published published, List<String> corsOrigins) {
        this.published = published;
        this.corsOrigins = List.copyOf(corsOrigins);
    }

    /** Adds the routes. */
    public void mount(Router router) {
        Browsers.mayRead(router, corsOrigins, "/ogc*", "/parkapi/*");
        new OgcRoutes(published).mount(router);
        new ParkApiRoutes(published).mount(router);
    }
}
