package de.freiraum.catalog.web;

import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.CatalogueSource;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.Dumps;
import de.freiraum.catalog.dcat.CatalogueDocument;
import de.freiraum.catalog.dcat.RdfSyntax;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The catalogue's RDF documents. Made by workers, and kept while the catalogue is the same; so many, not more. */
final class Documents {
    private static final int MOST = 64;

    private final Vertx vertx;
    private final CatalogueSource source;
    private final Checksums checksums;
    private final int pageSize;

    private @Nullable Rendered rendered;

    /** One catalogue with its documents. */
    private static final class Rendered {
        final Catalogue catalogue;
        final CatalogueDocument document;
        final Map<String, Content> made = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Content> eldest) {
                return size() > MOST;
            }
        };

        Rendered(Catalogue catalogue, Dumps dumps, int pageSize) {
            this.catalogue = catalogue;
            this.document = new CatalogueDocument(catalogue, dumps, pageSize);
        }
    }

    Documents(Vertx vertx, CatalogueSource source, Checksums checksums, int pageSize) {
        this.vertx = vertx;
        this.source = source;
        this.checksums = checksums;
        this.pageSize = pageSize;
    }

    /** The catalogue, on the caller's context. */
    Future<Catalogue> catalogue() {
        return onContext(source::current);
    }

    /** A dataset, on the caller's context; null if there is none of that id. */
    Future<@Nullable Dataset> find(String id) {
        return onContext(() -> source.find(id));
    }

    private <T extends @Nullable Object> Future<T> onContext(Supplier<Future<T>> made) {
        return Future.future(promise -> {
            var context = vertx.getOrCreateContext();
            made.get().onComplete(done -> context.runOnContext(v -> promise.handle(done)));
        });
    }

    /**
     * A page of the catalogue.
     *
     * @param address of the pages, without a query
     * @return null if there is no page of that number
     */
    Future<@Nullable Content> page(int number, String address, RdfSyntax syntax) {
        return made(
                "page " + number + ' ' + address + ' ' + syntax,
                syntax,
                document ->
                        number < 1 || number > document.pages() ? null : () -> document.page(number, address, syntax));
    }

    /** Everything that is published of one type. */
    Future<@Nullable Content> dataset(Dataset dataset, RdfSyntax syntax) {
        return made(
                "dataset " + dataset.id() + ' ' + syntax, syntax, document -> () -> document.dataset(dataset, syntax));
    }

    private Future<@Nullable Content> made(
            String key, RdfSyntax syntax, Function<CatalogueDocument, @Nullable Supplier<byte[]>> maker) {
        return catalogue().compose(catalogue -> {
            Rendered now = rendered(catalogue);
            synchronized (now.made) {
                Content known = now.made.get(key);
                if (known != null) {
                    return Future.succeededFuture(known);
                }
            }
            Supplier<byte[]> work = maker.apply(now.document);
            if (work == null) {
                return Future.succeededFuture();
            }
            return vertx.executeBlocking(
                    () -> {
                        Content content = Content.of(syntax.mediaType() + charset(syntax), work.get());
                        synchronized (now.made) {
                            now.made.put(key, content);
                        }
                        return content;
                    },
                    false);
        });
    }

    private static String charset(RdfSyntax syntax) {
        return syntax == RdfSyntax.TURTLE ? "; charset=utf-8" : "";
    }

    @SuppressWarnings(
            "ReferenceEquality") // a catalogue is made anew as a whole; comparing its contents would cost more than it
    // saves
    private synchronized Rendered rendered(Catalogue catalogue) {
        Rendered known = rendered;
        if (known == null || known.catalogue != catalogue) {
            known = new Rendered(catalogue, checksums, pageSize);
            rendered = known;
            checksums.complete(catalogue);
        }
        return known;
    }
}
