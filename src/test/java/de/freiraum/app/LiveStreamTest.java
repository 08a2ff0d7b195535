package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live stream of whole servers, read by an ordinary HTTP client. */
class LiveStreamTest {
    private static final String SPOT = """
            {"id":"urn:ngsi-ld:ParkingSpot:%s","type":"ParkingSpot","status":"%s",
             "refDevice":{"type":"Relationship","object":"urn:ngsi-ld:Device:secret"},
             "@context":"https://w3id.org/freiraum/context/parking.jsonld"}""";
    private static final String KEY = """
            security:
              keys: [{ name: writer, sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b }]
              closedTenants: [closed]
            """;

    /** A client in the background, line by line. */
    private static final class Reader implements AutoCloseable {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> reading;

        Reader(OpenServer server, String query, String... headers) {
            HttpRequest request = server.request("GET", "/live" + query, HttpRequest.BodyPublishers.noBody(), headers);
            reading = HttpClient.newHttpClient()
                    .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                    .thenAcceptAsync(response -> {
                        try (Stream<String> body = response.body()) {
                            body.forEach(lines::add);
                        } catch (RuntimeException ended) {
                            lines.add("ended");
                        }
                    });
        }

        void awaits(String part) {
            await().atMost(Duration.ofSeconds(10)).until(() -> lines.stream().anyMatch(line -> line.contains(part)));
        }

        String lastId() {
            return lines.stream()
                    .filter(line -> line.startsWith("id: "))
                    .reduce((a, b) -> b)
                    .orElseThrow()
                    .substring(4);
        }

        @Override
        public void close() {
            reading.cancel(true);
        }
    }

    private static void put(OpenServer server, String id, String status, String... headers) throws Exception {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/ld+json";
        System.arraycopy(headers, 0, all, 2, headers.length);
        HttpResponse<String> answer =
                server.post("/ngsi-ld/v1/entityOperations/upsert", "[" + SPOT.formatted(id, status) + "]", all);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    }

    @Test
    void whatHappenedWhileTheServerStartedAgainIsTold(@TempDir Path folder) throws Exception {
        String[] flags = {"open", "true", "durability", "sync", "data-dir", folder.toString()};
        String seen;
        try (OpenServer server = OpenServer.start("", flags);
                Reader reader = new Reader(server, "?type=ParkingSpot")) {
            reader.awaits("still here");
            put(server, "1", "free");
            put(server, "2", "free");
            reader.awaits("ParkingSpot:2");
            seen = reader.lastId();
            put(server, "1", "occupied");
            server.send(
                    "DELETE", "/ngsi-ld/v1/entities/urn:ngsi-ld:ParkingSpot:2", HttpRequest.BodyPublishers.noBody());
        }
        try (OpenServer server = OpenServer.start("", flags);
                Reader reader = new Reader(server, "?type=ParkingSpot&format=simplified", "Last-Event-ID", seen)) {
            reader.awaits("\"status\":\"occupied\"");
            reader.awaits("\"id\":\"urn:ngsi-ld:ParkingSpot:2\",\"deleted\":true");
            put(server, "3", "free");
            reader.awaits("ParkingSpot:3");
            assertThat(reader.lines).doesNotContain("event: reset");
            assertThat(reader.lastId()).isNotEqualTo(seen);
            assertThat(reader.lines.toString()).doesNotContain("Device");
        }
    }

    @Test
    void closedTenantsNeedAKey() throws Exception {
        try (OpenServer server = OpenServer.start(KEY);
                Reader anybody = new Reader(server, "");
                Reader holder = new Reader(server, "?tenant=closed", "X-API-Key", "secret")) {
            anybody.awaits("still here");
            holder.awaits("still here");
            put(server, "1", "free", "X-API-Key", "secret", "NGSILD-Tenant", "closed");
            put(server, "2", "free", "X-API-Key", "secret");
            anybody.awaits("ParkingSpot:2");
            holder.awaits("ParkingSpot:1");
            assertThat(anybody.lines.toString()).doesNotContain("ParkingSpot:1");
            assertThat(server.get("/live", "X-API-Key", "wrong").statusCode()).isEqualTo(401);
            assertThat(server.get("/live?tenant=closed").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void oneClientTooManyIsTurnedAwayWithAReason() throws Exception {
        try (OpenServer server = OpenServer.start("live: { maxClients: 1 }", "open", "true");
                Reader reader = new Reader(server, "")) {
            reader.awaits("still here");
            HttpResponse<String> refused = server.get("/live", "Origin", "https://app.example");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body()).contains("as many clients as it may have");
            assertThat(refused.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue("*");
        }
    }
}
