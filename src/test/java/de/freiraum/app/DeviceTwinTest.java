package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Devices that fall silent or run out of power are told to those who subscribed, and can be queried. */
class DeviceTwinTest {
    private static final String CONTEXT =
            "<https://w3id.org/freiraum/context/device.jsonld>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
    private static final String SOURCES = """
            sources: [{ id: counters, envelope: tts-v3, webhook: {}, fields: { city: c, stale: PT2S } }]
            devices: [{ dev_eui: 70B3D5FFF0000081, model: milesight/vs350, counter: c1 }]
            """;

    @Test
    void aSubscriptionIsNotifiedWhenADeviceGoesStaleAndWhenItsBatteryIsLow() throws Exception {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        IngestConfig ingest =
                IngestConfig.read(new YamlText("sources.yaml", SOURCES), List.of(), name -> YamlText.NONE, Map.of());
        try (OpenServer server = OpenServer.start(ingest, "aggregate: { tick: 100ms }", "open", "true")) {
            subscribe(server, receiver, "deviceState", "deviceState==\\\"stale\\\"");
            subscribe(server, receiver, "lowBattery", "lowBattery==true");
            // A battery of 10 percent, and nothing after it.
            server.post("/ingest/counters", """
                    {"end_device_ids":{"dev_eui":"70B3D5FFF0000081"},"received_at":"%s",
                     "uplink_message":{"f_port":85,"f_cnt":1,"frm_payload":"AXUK"}}""".formatted(Instant.now()));
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(told)
                    .anyMatch(text -> text.contains("\"deviceState\"") && text.contains("\"stale\""))
                    .anyMatch(text -> text.contains("\"lowBattery\"")));
            String stale = "/ngsi-ld/v1/entities?type=Device&q=deviceState==%22stale%22;lowBattery==true";
            assertThat(server.json(stale, "Link", CONTEXT).size()).isEqualTo(1);
            assertThat(server.json("/ngsi-ld/v1/entities?type=Device&q=deviceState==%22ok%22", "Link", CONTEXT)
                            .size())
                    .isZero();
        } finally {
            receiver.stop(0);
        }
    }

    private static void subscribe(OpenServer server, HttpServer receiver, String attribute, String q) throws Exception {
        String body =
                """
                {"type":"Subscription","entities":[{"type":"Device"}],"watchedAttributes":["%s"],"q":"%s",
                 "notification":{"attributes":["%s"],"endpoint":{"uri":"http://127.0.0.1:%d/"}}}""".formatted(attribute, q, attribute, receiver.getAddress().getPort());
        assertThat(server.post("/ngsi-ld/v1/subscriptions", body, "Link", CONTEXT)
                        .statusCode())
                .isEqualTo(201);
    }
}
