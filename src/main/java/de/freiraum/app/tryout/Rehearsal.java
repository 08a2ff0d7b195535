package de.freiraum.app.tryout;

import de.freiraum.aggregate.AggregateConfig;
import de.freiraum.aggregate.Aggregators;
import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.Interpretation;
import de.freiraum.ingest.Receipt;
import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.Observations;
import de.freiraum.model.Origin;
import de.freiraum.store.embedded.EmbeddedOptions;
import de.freiraum.store.embedded.EmbeddedStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way through the whole pipeline into a store in memory, which begins empty and is gone afterwards, with the totals and windows that follow.
 * Nothing else is touched: no file, no network, no running server.
 */
public final class Rehearsal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final IngestConfig config;
    private final AtomicReference<Instant> now;
    private final Map<String, Entity> aggregates = new LinkedHashMap<>();
    private final EmbeddedStore store;
    private final Aggregators aggregators;
    private final IngestPipeline pipeline;

    /** Opens the store. The clock stands still at the given time, until a message comes at another. */
    public Rehearsal(IngestConfig config, AggregateConfig rules, Instant time) {
        this.config = config;
        this.now = new AtomicReference<>(time);
        store = wait(EmbeddedStore.open(vertx, EmbeddedOptions.inMemory(now::get)));
        store.onChange(this::remember);
        // Nothing is silent while nobody waits.
        aggregators = wait(Aggregators.start(store, store, rules.withTick(Duration.ZERO), now::get, vertx));
        pipeline = new IngestPipeline(store, store, now::get, config, IngestPipeline.Limits.DEFAULT);
        wait(pipeline.start());
    }

    /**
     * What became of one message.
     *
     * @param receipt what its sender would hear
     * @param transmissions what each transmission in it means; empty when it is refused
     * @param changes the entities as each transmission would write them, in its order
     * @param aggregates totals and windows that it changed, as they are now
     */
    public record Outcome(
            Receipt receipt, List<Interpretation> transmissions, List<List<Entity>> changes, List<Entity> aggregates) {
        /** Copies the lists. */
        public Outcome {
            transmissions = List.copyOf(transmissions);
            changes = List.copyOf(changes);
            aggregates = List.copyOf(aggregates);
        }
    }

    private void remember(Change change) {
        Entity after = change.after();
        if (change.origin() == Origin.AGGREGATE && after != null) {
            synchronized (aggregates) {
                aggregates.put(change.entityId(), after);
            }
        }
    }

    /** Sends a message of a source. */
    public Outcome send(SourceDefinition source, RawMessage message) {
        now.set(message.receivedAt());
        List<Interpretation> transmissions = new ArrayList<>();
        try {
            transmissions.addAll(Interpretation.of(source, message));
        } catch (Rejection e) {
            // The receipt says why.
        }
        synchronized (aggregates) {
            aggregates.clear();
        }
        Receipt receipt = wait(pipeline.accept(source.id(), message));
        wait(aggregators.drain());
        List<List<Entity>> changes = transmissions.stream()
                .map(transmission -> transmission.mapped().fragments().stream()
                        .map(fragment -> entity(fragment, message.receivedAt()))
                        .toList())
                .toList();
        synchronized (aggregates) {
            return new Outcome(receipt, transmissions, changes, List.copyOf(aggregates.values()));
        }
    }

    /** The source that listens to a topic at the built-in MQTT endpoint, or null. */
    public @Nullable SourceDefinition sourceOfTopic(String topic) {
        String id = pipeline.sourceOfTopic(topic);
        return id == null ? null : config.source(id);
    }

    /** What the fragment alone makes of no entity. */
    private static Entity entity(EntityFragment fragment, Instant time) {
        Entity after = Observations.update(fragment).apply(null, time).after();
        if (after == null) {
            throw new IllegalStateException("an observation makes an entity");
        }
        return after;
    }

    private static <T> T wait(Future<T> future) {
        try {
            return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("not done in " + PATIENCE.toSeconds() + " seconds", e);
        }
    }

    @Override
    public void close() {
        wait(aggregators.close().transform(done -> store.close()).transform(done -> vertx.close()));
    }
}
