package de.freiraum.formats.parkapi;

import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.City;
import de.freiraum.formats.Numbers;
import de.freiraum.formats.Parking;
import de.freiraum.formats.Parking.Found;
import de.freiraum.formats.Parking.Kind;
import de.freiraum.formats.Parking.Page;
import de.freiraum.formats.Published;
import de.freiraum.formats.Reply;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Sources, sites and spots at {@code /parkapi/v3}. A source is a city. */
public final class ParkApiRoutes {
    private static final String PATH = "/parkapi/v3";
    private static final Set<String> PARAMETERS = Set.of("source_uid", "limit", "start");
    private static final int MOST = 1000;

    private final Published published;
    private final Parking parking;

    /** Of what is published. */
    public ParkApiRoutes(Published published) {
        this.published = published;
        this.parking = new Parking(published);
    }

    /** Adds the routes. */
    public void mount(Router router) {
        Reply.route(router, PATH + "/sources", Set.of(), context -> sources());
        Reply.route(
                router, PATH + "/parking-sites", PARAMETERS, context -> page(context, Kind.SITES, ParkApiWriter::site));
        Reply.route(
                router, PATH + "/parking-spots", PARAMETERS, context -> page(context, Kind.SPOTS, ParkApiWriter::spot));
    }

    private Future<Reply> sources() {
        return parking.cities().map(this::sources);
    }

    private Reply sources(List<City> cities) {
        Catalogue.About about = published.about();
        JsonWriter json = new JsonWriter();
        json.beginObject().name("items").beginArray();
        for (City city : cities) {
            json.beginObject()
                    .member("uid", city.id())
                    .member("name", city.name())
                    .member("public_url", about.base() + "/")
                    .member("attribution_license", about.licence().name())
                    .member("attribution_contributor", about.attribution())
                    .member("attribution_url", about.licence().iri())
                    .member("static_status", "ACTIVE")
                    .member("realtime_status", "ACTIVE")
                    .endObject();
        }
        json.endArray().member("total_count", cities.size()).endObject();
        return Reply.json(json, Reply.STEADY);
    }

    private Future<Reply> page(RoutingContext context, Kind kind, BiConsumer<ParkApiWriter, Found> item) {
        MultiMap parameters = context.queryParams();
        int limit = Math.min(Numbers.whole("limit", parameters.get("limit"), 1, MOST), MOST);
        int start = Numbers.whole("start", parameters.get("start"), 0, 0);
        String source = parameters.get("source_uid");
        return parking.page(kind, cities(source), start, limit).map(page -> {
            JsonWriter json = new JsonWriter(1024);
            json.beginObject().name("items").beginArray();
            ParkApiWriter writer = new ParkApiWriter(json);
            page.found().forEach(found -> item.accept(writer, found));
            json.endArray().member("total_count", page.total());
            next(context.normalizedPath(), page, source, start, limit, json);
            return Reply.json(json.endObject(), Reply.LIVE);
        });
    }

    private List<City> cities(@Nullable String source) {
        List<City> cities = published.cities();
        if (source == null) {
            return cities;
        }
        List<City> named =
                cities.stream().filter(city -> city.id().equals(source)).toList();
        if (named.isEmpty()) {
            throw NgsiLdException.notFound("source_uid: there is no such source; /parkapi/v3/sources lists them");
        }
        return named;
    }

    private static void next(String path, Page page, @Nullable String source, int start, int limit, JsonWriter json) {
        int next = start + page.found().size();
        if (next >= page.total() || page.found().isEmpty()) {
            return;
        }
        String same = source == null ? "" : "source_uid=" + URLEncoder.encode(source, StandardCharsets.UTF_8) + "&";
        json.member("next_path", path + "?" + same + "limit=" + limit + "&start=" + next);
    }
}
