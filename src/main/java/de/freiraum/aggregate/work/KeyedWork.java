package de.freiraum.aggregate.work;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is due for keys. While work for a key waits or runs, more of it is merged into one piece, so what waits is bounded by the number of
 * keys. Work for one key never overlaps; a failed piece is tried again, after a second at first and a minute at most. Thread-safe.
 *
 * @param <K> what the work is for
 * @param <P> what is to be done
 */
public final class KeyedWork<K, P> {
    private static final Logger LOG = LoggerFactory.getLogger(KeyedWork.class);
    private static final long FIRST_RETRY_MILLIS = 1_000;
    private static final long LONGEST_RETRY_MILLIS = 60_000;

    private final String name;
    private final Context context;
    private final Backlog backlog;
    private final int parallel;
    private final BinaryOperator<P> merge;
    private final BiFunction<K, P, Future<Void>> work;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    private final Map<K, Task<P>> tasks = new HashMap<>();
    private final Deque<K> ready = new ArrayDeque<>();
    private final Promise<Void> stopped = Promise.promise();
    private int running;
    private boolean closed;

    /**
     * An idle queue.
     *
     * @param name for logs
     * @param context where the work is started
     * @param backlog is told of every key that becomes busy and idle
     * @param parallel the most pieces of work under way at a time, above 0
     * @param merge one piece of work from an earlier and a later one
     * @param work does the work of one key; may fail and is then called again with at least the same piece
     */
    public KeyedWork(
            String name,
            Context context,
            Backlog backlog,
            int parallel,
            BinaryOperator<P> merge,
            BiFunction<K, P, Future<Void>> work) {
        this.name = name;
        this.context = context;
        this.backlog = backlog;
        this.parallel = parallel;
        this.merge = merge;
        this.work = work;
    }

    /** Asks for work. Returns at once; of no effect after {@link #close}. */
    public void add(K key, P piece) {
        synchronized (this) {
            if (closed) {
                return;
            }
            Task<P> task = tasks.get(key);
            if (task == null) {
                task = new Task<>();
                tasks.put(key, task);
                backlog.begin();
                ready.add(key);
            }
            task.next = task.next == null ? piece : merge.apply(task.next, piece);
        }
        context.runOnContext(v -> start());
    }

    /** How many pieces of work succeeded. */
    public long done() {
        return done.get();
    }

    /** How many tries failed. */
    public long failures() {
        return failures.get();
    }

    /** Drops what waits. Completes when nothing is under way any more. */
    public Future<Void> close() {
        int dropped = 0;
        synchronized (this) {
            if (!closed) {
                closed = true;
                ready.clear();
                dropped = tasks.size() - running;
                tasks.values().removeIf(task -> !task.running);
                if (running == 0) {
                    stopped.complete();
                }
            }
        }
        for (int i = 0; i < dropped; i++) {
            backlog.end();
        }
        return stopped.future();
    }

    private void start() {
        for (Started<K, P> next = next(); next != null; next = next()) {
            Started<K, P> piece = next;
            Future<Void> result;
            try {
                result = work.apply(piece.key(), piece.piece());
            } catch (RuntimeException e) {
                result = Future.failedFuture(e);
            }
            result.onComplete(
                    ok -> context.runOnContext(v -> succeeded(piece.key())),
                    error -> context.runOnContext(v -> failed(piece, error)));
        }
    }

    private synchronized @Nullable Started<K, P> next() {
        K key = running < parallel ? ready.poll() : null;
        if (key == null) {
            return null;
        }
        Task<P> task = tasks.get(key);
        if (task == null || task.next == null) {
            throw new IllegalStateException("a ready key without work");
        }
        P piece = task.next;
        task.next = null;
        task.running = true;
        running++;
        return new Started<>(key, piece);
    }

    private void succeeded(K key) {
        done.incrementAndGet();
        boolean idle;
        synchronized (this) {
            Task<P> task = ended(key);
            task.attempts = 0;
            idle = closed || task.next == null;
            if (idle) {
                tasks.remove(key);
            } else {
                ready.add(key);
            }
        }
        if (idle) {
            backlog.end();
        }
        start();
    }

    private void failed(Started<K, P> piece, Throwable error) {
        failures.incrementAndGet();
        long delay = 0;
        synchronized (this) {
            Task<P> task = ended(piece.key());
            if (closed) {
                tasks.remove(piece.key());
            } else {
                task.next = task.next == null ? piece.piece() : merge.apply(piece.piece(), task.next);
                delay = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(task.attempts, 16));
                task.attempts++;
            }
        }
        if (delay == 0) {
            backlog.end();
        } else {
            LOG.warn("{}: {} failed, tried again in {} ms", name, piece.key(), delay, error);
            context.owner().setTimer(delay, t -> retry(piece.key()));
        }
        start();
    }

    private void retry(K key) {
        synchronized (this) {
            if (!closed) {
                ready.add(key);
            }
        }
        context.runOnContext(v -> start());
    }

    private Task<P> ended(K key) {
        Task<P> task = tasks.get(key);
        if (task == null) {
            throw new IllegalStateException("work ended that never began");
        }
        task.running = false;
        running--;
        if (closed && running == 0) {
            stopped.tryComplete();
        }
        return task;
    }

    private record Started<K, P>(K key, P piece) {}

    private static final class Task<P> {
        private @Nullable P next;
        private boolean running;
        private int attempts;
    }
}
