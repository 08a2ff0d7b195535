package de.freiraum.ingest;

import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.config.TopicFilter;
import de.freiraum.ingest.mapping.Mapping;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.Observations;
import de.freiraum.model.Origin;
import de.freiraum.model.Value;
import de.freiraum.store.DocumentStore;
import de.freiraum.store.EntityStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a message from its source to a durable change. A future that succeeds means: acknowledge, the message is durable as a change, a known duplicate, of no
 * interest, or a dead letter. One that fails means: the store did not take it, do not acknowledge.
 */
public final class IngestPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(IngestPipeline.class);

    private final EntityStore entities;
    private final InstantSource clock;
    private final SeenMessages seen;
    private final DeadLetters deadLetters;
    private final FrameTracker frames = new FrameTracker();
    private final Map<String, SourceMetrics> metrics = new ConcurrentHashMap<>();
    private final Map<String, Future<Receipt>> inFlight = new ConcurrentHashMap<>();
    private final Slowly slowly = new Slowly();
    private final Validation validation;
    private volatile IngestConfig config;

    /**
     * Limits of what is kept.
     *
     * @param deadLetters the most dead letters; the oldest are dropped
     * @param seenInMemory how many recent messages are remembered in memory; all of two days are remembered in the store
     */
    public record Limits(int deadLetters, int seenInMemory) {
        /** Ten thousand; a hundred thousand. */
        public static final Limits DEFAULT = new Limits(10_000, 100_000);
    }

    /** A pipeline into these stores. Call {@link #start()} before the first message. */
    public IngestPipeline(
            EntityStore entities, DocumentStore documents, InstantSource clock, IngestConfig config, Limits limits) {
        this.entities = entities;
        this.clock = clock;
        this.config = config;
        this.validation = new Validation(entities, clock);
        this.seen = new SeenMessages(documents, limits.seenInMemory(), entities.isShared());
        this.deadLetters = new DeadLetters(documents, clock, this, limits.deadLetters());
    }

    /** Reads what earlier runs remembered. */
    public Future<Void> start() {
        return seen.load(clock.instant()).compose(done -> deadLetters.start());
    }

    /** Takes another configuration for the messages that come from now on. */
    public void reload(IngestConfig next) {
        config = next;
    }

    /** The configuration in force. */
    public IngestConfig config() {
        return config;
    }

    /** The clock by which messages arrive. */
    public InstantSource clock() {
        return clock;
    }

    /** What could not be mapped. */
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /** The counters of every source that had a message, by source id. */
    public Map<String, SourceMetrics> metrics() {
        return Map.copyOf(metrics);
    }

    /** Forgets messages of more than three days ago; to be called about once an hour. @return how many */
    public Future<Integer> sweep() {
        return seen.sweep(clock.instant());
    }

    /** The source that listens to a topic at the built-in MQTT endpoint, or null. */
    public @Nullable String sourceOfTopic(String topic) {
        for (SourceDefinition source : config.sources().values()) {
            for (String filter : source.topics()) {
                if (TopicFilter.matches(filter, topic)) {
                    return source.id();
                }
            }
        }
        return null;
    }

    /** Takes a message of a source. */
    public Future<Receipt> accept(String sourceId, RawMessage message) {
        SourceMetrics counters = metrics(sourceId);
        counters.received();
        return process(sourceId, message)
                .recover(failure -> failure instanceof Rejection rejection
                        ? dead(sourceId, message, rejection)
                        : Future.failedFuture(failure))
                .onSuccess(counters::done)
                .onFailure(failure -> {
                    counters.failed();
                    LOG.warn("a message of {} is not acknowledged: {}", sourceId, failure.toString());
                });
    }

    /** Keeps a message that belongs to no source as a dead letter. */
    public Future<Receipt> acceptUnknown(RawMessage message) {
        Rejection rejection = new Rejection(
                Rejection.Reason.UNKNOWN_TOPIC, "no source listens to \"" + Rejection.clip(message.topic()) + "\"");
        SourceMetrics counters = metrics("");
        counters.received();
        return dead("", message, rejection).onSuccess(counters::done).onFailure(failure -> counters.failed());
    }

    /** Counts a message that came again and whose first copy is a dead letter. */
    public void repeated(String sourceId) {
        SourceMetrics counters = metrics(sourceId);
        counters.received();
        counters.done(Receipt.of(Receipt.Outcome.DUPLICATE, ""));
    }

    private Future<Receipt> dead(String sourceId, RawMessage message, Rejection rejection) {
        return deadLetters.add(sourceId, message, rejection).map(letter -> {
            LOG.debug("a message of {} is a dead letter: {}", sourceId, rejection.detail());
            return new Receipt(Receipt.Outcome.DEAD, rejection.detail(), letter.id(), 0, false);
        });
    }

    /** The counters of a source. */
    public SourceMetrics metrics(String sourceId) {
        return metrics.computeIfAbsent(sourceId, id -> new SourceMetrics());
    }

    /** The same as {@link #accept} but a message that cannot be mapped fails with its {@link Rejection}. */
    Future<Receipt> process(String sourceId, RawMessage message) {
        SourceDefinition source = sourceId.isEmpty() ? null : config.source(sourceId);
        if (source == null) {
            String byTopic = sourceOfTopic(message.topic());
            source = byTopic == null ? null : config.source(byTopic);
        }
        if (source == null) {
            return Future.failedFuture(new Rejection(Rejection.Reason.UNKNOWN_TOPIC, "there is no such source"));
        }
        try {
            List<Uplink> uplinks = source.envelope().open(message);
            if (uplinks.size() == 1) {
                return one(source, message, uplinks.get(0));
            }
            return several(source, message, uplinks);
        } catch (Rejection e) {
            return Future.failedFuture(e);
        } catch (RuntimeException e) {
            return Future.failedFuture(unexpected(source, e));
        }
    }

    /** A fault of ours must not stop a source; the message is kept and can be replayed when the fault is repaired. */
    private static Rejection unexpected(SourceDefinition source, RuntimeException e) {
        LOG.error("a message of {} made the pipeline fail", source.id(), e);
        return Rejection.mapping("the message could not be processed because of a fault inside");
    }

    private Future<Receipt> several(SourceDefinition source, RawMessage message, List<Uplink> uplinks) {
        Future<List<Rejection>> rest = Future.succeededFuture(new ArrayList<>());
        Receipt[] best = {Receipt.of(Receipt.Outcome.IGNORED, "")};
        for (Uplink uplink : uplinks) {
            rest = rest.compose(rejections -> one(source, message, uplink).transform(result -> {
                if (result.succeeded()) {
                    Receipt receipt = result.result();
                    best[0] = receipt.outcome().compareTo(best[0].outcome()) > 0 ? receipt : best[0];
                } else if (result.cause() instanceof Rejection rejection) {
                    rejections.add(rejection);
                } else {
                    return Future.failedFuture(result.cause());
                }
                return Future.succeededFuture(rejections);
            }));
        }
        return rest.compose(rejections ->
                rejections.isEmpty() ? Future.succeededFuture(best[0]) : Future.failedFuture(rejections.get(0)));
    }

    private Future<Receipt> one(SourceDefinition source, RawMessage message, Uplink uplink) {
        try {
            Transmission transmission = Transmission.of(source, uplink);
            if (transmission.mapping().isSlow()) {
                return slowly.call(transmission::decode)
                        .recover(failure -> Future.failedFuture(
                                failure instanceof RuntimeException e && !(e instanceof Rejection)
                                        ? unexpected(source, e)
                                        : failure))
                        .compose(decoded -> decoded(transmission, message.receivedAt(), decoded));
            }
            return decoded(transmission, message.receivedAt(), transmission.decode());
        } catch (Rejection e) {
            return Future.failedFuture(e);
        } catch (RuntimeException e) {
            return Future.failedFuture(unexpected(source, e));
        }
    }

    private Future<Receipt> decoded(Transmission transmission, Instant arrival, Optional<Value.Obj> decoded) {
        try {
            if (decoded.isEmpty()) {
                return Future.succeededFuture(Receipt.of(Receipt.Outcome.IGNORED, "the uplink carries no state"));
            }
            Instant stated = transmission.time(decoded.get(), arrival);
            return once(new Work(transmission, decoded.get(), arrival, stated), transmission.hash());
        } catch (Rejection e) {
            return Future.failedFuture(e);
        } catch (RuntimeException e) {
            return Future.failedFuture(unexpected(transmission.source(), e));
        }
    }

    private record Work(
            Transmission transmission,
            Value.Obj decoded,
            Instant arrival,
            @Nullable Instant stated) {
        SourceDefinition source() {
            return transmission.source();
        }

        /** The earliest that an equal message can have arrived and still count. */
        Instant earliest() {
            Instant remembered = arrival.minus(window());
            Instant sent = stated == null
                    ? remembered
                    : stated.minus(transmission.mapping().time().future());
            return sent.isAfter(remembered) ? sent : remembered;
        }

        Duration window() {
            Mapping.Dedup dedup = transmission.mapping().dedup();
            return transmission.uplink().identified() ? dedup.identified() : dedup.unidentified();
        }
    }

    /** Lets equal messages that come at the same time wait for the first of them. */
    private Future<Receipt> once(Work work, String hash) {
        Promise<Receipt> promise = Promise.promise();
        Future<Receipt> first = inFlight.putIfAbsent(hash, promise.future());
        if (first != null) {
            return first.map(receipt -> Receipt.of(Receipt.Outcome.DUPLICATE, "the same message came before"));
        }
        Future<Receipt> result;
        try {
            result = seen.find(hash, work.arrival(), work.earliest()).compose(known -> write(work, hash, known));
        } catch (RuntimeException e) {
            result = Future.failedFuture(e);
        }
        return result.onComplete(done -> {
            inFlight.remove(hash);
            promise.handle(done);
        });
    }

    private Future<Receipt> write(Work work, String hash, SeenMessages.@Nullable Seen before) {
        Instant arrival = work.arrival();
        boolean known = before != null && before.within(work.window(), arrival);
        if (known && Objects.requireNonNull(before).written()) {
            return Future.succeededFuture(Receipt.of(Receipt.Outcome.DUPLICATE, "the same message came before"));
        }
        Instant stated = work.stated();
        Instant time =
                stated != null ? stated : known ? Objects.requireNonNull(before).time() : arrival;
        Mapping.Mapped mapped;
        try {
            mapped = work.transmission().map(work.decoded(), time, arrival);
        } catch (Rejection e) {
            return Future.failedFuture(e);
        } catch (RuntimeException e) {
            return Future.failedFuture(unexpected(work.source(), e));
        }
        SourceMetrics counters = metrics(work.source().id());
        counters.leftOut(mapped.notes().size());
        if (mapped.fragments().isEmpty()) {
            return Future.succeededFuture(Receipt.of(Receipt.Outcome.IGNORED, "the uplink carries no state"));
        }
        Future<Mapping.Mapped> valid = validation.check(work.source(), mapped, counters);
        return valid.succeeded()
                ? accepted(work, hash, before, time, valid.result())
                : valid.compose(checked -> accepted(work, hash, before, time, checked));
    }

    private Future<Receipt> accepted(
            Work work, String hash, SeenMessages.@Nullable Seen before, Instant time, Mapping.Mapped mapped) {
        Instant arrival = work.arrival();
        boolean known = before != null && before.within(work.window(), arrival);
        if (work.stated() != null || known) {
            return entities.applyAll(work.source().tenant(), writes(mapped), Origin.SENSOR)
                    .compose(results -> written(work, hash, time, mapped, results));
        }
        SeenMessages.Seen claim = new SeenMessages.Seen(false, arrival, time);
        return seen.claim(hash, claim)
                .compose(entered -> entered.equals(claim) || entered.within(work.window(), arrival)
                        ? Future.succeededFuture(entered)
                        : seen.enter(hash, claim).map(claim))
                .compose(entered -> entered.equals(claim)
                        ? entities.applyAll(work.source().tenant(), writes(mapped), Origin.SENSOR)
                                .compose(results -> written(work, hash, time, mapped, results))
                        : write(work, hash, entered));
    }

    private static List<EntityStore.EntityWrite> writes(Mapping.Mapped mapped) {
        List<EntityStore.EntityWrite> writes =
                new ArrayList<>(mapped.fragments().size());
        for (EntityFragment fragment : mapped.fragments()) {
            writes.add(
                    new EntityStore.EntityWrite(Objects.requireNonNull(fragment.id()), Observations.update(fragment)));
        }
        return writes;
    }

    private Future<Receipt> written(
            Work work, String hash, Instant time, Mapping.Mapped mapped, List<EntityStore.WriteResult> results) {
        for (EntityStore.WriteResult result : results) {
            if (result.error() != null) {
                return Future.failedFuture(new Rejection(
                        Rejection.Reason.REFUSED,
                        "the store refuses the change: " + result.error().detail()));
            }
        }
        // Not waited for: should it be lost, the message is written again with the same time, which changes nothing.
        seen.enter(hash, new SeenMessages.Seen(true, work.arrival(), time))
                .onFailure(e -> LOG.debug("a message is not remembered: {}", e.toString()));
        FrameTracker.Seen frame =
                frames.take(work.source().id(), work.transmission().uplink(), time);
        metrics(work.source().id()).lag(Duration.between(time, work.arrival()).toMillis());
        return Future.succeededFuture(new Receipt(
                Receipt.Outcome.ACCEPTED, String.join("; ", mapped.notes()), null, frame.lost(), frame.newSession()));
    }
}
