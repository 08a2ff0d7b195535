package de.freiraum.store.embedded;

import de.freiraum.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Bounds how much waits to be committed, and knows when nothing does any more. Callable from any thread. */
final class Admission {
    private final GroupCommitter committer;
    private final int maxPending;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Promise<Void> idle = Promise.promise();
    private final LongAdder refused = new LongAdder();

    /**
     * @param maxPending how many changes may wait, at least 1
     */
    Admission(GroupCommitter committer, int maxPending) {
        this.committer = committer;
        this.maxPending = maxPending;
    }

    /**
     * Counts what is about to wait.
     *
     * @return null, or why it is not taken; what was taken is to be {@linkplain #release released} once
     */
    @Nullable
    RuntimeException admit(int more) {
        StoreException failure = committer.failure();
        if (failure != null) {
            refused.add(more);
            return failure;
        }
        // A batch that is larger than the bound is taken when nothing else waits: it could never be taken otherwise.
        int before = pending.getAndAdd(more);
        if (before > 0 && before + more > maxPending) {
            release(more);
            refused.add(more);
            return overloaded();
        }
        // Looked at after counting, so that closing either waits for this change or is seen here.
        if (closing.get()) {
            release(more);
            return overloaded();
        }
        return null;
    }

    /** Counts what waits no more. */
    void release(int fewer) {
        if (pending.addAndGet(-fewer) == 0 && closing.get()) {
            idle.tryComplete();
        }
    }

    /** Why nothing more is taken now. */
    StoreException overloaded() {
        return closing.get()
                ? StoreException.unavailable("the store is closing")
                : StoreException.unavailable(
                        "more than " + maxPending + " changes wait to be committed; try again later");
    }

    /**
     * Takes nothing more from now on.
     *
     * @return whether this was the first call
     */
    boolean close() {
        boolean first = closing.compareAndSet(false, true);
        if (pending.get() == 0) {
            idle.tryComplete();
        }
        return first;
    }

    boolean isClosing() {
        return closing.get();
    }

    /** Completes after {@link #close} when nothing waits any more. */
    Future<Void> idle() {
        return idle.future();
    }

    int pending() {
        return pending.get();
    }

    /** How much was not taken since the store was opened. */
    long refused() {
        return refused.sum();
    }
}
