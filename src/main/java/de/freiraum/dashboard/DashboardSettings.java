package de.freiraum.dashboard;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What the dashboard shows.
 *
 * @param title name of the installation
 * @param cities in the order of the page
 * @param imprint page with the operator's address
 * @param privacy page with the privacy statement
 * @param simulated whether the data is made up, which the page then says
 */
public record DashboardSettings(
        String title, List<City> cities, Optional<URI> imprint, Optional<URI> privacy, boolean simulated) {

    /**
     * A city.
     *
     * @param tenant where its data is; empty: the default tenant
     * @param name for people
     */
    public record City(String tenant, String name) {}

    /** Copies the list. */
    public DashboardSettings {
        cities = List.copyOf(cities);
    }
}
