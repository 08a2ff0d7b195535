package de.freiraum.app;

import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.SourceMetrics;
import de.freiraum.ops.Metrics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Shows the counters of each configured source. Not for several threads at a time. */
final class IngestMetrics {
    private static final double MILLIS = 1000.0;
    private static final String MESSAGES = "ingest.messages";
    private static final String LEFT_OUT = "ingest.left.out";
    private static final String LOST = "ingest.lost.frames";
    private static final String REFUSED = "ingest.refused";
    private static final String BROKEN = "ingest.broken.rules";
    private static final String LAG = "ingest.lag.seconds";

    private final Metrics metrics;
    private final IngestPipeline pipeline;
    private final Set<String> shown = new HashSet<>();

    IngestMetrics(Metrics metrics, IngestPipeline pipeline) {
        this.metrics = metrics;
        this.pipeline = pipeline;
        metrics.gauge("ingest.dead.letters", "Dead letters kept", () -> pipeline.deadLetters()
                .count());
    }

    /** Shows the sources that there are now, and no others. A source that comes back goes on counting. */
    void update() {
        Set<String> wanted = pipeline.config().sources().keySet();
        shown.stream().filter(source -> !wanted.contains(source)).forEach(source -> List.of(
                        MESSAGES, LEFT_OUT, LOST, REFUSED, BROKEN, LAG)
                .forEach(name -> metrics.remove(name, "source", source)));
        shown.retainAll(wanted);
        wanted.stream().filter(shown::add).forEach(this::show);
    }

    private void show(String source) {
        messages(source, "received", SourceMetrics::receivedMessages);
        messages(source, "accepted", SourceMetrics::acceptedMessages);
        messages(source, "duplicate", SourceMetrics::duplicateMessages);
        messages(source, "ignored", SourceMetrics::ignoredMessages);
        messages(source, "dead", SourceMetrics::deadMessages);
        messages(source, "failed", SourceMetrics::failedMessages);
        total(LEFT_OUT, "Values that were out of range and left out", source, SourceMetrics::leftOutValues);
        total(LOST, "Frames that never came, by the devices' counters", source, SourceMetrics::lostFrameCount);
        total(REFUSED, "Requests without the source's key or signature", source, SourceMetrics::refusedRequests);
        total(
                BROKEN,
                "Rules of the data models that written entities of a source broke",
                source,
                SourceMetrics::brokenRules);
        metrics.gauge(
                LAG,
                "From the last message's observation to its arrival",
                () -> read(source, counters -> counters.lastLagMillis() / MILLIS),
                "source",
                source);
    }

    private void messages(String source, String outcome, ToLongFunction<SourceMetrics> value) {
        metrics.total(
                MESSAGES,
                "Messages of a source by what became of them",
                () -> (long) read(source, value::applyAsLong),
                "source",
                source,
                "outcome",
                outcome);
    }

    private void total(String name, String help, String source, ToLongFunction<SourceMetrics> value) {
        metrics.total(name, help, () -> (long) read(source, value::applyAsLong), "source", source);
    }

    private double read(String source, ToDoubleFunction<SourceMetrics> value) {
        return value.applyAsDouble(pipeline.metrics(source));
    }
}
