package de.freiraum.dashboard;

import de.freiraum.json.JsonWriter;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.util.List;

/** The dashboard at {@code /}, the reference of the interface at {@code /docs} and its description at {@code /openapi.json}. */
public final class DashboardRoutes {
    private static final List<String> FILES =
            List.of("style.css", "app.js", "api.js", "i18n.js", "view.js", "icon.svg");
    private static final List<String> REFERENCE_FILES =
            List.of("swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js");
    private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/5.27.1/";

    /** Nothing from elsewhere, no inline scripts; the page must not stand in a frame of another site. */
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** The reference sets styles in its elements and has images in its style sheet. */
    private static final String REFERENCE_POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final DashboardSettings settings;

    /** Pages of this installation. */
    public DashboardRoutes(DashboardSettings settings) {
        this.settings = settings;
    }

    /** Adds the routes. */
    public void mount(Router router) {
        asset(router, "/", Assets.resource("/web/index.html"), POLICY);
        FILES.forEach(file -> asset(router, "/" + file, Assets.resource("/web/" + file), POLICY));
        asset(router, "/dashboard.json", Assets.of(settingsDocument(), "application/json"), POLICY);
        asset(router, "/openapi.json", Assets.resource("/api-spec/openapi.json"), POLICY);
        asset(router, "/docs", Assets.resource("/web/docs.html"), REFERENCE_POLICY);
        asset(router, "/docs/docs.js", Assets.resource("/web/docs.js"), REFERENCE_POLICY);
        REFERENCE_FILES.forEach(
                file -> asset(router, "/docs/" + file, Assets.resource(WEBJAR + file), REFERENCE_POLICY));
    }

    private static void asset(Router router, String path, Assets.Asset asset, String policy) {
        router.get(path).handler(context -> Assets.send(context, asset, policy));
        router.head(path).handler(context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, asset.type())
                .putHeader(
                        HttpHeaders.CONTENT_LENGTH,
                        Integer.toString(asset.bytes().length()))
                .putHeader(HttpHeaders.ETAG, asset.etag())
                .end());
    }

    private byte[] settingsDocument() {
        JsonWriter json = new JsonWriter().beginObject().member("title", settings.title());
        json.name("simulated").bool(settings.simulated());
        settings.imprint().ifPresent(uri -> json.member("imprint", uri.toString()));
        settings.privacy().ifPresent(uri -> json.member("privacy", uri.toString()));
        json.name("cities").beginArray();
        settings.cities().forEach(city -> json.beginObject()
                .member("tenant", city.tenant())
                .member("name", city.name())
                .endObject());
        return json.endArray().endObject().toBytes();
    }
}
