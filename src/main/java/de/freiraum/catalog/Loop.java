package de.freiraum.catalog;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

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
