package de.freiraum.dashboard;

import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What the dashboard shows.
 *
 * @param title name of the installation
 * @param cities in the order of the page, at least one
 * @param imprint page with the operator's address
 * @param privacy page with the privacy statement
 * @param accessibility page with the accessibility statement
 * @param simulated whether the data is made up, which the page then says
 * @param tiles server of map images, if there is one
 * @param background what the map shows below its signs, if there is something
 * @param embedOrigins origins whose pages may show the widgets, as in {@code frame-ancestors}; {@code *}: all
 */
public record DashboardSettings(
        String title,
        List<City> cities,
        Optional<URI> imprint,
        Optional<URI> privacy,
        Optional<URI> accessibility,
        boolean simulated,
        Optional<Tiles> tiles,
        Optional<Background> background,
        List<String> embedOrigins) {

    /**
     * A city.
     *
     * @param tenant where its data is; empty: the default tenant
     * @param name for people
     * @param zone the time zone of its days and hours
     * @param idPattern regular expression for the ids of its entities, where several cities share a tenant
     */
    public record City(String tenant, String name, ZoneId zone, Optional<String> idPattern) {}

    /**
     * A server of map images.
     *
     * @param url with {@code {z}}, {@code {x}}, {@code {y}} and perhaps {@code {s}}
     * @param attribution whose map it is, as plain text
     * @param maxZoom the closest zoom that it has images for
     */
    public record Tiles(String url, String attribution, int maxZoom) {}

    /**
     * Streets and areas as a file.
     *
     * @param file GeoJSON
     * @param attribution whose data it is, as plain text
     */
    public record Background(Path file, String attribution) {}

    /** Copies the lists. */
    public DashboardSettings {
        cities = List.copyOf(cities);
        embedOrigins = List.copyOf(embedOrigins);
    }
}
