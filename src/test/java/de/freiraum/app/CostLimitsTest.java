package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What one request may cost, as a client sees it. */
class CostLimitsTest {
    private static final String ENTITIES = "/ngsi-ld/v1/entities";

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static OpenServer server;

    @BeforeAll
    static void start() throws Exception {
        server = OpenServer.start("http: { maxMembers: 50, maxBodyBytes: 2000000, queryTime: 1ms }", "open", "true");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void anEntityWithTooManyAttributesIsRefusedWithTheNumber() throws Exception {
        assertThat(create("urn:t:fits", 48).statusCode()).isEqualTo(201);

        HttpResponse<String> refused = create("urn:t:large", 49);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("BadRequestData", "51 members", "allowed are 50");
        assertThat(server.get(ENTITIES + "/urn:t:large").statusCode()).isEqualTo(404);
    }

    @Test
    void inABatchOnlyTheEntityThatIsTooLargeIsRefused() throws Exception {
        HttpResponse<String> answer = server.post(
                "/ngsi-ld/v1/entityOperations/create", "[" + entity("urn:b:1", 3) + "," + entity("urn:b:2", 90) + "]");

        assertThat(answer.statusCode()).isEqualTo(207);
        assertThat(answer.body()).contains("urn:b:2", "allowed are 50");
        assertThat(server.get(ENTITIES + "/urn:b:1").statusCode()).isEqualTo(200);
    }

    @Test
    void theTermsOfAContextAreNoMembers() throws Exception {
        String terms = IntStream.range(0, 200)
                .mapToObj(i -> "\"t" + i + "\":\"https://example.org/t" + i + "\"")
                .collect(Collectors.joining(","));

        assertThat(server.send(
                                "POST",
                                ENTITIES,
                                BodyPublishers.ofString(
                                        "{\"id\":\"urn:t:ld\",\"type\":\"t1\",\"@context\":{" + terms + "}}"),
                                "Content-Type",
                                "application/ld+json")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void aBodyThatIsNestedTooDeepIsRefused() throws Exception {
        HttpResponse<String> refused = server.post(
                ENTITIES,
                "{\"id\":\"urn:t:deep\",\"type\":\"T\",\"p\":{\"type\":\"Property\",\"value\":" + "[".repeat(1000)
                        + "]".repeat(1000) + "}}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("nesting depth");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() throws Exception {
        assertThat(server.post(ENTITIES, " ".repeat(2_000_001)).statusCode()).isEqualTo(413);
    }

    @Test
    void aQueryThatTakesTooLongIsTooComplex() throws Exception {
        for (int from = 0; from < 5000; from += 1000) {
            String entities = IntStream.range(from, from + 1000)
                    .mapToObj(i ->
                            "{\"id\":\"urn:many:" + i + "\",\"type\":\"Many\",\"n\":{\"type\":\"Property\",\"value\":\""
                                    + "ab".repeat(40) + "\"}}")
                    .collect(Collectors.joining(",", "[", "]"));
            assertThat(server.post("/ngsi-ld/v1/entityOperations/upsert", entities)
                            .statusCode())
                    .isEqualTo(201);
        }

        HttpResponse<String> refused = server.get(ENTITIES + "?type=Many&q=n~=%22(a%7Cb)*(a%7Cb)*(a%7Cb)*(a%7Cb)*c%22");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("TooComplexQuery", "in time");
        assertThat(server.get(ENTITIES + "/urn:many:1").statusCode()).isEqualTo(200);
    }

    @Test
    void conditionsAndPatternsBeyondTheLimitAreTooComplex() throws Exception {
        for (String parameters : new String[] {
            "type=T&q=" + "(".repeat(100) + "a" + ")".repeat(100),
            "type=T&q=" + "a%7C".repeat(300) + "a",
            "type=T&idPattern=((x%7B99%7D)%7B99%7D)%7B99%7D"
        }) {
            HttpResponse<String> refused = server.get(ENTITIES + "?" + parameters);
            assertThat(refused.statusCode()).as(parameters).isEqualTo(403);
            assertThat(refused.body()).contains("TooComplexQuery");
        }
    }

    private static HttpResponse<String> create(String id, int attributes) throws Exception {
        return server.post(ENTITIES, entity(id, attributes));
    }

    private static String entity(String id, int attributes) {
        return IntStream.range(0, attributes)
                .mapToObj(i -> ",\"a" + i + "\":{\"type\":\"Property\",\"value\":" + i + "}")
                .collect(Collectors.joining("", "{\"id\":\"" + id + "\",\"type\":\"T\"", "}"));
    }
}
