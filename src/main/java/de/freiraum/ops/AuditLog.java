package de.freiraum.ops;

import de.freiraum.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who changed what, and who was refused: a file with a line of JSON for each. Holds neither credentials nor bodies nor query parameters. Lines
 * wait in a queue for a thread that writes them; when it is full, because the disk does not follow, lines are counted and dropped rather than
 * requests held up.
 */
public final class AuditLog implements AutoCloseable {
    /** What is written. */
    public enum Level {
        /** Nothing. */
        NONE,
        /** Requests that were refused for want of a right. */
        DENIALS,
        /** These, and every request that may change something. */
        WRITES
    }

    /**
     * A request.
     *
     * @param who name of key or token holder, or of those without
     * @param client address
     * @param method HTTP method
     * @param path without query parameters
     * @param tenant name of the tenant, empty for the default one
     * @param status of the answer
     * @param requestId as the answer has it, or null
     */
    public record Entry(
            String who,
            String client,
            String method,
            String path,
            String tenant,
            int status,
            @Nullable String requestId) {}

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int WAITING = 10_000;
    private static final int MAX_TEXT = 300;

    private final Path file;
    private final long maxBytes;
    private final int files;
    private final InstantSource clock;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer = new Thread(this::run, "freiraum-audit");
    private volatile boolean closed;

    /**
     * A log that appends to a file.
     *
     * @param maxBytes size at which the file becomes {@code FILE.1} and a new one is begun
     * @param files how many of these are kept
     */
    public AuditLog(Path file, long maxBytes, int files, InstantSource clock) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.files = files;
        this.clock = clock;
        writer.setDaemon(true);
        writer.start();
    }

    /** Lines that could not be written. */
    public long dropped() {
        return dropped.get();
    }

    /** Notes a request. Never blocks. */
    public void write(Entry entry) {
        JsonWriter json = new JsonWriter(256)
                .beginObject()
                .member("time", clock.instant().toString())
                .member(
                        "outcome",
                        entry.status() == 401 || entry.status() == 403
                                ? "denied"
                                : entry.status() < 400 ? "done" : "failed")
                .member("who", clip(entry.who()))
                .member("client", clip(entry.client()))
                .member("method", clip(entry.method()))
                .member("path", clip(entry.path()))
                .member("tenant", clip(entry.tenant()))
                .member("status", entry.status());
        if (entry.requestId() != null) {
            json.member("request", clip(entry.requestId()));
        }
        if (!waiting.offer(json.endObject().toBytes())) {
            dropped.incrementAndGet();
        }
    }

    /** Writes what waits and ends. */
    @Override
    public void close() {
        closed = true;
        try {
            writer.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<byte[]> lines = new ArrayList<>();
        while (!closed || !waiting.isEmpty()) {
            try {
                byte[] first = waiting.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                lines.add(first);
                waiting.drainTo(lines, 1000);
                append(lines);
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                if (dropped.getAndAdd(lines.size()) == 0) {
                    LOG.error("the audit log {} cannot be written: {}", file, e.toString());
                }
            } finally {
                lines.clear();
            }
        }
    }

    private void append(List<byte[]> lines) throws IOException {
        if (Files.exists(file) && Files.size(file) >= maxBytes) {
            rotate();
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try (OutputStream out = new java.io.BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
            for (byte[] line : lines) {
                out.write(line);
                out.write('\n');
            }
        }
    }

    private void rotate() throws IOException {
        if (files == 0) {
            Files.delete(file);
            return;
        }
        for (int i = files - 1; i >= 1; i--) {
            Path older = numbered(i);
            if (Files.exists(older)) {
                Files.move(older, numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(file, numbered(1), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private static String clip(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
