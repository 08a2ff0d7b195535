package de.freiraum.ingest.poll;

import de.freiraum.egress.Egress;
import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.config.PollDefinition;
import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.mapping.Device;
import de.freiraum.store.DocumentStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the addresses of one source, each by its own clock: {@code every} after an answer, later and later after failures. */
public final class Poller {
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration LAST_ROUND = Duration.ofSeconds(2);
    private static final Duration APART = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final String source;
    private final PollDefinition poll;
    private final BooleanSupplier leads;
    private final DoubleSupplier random;
    private final List<Loop> loops = new ArrayList<>();
    private final LongAdder answered = new LongAdder();
    private final LongAdder unchanged = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /**
     * The poller of a source with a {@code poll}; asks after {@link #start()}.
     *
     * @param leads whether this process asks, of those that share the store
     * @param random numbers from 0 to 1, to scatter retries
     */
    public Poller(
            Vertx vertx,
            IngestPipeline pipeline,
            Egress egress,
            DocumentStore store,
            SourceDefinition source,
            BooleanSupplier leads,
            DoubleSupplier random) {
        this.vertx = vertx;
        this.source = source.id();
        this.poll = Objects.requireNonNull(source.poll());
        this.leads = leads;
        this.random = random;
        List<@Nullable Device> devices = new ArrayList<>();
        if (poll.perDevice()) {
            source.devices().values().stream()
                    .sorted(java.util.Comparator.comparing(Device::id))
                    .forEach(devices::add);
        } else {
            devices.add(null);
        }
        for (Device device : devices) {
            Context context = vertx.getOrCreateContext();
            loops.add(new Loop(context, new PollTarget(context, pipeline, egress, store, source.id(), poll, device)));
        }
    }

    /** Begins to ask; several addresses one after the other, so that they do not all wait for the same server. */
    public void start() {
        Duration apart = poll.every().dividedBy(loops.size());
        long millis = Math.min(apart.toMillis(), APART.toMillis());
        for (int i = 0; i < loops.size(); i++) {
            Loop loop = loops.get(i);
            long delay = i * millis;
            loop.context.runOnContext(v -> loop.schedule(delay));
        }
    }

    /** Asks no more; succeeds when what was asked before has come to its end, or after two seconds. */
    public Future<Void> stop() {
        return Future.join(loops.stream().map(Loop::stop).toList()).mapEmpty();
    }

    /** Tries again what was refused, in the next round: devices or mappings are others now. */
    public void forgetRefused() {
        loops.forEach(loop -> loop.context.runOnContext(v -> loop.target.forgetRefused()));
    }

    /** Rounds that brought records. */
    public long answered() {
        return answered.sum();
    }

    /** Rounds without anything new. */
    public long unchanged() {
        return unchanged.sum();
    }

    /** Rounds that failed. */
    public long failed() {
        return failed.sum();
    }

    /** How many of its addresses fail at present. */
    public long failing() {
        return loops.stream().filter(loop -> loop.fault != null).count();
    }

    /** Why it fails at present, with the first address that does; empty while all is well. */
    public Optional<String> fault() {
        return loops.stream().map(loop -> loop.fault).filter(Objects::nonNull).findFirst();
    }

    /** One address with its timer. All but {@code fault} belongs to its context. */
    private final class Loop {
        private final Context context;
        private final PollTarget target;
        private volatile @Nullable String fault;
        private int failures;
        private long timer = -1;
        private boolean stopped;
        private Future<?> running = Future.succeededFuture();

        Loop(Context context, PollTarget target) {
            this.context = context;
            this.target = target;
        }

        private void schedule(long delay) {
            if (!stopped) {
                timer = vertx.setTimer(Math.max(1, delay), id -> context.runOnContext(v -> ask()));
            }
        }

        private void ask() {
            if (stopped) {
                return;
            }
            if (!leads.getAsBoolean()) {
                schedule(Math.min(poll.every().toMillis(), FIRST_WAIT.toMillis()));
                return;
            }
            running = target.round().onSuccess(this::answered).onFailure(this::failed);
        }

        private void answered(boolean any) {
            (any ? answered : unchanged).increment();
            if (failures > 0) {
                LOG.info("{} answers again", target.topic());
            }
            failures = 0;
            fault = null;
            schedule(poll.every().toMillis());
        }

        private void failed(Throwable failure) {
            failed.increment();
            failures++;
            PollFailure told = failure instanceof PollFailure known ? known : new PollFailure(failure.toString());
            fault = target.topic() + ": " + told.detail();
            long wait = wait(told);
            LOG.warn("{}; the next try is in {} s", fault, Math.round(wait / 1000.0));
            schedule(wait);
        }

        /** Twice as long after each failure, a tenth more or less; at least what the other side asks for. */
        private long wait(PollFailure failure) {
            long first = Math.min(poll.every().toMillis(), FIRST_WAIT.toMillis());
            long longest = Math.max(poll.every().toMillis(), LONGEST_WAIT.toMillis());
            long grown = Math.min(longest, first << Math.min(failures - 1, 20));
            long scattered = (long) (grown * (0.9 + 0.2 * random.getAsDouble()));
            return Math.max(scattered, failure.retryAfter().toMillis());
        }

        private Future<Void> stop() {
            Promise<Void> done = Promise.promise();
            context.runOnContext(v -> {
                stopped = true;
                vertx.cancelTimer(timer);
                running.timeout(LAST_ROUND.toSeconds(), TimeUnit.SECONDS).onComplete(ended -> done.complete());
            });
            return done.future();
        }
    }

    @Override
    public String toString() {
        return "Poller[" + source + "]";
    }
}
