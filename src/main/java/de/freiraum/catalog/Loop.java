package de.freiraum.catalog;

import de.freiraum.broker.ScanOperations.Piece;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Repeats asynchronous steps, any number of them, on a stack that does not grow. */
public final class Loop {
    private final Supplier<Future<Boolean>> step;
    private final Promise<Void> ended = Promise.promise();
    private boolean running;
    private boolean again;

    private Loop(Supplier<Future<Boolean>> step) {
        this.step = step;
    }

    /**
     * Takes one step after the other.
     *
     * @param step tells whether another one is to follow
     * @return succeeds after the last step; fails with the first that fails
     */
    public static Future<Void> whileTrue(Supplier<Future<Boolean>> step) {
        Loop loop = new Loop(step);
        loop.next();
        return loop.ended.future();
    }

    /**
     * Reads piece after piece.
     *
     * @param read reads the piece behind an id, or the first for null
     * @param item is given each item
     * @return fails with the first piece that cannot be read
     */
    static <T> Future<Void> pieces(Function<@Nullable String, Future<Piece<T>>> read, Consumer<T> item) {
        AtomicReference<@Nullable String> after = new AtomicReference<>();
        return whileTrue(() -> read.apply(after.get()).map(piece -> {
            piece.items().forEach(item);
            after.set(piece.next());
            return piece.next() != null;
        }));
    }

    /** A step that ends before it returns asks the loop below it on the stack to go on. */
    private synchronized void next() {
        again = true;
        if (running) {
            return;
        }
        running = true;
        while (again) {
            again = false;
            take();
        }
        running = false;
    }

    private void take() {
        Future<Boolean> taken;
        try {
            taken = step.get();
        } catch (RuntimeException e) {
            ended.fail(e);
            return;
        }
        taken.onComplete(done -> {
            if (done.failed()) {
                ended.tryFail(done.cause());
            } else if (Boolean.TRUE.equals(done.result())) {
                next();
            } else {
                ended.tryComplete();
            }
        });
    }
}
