package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses of published data that lead nowhere, and parameters that mean nothing, get an answer that says so. */
class WrongAddressesTest {
    @SuppressWarnings("NullAway.Init") // started before all tests
    private static OpenServer server;

    @BeforeAll
    static void start() throws Exception {
        server = OpenServer.start("catalog: { refresh: 0s }", "open", "true");
        String spot =
                "{\"id\":\"urn:ngsi-ld:ParkingSpot:1\",\"type\":\"https://smartdatamodels.org/dataModel.Parking/ParkingSpot\"}";
        assertThat(server.post("/ngsi-ld/v1/entities", spot).statusCode()).isEqualTo(201);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing, 404, /nothing",
        "/catalog.xml, 404, /catalog.xml",
        "/catalog?page=0, 400, page",
        "/catalog?page=two, 400, page",
        "/catalog.ttl?page=99999999999999999999, 400, page",
        "/catalog?page=99, 404, page",
        "/datasets, 404, /datasets",
        "/datasets/, 404, /datasets/",
        "/datasets/nothing, 404, /datasets/nothing",
        "/datasets/nothing.csv, 404, /datasets/nothing.csv",
        "/datasets/default-parkingspot/nothing, 404, nothing",
        "/datasets/default-parkingspot.xlsx, 404, xlsx",
        "/datasets/default-parkingspot/history/yesterday.csv, 404, yesterday",
        "/datasets/default-parkingspot/history/2026-01.csv, 404, 2026-01",
        "/ogc/nothing, 404, /ogc/nothing",
        "/ogc/collections/nothing/items, 404, collection",
        "/ogc/collections/default-parkingspot/items?bbox=here, 400, bbox",
        "/parkapi/v3/nothing, 404, /parkapi/v3/nothing",
        "/parkapi/v3/parking-spots?limit=many, 400, limit",
        "/datex2/v3/parking.json?city=nothing, 404, city",
        "/embed/nothing, 404, /embed/nothing"
    })
    void sayWhatIsWrong(String path, int status, String contained) throws Exception {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).contains(contained).hasSizeLessThan(200);
    }

    @ParameterizedTest
    @CsvSource({"POST, /catalog", "DELETE, /datasets/default-parkingspot.csv", "PUT, /sitemap.xml", "PATCH, /live"})
    void areReadOnly(String method, String path) throws Exception {
        HttpResponse<String> answer = server.send(method, path, BodyPublishers.noBody());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow"))
                .hasValueSatisfying(
                        allowed -> assertThat(allowed).contains("GET").doesNotContain(method));
    }
}
