package de.freiraum.catalog.web;

import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.Dumps;
import de.freiraum.catalog.FileFormat;
import de.freiraum.catalog.Loop;
import de.freiraum.catalog.export.DatasetFile;
import de.freiraum.catalog.export.DatasetFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lengths and checksums of the files of months that are over. They are known once a file was asked for, and otherwise computed in the background,
 * one file after the other with rests that are ten times as long as the work. Safe for any thread.
 */
final class Checksums implements Dumps {
    private static final Logger LOG = LoggerFactory.getLogger(Checksums.class);
    private static final int REST = 10;
    private static final int MOST = 100_000;

    private final Vertx vertx;
    private final DatasetFiles files;
    private final InstantSource clock;
    private final Map<String, Dump> known = new HashMap<>();
    private boolean running;

    private record Wanted(String name, Dataset dataset, Period period, FileFormat format) {}

    Checksums(Vertx vertx, DatasetFiles files, InstantSource clock) {
        this.vertx = vertx;
        this.files = files;
        this.clock = clock;
    }

    /** What the file of a period is called. */
    static String name(Dataset dataset, Period period, FileFormat format) {
        return dataset.id() + "-" + period.text() + "." + format.suffix();
    }

    @Override
    public synchronized @Nullable Dump find(Dataset dataset, YearMonth month, FileFormat format) {
        return known.get(name(dataset, Period.of(month), format));
    }

    /** Remembers a file that was made. */
    synchronized void made(String name, Dump dump) {
        if (known.size() < MOST || known.containsKey(name)) {
            known.put(name, dump);
        }
    }

    /** Computes what is missing, in the background, unless that is being done. */
    synchronized void complete(Catalogue catalogue) {
        if (running || known.size() >= MOST) {
            return;
        }
        Deque<Wanted> missing = new ArrayDeque<>();
        Instant now = clock.instant();
        for (Dataset dataset : catalogue.datasets()) {
            for (YearMonth month : dataset.months()) {
                Period period = Period.of(month);
                for (FileFormat format : FileFormat.values()) {
                    String name = name(dataset, period, format);
                    if (format.ofPast() && period.isOver(dataset, now) && !known.containsKey(name)) {
                        missing.add(new Wanted(name, dataset, period, format));
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            running = true;
            Loop.whileTrue(() -> next(missing)).onComplete(done -> ended());
        }
    }

    private synchronized void ended() {
        running = false;
    }

    private Future<Boolean> next(Deque<Wanted> missing) {
        Wanted wanted = missing.remove();
        Instant start = clock.instant();
        return compute(wanted)
                .onSuccess(dump -> made(wanted.name(), dump))
                .onFailure(failed -> LOG.info("no checksum of {}: {}", wanted.name(), failed.toString()))
                .compose(done -> rest(Duration.between(start, clock.instant()).multipliedBy(REST)))
                .map(rested -> !missing.isEmpty());
    }

    private Future<Dump> compute(Wanted wanted) {
        DatasetFile file = files.past(
                wanted.dataset(), wanted.period().first(), wanted.period().last(), wanted.format());
        MessageDigest digest = FrozenFiles.sha256();
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        long[] length = {0};
        return Loop.whileTrue(() -> file.next(part).map(more -> {
                    digest.update(part.toByteArray());
                    length[0] += part.size();
                    part.reset();
                    return more;
                }))
                .map(all -> new Dump(length[0], HexFormat.of().formatHex(digest.digest())));
    }

    private Future<Void> rest(Duration time) {
        if (time.toMillis() < 1) {
            return Future.succeededFuture();
        }
        Promise<Void> rested = Promise.promise();
        vertx.setTimer(time.toMillis(), id -> rested.complete());
        return rested.future();
    }
}
