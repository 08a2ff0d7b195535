package de.freiraum.ingest.poll;

import static de.freiraum.ingest.IngestFixture.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.egress.AddressPolicy;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressSettings;
import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.store.Store;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TestStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/ingestion.md against a server that answers as the interface is described by its users. */
class HystreetExampleTest {
    private static final String DEVICE = "urn:ngsi-ld:Device:hystreet-142";
    private static final Pattern FILE =
            Pattern.compile("`(hystreet/[a-z/-]+\\.yaml)`:\\n\\n```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final String READING = BuiltInContexts.named("device").expand("counterReading");
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-03-02T09:20:00Z"));

    @Test
    void anHourThatIsNotOverIsCorrectedLater(@TempDir Path folder) throws Exception {
        Vertx vertx = Vertx.vertx();
        Store store = await(TestStore.open(vertx, clock));
        List<String> asked = new CopyOnWriteArrayList<>();
        AtomicInteger present = new AtomicInteger(7);
        HttpServer server = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.add(request.uri() + " " + request.getHeader("X-API-Token"));
                    request.response().end(answer(present.get()));
                })
                .listen(0, "127.0.0.1"));
        IngestConfig config = example(folder, "http://127.0.0.1:" + server.actualPort());
        IngestPipeline pipeline = new IngestPipeline(store, store, clock, config, IngestPipeline.Limits.DEFAULT);
        await(pipeline.start());
        Egress egress = new Egress(vertx, EgressSettings.DEFAULT.withAddresses(AddressPolicy.WITH_PRIVATE));
        Poller poller = new Poller(
                vertx, pipeline, egress, store, requireNonNull(config.source("hystreet")), () -> true, () -> 0.5);
        poller.start();
        await().atMost(Duration.ofSeconds(15)).until(() -> asked.size() > 1);
        present.set(31);
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(reading(store)).contains(":31"));
        await(poller.stop());

        assertThat(asked.get(0))
                .isEqualTo(
                        "/locations/142?from=2026-02-23T09%3A00%3A00Z&to=2026-03-02T09%3A00%3A00Z&resolution=hour t0ken");
        assertThat(asked.get(1)).startsWith("/locations/142?from=2026-03-02T07%3A00%3A00Z&");
        assertThat(pipeline.deadLetters().count()).isZero();
        assertThat(reading(store)).contains("2026-03-02T09:00:00Z");
        assertThat(await(store.instances(new Tenant("musterstadt"), DEVICE, Set.of(READING), TemporalStore.Range.ALL)))
                .as("one reading an hour, however often it was corrected")
                .hasSize(2);
        await(server.close());
        await(store.close());
        await(vertx.close());
    }

    private static IngestConfig example(Path folder, String server) throws Exception {
        Matcher matcher = FILE.matcher(Files.readString(Path.of("docs/ingestion.md")));
        while (matcher.find()) {
            Path file = folder.resolve(matcher.group(1));
            Files.createDirectories(requireNonNull(file.getParent()));
            Files.writeString(
                    file,
                    matcher.group(2).replace("https://api.hystreet.com", server).replace("PT15M", "PT0.2S"));
        }
        return IngestConfig.load(folder.resolve("hystreet"), Map.of("HYSTREET_TOKEN", "t0ken"));
    }

    private static String answer(int present) {
        return """
                {"id":142,"name":"Hauptstrasse","metadata":{"ltr_label":"to the market","rtl_label":"to the station"},
                 "statistics":{"timerange_count":67},
                 "measurements":[
                  {"timestamp":"2026-03-02T09:00:00.000+01:00","pedestrians_count":60,
                   "details":{"ltr_pedestrians_count":40,"rtl_pedestrians_count":20,"zones":[]}},
                  {"timestamp":"2026-03-02T10:00:00.000+01:00","pedestrians_count":%d,
                   "details":{"ltr_pedestrians_count":%d,"rtl_pedestrians_count":0,"zones":[]}}]}
                """.formatted(present, present);
    }

    private static String reading(Store store) {
        Entity device = await(store.retrieve(new Tenant("musterstadt"), DEVICE));
        Attribute.Property reading =
                (Attribute.Property) requireNonNull(requireNonNull(device).defaultInstance(READING));
        return new String(JsonWriter.write(reading.value()), StandardCharsets.UTF_8);
    }
}
