package de.freiraum.retention;

import de.freiraum.model.Tenant;
import de.freiraum.store.Store;
import de.freiraum.store.TemporalStore.Condensation;
import de.freiraum.store.TemporalStore.Condensed;
import de.freiraum.store.TemporalStore.Head;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through the evolutions again and again and rolls up what is old enough, one slice of some thousand instances after the other. A pass
 * looks at everything, for late observations, if that takes little of the time, and otherwise once a day; the others look at what became old
 * enough since the last one. Callable from any thread.
 */
public final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final Duration LONGEST_BETWEEN_FULL = Duration.ofDays(1);

    /** How many times as long as a full pass took it takes until the next. */
    private static final int REST = 20;

    /** By how much a pass looks behind what the last one did, more than a window is long. */
    private static final Duration OVERLAP = Duration.ofDays(2);

    private final Store store;
    private final List<RetentionRule> rules;
    private final Function<Tenant, ZoneId> zones;
    private final InstantSource clock;
    private final LongAdder removed = new LongAdder();
    private final LongAdder added = new LongAdder();
    private final LongAdder passes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile boolean stopping;
    private @Nullable Future<Void> running;
    private @Nullable Instant nextFull;
    private @Nullable Instant lastPass;

    /**
     * Retention of a store's history; nothing happens before {@link #start}.
     *
     * @param rules the first that is for an entity counts; without one its history is kept as it is
     * @param zones whose days a tenant has
     */
    public Retention(Store store, List<RetentionRule> rules, Function<Tenant, ZoneId> zones, InstantSource clock) {
        this.store = store;
        this.rules = List.copyOf(rules);
        this.zones = zones;
        this.clock = clock;
    }

    /** Begins a pass now, and another one each time the interval is over and none is running. Of those that share a store, only one does. */
    public void start(Vertx vertx, Duration interval) {
        if (!rules.isEmpty()) {
            vertx.runOnContext(now -> tick());
            vertx.setPeriodic(interval.toMillis(), timer -> tick());
        }
    }

    private void tick() {
        if (!stopping && store.leads()) {
            pass().onFailure(e -> LOG.warn("history is not rolled up: {}", e.toString()));
        }
    }

    /** Ends after the slice that is being written. */
    public synchronized Future<Void> close() {
        stopping = true;
        return running == null ? Future.succeededFuture() : running.otherwiseEmpty();
    }

    /** How many instances were rolled up or deleted. */
    public long removed() {
        return removed.sum();
    }

    /** How many instances took their place. */
    public long added() {
        return added.sum();
    }

    /** How often all evolutions were gone through. */
    public long passes() {
        return passes.sum();
    }

    /** How many passes failed. */
    public long failures() {
        return failures.sum();
    }

    /** Goes through all evolutions once; joins a pass that is under way. */
    public Future<Void> pass() {
        Promise<Void> done = Promise.promise();
        Instant now = clock.instant();
        boolean isFull;
        Instant since;
        synchronized (this) {
            if (running != null) {
                return running;
            }
            running = done.future();
            isFull = nextFull == null || !now.isBefore(nextFull);
            since = isFull ? null : lastPass;
        }
        long start = System.nanoTime();
        new RetentionPass(store, new ByRules(now, since), this::count, () -> stopping)
                .run()
                .onComplete(outcome -> {
                    Duration rest = Duration.ofNanos(System.nanoTime() - start).multipliedBy(REST);
                    ended(now, isFull ? rest : null, outcome.succeeded());
                    done.handle(outcome);
                });
        return done.future();
    }

    /**
     * @param rest after a full pass how long none is needed, otherwise null
     */
    private synchronized void ended(Instant now, @Nullable Duration rest, boolean well) {
        running = null;
        if (!well) {
            failures.increment();
        } else if (!stopping) {
            passes.increment();
            lastPass = now;
            if (rest != null) {
                nextFull = now.plus(rest.compareTo(LONGEST_BETWEEN_FULL) < 0 ? rest : LONGEST_BETWEEN_FULL);
            }
        }
    }

    private void count(Condensed slice) {
        removed.add(slice.removed());
        added.add(slice.added());
    }

    /** What the rules say at a time. */
    private final class ByRules implements RetentionPass.Plan {
        private final Instant now;
        private final @Nullable Instant since;

        ByRules(Instant now, @Nullable Instant since) {
            this.now = now;
            this.since = since;
        }

        @Override
        public boolean isFor(Tenant tenant) {
            return rules.stream().anyMatch(rule -> rule.isFor(tenant));
        }

        @Override
        public List<Condensation> of(Tenant tenant, Head head) {
            for (RetentionRule rule : rules) {
                if (rule.isFor(tenant) && rule.isFor(head.types())) {
                    return steps(rule, zones.apply(tenant));
                }
            }
            return List.of();
        }

        /** The oldest first, so that nothing is rolled up that is to be deleted anyway. */
        private List<Condensation> steps(RetentionRule rule, ZoneId zone) {
            List<Condensation> steps = new ArrayList<>();
            rule.days().ifPresent(age -> steps.add(new Expiration(now.minus(age))));
            steps.add(rollup(Period.PT15M, rule.raw(), zone));
            rule.quarterHours().ifPresent(age -> steps.add(rollup(Period.P1D, age, zone)));
            return steps;
        }

        private Rollup rollup(Period period, Duration age, ZoneId zone) {
            Instant from = since == null ? null : period.begin(since.minus(age).minus(OVERLAP), zone);
            return new Rollup(from, period.begin(now.minus(age), zone), period, zone);
        }
    }
}
