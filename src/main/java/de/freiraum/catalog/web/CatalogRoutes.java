package de.freiraum.catalog.web;

import de.freiraum.catalog.Addresses;
import de.freiraum.catalog.dcat.RdfSyntax;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalogue for portals: {@code /catalog} by content negotiation, and {@code /catalog.ttl}, {@code .rdf} and {@code .jsonld}. Whoever has no
 * preference gets Turtle, since harvesters choose their parser by what they get.
 */
final class CatalogRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogRoutes.class);
    private static final String PATH = "/catalog";
    private static final int MAX_AGE = 300;

    /** Pages last: who takes anything wants data. */
    static final List<String> OFFERED = Stream.concat(
                    Arrays.stream(RdfSyntax.values()).map(RdfSyntax::mediaType), Stream.of(Pages.TYPE))
            .toList();

    private final Documents documents;
    private final Addresses addresses;
    private final Links links;
    private final Pages pages;

    CatalogRoutes(Documents documents, Addresses addresses, Pages pages) {
        this.documents = documents;
        this.addresses = addresses;
        this.links = new Links(addresses);
        this.pages = pages;
    }

    void mount(Router router) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            router.route(method, PATH).handler(this::negotiate);
            router.route(method, PATH + ".:syntax").handler(this::inSyntax);
        }
    }

    private void negotiate(RoutingContext context) {
        String type = Requests.negotiate(context.request(), OFFERED);
        context.response().putHeader("Link", links.ofCatalogue());
        if (type == null) {
            Requests.refuse(context, 406, "Not Acceptable", "available are " + String.join(", ", OFFERED));
        } else if (type.equals(Pages.TYPE)) {
            pages.catalogue(context);
        } else {
            page(context, addresses.catalogue(), syntax(type));
        }
    }

    private void inSyntax(RoutingContext context) {
        String suffix = context.pathParam("syntax");
        Arrays.stream(RdfSyntax.values())
                .filter(syntax -> syntax.suffix().equals(suffix))
                .findFirst()
                .ifPresentOrElse(
                        syntax -> page(context, addresses.catalogue() + "." + suffix, syntax),
                        () -> Requests.notFound(context));
    }

    static RdfSyntax syntax(String mediaType) {
        return Arrays.stream(RdfSyntax.values())
                .filter(syntax -> syntax.mediaType().equals(mediaType))
                .findFirst()
                .orElse(RdfSyntax.TURTLE);
    }

    private void page(RoutingContext context, String address, RdfSyntax syntax) {
        String asked = context.request().getParam("page");
        Integer number = number(asked);
        if (number == null) {
            Requests.refuse(context, 400, "Bad Request", "page: allowed are whole numbers from 1");
            return;
        }
        documents.page(number, address, syntax).onComplete(made -> {
            if (made.failed()) {
                LOG.warn("the catalogue cannot be made", made.cause());
                Requests.unavailable(context);
            } else {
                send(context, made.result());
            }
        });
    }

    private static void send(RoutingContext context, @Nullable Content content) {
        if (content == null) {
            Requests.refuse(
                    context, 404, "Not Found", "page: the catalogue has not so many pages; /catalog is the first");
        } else {
            content.send(context, MAX_AGE);
        }
    }

    private static @Nullable Integer number(@Nullable String text) {
        try {
            int number = Integer.parseInt(Objects.requireNonNullElse(text, "1"));
            return number < 1 ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
