package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way through a real server: a raw message over MQTT becomes an entity, a total and a notification. */
class ServerTest {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String SPOT = "urn:ngsi-ld:ParkingSpot:musterstadt:am-markt:007";
    private static final String SITE = "urn:ngsi-ld:OnStreetParking:musterstadt:am-markt";
    private static final String ENTITIES = "/ngsi-ld/v1/entities/";

    private static Vertx vertx;
    private static RealServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        vertx = Vertx.vertx();
        server = RealServer.start(folder);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private static String uplink(String devEui, int count, String data) {
        return "{\"deduplicationId\":\"" + devEui + count + "\",\"time\":\"" + Instant.now()
                + "\",\"deviceInfo\":{\"devEui\":\"" + devEui + "\"},\"devAddr\":\"01\",\"fPort\":1,\"fCnt\":" + count
                + ",\"data\":\"" + data + "\"}";
    }

    private static void publish(String devEui, int count, String data) throws Exception {
        try (MqttClient sensor =
                new MqttClient("tcp://127.0.0.1:" + server.mqttPort(), "test-" + count, new MemoryPersistence())) {
            sensor.connect();
            sensor.publish(
                    "application/1/device/" + devEui + "/event/up",
                    uplink(devEui, count, data).getBytes(StandardCharsets.UTF_8),
                    1,
                    false);
            sensor.disconnect();
        }
    }

    @Test
    void aRawMessageIsQueryableTotalledAndNotified() throws Exception {
        Queue<String> received = new ConcurrentLinkedQueue<>();
        HttpServer receiver = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    received.add(body.toString());
                    request.response().end();
                }))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        assertThat(server.post(
                                "/ngsi-ld/v1/subscriptions",
                                "{\"type\":\"Subscription\",\"entities\":[{\"id\":\"" + SPOT
                                        + "\",\"type\":\"https://smartdatamodels.org/dataModel.Parking/ParkingSpot\"}],"
                                        + "\"notification\":{\"format\":\"keyValues\",\"endpoint\":{\"uri\":\"http://127.0.0.1:"
                                        + receiver.actualPort() + "/\"}}}")
                        .statusCode())
                .isEqualTo(201);

        publish("70b3d5fff0000080", 1, "AQ==");

        assertThat(server.get(ENTITIES + SPOT).body()).contains("\"occupied\"");
        await().atMost(BOUND).untilAsserted(() -> assertThat(
                        server.get(ENTITIES + SITE + "?format=simplified").body())
                .contains("occupiedSpotNumber\":1"));
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(received).anyMatch(n -> n.contains(SPOT) && n.contains("occupied")));
        receiver.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aMessageOfAnUnknownDeviceIsKeptWithItsReason() throws Exception {
        publish("00000000deadbeef", 2, "AQ==");
        assertThat(server.get("/ingest/dead-letters?source=parking").body()).contains("device");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"id\":\"x\",\"type\":\"T\"}",
                "{\"id\":\"urn:x:1\"}",
                "{\"id\":\"urn:x:1\",\"type\":\"T\",\"a\":{\"type\":\"Property\",\"value\":NaN}}",
                "{\"id\":\"urn:x:1\",\"type\":\"T\",\"a\":{\"type\":\"Property\",\"value\":null}}",
                "{\"id\":\"urn:x:1\",\"type\":\"T\",\"a\":{\"type\":\"Nothing\",\"value\":1}}",
                "{\"id\":\"urn:x:1\",\"type\":\"T\",\"a\":{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-13-45T99:00:00Z\"}}",
                "{\"id\":\"urn:x:1\",\"type\":\"T\",\"@context\":\"http://127.0.0.1:1/none\"}"
            })
    void badEntitiesAreRefusedWithTheirFaultNamed(String body) throws Exception {
        var answer = server.post("/ngsi-ld/v1/entities", body);
        assertThat(answer.statusCode()).isBetween(400, 499);
        assertThat(answer.body())
                .contains("https://uri.etsi.org/ngsi-ld/errors/")
                .contains("detail");
    }

    @Test
    void anOversizedBodyIsRefused() throws Exception {
        assertThat(server.post("/ngsi-ld/v1/entities", " ".repeat(2_000_000)).statusCode())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs", "/openapi.json", "/health/live", "/health/ready", "/metrics", "/version"})
    void servesWhatItsDocumentsName(String path) throws Exception {
        assertThat(server.get(path).statusCode()).isEqualTo(200);
    }
}
