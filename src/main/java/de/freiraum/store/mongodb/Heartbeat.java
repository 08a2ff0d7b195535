package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import de.freiraum.store.change.Ticks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down once a second how far the times of this replica are, and learns by that whether the deployment takes writes; learns too which
 * tenants and snapshots other replicas made.
 */
final class Heartbeat {
    static final String CLOCK = "clock";

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Schema schema;
    private final Transactions transactions;
    private final Ticks ticks;
    private final Partitions partitions;
    private final Lease lease;
    private final Leading leading;
    private final AtomicBoolean beating = new AtomicBoolean();
    private final long timer;
    private volatile @Nullable String fault;

    Heartbeat(
            Vertx vertx,
            Schema schema,
            Transactions transactions,
            Ticks ticks,
            Partitions partitions,
            Lease lease,
            Leading leading) {
        this.vertx = vertx;
        this.schema = schema;
        this.transactions = transactions;
        this.ticks = ticks;
        this.partitions = partitions;
        this.lease = lease;
        this.leading = leading;
        this.timer = vertx.setPeriodic(1, INTERVAL.toMillis(), tick -> beat());
    }

    private void beat() {
        if (!beating.compareAndSet(false, true)) {
            return;
        }
        write().compose(v -> partitions.refresh()).compose(v -> lease.renew()).onComplete(done -> {
            beating.set(false);
            leading.beat();
            if (done.succeeded()) {
                if (fault != null) {
                    LOG.info("MongoDB takes writes again");
                }
                fault = null;
            } else {
                if (fault == null) {
                    LOG.warn("MongoDB takes no writes: {}", done.cause().getMessage());
                }
                fault = "MongoDB takes no writes: " + clipped(done.cause().getMessage());
            }
        });
    }

    private Future<Void> write() {
        return transactions.within(Reactive.done(schema.meta()
                .updateOne(
                        Filters.eq("_id", CLOCK), Updates.max("n", ticks.last()), new UpdateOptions().upsert(true))));
    }

    private static String clipped(@Nullable String message) {
        String text = String.valueOf(message);
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    /** Why the deployment takes no writes; empty if it does. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Writes down the time once more, and ends. */
    Future<Void> stop() {
        vertx.cancelTimer(timer);
        return write().compose(v -> transactions.within(lease.giveUp()));
    }
}
