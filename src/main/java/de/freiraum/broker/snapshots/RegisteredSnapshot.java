package de.freiraum.broker.snapshots;

import de.freiraum.model.Snapshot;
import de.freiraum.model.Tenant;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A snapshot there is. Identity is the registration. Safe for any thread. */
final class RegisteredSnapshot {
    private final Tenant tenant;
    private final AtomicReference<Snapshot> snapshot;
    private final AtomicBoolean gone = new AtomicBoolean();
    private final AtomicBoolean unsavedUse = new AtomicBoolean();
    private final Promise<Void> left = Promise.promise();
    private Future<Void> tail = Future.succeededFuture();

    RegisteredSnapshot(Tenant tenant, Snapshot snapshot) {
        this.tenant = tenant;
        this.snapshot = new AtomicReference<>(snapshot);
    }

    /** Whose it is. */
    Tenant tenant() {
        return tenant;
    }

    /** Its description as it is now. */
    Snapshot snapshot() {
        return Objects.requireNonNull(snapshot.get());
    }

    /** Where its content is. */
    Tenant place() {
        return tenant.snapshot(snapshot().id());
    }

    Snapshot change(UnaryOperator<Snapshot> change) {
        return Objects.requireNonNull(snapshot.updateAndGet(change));
    }

    /** Notes that an operation works on it; written down some time later. */
    void used(Instant now) {
        change(s -> s.usedAt(now));
        unsavedUse.set(true);
    }

    boolean takeUnsavedUse() {
        return unsavedUse.getAndSet(false);
    }

    /** Whether it is there for clients. */
    boolean isThere(Instant now) {
        return !gone.get() && snapshot().times().expiresAt().isAfter(now);
    }

    boolean isGone() {
        return gone.get();
    }

    /** Ends it for clients. @return false: it has ended before */
    boolean end() {
        return gone.compareAndSet(false, true);
    }

    /** Completes when nothing of it is left. */
    Promise<Void> left() {
        return left;
    }

    /** Runs work on its document after the work that was asked for before. */
    synchronized <T> Future<T> inOrder(Supplier<Future<T>> work) {
        Future<T> mine = tail.transform(before -> work.get());
        tail = mine.mapEmpty();
        return mine;
    }
}
