package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.config.ConfigLoader;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock jumps back by an hour, and ahead by a day, with a restart in between: times of changes never go back and nothing is lost. */
class ClockJumpTest {
    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
    private static final String ENTITY = "urn:ngsi-ld:T:clock";

    private final AtomicReference<Instant> time = new AtomicReference<>(START);
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void timesOfChangesGoOnAndEveryChangeIsThere(@TempDir Path folder) throws Exception {
        List<Instant> modified = new ArrayList<>();
        int changes = 0;
        for (Duration jump : List.of(Duration.ZERO, Duration.ofHours(-1), Duration.ofDays(1), Duration.ofHours(-30))) {
            Freiraum server = start(folder);
            try {
                changes += write(server, changes, 5, modified);
                time.updateAndGet(now -> now.plus(jump));
                changes += write(server, changes, 5, modified);
            } finally {
                server.stop().await(30, TimeUnit.SECONDS);
            }
        }
        assertThat(modified).isSorted().doesNotHaveDuplicates().hasSize(changes);
        Freiraum server = start(folder);
        try {
            String history = send(
                            server, "GET", "/temporal/entities/" + ENTITY + "?options=temporalValues&lastN=1000", null)
                    .body();
            Value.Obj n = (Value.Obj) ((Value.Obj) JsonReader.read(history.getBytes(StandardCharsets.UTF_8))).get("n");
            List<Long> values = new ArrayList<>();
            ((Value.Array) Objects.requireNonNull(Objects.requireNonNull(n).get("values")))
                    .items()
                    .forEach(pair ->
                            values.add(((Value.Num) ((Value.Array) pair).items().get(0))
                                    .number()
                                    .longValue()));
            assertThat(values).hasSize(changes).isSorted();
        } finally {
            server.stop().await(30, TimeUnit.SECONDS);
        }
    }

    private Freiraum start(Path folder) throws Exception {
        AppConfig config = ConfigLoader.load(
                AppConfig.class,
                YamlText.NONE,
                Map.of(),
                Map.of(
                        "open", "true",
                        "http-port", "0",
                        "mqtt-enabled", "false",
                        "history-most-instances", "1000",
                        "data-dir", folder.resolve("data").toString()));
        return Freiraum.start(config, IngestConfig.NONE, time::get).await(60, TimeUnit.SECONDS);
    }

    private int write(Freiraum server, int from, int count, List<Instant> modified) throws Exception {
        for (int n = from; n < from + count; n++) {
            String attribute = "\"n\":{\"type\":\"Property\",\"value\":" + n + "}";
            HttpResponse<String> answer = n == 0
                    ? send(server, "POST", "/entities", "{\"id\":\"" + ENTITY + "\",\"type\":\"T\"," + attribute + "}")
                    : send(server, "POST", "/entities/" + ENTITY + "/attrs", "{" + attribute + "}");
            assertThat(answer.statusCode()).isIn(201, 204);
            Value.Obj entity =
                    (Value.Obj) JsonReader.read(send(server, "GET", "/entities/" + ENTITY + "?options=sysAttrs", null)
                            .body()
                            .getBytes(StandardCharsets.UTF_8));
            modified.add(Instant.parse(((Value.Text) Objects.requireNonNull(entity.get("modifiedAt"))).text()));
        }
        return count;
    }

    private HttpResponse<String> send(
            Freiraum server, String method, String path, @org.jspecify.annotations.Nullable String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.httpPort() + "/ngsi-ld/v1" + path))
                .timeout(Duration.ofSeconds(20));
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
