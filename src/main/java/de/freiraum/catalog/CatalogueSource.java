package de.freiraum.catalog;

import de.freiraum.broker.ScanOperations;
import de.freiraum.model.Tenant;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue, made again when it is asked for and old. Looking at everything is work: after it there is peace for at least fifty times as
 * long as it took. Safe for any thread; a future may complete on any thread.
 */
public final class CatalogueSource {
    private static final int REST = 50;

    private final CatalogueReader reader;
    private final InstantSource clock;
    private final Duration refresh;

    private @Nullable Catalogue known;
    private Instant goodUntil = Instant.MIN;
    private Instant restUntil = Instant.MIN;
    private @Nullable Future<Catalogue> running;

    /**
     * What is published of what those operations show.
     *
     * @param tenants all tenants there are
     * @param clock tells how old a catalogue is
     */
    public CatalogueSource(
            Publication publication,
            ScanOperations scan,
            Supplier<? extends Collection<Tenant>> tenants,
            InstantSource clock) {
        this.reader = new CatalogueReader(publication, scan, tenants, clock);
        this.clock = clock;
        this.refresh = publication.config().refresh();
    }

    /** The catalogue, complete, not older than configured; fails when it cannot be made. */
    public Future<Catalogue> current() {
        return unless(now -> now.isBefore(goodUntil));
    }

    /** A dataset of the catalogue, which is made again for one that it does not know, unless it was just before; null if there is none of that id. */
    public Future<@Nullable Dataset> find(String id) {
        return current().compose(catalogue -> {
            Dataset dataset = catalogue.dataset(id);
            return dataset != null
                    ? Future.succeededFuture(dataset)
                    : unless(now -> now.isBefore(restUntil)).map(renewed -> renewed.dataset(id));
        });
    }

    private Future<Catalogue> unless(Predicate<Instant> isGood) {
        Promise<Catalogue> made;
        synchronized (this) {
            Instant now = clock.instant();
            if (known != null && isGood.test(now)) {
                return Future.succeededFuture(known);
            }
            if (running != null) {
                return running;
            }
            made = Promise.promise();
            running = made.future();
            reader.read().onComplete(read -> {
                synchronized (this) {
                    running = null;
                    if (read.succeeded()) {
                        known = read.result();
                        Instant end = clock.instant();
                        Duration rest = Duration.between(now, end).multipliedBy(refresh.isZero() ? 0 : REST);
                        restUntil = end.plus(rest);
                        goodUntil = rest.compareTo(refresh) > 0 ? restUntil : end.plus(refresh);
                    }
                }
                made.handle(read);
            });
            return made.future();
        }
    }
}
