package de.freiraum.aggregate;

import de.freiraum.aggregate.footfall.FootfallAggregator;
import de.freiraum.aggregate.parking.ParkingAggregator;
import de.freiraum.model.Change;
import de.freiraum.store.ChangeFollower;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All aggregates of a store, computed by the one process that leads among those that share it. They correct themselves when it begins to lead and
 * then follow the committed changes. Callable from any thread.
 */
public final class Aggregators {
    private final Vertx vertx;
    private final EntityStore store;
    private final TemporalStore history;
    private final AggregateConfig config;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Aggregation> current = new AtomicReference<>();
    private volatile boolean closed;

    private Aggregators(
            Vertx vertx, EntityStore store, TemporalStore history, AggregateConfig config, InstantSource clock) {
        this.vertx = vertx;
        this.store = store;
        this.history = history;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Starts aggregating. When it completes in a process that leads, every spot and counter that the store holds is known; what has to be corrected
     * is corrected after that ({@link #drain} tells when).
     *
     * @param clock tells what is silent and what is late
     */
    public static Future<Aggregators> start(
            EntityStore store, TemporalStore history, AggregateConfig config, InstantSource clock, Vertx vertx) {
        Aggregators aggregators = new Aggregators(vertx, store, history, config, clock);
        return store.follow(aggregators.new Following())
                .map(v -> aggregators)
                .recover(error -> aggregators.close().transform(done -> Future.<Aggregators>failedFuture(error)));
    }

    private final class Following implements ChangeFollower {
        @Override
        public Future<Void> lead() {
            return Aggregation.create(store, history, config, clock, vertx).compose(aggregation -> {
                if (closed) {
                    return aggregation.close();
                }
                current.set(aggregation);
                return aggregation.begin(config, clock);
            });
        }

        @Override
        public void changed(Change change, long number) {
            // What is told before there is one is found when it begins.
            Aggregation aggregation = current.get();
            if (aggregation != null) {
                aggregation.onChange(change);
            }
        }

        /** Whoever leads next finds out by itself what there is to do. */
        @Override
        public long undone() {
            return Long.MAX_VALUE;
        }

        /** What waits is bounded by the number of spots and counters. */
        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public Future<Void> rest() {
            Aggregation aggregation = current.getAndSet(null);
            return aggregation == null ? Future.succeededFuture() : aggregation.close();
        }
    }

    /** Completes when no work is open: every aggregate is what the changes until now make it. */
    public Future<Void> drain() {
        return there().map(Aggregation::drain).orElseGet(Future::succeededFuture);
    }

    /** Makes spots unknown whose sensors have been silent until that time. Returns at once. */
    public void tick(Instant now) {
        there().ifPresent(aggregation -> aggregation.tick(now));
    }

    /** Stops. Work under way is ended, the rest is found again at the next start. */
    public Future<Void> close() {
        closed = true;
        return there().map(Aggregation::close).orElseGet(Future::succeededFuture);
    }

    /** Totals and silence, for their counters; only while this process leads. */
    public ParkingAggregator parking() {
        return leading(Aggregation::parking);
    }

    /** Windows, for their counters; only while this process leads. */
    public FootfallAggregator footfall() {
        return leading(Aggregation::footfall);
    }

    /** How many sites, groups, spots and counters have work waiting or under way. */
    public long open() {
        return there().map(Aggregation::open).orElse(0L);
    }

    private Optional<Aggregation> there() {
        return Optional.ofNullable(current.get());
    }

    private <T> T leading(Function<Aggregation, T> part) {
        return part.apply(Objects.requireNonNull(current.get(), "another process aggregates"));
    }
}
