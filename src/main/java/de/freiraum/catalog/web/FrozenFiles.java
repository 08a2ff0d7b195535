package de.freiraum.catalog.web;

import de.freiraum.catalog.Dumps.Dump;
import de.freiraum.catalog.Loop;
import de.freiraum.catalog.export.DatasetFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of periods that are over, kept in the folder for temporary files so that parts of them can be asked for. So many and so much at the
 * most; what was asked for least lately goes first. What is corrected in the past is in them within the hour. Safe for any thread.
 */
final class FrozenFiles {
    private static final Logger LOG = LoggerFactory.getLogger(FrozenFiles.class);
    private static final int MOST = 64;
    private static final long MOST_BYTES = 4L << 30;
    private static final Duration GOOD_FOR = Duration.ofHours(1);

    private final Vertx vertx;
    private final Checksums checksums;
    private final InstantSource clock;
    private final Map<String, Frozen> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Future<Frozen>> running = new HashMap<>();

    private @Nullable Future<String> folder;

    /**
     * A file that stays as it is.
     *
     * @param path where it is
     * @param length in bytes
     * @param sha256 of its bytes, in hexadecimal digits
     * @param since when a file with these bytes was made first
     * @param checked when it was made last
     */
    record Frozen(String path, long length, String sha256, Instant since, Instant checked) {}

    /**
     * None as yet.
     *
     * @param checksums is told of the files that are made
     */
    FrozenFiles(Vertx vertx, Checksums checksums, InstantSource clock) {
        this.vertx = vertx;
        this.checksums = checksums;
        this.clock = clock;
    }

    /**
     * The file of that name, made if there is none that is good still.
     *
     * @return completes on the caller's context; fails if it cannot be made or kept
     */
    Future<Frozen> get(String name, Supplier<DatasetFile> file) {
        return Future.future(promise -> {
            var context = vertx.getOrCreateContext();
            known(name, file).onComplete(done -> context.runOnContext(v -> promise.handle(done)));
        });
    }

    private synchronized Future<Frozen> known(String name, Supplier<DatasetFile> file) {
        Frozen frozen = kept.get(name);
        if (frozen != null && clock.instant().isBefore(frozen.checked().plus(GOOD_FOR))) {
            return Future.succeededFuture(frozen);
        }
        Future<Frozen> making = running.get(name);
        if (making == null) {
            making = make(name, file.get());
            running.put(name, making);
            making.onComplete(done -> finished(name, done.succeeded() ? done.result() : null));
        }
        return making;
    }

    private Future<Frozen> make(String name, DatasetFile file) {
        return folder().compose(in -> vertx.fileSystem().createTempFile(in, name, ".part", (String) null))
                .onSuccess(path -> new File(path).deleteOnExit())
                .compose(path -> vertx.fileSystem()
                        .open(path, new OpenOptions().setWrite(true).setTruncateExisting(true))
                        .compose(to -> write(name, file, path, to).eventually(to::close))
                        .onFailure(failed -> delete(path)));
    }

    private synchronized Future<String> folder() {
        if (folder == null || folder.failed()) {
            folder = vertx.fileSystem()
                    .createTempDirectory("freiraum-files-", (String) null)
                    .onSuccess(path -> new File(path).deleteOnExit());
        }
        return folder;
    }

    private Future<Frozen> write(String name, DatasetFile file, String path, AsyncFile to) {
        MessageDigest digest = sha256();
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        long[] length = {0};
        return Loop.whileTrue(() -> file.next(part).compose(more -> {
                    byte[] bytes = part.toByteArray();
                    part.reset();
                    digest.update(bytes);
                    length[0] += bytes.length;
                    return to.write(Buffer.buffer(bytes)).map(more);
                }))
                .map(all -> frozen(name, path, length[0], HexFormat.of().formatHex(digest.digest())));
    }

    private synchronized Frozen frozen(String name, String path, long length, String sha256) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Frozen before = kept.get(name);
        boolean same = before != null && before.sha256().equals(sha256);
        return new Frozen(
                path, length, sha256, same ? Objects.requireNonNull(before).since() : now, now);
    }

    private synchronized void finished(String name, @Nullable Frozen made) {
        running.remove(name);
        if (made == null) {
            return;
        }
        checksums.made(name, new Dump(made.length(), made.sha256()));
        Frozen before = kept.put(name, made);
        if (before != null) {
            delete(before.path());
        }
        long bytes = kept.values().stream().mapToLong(Frozen::length).sum();
        for (Iterator<Frozen> eldest = kept.values().iterator();
                kept.size() > 1 && (kept.size() > MOST || bytes > MOST_BYTES); ) {
            Frozen gone = eldest.next();
            eldest.remove();
            bytes -= gone.length();
            delete(gone.path());
        }
    }

    private void delete(String path) {
        vertx.fileSystem().delete(path).onFailure(failed -> LOG.warn("{} stays: {}", path, failed.toString()));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
