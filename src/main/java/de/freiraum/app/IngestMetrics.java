package de.freiraum.app;

import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.SourceMetrics;
import de.freiraum.ops.Metrics;
import java.util.function.ToLongFunction;

/** Shows the counters of each configured source. */
final class IngestMetrics {
    private IngestMetrics() {}

    static void bind(Metrics metrics, IngestPipeline pipeline) {
        metrics.gauge("ingest.dead.letters", "Dead letters kept", () -> pipeline.deadLetters()
                .count());
        pipeline.config().sources().keySet().forEach(source -> {
            total(metrics, pipeline, source, "received", SourceMetrics::receivedMessages);
            total(metrics, pipeline, source, "accepted", SourceMetrics::acceptedMessages);
            total(metrics, pipeline, source, "duplicate", SourceMetrics::duplicateMessages);
            total(metrics, pipeline, source, "ignored", SourceMetrics::ignoredMessages);
            total(metrics, pipeline, source, "dead", SourceMetrics::deadMessages);
            total(metrics, pipeline, source, "failed", SourceMetrics::failedMessages);
            metrics.total(
                    "ingest.broken.rules",
                    "Rules of the data models that written entities of a source broke",
                    () -> {
                        SourceMetrics counters = pipeline.metrics().get(source);
                        return counters == null ? 0 : counters.brokenRules();
                    },
                    "source",
                    source);
        });
    }

    private static void total(
            Metrics metrics,
            IngestPipeline pipeline,
            String source,
            String outcome,
            ToLongFunction<SourceMetrics> value) {
        metrics.total(
                "ingest.messages",
                "Messages of a source by what became of them",
                () -> {
                    SourceMetrics counters = pipeline.metrics().get(source);
                    return counters == null ? 0 : value.applyAsLong(counters);
                },
                "source",
                source,
                "outcome",
                outcome);
    }
}
