package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.store.mongodb.MongoServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose MongoDB goes away and comes back, as its clients and its operator see it. */
class MongoOutageTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String ENTITIES = "/ngsi-ld/v1/entities";
    private static final String ENTITY =
            "{\"id\":\"urn:ngsi-ld:T:%d\",\"type\":\"T\",\"n\":{\"type\":\"Property\",\"value\":1}}";

    @Test
    void requestsAreAnswered503UntilItIsBack(@TempDir Path folder) throws Exception {
        try (MongoServer mongodb = MongoServer.start();
                RealServer server = RealServer.start(
                        folder,
                        "--store",
                        "mongodb",
                        "--mongodb-uri",
                        mongodb.uri("outage"),
                        "--set",
                        "mongodb-patience=1s")) {
            assertThat(server.post(ENTITIES, ENTITY.formatted(1)).statusCode()).isEqualTo(201);
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);

            mongodb.kill();
            for (HttpResponse<String> answer :
                    List.of(server.post(ENTITIES, ENTITY.formatted(2)), server.get(ENTITIES + "/urn:ngsi-ld:T:1"))) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            }
            Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(ready(server))
                    .contains("MongoDB takes no writes"));

            mongodb.restart();
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> server.get("/health/ready").statusCode() == 200);
            assertThat(server.post(ENTITIES, ENTITY.formatted(3)).statusCode()).isEqualTo(201);
            assertThat(server.get(ENTITIES + "/urn:ngsi-ld:T:1").statusCode()).isEqualTo(200);
        }
    }

    private static String ready(RealServer server) throws IOException, InterruptedException {
        return server.get("/health/ready").body();
    }
}
