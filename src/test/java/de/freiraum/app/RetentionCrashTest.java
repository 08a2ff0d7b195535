package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed while it rolls up history, again and again, loses no observation and counts none twice. */
class RetentionCrashTest {
    private static final int ENTITIES = 10;
    private static final int OBSERVATIONS = 1000;
    private static final int KILLS = 2;
    private static final Pattern SAMPLES = Pattern.compile("\"samples\":(\\d+)");

    @Test
    void everyObservationIsCountedOnceInTheEnd(@TempDir Path folder) throws Exception {
        Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(10, ChronoUnit.DAYS);
        try (RealServer server = RealServer.start(folder)) {
            for (int entity = 0; entity < ENTITIES; entity++) {
                StringBuilder body =
                        new StringBuilder("{\"id\":\"urn:ngsi-ld:T:" + entity + "\",\"type\":\"T\",\"n\":[");
                for (int i = 0; i < OBSERVATIONS; i++) {
                    body.append(i == 0 ? "" : ",")
                            .append("{\"type\":\"Property\",\"value\":1,\"observedAt\":\"")
                            .append(start.plusSeconds(60L * i))
                            .append("\"}");
                }
                assertThat(server.post("/ngsi-ld/v1/temporal/entities", body + "]}")
                                .statusCode())
                        .isEqualTo(201);
            }
        }
        Path settings = Files.writeString(folder.resolve("freiraum.yaml"), """
                history:
                  mostInstances: 100000
                  retention: [{ raw: 1h, quarterHours: 300d }]
                """);
        for (int kill = 0; kill < KILLS; kill++) {
            try (RealServer server = RealServer.start(folder, "--config", settings.toString())) {
                await().atMost(Duration.ofSeconds(20))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> metric(server, "removed") + metric(server, "retention_passes") > 0);
            }
        }
        try (RealServer server = RealServer.start(folder, "--config", settings.toString())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> metric(server, "retention_passes") > 0);
            for (int entity = 0; entity < ENTITIES; entity++) {
                String evolution = server.get("/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:T:" + entity)
                        .body();
                int samples = 0;
                int instances = 0;
                for (Matcher each = SAMPLES.matcher(evolution); each.find(); instances++) {
                    samples += Integer.parseInt(each.group(1));
                }
                assertThat(samples).as(evolution).isEqualTo(OBSERVATIONS);
                assertThat(instances).isEqualTo((OBSERVATIONS + 14) / 15);
            }
        }
    }

    private static double metric(RealServer server, String name) throws Exception {
        Matcher value = Pattern.compile("(?m)^freiraum_history_" + name + "_total (\\S+)")
                .matcher(server.get("/metrics").body());
        return value.find() ? Double.parseDouble(value.group(1)) : 0;
    }
}
