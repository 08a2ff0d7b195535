package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receiver is down, the server is killed, both come back: every acknowledged change arrives, in order for each entity. */
class GuaranteedNotificationTest {
    private static final int ENTITIES = 5;
    private static final Pattern TOLD = Pattern.compile("\"id\":\"urn:ngsi-ld:T:(\\d+)\".*?\"value\":(\\d+)");

    private final List<int[]> told = new CopyOnWriteArrayList<>();

    @Test
    void everyAcknowledgedChangeArrivesAtLeastOnceAndInOrder(@TempDir Path folder) throws Exception {
        int port = freePort();
        int written = 0;
        List<Integer> acknowledged = new ArrayList<>(List.of(0, 0, 0, 0, 0));
        try (RealServer server = RealServer.start(folder)) {
            String subscription = """
                    {"type":"Subscription","entities":[{"type":"T"}],"notification":{"endpoint":{
                     "uri":"http://127.0.0.1:%d/","notifierInfo":[{"key":"Delivery","value":"guaranteed"}]}}}
                    """.formatted(port);
            assertThat(server.post("/ngsi-ld/v1/subscriptions", subscription).statusCode())
                    .isEqualTo(201);
            written += write(server, acknowledged, 20);
        }
        HttpServer first = receiver(port);
        try (RealServer server = RealServer.start(folder)) {
            written += write(server, acknowledged, 20);
            await().atMost(Duration.ofSeconds(30)).until(() -> told.size() >= 30);
            first.stop(0);
            written += write(server, acknowledged, 20);
        }
        HttpServer second = receiver(port);
        try (RealServer server = RealServer.start(folder)) {
            written += write(server, acknowledged, 20);
            int all = written;
            await().atMost(Duration.ofSeconds(60)).until(() -> told.stream()
                            .map(t -> t[0] + " " + t[1])
                            .distinct()
                            .count()
                    == all);
            await().atMost(Duration.ofSeconds(10)).until(() -> server.get("/metrics")
                    .body()
                    .contains("\nfreiraum_notify_kept 0.0"));
        } finally {
            second.stop(0);
        }
        assertThat(written).isEqualTo(80 * ENTITIES);
        Map<Integer, Integer> last = new HashMap<>();
        for (int[] one : told) {
            int before = last.getOrDefault(one[0], 0);
            // What was on its way when the server was killed comes again; nothing is left out, nothing goes back further.
            assertThat(one[1]).isBetween(before, before + 1);
            last.put(one[0], one[1]);
        }
        assertThat(last.values()).containsOnly(80);
    }

    /** Gives each entity so many values more. */
    private static int write(RealServer server, List<Integer> values, int more) throws Exception {
        int written = 0;
        for (int n = 0; n < more; n++) {
            for (int entity = 0; entity < ENTITIES; entity++) {
                int value = values.get(entity) + 1;
                String attribute = "\"n\":{\"type\":\"Property\",\"value\":" + value + "}";
                String id = "urn:ngsi-ld:T:" + entity;
                int status = value == 1
                        ? server.post("/ngsi-ld/v1/entities", "{\"id\":\"" + id + "\",\"type\":\"T\"," + attribute + "}")
                                .statusCode()
                        : server.post("/ngsi-ld/v1/entities/" + id + "/attrs", "{" + attribute + "}")
                                .statusCode();
                assertThat(status).isIn(201, 204);
                values.set(entity, value);
                written++;
            }
        }
        return written;
    }

    private HttpServer receiver(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            for (Matcher each = TOLD.matcher(body); each.find(); ) {
                told.add(new int[] {Integer.parseInt(each.group(1)), Integer.parseInt(each.group(2))});
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static int freePort() throws IOException {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
