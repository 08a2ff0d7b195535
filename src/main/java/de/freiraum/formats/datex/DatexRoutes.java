package de.freiraum.formats.datex;

import de.freiraum.catalog.City;
import de.freiraum.formats.Parking;
import de.freiraum.formats.Parking.Kind;
import de.freiraum.formats.Parking.Page;
import de.freiraum.formats.Published;
import de.freiraum.formats.Reply;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * DATEX II of all cities or of one: the light parking publication at {@code /datex2/v3/parking.json}, and the parking table and status publications as
 * XML at {@code /datex2/v3/parking-table.xml} and {@code /datex2/v3/parking-status.xml}.
 */
public final class DatexRoutes {
    private static final String PATH = "/datex2/v3/parking";
    private static final String XML = "application/xml";
    private static final String CITY = "city";

    /** A publication cannot be had in pages; what is longer has to be asked for city by city. */
    private static final int MOST = 10_000;

    private final Published published;
    private final Parking parking;

    /** Of what is published. */
    public DatexRoutes(Published published) {
        this.published = published;
        this.parking = new Parking(published);
    }

    /** Adds the routes. */
    public void mount(Router router) {
        mount(router, ".json", this::light);
        mount(
                router,
                "-table.xml",
                (sites, spaces) -> Reply.of(XML, full(sites, spaces).table(), Reply.STEADY));
        mount(
                router,
                "-status.xml",
                (sites, spaces) -> Reply.of(XML, full(sites, spaces).status(), Reply.LIVE));
    }

    private void mount(Router router, String suffix, BiFunction<Page, Page, Reply> writer) {
        Reply.route(router, PATH + suffix, Set.of(CITY), context -> read(context, writer));
    }

    private Future<Reply> read(RoutingContext context, BiFunction<Page, Page, Reply> writer) {
        List<City> cities = cities(context.queryParams().get(CITY));
        return parking.page(Kind.SITES, cities, 0, MOST)
                .compose(sites -> parking.page(Kind.SPOTS, cities, 0, MOST).map(spaces -> {
                    if (sites.total() > MOST || spaces.total() > MOST) {
                        throw new NgsiLdException(
                                ErrorType.TooManyResults,
                                "there are more than " + MOST + " sites or spaces; ask for one city");
                    }
                    return writer.apply(sites, spaces);
                }));
    }

    /** A publication that may not be empty. */
    private ParkingPublications full(Page sites, Page spaces) {
        if (sites.found().isEmpty() && spaces.found().isEmpty()) {
            throw NgsiLdException.notFound("there is no parking");
        }
        return new ParkingPublications(published.about().publisher(), sites.found(), spaces.found());
    }

    private Reply light(Page sites, Page spaces) {
        JsonWriter json = new JsonWriter(1024);
        json.beginObject()
                .member("_version", "3.4")
                .member("_modelBaseVersion", "3")
                .member("_profileName", "ParkingPublicationLight")
                .member("_profileVersion", "3.4")
                .name("parkingPublicationLight")
                .beginObject()
                .member("lang", "de")
                .member("name", published.about().publisher())
                .name("parkingSite")
                .beginArray();
        LightWriter writer = new LightWriter(json);
        sites.found().forEach(writer::site);
        json.endArray().name("parkingSpace").beginArray();
        spaces.found().forEach(writer::space);
        json.endArray();
        if (writer.newest() != null) {
            // Not the present time, which would make every answer another one for caches.
            json.name("publicationTime").time(writer.newest());
        }
        return Reply.json(json.endObject().endObject(), Reply.LIVE);
    }

    private List<City> cities(@Nullable String id) {
        List<City> cities = published.cities();
        if (id == null) {
            return cities;
        }
        List<City> named = cities.stream().filter(city -> city.id().equals(id)).toList();
        if (named.isEmpty()) {
            throw NgsiLdException.notFound("city: there is no such city; /parkapi/v3/sources lists them as uid");
        }
        return named;
    }
}
