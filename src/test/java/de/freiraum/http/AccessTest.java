package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.security.Access;
import de.freiraum.security.ApiKey;
import de.freiraum.security.SecurityConfig;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What anonymous readers and holders of keys may do, over HTTP. */
class AccessTest {
    private static final String DEVICE = "https://uri.etsi.org/ngsi-ld/default-context/Device";

    private final TestBroker broker = new TestBroker(
            new SecurityConfig(
                    false,
                    List.of(
                            key("writer", "w", Access.WRITE, List.of()),
                            key("reader", "r", Access.READ, List.of()),
                            key("elsewhere", "e", Access.WRITE, List.of("other"))),
                    true,
                    List.of("closed"),
                    List.of(DEVICE)),
            TestBroker::fetchNothing,
            0);

    @BeforeEach
    void create() {
        assertThat(write("w", "{\"id\":\"urn:x:1\",\"type\":\"Spot\",\"of\":{\"object\":\"urn:x:2\"}}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(write("w", "{\"id\":\"urn:x:2\",\"type\":[\"Device\",\"Spot\"],\"key\":1}")
                        .statusCode())
                .isEqualTo(201);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void anybodyReads() {
        assertThat(broker.get("/entities/urn:x:1").statusCode()).isEqualTo(200);
        assertThat(broker.post("/entityOperations/query", "{\"type\":\"Query\",\"entities\":[{\"type\":\"Spot\"}]}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void nobodyWritesWithoutAKey() {
        HttpResponse<String> answer = broker.post("/entities", "{\"id\":\"urn:x:3\",\"type\":\"Spot\"}");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(answer.body()).contains("Unauthorized");
        assertThat(broker.send("DELETE", "/entities/urn:x:1", "").statusCode()).isEqualTo(401);
        assertThat(broker.send("DELETE", "/entities?type=Spot", "").statusCode())
                .isEqualTo(401);
    }

    @Test
    void aKeyOnlyPermitsWhatItSays() {
        assertThat(write("r", "{\"id\":\"urn:x:3\",\"type\":\"Spot\"}").statusCode())
                .isEqualTo(403);
        assertThat(write("e", "{\"id\":\"urn:x:3\",\"type\":\"Spot\"}").statusCode())
                .isEqualTo(403);
        assertThat(write("unknown", "{\"id\":\"urn:x:3\",\"type\":\"Spot\"}").statusCode())
                .isEqualTo(401);
    }

    @Test
    void devicesDoNotExistForAnonymousReaders() {
        assertThat(broker.get("/entities/urn:x:2").statusCode()).isEqualTo(404);
        assertThat(broker.get("/entities?type=Spot&count=true").headers().firstValue("NGSILD-Results-Count"))
                .contains("1");
        assertThat(broker.get("/entities?type=*&pick=id").body()).isEqualTo("[{\"id\":\"urn:x:1\"}]");
        assertThat(broker.get("/entities?type=Device").body()).isEqualTo("[]");
        assertThat(broker.get("/entities/urn:x:1?join=inline").body()).doesNotContain("key");
        assertThat(broker.get("/types").body()).doesNotContain("Device");
        assertThat(broker.get("/types/Device").statusCode()).isEqualTo(404);
    }

    @Test
    void aQueryOfLinkedEntitiesDoesNotReachDevices_4_9() {
        String query = "/entities?type=Spot&join=inline&pick=id&q=of%7Bkey%7D==1";

        assertThat(broker.get(query).body()).isEqualTo("[]");
        assertThat(broker.get(query, "X-API-Key", "r").body()).contains("urn:x:1");
        assertThat(broker.get(query.replace("q=of", "q=!of").replace("==1", "")).body())
                .contains("urn:x:1");
    }

    @Test
    void discoveryTellsAnonymousReadersNothingOfDevices_5_7_5() {
        assertThat(broker.get("/types/Spot").body())
                .contains("\"entityCount\":1")
                .contains("\"of\"")
                .doesNotContain("key");
        assertThat(broker.get("/types?details=true").body()).doesNotContain("key");
        assertThat(broker.get("/attributes").body()).doesNotContain("key");
        assertThat(broker.get("/attributes/key").statusCode()).isEqualTo(404);
        assertThat(broker.get("/attributes/key", "X-API-Key", "r").body()).contains("\"attributeCount\":1");
    }

    @Test
    void devicesAreThereForHoldersOfAKey() {
        assertThat(broker.get("/entities/urn:x:2", "X-API-Key", "r").statusCode())
                .isEqualTo(200);
        assertThat(broker.get("/entities?type=Device&count=true", "Authorization", "Bearer r")
                        .headers()
                        .firstValue("NGSILD-Results-Count"))
                .contains("1");
    }

    @Test
    void aClosedTenantIsNotReadAnonymously() {
        assertThat(broker.get("/entities?type=Spot", "NGSILD-Tenant", "closed").statusCode())
                .isEqualTo(401);
    }

    private HttpResponse<String> write(String key, String body) {
        return broker.send("POST", "/entities", body, "Content-Type", "application/json", "X-API-Key", key);
    }

    private static ApiKey key(String name, String secret, Access access, List<String> tenants) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return new ApiKey(name, HexFormat.of().formatHex(hash), access, tenants);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
