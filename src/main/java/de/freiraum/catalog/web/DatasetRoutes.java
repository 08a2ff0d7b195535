package de.freiraum.catalog.web;

import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.FileFormat;
import de.freiraum.catalog.dcat.RdfSyntax;
import de.freiraum.catalog.export.DatasetFile;
import de.freiraum.catalog.export.DatasetFiles;
import de.freiraum.catalog.export.Freshness;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the catalogue's addresses of datasets lead to: files at {@code /datasets/{id}.csv} and {@code /datasets/{id}/history/{period}.csv}, a
 * period being a month or a day, and descriptions at the same addresses without a suffix.
 */
final class DatasetRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(DatasetRoutes.class);
    private static final String LIVE = "public, max-age=15, stale-while-revalidate=60";
    private static final String RUNNING = "public, max-age=60";
    private static final String OVER = "public, max-age=86400";

    private static final int DESCRIPTION_MAX_AGE = 300;

    private final Documents documents;
    private final DatasetFiles files;
    private final Freshness freshness;
    private final FileSender sender;
    private final Pages pages;
    private final Links links;
    private final InstantSource clock;

    DatasetRoutes(
            Vertx vertx,
            Documents documents,
            DatasetFiles files,
            Freshness freshness,
            Pages pages,
            Links links,
            Checksums checksums,
            InstantSource clock) {
        this.sender = new FileSender(vertx, new FrozenFiles(vertx, checksums, clock));
        this.pages = pages;
        this.links = links;
        this.documents = documents;
        this.files = files;
        this.freshness = freshness;
        this.clock = clock;
    }

    void mount(Router router) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            router.route(method, "/datasets/:dataset.:format")
                    .handler(context -> current(context, withSuffix(context, "dataset")));
            router.route(method, "/datasets/:dataset")
                    .handler(context -> current(context, context.pathParam("dataset")));
            router.route(method, "/datasets/:dataset/history")
                    .handler(context -> find(context, context.pathParam("dataset"), this::describe));
            router.route(method, "/datasets/:dataset/history/:period.:format")
                    .handler(context -> past(context, withSuffix(context, "period")));
            router.route(method, "/datasets/:dataset/history/:period")
                    .handler(context -> past(context, context.pathParam("period")));
        }
    }

    private static String withSuffix(RoutingContext context, String name) {
        return context.pathParam(name) + "." + context.pathParam("format");
    }

    private void current(RoutingContext context, String name) {
        Suffix suffix = Suffix.of(name);
        FileFormat format = suffix.format();
        if (format != null) {
            find(context, suffix.before(), (c, dataset) -> send(c, dataset, format));
        } else if (suffix.syntax() != null) {
            RdfSyntax syntax = suffix.syntax();
            find(context, suffix.before(), (c, dataset) -> describe(c, dataset, syntax));
        } else {
            find(context, name, this::describe);
        }
    }

    private void send(RoutingContext context, Dataset dataset, FileFormat format) {
        context.response().putHeader("Link", links.ofFile(dataset));
        sender.send(
                context,
                new FileSender.Head(
                        type(format),
                        dataset.id() + "." + format.suffix(),
                        freshness.version(dataset),
                        freshness.lastModified(dataset),
                        LIVE),
                () -> files.current(dataset, format));
    }

    private void past(RoutingContext context, String name) {
        Suffix suffix = Suffix.of(name);
        FileFormat format = suffix.format();
        Optional<Period> period = Period.parse(format == null ? name : suffix.before());
        if (period.isEmpty()) {
            Requests.notFound(context);
            return;
        }
        find(context, context.pathParam("dataset"), (c, dataset) -> {
            if (!period.get().isIn(dataset)) {
                Requests.notFound(c);
            } else if (format == null) {
                describe(c, dataset);
            } else if (!format.ofPast()) {
                Requests.notFound(c);
            } else {
                past(c, dataset, period.get(), format);
            }
        });
    }

    private void past(RoutingContext context, Dataset dataset, Period period, FileFormat format) {
        Instant now = clock.instant();
        boolean over = period.isOver(dataset, now);
        context.response().putHeader("Link", links.ofFile(dataset));
        // What is corrected in the past without a change of the present is seen within the hour.
        String version = freshness.version(dataset) + '-' + now.getEpochSecond() / 3600;
        FileSender.Head head = new FileSender.Head(
                type(format),
                Checksums.name(dataset, period, format),
                version,
                freshness.lastModified(dataset),
                over ? OVER : RUNNING);
        Supplier<DatasetFile> file = () -> files.past(dataset, period.first(), period.last(), format);
        if (over) {
            sender.sendFrozen(context, head, file);
        } else {
            sender.send(context, head, file);
        }
    }

    private static String type(FileFormat format) {
        return format == FileFormat.CSV ? "text/csv; charset=utf-8; header=present" : format.contentType();
    }

    /** At an address without a suffix: RDF by content negotiation, or the page for people. */
    private void describe(RoutingContext context, Dataset dataset) {
        String type = Requests.negotiate(context.request(), CatalogRoutes.OFFERED);
        context.response().putHeader("Link", links.ofDescription(dataset));
        if (type == null) {
            Requests.refuse(
                    context, 406, "Not Acceptable", "available are " + String.join(", ", CatalogRoutes.OFFERED));
        } else if (type.equals(Pages.TYPE)) {
            pages.dataset(context, dataset);
        } else {
            describe(context, dataset, CatalogRoutes.syntax(type));
        }
    }

    private void describe(RoutingContext context, Dataset dataset, RdfSyntax syntax) {
        documents.dataset(dataset, syntax).onComplete(made -> {
            Content content = made.result();
            if (content == null) {
                LOG.warn("the description of {} cannot be made", dataset.id(), made.cause());
                Requests.unavailable(context);
            } else {
                content.send(context, DESCRIPTION_MAX_AGE);
            }
        });
    }

    private void find(RoutingContext context, String id, BiConsumer<RoutingContext, Dataset> then) {
        documents.find(id).onComplete(found -> {
            Dataset dataset = found.result();
            if (found.failed()) {
                LOG.warn("the catalogue cannot be made", found.cause());
                Requests.unavailable(context);
            } else if (dataset == null) {
                Requests.notFound(context);
            } else {
                then.accept(context, dataset);
            }
        });
    }

    /**
     * What the end of an address says.
     *
     * @param before what precedes the suffix
     * @param format the file asked for, or null
     * @param syntax the syntax of the description asked for, or null
     */
    private record Suffix(
            String before,
            @Nullable FileFormat format,
            @Nullable RdfSyntax syntax) {
        static Suffix of(String name) {
            int dot = name.lastIndexOf('.');
            String suffix = dot < 0 ? "" : name.substring(dot + 1);
            String before = dot < 0 ? name : name.substring(0, dot);
            FileFormat format = FileFormat.ofSuffix(suffix).orElse(null);
            RdfSyntax syntax = format != null
                    ? null
                    : Arrays.stream(RdfSyntax.values())
                            .filter(s -> s.suffix().equals(suffix))
                            .findFirst()
                            .orElse(null);
            return new Suffix(before, format, syntax);
        }
    }
}
