package de.freiraum.store.embedded;

import de.freiraum.store.StoreException;
import de.freiraum.store.embedded.Engine.Column;
import de.freiraum.store.embedded.Engine.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that writes what the shards hand over. What queued up while the last group was written becomes the next group: under load one
 * fsync serves many changes, and without load a change waits for nobody.
 *
 * <p>After the first failed group the thread writes nothing any more and fails everything it is given: the log's state is unknown then, and
 * what was computed from a lost change must not be committed. Only when the disk was full, and is not any more, it begins anew, after everything that
 * was accepted before is answered.
 */
final class GroupCommitter {
    /** Where the time of the last change is kept. */
    static final byte[] TICK_KEY = Keys.of("tick");

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitter.class);
    private static final int MOST_ITEMS = 4096;
    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long TRY_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Engine engine;
    private final boolean flushEachSecond;
    private final Consumer<List<Item>> settled;
    private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final Promise<Void> ended = Promise.promise();
    private final Thread thread;
    private volatile @Nullable StoreException failure;
    private volatile BooleanSupplier settledAll = () -> false;
    private long lastTick;
    private long committedTick;

    final LongAdder commits = new LongAdder();
    final LongAdder nanos = new LongAdder();
    final AtomicLong largest = new AtomicLong();

    /** A part of a group. */
    abstract static class Item {
        private @Nullable StoreException failure;

        /** Adds the steps to the group; called by the committing thread, which alone sees documents of the same group. */
        abstract void collect(Group group);

        /** Called once after the group was written, or was not. */
        abstract void settle(@Nullable StoreException failed);

        /** The shard on which to settle, or -1: anywhere. */
        abstract int shard();

        final void settle() {
            settle(failure);
        }
    }

    /** What is going to be written. */
    final class Group {
        private final List<Step> steps = new ArrayList<>();
        private final Map<ByteBuffer, Optional<byte[]>> documents = new HashMap<>();
        private long tick;

        void add(Step step) {
            steps.add(step);
            if (step.column() == Column.DOCUMENTS) {
                documents.put(ByteBuffer.wrap(step.key()), Optional.ofNullable(step.value()));
            }
        }

        void addAll(List<Step> more) {
            more.forEach(this::add);
        }

        /** Time that has been given out. */
        void tick(long micros) {
            tick = Math.max(tick, micros);
        }

        /** A document as this group leaves it so far. */
        byte @Nullable [] document(byte[] key) {
            Optional<byte[]> own = documents.get(ByteBuffer.wrap(key));
            return own != null ? own.orElse(null) : engine.get(Column.DOCUMENTS, key);
        }
    }

    /** Marks the end of the queue. */
    private static final class Last extends Item {
        @Override
        void collect(Group group) {
            // writes nothing
        }

        @Override
        void settle(@Nullable StoreException failed) {
            // nobody waits for it
        }

        @Override
        int shard() {
            return -1;
        }
    }

    /**
     * Starts the thread.
     *
     * @param flushEachSecond whether the engine does not bring each group to the disk itself
     * @param settled takes each group's items, in their order, after it was written or failed
     * @param lastTick the last time known to be given out
     */
    GroupCommitter(Engine engine, boolean flushEachSecond, long lastTick, Consumer<List<Item>> settled) {
        this.engine = engine;
        this.flushEachSecond = flushEachSecond;
        this.settled = settled;
        this.lastTick = lastTick;
        this.committedTick = lastTick;
        this.thread = new Thread(this::run, "freiraum-store-commit");
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues an item; callable by any thread. Items of one thread are written in order. */
    void submit(Item item) {
        queue.add(item);
    }

    /** Why nothing can be written any more, or null. */
    @Nullable
    StoreException failure() {
        return failure;
    }

    /** Says whether everything that was accepted is answered, so that nothing is left that was computed from lost changes. */
    void beginAnewWhen(BooleanSupplier everythingIsSettled) {
        settledAll = everythingIsSettled;
    }

    /** Writes what is queued and ends. Nothing may be submitted afterwards. */
    Future<Void> close() {
        queue.add(new Last());
        return ended.future();
    }

    private void run() {
        List<Item> items = new ArrayList<>();
        long flushAt = Long.MAX_VALUE;
        boolean open = true;
        while (open) {
            StoreException failed = failure;
            boolean waitsForSpace = failed != null && failed.isFull();
            Item first = next(waitsForSpace ? System.nanoTime() + TRY_AGAIN_NANOS : flushAt);
            if (first == null && waitsForSpace) {
                beginAnew();
                continue;
            }
            if (first != null) {
                items.add(first);
                queue.drainTo(items, MOST_ITEMS - 1);
                open = !(items.get(items.size() - 1) instanceof Last);
                commit(items);
                hand(List.copyOf(items));
                items.clear();
                if (flushEachSecond && flushAt == Long.MAX_VALUE) {
                    flushAt = System.nanoTime() + FLUSH_NANOS;
                }
            }
            if (flushAt != Long.MAX_VALUE && (!open || System.nanoTime() - flushAt >= 0)) {
                flush();
                flushAt = Long.MAX_VALUE;
            }
        }
        ended.complete();
    }

    /** The thread must outlive every fault, since futures wait for it. */
    private void hand(List<Item> items) {
        try {
            settled.accept(items);
        } catch (RuntimeException | Error e) {
            LOG.error("{} committed changes could not be handed back", items.size(), e);
        }
    }

    private @Nullable Item next(long flushAt) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return flushAt == Long.MAX_VALUE
                            ? queue.take()
                            : queue.poll(flushAt - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    // Only close ends this thread: an interrupted write would leave futures without an answer.
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void commit(List<Item> items) {
        if (failure == null) {
            long start = System.nanoTime();
            try {
                Group group = new Group();
                for (Item item : items) {
                    item.collect(group);
                }
                if (!group.steps.isEmpty()) {
                    if (group.tick > lastTick) {
                        lastTick = group.tick;
                        group.add(tick());
                    }
                    engine.commit(group.steps);
                    committedTick = lastTick;
                    commits.increment();
                    nanos.add(System.nanoTime() - start);
                    largest.accumulateAndGet(items.size(), Math::max);
                }
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }
        StoreException failed = failure;
        if (failed != null) {
            items.forEach(item -> item.failure = failed);
        }
    }

    /** Whether the disk takes anything again. */
    private void beginAnew() {
        if (!settledAll.getAsBoolean()) {
            return;
        }
        try {
            if (!engine.recover()) {
                return;
            }
            if (lastTickOf(engine) != committedTick) {
                failure = new StoreException(
                        "the store only reads, since a change is on the disk that was not acknowledged; restart it",
                        new IllegalStateException("a group of a failed commit was written"));
                return;
            }
            engine.commit(List.of(tick()));
            committedTick = lastTick;
            failure = null;
            LOG.info("there is space on the disk again; changes are taken");
        } catch (StoreException e) {
            LOG.warn("still nothing can be written: {}", e.getMessage());
        }
    }

    /** The last time that was given out, as the engine has it; 0: none. */
    static long lastTickOf(Engine engine) {
        byte[] tick = engine.get(Column.META, TICK_KEY);
        return tick == null ? 0 : Long.parseLong(new String(tick, StandardCharsets.UTF_8));
    }

    private Step tick() {
        return Step.put(Column.META, TICK_KEY, Long.toString(lastTick).getBytes(StandardCharsets.UTF_8));
    }

    private void flush() {
        if (failure == null) {
            try {
                engine.flush();
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }
    }

    private void fail(Throwable cause) {
        LOG.error("nothing is written any more, since a commit failed; reading goes on", cause);
        String text = "the store only reads, since a commit failed: " + cause.getMessage();
        failure = cause instanceof StoreException known && known.isFull()
                ? StoreException.full(text, cause)
                : new StoreException(text, cause);
    }
}
