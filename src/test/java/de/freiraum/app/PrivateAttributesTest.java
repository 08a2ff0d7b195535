package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Private attributes: neither shown to anybody without a key, nor to be found out by asking for them. */
class PrivateAttributesTest {
    private static final String NAMES = "https://uri.etsi.org/ngsi-ld/default-context/";
    private static final String API = "/ngsi-ld/v1";

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static OpenServer server;

    @BeforeAll
    static void start() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest("works".getBytes(StandardCharsets.UTF_8));
        server = OpenServer.start("""
                security:
                  privateAttributes: [%sbattery, %splace]
                  keys: [ { name: works, sha256: %s } ]
                """.formatted(NAMES, NAMES, HexFormat.of().formatHex(hash)));
        for (int i = 1; i <= 2; i++) {
            assertThat(server.post(API + "/entities", """
                                    {"id":"urn:x:%d","type":"Spot","free":%d,"battery":%d,
                                     "place":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.5,51.4]}},
                                     "next":{"type":"Relationship","object":"urn:x:%d"}}
                                    """.formatted(i, i, 10 - i, 3 - i), "X-API-Key", "works")
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() throws TimeoutException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/entities/urn:x:1",
                "/entities/urn:x:1?format=simplified",
                "/entities/urn:x:1?pick=free,battery",
                "/entities/urn:x:1?join=inline",
                "/entities/urn:x:1?join=flat",
                "/entities?type=Spot",
                "/entities?type=Spot&attrs=free,battery",
                "/entities?type=Spot&options=concise&omit=place",
                "/temporal/entities/urn:x:1",
                "/temporal/entities?type=Spot&timerel=after&timeAt=2020-01-01T00:00:00Z&timeproperty=modifiedAt",
                "/temporal/entities/urn:x:1?format=temporalValues",
                "/types/Spot",
                "/types?details=true",
                "/attributes",
                "/attributes?details=true"
            })
    void isNotInAnyAnswer(String path) throws Exception {
        var open = server.get(API + path);
        assertThat(open.statusCode()).as(open.body()).isEqualTo(200);
        assertThat(open.body()).contains("free").doesNotContain("battery", "\"place\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/entities?type=Spot&q=battery",
                "/entities?type=Spot&q=battery%3E0",
                "/entities?type=Spot&attrs=battery",
                "/entities?type=Spot&pick=battery",
                "/entities?type=Spot&georel=near;maxDistance==9999999&geometry=Point&coordinates=%5B7,51%5D&geoproperty=place",
                "/temporal/entities?type=Spot&timerel=after&timeAt=2020-01-01T00:00:00Z&timeproperty=modifiedAt&q=battery%3E0"
            })
    void isNotFoundByAskingForIt(String path) throws Exception {
        assertThat(server.get(API + path).body()).isEqualTo("[]");
        assertThat(server.get(API + path, "X-API-Key", "works").body()).isNotEqualTo("[]");
    }

    @Test
    void absenceAndOrderTellNothing() throws Exception {
        assertThat(server.json(API + "/entities?type=Spot&q=!battery").size()).isEqualTo(2);
        assertThat(server.get(API + "/entities?type=Spot&local=true&orderBy=battery")
                        .body())
                .isEqualTo(server.get(API + "/entities?type=Spot&local=true").body());
        assertThat(server.get(API + "/attributes/battery").statusCode()).isEqualTo(404);
        assertThat(server.get(API + "/entities/urn:x:1?pick=battery").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aQueryDocumentAsksInVainToo() throws Exception {
        String query = "{\"type\":\"Query\",\"entities\":[{\"type\":\"Spot\"}],\"q\":\"battery>0\"}";
        assertThat(server.post(API + "/entityOperations/query", query).body()).isEqualTo("[]");
        assertThat(server.get(API + "/entities?type=Spot&geometryProperty=place", "Accept", "application/geo+json")
                        .body())
                .doesNotContain("51.4");
    }

    @ParameterizedTest
    @CsvSource({"/entities/urn:x:1, battery", "/types/Spot, battery", "/attributes/battery, battery"})
    void isThereForWhoHoldsAKey(String path, String text) throws Exception {
        assertThat(server.get(API + path, "X-API-Key", "works").body()).contains(text);
    }
}
