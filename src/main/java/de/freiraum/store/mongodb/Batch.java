package de.freiraum.store.mongodb;

import de.freiraum.model.NgsiLdException;
import de.freiraum.store.EntityStore.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The results of a batch, which come from several event loops. */
final class Batch {
    private final AtomicReferenceArray<WriteResult> results;
    private final AtomicInteger missing;
    private final Promise<List<WriteResult>> all = Promise.promise();
    private volatile @Nullable Throwable failure;

    Batch(int size) {
        results = new AtomicReferenceArray<>(size);
        missing = new AtomicInteger(size);
    }

    /** Takes the result of the write in that place. */
    Lane.Sink sink(int index) {
        return (applied, error) -> {
            if (applied != null) {
                results.set(index, new WriteResult(applied, null));
            } else if (error instanceof NgsiLdException refusal) {
                results.set(index, new WriteResult(null, refusal));
            } else {
                failure = error;
            }
            if (missing.decrementAndGet() == 0) {
                finish();
            }
        };
    }

    private void finish() {
        Throwable failed = failure;
        if (failed != null) {
            all.fail(failed);
            return;
        }
        List<WriteResult> list = new ArrayList<>(results.length());
        for (int i = 0; i < results.length(); i++) {
            list.add(results.get(i));
        }
        all.complete(list);
    }

    Future<List<WriteResult>> results() {
        return all.future();
    }
}
