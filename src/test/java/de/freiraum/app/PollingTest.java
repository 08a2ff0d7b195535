package de.freiraum.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Polls of a whole server: what operators see of them. */
class PollingTest {
    private static final String SOURCES = """
            sources:
              - id: good
                envelope: csv
                csv: { device: id }
                poll: { url: "http://127.0.0.1:%1$d/list.csv", every: PT1S }
              - id: bad
                envelope: json
                poll: { url: "http://127.0.0.1:%1$d/login", every: PT1S }
            devices: [ { id: p1, model: acme/car-park } ]
            mappings:
              - mapping: acme-car-park
                match: { model: [acme/car-park] }
                emit:
                  - entity: "urn:ngsi-ld:OffStreetParking:{devEui}"
                    type: OffStreetParking
                    context: parking
                    set: { availableSpotNumber: { value: decoded.free, required: true } }
            """;

    @Test
    void theOneThatFailsIsNamedAndTheOtherGoesOn() throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpServer city = vertx.createHttpServer()
                .requestHandler(request -> {
                    if (request.path().equals("/login")) {
                        request.response()
                                .putHeader("Content-Type", "text/html")
                                .end("<!doctype html><title>Login</title>");
                    } else {
                        request.response().end("id;free\np1;17\n");
                    }
                })
                .listen(0, "127.0.0.1")
                .await(10, SECONDS);
        IngestConfig sources = IngestConfig.read(
                new YamlText("sources.yaml", SOURCES.formatted(city.actualPort())),
                List.of(),
                name -> YamlText.NONE,
                Map.of());
        try (OpenServer server = OpenServer.start(sources, "", "open", "true")) {
            await().atMost(20, SECONDS).untilAsserted(() -> assertThat(server.get(
                                    "/ngsi-ld/v1/entities/urn:ngsi-ld:OffStreetParking:p1?options=keyValues",
                                    "Link",
                                    "<https://w3id.org/freiraum/context/parking.jsonld>; rel=\"http://www.w3.org/ns/json-ld#context\"")
                            .body())
                    .contains("\"availableSpotNumber\":17"));
            await().atMost(20, SECONDS).until(() -> server.json("/health/ready").has("notices"));

            JsonNode health = server.json("/health/ready");
            assertThat(health.path("status").asText()).isEqualTo("UP");
            assertThat(health.path("notices").path("bad (poll)").asText()).contains("is a page");
            assertThat(health.path("notices").has("good (poll)")).isFalse();
            assertThat(server.get("/metrics").body())
                    .contains("freiraum_ingest_polls_failing{source=\"bad\"} 1")
                    .contains("freiraum_ingest_polls_failing{source=\"good\"} 0")
                    .containsPattern("freiraum_ingest_polls_total\\{outcome=\"records\",source=\"good\"} [1-9]")
                    .containsPattern("freiraum_ingest_polls_total\\{outcome=\"failed\",source=\"bad\"} [1-9]");
        } finally {
            vertx.close().await(10, SECONDS);
        }
    }
}
