package de.freiraum.dashboard;

import de.freiraum.dashboard.Assets.Asset;
import de.freiraum.json.JsonWriter;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The dashboard at {@code /}, its widgets at {@code /embed/…}, the reference of the interface at {@code /docs} and its description at
 * {@code /openapi.json}.
 */
public final class DashboardRoutes {
    private static final List<String> STYLES = List.of("base.css", "views.css", "embed.css");
    private static final List<String> SHARED = List.of(
            "api.js",
            "chart.js",
            "city.js",
            "csv.js",
            "dom.js",
            "entity.js",
            "history.js",
            "i18n.js",
            "live.js",
            "map.js",
            "parts.js",
            "profile.js",
            "remember.js",
            "settings.js",
            "signs.js",
            "state.js",
            "texts-de.js",
            "texts-en.js",
            "time.js");
    private static final List<String> OF_THE_PAGE = List.of(
            "app.js",
            "forecast.js",
            "heatmap.js",
            "occupancy.js",
            "series.js",
            "view-footfall.js",
            "view-parking.js",
            "view-region.js");
    private static final String OF_WIDGETS = "embed.js";
    private static final List<String> REFERENCE_FILES =
            List.of("swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js");
    private static final String SWAGGER = "/META-INF/resources/webjars/swagger-ui/5.27.1/";
    private static final String LEAFLET = "/META-INF/resources/webjars/leaflet/1.9.4/dist/";
    private static final String BACKGROUND = "/dashboard/background.geojson";

    /** The widgets: {@code /embed/parking} and so on. */
    private static final List<String> WIDGETS = List.of("parking", "footfall", "map");

    private final DashboardSettings settings;
    private final PagePolicy policy;

    /** Pages of this installation. */
    public DashboardRoutes(DashboardSettings settings) {
        this.settings = settings;
        this.policy = new PagePolicy(settings);
    }

    /** Adds the routes. */
    public void mount(Router router) {
        asset(router, "/", page("index.html", OF_THE_PAGE), policy.page());
        Asset widget = page("embed.html", List.of(OF_WIDGETS));
        WIDGETS.forEach(name -> asset(router, "/embed/" + name, widget, policy.widget()));
        STYLES.forEach(file -> file(router, file));
        SHARED.forEach(file -> file(router, file));
        OF_THE_PAGE.forEach(file -> file(router, file));
        file(router, OF_WIDGETS);
        file(router, "icon.svg");
        asset(router, "/dashboard/leaflet.js", Assets.resource(LEAFLET + "leaflet.js"), policy.page());
        asset(router, "/dashboard/leaflet.css", Assets.resource(LEAFLET + "leaflet.css"), policy.page());
        settings.background()
                .ifPresent(background -> asset(
                        router,
                        BACKGROUND,
                        Assets.of(read(background.file()), Assets.typeOf(BACKGROUND)),
                        policy.page()));
        asset(router, "/dashboard.json", Assets.of(settingsDocument(), "application/json"), policy.page());
        asset(router, "/openapi.json", Assets.resource("/api-spec/openapi.json"), policy.page());
        asset(router, "/docs", Assets.resource("/web/docs.html"), PagePolicy.REFERENCE);
        asset(router, "/docs/docs.js", Assets.resource("/web/docs.js"), PagePolicy.REFERENCE);
        REFERENCE_FILES.forEach(
                file -> asset(router, "/docs/" + file, Assets.resource(SWAGGER + file), PagePolicy.REFERENCE));
    }

    /** A page that asks for its modules at once, not for one after the other has named it. */
    private static Asset page(String file, List<String> modules) {
        String links = Stream.concat(modules.stream(), SHARED.stream())
                .map(module -> "<link rel=\"modulepreload\" href=\"/dashboard/" + module + "\">")
                .collect(Collectors.joining("\n  "));
        String text = new String(Assets.bytes("/web/" + file), StandardCharsets.UTF_8);
        return Assets.of(text.replace("<!-- modules -->", links).getBytes(StandardCharsets.UTF_8), Assets.typeOf(file));
    }

    private void file(Router router, String file) {
        asset(router, "/dashboard/" + file, Assets.resource("/web/dashboard/" + file), policy.page());
    }

    private static void asset(Router router, String path, Asset asset, String policy) {
        router.get(path).handler(context -> Assets.send(context, asset, policy));
        router.head(path).handler(context -> Assets.send(context, asset, policy));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("dashboard.background.file cannot be read", unreadable);
        }
    }

    private byte[] settingsDocument() {
        JsonWriter json = new JsonWriter().beginObject().member("title", settings.title());
        json.name("simulated").bool(settings.simulated());
        settings.imprint().ifPresent(uri -> json.member("imprint", uri.toString()));
        settings.privacy().ifPresent(uri -> json.member("privacy", uri.toString()));
        settings.accessibility().ifPresent(uri -> json.member("accessibility", uri.toString()));
        json.name("cities").beginArray();
        for (DashboardSettings.City city : settings.cities()) {
            json.beginObject()
                    .member("tenant", city.tenant())
                    .member("name", city.name())
                    .member("zone", city.zone().getId());
            city.idPattern().ifPresent(pattern -> json.member("idPattern", pattern));
            json.endObject();
        }
        json.endArray();
        settings.tiles().ifPresent(tiles -> json.name("tiles")
                .beginObject()
                .member("url", tiles.url())
                .member("attribution", tiles.attribution())
                .name("maxZoom")
                .number(tiles.maxZoom())
                .endObject());
        settings.background().ifPresent(background -> json.name("background")
                .beginObject()
                .member("url", BACKGROUND)
                .member("attribution", background.attribution())
                .endObject());
        return json.endObject().toBytes();
    }
}
