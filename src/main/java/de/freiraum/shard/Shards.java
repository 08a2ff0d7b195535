package de.freiraum.shard;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of event loops among which keys are shared out by a stable hash. Tasks of one key run in the order in which one thread
 * submitted them. Each shard has a bounded number of tasks that were accepted and are not finished; beyond it tasks are refused.
 */
public final class Shards {
    private final Vertx vertx;
    private final Shard[] shards;
    private final List<String> deployments;
    private final int bound;
    private final Supplier<? extends RuntimeException> refusal;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Promise<Void> drained = Promise.promise();

    private Shards(
            Vertx vertx,
            List<Shard> shards,
            List<String> deployments,
            int bound,
            Supplier<? extends RuntimeException> refusal) {
        this.vertx = vertx;
        this.shards = shards.toArray(Shard[]::new);
        this.deployments = deployments;
        this.bound = bound;
        this.refusal = refusal;
    }

    /**
     * Starts the shards, each on an event loop of its own as far as there are enough.
     *
     * @param count how many, 1 to 1024
     * @param bound the most unfinished tasks of one shard, above 0
     * @param refusal makes the failure of a task that is not accepted
     */
    public static Future<Shards> start(
            Vertx vertx, int count, int bound, Supplier<? extends RuntimeException> refusal) {
        if (count < 1 || count > 1024 || bound < 1) {
            return Future.failedFuture(
                    new IllegalArgumentException("1 to 1024 shards with a bound above 0 are allowed"));
        }
        List<Future<String>> started = new ArrayList<>();
        Shard[] shards = new Shard[count];
        for (int i = 0; i < count; i++) {
            int index = i;
            started.add(vertx.deployVerticle((Deployable) context -> {
                Promise<Void> ready = Promise.promise();
                context.runOnContext(v -> {
                    shards[index] = new Shard(context, Thread.currentThread());
                    ready.complete();
                });
                return ready.future();
            }));
        }
        return Future.all(started).map(all -> new Shards(vertx, List.of(shards), all.<String>list(), bound, refusal));
    }

    /** How many there are. */
    public int count() {
        return shards.length;
    }

    /** Which shard owns a key: from 0 to {@link #count()} - 1. */
    public int ownerOf(String key) {
        return Math.floorMod(hash(key), shards.length);
    }

    /**
     * Runs a task on the thread of the key's owner: at once when already there, otherwise behind what is queued.
     *
     * @return what the task's future gives, on the caller's context where it has one
     */
    public <T> Future<T> onOwner(String key, Supplier<Future<T>> task) {
        int owner = ownerOf(key);
        Shard shard = shards[owner];
        if (!shard.admit(bound) || closed.get()) {
            shard.release(this);
            return Future.failedFuture(refusal.get());
        }
        @Nullable Context caller = Vertx.currentContext();
        Promise<T> answer = Promise.promise();
        shard.run(() -> {
            Future<T> result;
            try {
                result = task.get();
            } catch (RuntimeException e) {
                result = Future.failedFuture(e);
            }
            result.onComplete(outcome -> {
                shard.release(this);
                if (caller == null || Vertx.currentContext() == caller) {
                    answer.handle(outcome);
                } else {
                    caller.runOnContext(v -> answer.handle(outcome));
                }
            });
        });
        return answer.future();
    }

    /**
     * Runs a task on a shard: at once when already there, otherwise behind what is queued.
     *
     * @return whether it was accepted
     */
    public boolean execute(int owner, Runnable task) {
        Shard shard = shards[owner];
        if (!shard.admit(bound) || closed.get()) {
            shard.release(this);
            return false;
        }
        shard.run(() -> {
            try {
                task.run();
            } finally {
                shard.release(this);
            }
        });
        return true;
    }

    /** Like {@link #execute}, but always accepted and always queued: for the answers to what was accepted before. */
    public void resume(int owner, Runnable task) {
        shards[owner].context.runOnContext(v -> task.run());
    }

    /** Whether the calling thread is the one that owns this shard. */
    public boolean isOwner(int owner) {
        return Thread.currentThread() == shards[owner].thread;
    }

    /** How many accepted tasks of a shard are not finished. */
    public int pending(int owner) {
        return shards[owner].pending.get();
    }

    /** Accepts nothing more; completes when the accepted tasks are finished. {@link #resume} works on. */
    public Future<Void> drain() {
        if (closed.compareAndSet(false, true)) {
            checkDrained();
        }
        return drained.future();
    }

    /** Accepts nothing more, lets the accepted tasks finish, and ends the shards. */
    public Future<Void> close() {
        return drain().compose(v -> Future.join(
                        deployments.stream().map(vertx::undeploy).toList())
                .<Void>mapEmpty()
                .recover(e -> Future.succeededFuture()));
    }

    private void checkDrained() {
        if (!closed.get()) {
            return;
        }
        for (Shard shard : shards) {
            if (shard.pending.get() > 0) {
                return;
            }
        }
        drained.tryComplete();
    }

    /** FNV-1a over the UTF-16 code units, with a final mix so that the low bits depend on all of them. */
    private static int hash(String key) {
        int h = 0x811c9dc5;
        for (int i = 0; i < key.length(); i++) {
            h = (h ^ key.charAt(i)) * 0x01000193;
        }
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        return h;
    }

    private static final class Shard {
        final Context context;
        final Thread thread;
        final AtomicInteger pending = new AtomicInteger();

        Shard(Context context, Thread thread) {
            this.context = context;
            this.thread = thread;
        }

        boolean admit(int bound) {
            return pending.incrementAndGet() <= bound;
        }

        void release(Shards all) {
            if (pending.decrementAndGet() == 0) {
                all.checkDrained();
            }
        }

        void run(Runnable task) {
            if (Thread.currentThread() == thread) {
                task.run();
            } else {
                context.runOnContext(v -> task.run());
            }
        }
    }
}
