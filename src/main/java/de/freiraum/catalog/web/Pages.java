package de.freiraum.catalog.web;

import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.Language;
import de.freiraum.catalog.export.DatasetFiles;
import de.freiraum.catalog.page.CataloguePage;
import de.freiraum.catalog.page.DatasetPage;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The catalogue's pages for people, at the addresses that portals read, and what search engines look for. */
final class Pages {
    /** The media type for which pages are sent rather than descriptions. */
    static final String TYPE = "text/html";

    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
    private static final int MAX_AGE = 300;
    private static final int STYLE_MAX_AGE = 3600;
    private static final int PREVIEW_ROWS = 5;
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Vertx vertx;
    private final Documents documents;
    private final DatasetFiles files;
    private final Content robots;
    private final Content style;

    /**
     * Pages of that catalogue.
     *
     * @param base where clients reach the server, without a slash at the end
     */
    Pages(Vertx vertx, Documents documents, DatasetFiles files, String base) {
        this.vertx = vertx;
        this.documents = documents;
        this.files = files;
        this.robots = Content.of("text/plain; charset=utf-8", CataloguePage.robots(base));
        this.style = Content.of("text/css; charset=utf-8", resource("/catalog/pages.css"));
    }

    void mount(Router router) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            router.route(method, "/robots.txt").handler(context -> robots.send(context, STYLE_MAX_AGE));
            router.route(method, "/catalog/pages.css").handler(context -> style.send(context, STYLE_MAX_AGE));
            router.route(method, "/sitemap.xml")
                    .handler(context -> send(context, "application/xml; charset=utf-8", CataloguePage::sitemap));
        }
    }

    /** The list of datasets. */
    void catalogue(RoutingContext context) {
        Language language = Requests.language(context.request());
        page(context);
        send(context, TYPE + "; charset=utf-8", catalogue -> CataloguePage.of(catalogue, language));
    }

    /** What a dataset is. */
    void dataset(RoutingContext context, Dataset dataset) {
        Language language = Requests.language(context.request());
        files.preview(dataset, PREVIEW_ROWS).onComplete(preview -> {
            if (preview.failed()) {
                LOG.warn("the preview of {} cannot be read", dataset.id(), preview.cause());
                Requests.unavailable(context);
                return;
            }
            page(context);
            send(
                    context,
                    TYPE + "; charset=utf-8",
                    catalogue -> DatasetPage.of(catalogue, dataset, language, preview.result()));
        });
    }

    private static void page(RoutingContext context) {
        context.response().putHeader("Content-Security-Policy", POLICY).putHeader("Referrer-Policy", "no-referrer");
    }

    private void send(RoutingContext context, String type, Function<Catalogue, byte[]> writing) {
        documents
                .catalogue()
                .compose(catalogue -> vertx.executeBlocking(() -> Content.of(type, writing.apply(catalogue)), false))
                .onComplete(made -> {
                    if (made.failed()) {
                        LOG.warn("a page cannot be made", made.cause());
                        Requests.unavailable(context);
                    } else {
                        made.result().send(context, MAX_AGE);
                    }
                });
    }

    private static byte[] resource(String name) {
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
