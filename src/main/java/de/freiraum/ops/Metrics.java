package de.freiraum.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The meters of one server. Names are given with dots and without the prefix: {@code ingest.messages} is exposed as
 * {@code freiraum_ingest_messages_total}. Labels must have few values: never ids.
 */
public final class Metrics implements AutoCloseable {
    /** The media type of {@link #scrape()}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String PREFIX = "freiraum.";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** The registry refers weakly to the sources of totals. */
    private final Map<Meter.Id, LongSupplier> kept = new ConcurrentHashMap<>();

    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** An empty registry, without the meters of the Java machine. */
    public Metrics() {}

    /**
     * Adds the meters of the Java machine and the process.
     *
     * @return this
     */
    public Metrics withProcess() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
        return this;
    }

    /** The registry below, for meters that the methods here do not cover. */
    public MeterRegistry registry() {
        return registry;
    }

    /**
     * A number that only grows. The same name and labels give the same counter.
     *
     * @param labels name and value in turn
     */
    public Counter counter(String name, String help, String... labels) {
        return Counter.builder(PREFIX + name).description(help).tags(labels).register(registry);
    }

    /**
     * Durations of something, with the 50th, 90th and 99th percentile of the last minutes.
     *
     * @param labels name and value in turn
     */
    public Timer timer(String name, String help, String... labels) {
        return Timer.builder(PREFIX + name)
                .description(help)
                .tags(labels)
                .publishPercentiles(0.5, 0.9, 0.99)
                .register(registry);
    }

    /**
     * Sizes of something.
     *
     * @param labels name and value in turn
     */
    public DistributionSummary sizes(String name, String help, String... labels) {
        return DistributionSummary.builder(PREFIX + name)
                .description(help)
                .tags(labels)
                .register(registry);
    }

    /**
     * A number that is read when the metrics are.
     *
     * @param labels name and value in turn
     */
    public void gauge(String name, String help, Supplier<Number> value, String... labels) {
        Gauge.builder(PREFIX + name, value)
                .description(help)
                .tags(labels)
                .strongReference(true)
                .register(registry);
    }

    /**
     * A number that only grows and that somebody else counts; read when the metrics are.
     *
     * @param labels name and value in turn
     */
    public void total(String name, String help, LongSupplier value, String... labels) {
        FunctionCounter counter = FunctionCounter.builder(PREFIX + name, value, LongSupplier::getAsLong)
                .description(help)
                .tags(labels)
                .register(registry);
        kept.put(counter.getId(), value);
    }

    /** Removes the meters of a name with that label; others of the same name stay. */
    public void remove(String name, String label, String value) {
        for (Meter meter : registry.find(PREFIX + name).tag(label, value).meters()) {
            registry.remove(meter);
            kept.remove(meter.getId());
        }
    }

    /** All meters in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
