package de.freiraum.app;

import de.freiraum.config.ConfigException;
import de.freiraum.egress.Egress;
import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.ingest.config.MqttAccess;
import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.mapping.Device;
import de.freiraum.ingest.mqtt.MqttSource;
import de.freiraum.ingest.poll.Poller;
import de.freiraum.ops.Metrics;
import de.freiraum.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources that go and get their messages: subscriptions at brokers and polls. Another configuration takes effect at once; what it does not change goes on without
 * an interruption. Callable from any thread, one change after the other.
 */
final class RunningSources {
    private static final Logger LOG = LoggerFactory.getLogger(RunningSources.class);

    private final Vertx vertx;
    private final IngestPipeline pipeline;
    private final Egress egress;
    private final Store store;
    private final Metrics metrics;
    private final IngestMetrics counters;
    private final String process;
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private Future<Void> last = Future.succeededFuture();

    /** A way in that can be started. {@code settings} is all that would make it another one. */
    private record Way(Object settings, Supplier<Running> start) {}

    /**
     * A way in that runs.
     *
     * @param settings equal to those of another configuration: it can go on
     * @param stop ends it
     * @param reloaded tells it that devices or mappings are others
     * @param fault why it does not work at present
     */
    private record Running(
            Object settings, Supplier<Future<Void>> stop, Runnable reloaded, Supplier<Optional<String>> fault) {}

    /**
     * Nothing runs before {@link #replace}.
     *
     * @param process names this process among those that share subscriptions, the same from start to start
     */
    RunningSources(Vertx vertx, IngestPipeline pipeline, Egress egress, Store store, Metrics metrics, String process) {
        this.vertx = vertx;
        this.pipeline = pipeline;
        this.egress = egress;
        this.store = store;
        this.metrics = metrics;
        this.counters = new IngestMetrics(metrics, pipeline);
        this.process = process;
    }

    /** What a change of the configuration did. */
    record Change(List<String> started, List<String> stopped, List<String> kept) {}

    /** Takes a configuration: stops what it has not, starts what is new, and replaces what differs. */
    synchronized Future<Change> replace(IngestConfig config) {
        Future<Change> change = last.compose(done -> change(config));
        last = change.otherwiseEmpty().mapEmpty();
        return change;
    }

    /** Stops everything; the configuration stays in force for what is still on its way. */
    synchronized Future<Void> stop() {
        return last.compose(done -> end(List.copyOf(running.keySet())));
    }

    private Future<Void> end(List<String> names) {
        List<Future<Void>> ending = names.stream()
                .map(name -> Objects.requireNonNull(running.remove(name)).stop().get())
                .toList();
        return Future.join(ending)
                .onFailure(e -> LOG.warn("a source did not end in order: {}", e.toString()))
                .otherwiseEmpty()
                .mapEmpty();
    }

    /** Why sources do not work at present, by their names. */
    Map<String, String> faults() {
        Map<String, String> faults = new TreeMap<>();
        running.forEach((name, way) -> way.fault().get().ifPresent(fault -> faults.put(name, fault)));
        return faults;
    }

    private Future<Change> change(IngestConfig config) {
        List<ConfigException.Problem> fixed = needRestart(pipeline.config().mqtt(), config.mqtt());
        if (!fixed.isEmpty()) {
            return Future.failedFuture(new ConfigException(fixed));
        }
        Map<String, Way> wanted = new LinkedHashMap<>();
        config.sources().values().forEach(source -> ways(config, source, wanted));
        List<String> kept = new ArrayList<>();
        List<String> stopped = new ArrayList<>();
        running.forEach((name, way) -> {
            Way next = wanted.get(name);
            (next != null && next.settings().equals(way.settings()) ? kept : stopped).add(name);
        });
        return end(stopped).map(ended -> {
            pipeline.reload(config);
            counters.update();
            kept.forEach(
                    name -> Objects.requireNonNull(running.get(name)).reloaded().run());
            List<String> started = new ArrayList<>();
            wanted.forEach((name, way) -> {
                if (!running.containsKey(name)) {
                    running.put(name, way.start().get());
                    started.add(name);
                }
            });
            return new Change(started, stopped, kept);
        });
    }

    /** The endpoint listens where and as it did at the start, which must stay right. */
    private static List<ConfigException.Problem> needRestart(MqttAccess now, MqttAccess next) {
        List<ConfigException.Problem> problems = new ArrayList<>();
        if (now.maxMessageBytes() != next.maxMessageBytes()) {
            problems.add(restart("mqtt.maxMessageBytes", "another size"));
        }
        if (now.users().isEmpty() != next.users().isEmpty()) {
            problems.add(restart("mqtt.users", "the change between no users and some"));
        }
        return problems;
    }

    private static ConfigException.Problem restart(String path, String what) {
        return new ConfigException.Problem(path, "", what + " needs a restart", "sources");
    }

    private void ways(IngestConfig config, SourceDefinition source, Map<String, Way> into) {
        SourceDefinition.Broker broker = source.broker();
        if (broker != null) {
            List<Object> settings = List.of(broker, config.mqtt().maxMessageBytes());
            into.put(source.id() + " (broker)", new Way(settings, () -> subscribe(source.id(), broker, settings)));
        }
        if (source.poll() != null) {
            List<Object> settings = List.of(source.poll(), source.poll().perDevice() ? fields(source) : Map.of());
            into.put(source.id() + " (poll)", new Way(settings, () -> poll(source, settings)));
        }
    }

    /** What the addresses of a poll are made of. */
    private static Map<String, Map<String, String>> fields(SourceDefinition source) {
        Map<String, Map<String, String>> fields = new TreeMap<>();
        for (Device device : source.devices().values()) {
            fields.put(device.id(), device.fields());
        }
        return fields;
    }

    private Running subscribe(String source, SourceDefinition.Broker broker, Object settings) {
        MqttSource client = new MqttSource(vertx, pipeline, source, broker, process, RunningSources::random);
        client.start();
        metrics.gauge(
                "ingest.subscribed",
                "Whether the source is subscribed at its broker",
                () -> client.isSubscribed() ? 1 : 0,
                "source",
                source);
        return new Running(
                settings,
                () -> client.stop().onComplete(done -> metrics.remove("ingest.subscribed", "source", source)),
                () -> {},
                client::fault);
    }

    private Running poll(SourceDefinition source, Object settings) {
        Poller poller = new Poller(vertx, pipeline, egress, store, source, store::leads, RunningSources::random);
        poller.start();
        String id = source.id();
        String help = "Rounds of asking an HTTP interface, by what came of them";
        metrics.total("ingest.polls", help, poller::answered, "source", id, "outcome", "records");
        metrics.total("ingest.polls", help, poller::unchanged, "source", id, "outcome", "nothing");
        metrics.total("ingest.polls", help, poller::failed, "source", id, "outcome", "failed");
        metrics.gauge("ingest.polls.failing", "Addresses of the source that fail", poller::failing, "source", id);
        return new Running(
                settings,
                () -> poller.stop().onComplete(done -> {
                    metrics.remove("ingest.polls", "source", id);
                    metrics.remove("ingest.polls.failing", "source", id);
                }),
                poller::forgetRefused,
                poller::fault);
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }
}
