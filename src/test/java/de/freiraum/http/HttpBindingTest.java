package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.ErrorType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every request, over a real connection. */
class HttpBindingTest {
    private static final String ENTITY = "{\"id\":\"urn:x:1\",\"type\":\"T\"}";

    private TestBroker broker = TestBroker.open();

    @BeforeEach
    void create() {
        broker.post("/entities", ENTITY);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    @DisplayName("6.3.2: a body that is too large is refused by its stated length")
    void refusesABodyThatIsTooLarge() {
        HttpResponse<String> answer =
                broker.post("/entities", "{\"id\":\"urn:x:2\",\"p\":\"" + "x".repeat(1 << 20) + "\"}");

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("PayloadTooLarge").contains("1048576");
        assertThat(broker.get("/entities/urn:x:1").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("6.3.4: a body without a stated length is 411 without a body, before the tenant is looked at")
    void wantsTheLengthOfABody() {
        HttpRequest chunked = HttpRequest.newBuilder(URI.create(broker.url("/entities")))
                .header("Content-Type", "application/json")
                .header("NGSILD-Tenant", "nobody")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(ENTITY.getBytes(StandardCharsets.UTF_8))))
                .build();

        HttpResponse<String> answer = TestBroker.send(chunked);

        assertThat(answer.statusCode()).isEqualTo(411);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void answersHeadWithoutABody() {
        HttpResponse<String> answer = broker.send("HEAD", "/entities/urn:x:1", "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Length")).contains(String.valueOf(ENTITY.length()));
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void hasNoLengthWhereThereIsNoContent() {
        HttpResponse<String> answer = broker.send("DELETE", "/entities/urn:x:1", "");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Content-Length")).isEmpty();
    }

    @Test
    void letsPagesOfOtherOriginsIn() {
        HttpResponse<String> preflight = broker.send(
                "OPTIONS",
                "/entities/urn:x:1",
                "",
                "Origin",
                "https://city.example",
                "Access-Control-Request-Method",
                "PATCH");
        HttpResponse<String> answer = broker.get("/entities/urn:x:1", "Origin", "https://city.example");

        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight
                        .headers()
                        .firstValue("Access-Control-Allow-Methods")
                        .orElse(""))
                .contains("PATCH");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
                .contains("NGSILD-Results-Count", "Link", "Location", "NGSILD-Tenant", "ETag");
    }

    @Test
    @DisplayName("6.3.14: the tenant is told in the answer, in errors too")
    void echoesTheTenant() {
        broker.send("POST", "/entities", ENTITY, "Content-Type", "application/json", "NGSILD-Tenant", "city");

        HttpResponse<String> found = broker.get("/entities/urn:x:1", "NGSILD-Tenant", "city");
        HttpResponse<String> missing = broker.get("/entities/urn:x:2", "NGSILD-Tenant", "city");

        assertThat(found.headers().firstValue("NGSILD-Tenant")).contains("city");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().firstValue("NGSILD-Tenant")).contains("city");
    }

    @Test
    void refusesATenantThatCannotBeOne() {
        assertThat(broker.get("/entities/urn:x:1", "NGSILD-Tenant", "a b").statusCode())
                .isEqualTo(400);
    }

    @Test
    void givesEachRequestAnIdAndTakesOneOver() {
        assertThat(broker.get("/types").headers().firstValue("X-Request-ID")).isPresent();
        assertThat(broker.get("/types", "X-Request-ID", "abc-1").headers().firstValue("X-Request-ID"))
                .contains("abc-1");
        assertThat(broker.get("/types", "X-Request-ID", "a b c").headers().firstValue("X-Request-ID"))
                .isPresent()
                .get()
                .isNotEqualTo("a b c");
    }

    @Test
    @DisplayName("5.13: a context is added, used by its URL, served and deleted")
    void hostsContexts() {
        HttpResponse<String> added = broker.post("/jsonldContexts", "{\"@context\":{\"T\":\"https://example.org/T\"}}");
        String location = added.headers().firstValue("Location").orElseThrow();
        String path = location.substring(ApiRouter.BASE.length());

        assertThat(added.statusCode()).isEqualTo(201);
        assertThat(broker.get(path).body()).isEqualTo("{\"@context\":{\"T\":\"https://example.org/T\"}}");
        assertThat(broker.get("/entities?type=T", "Link", LinkHeader.ofContext(location))
                        .statusCode())
                .isEqualTo(200);
        assertThat(broker.get(path + "?details=true").body())
                .contains("\"kind\":\"Hosted\"")
                .contains("\"numberOfHits\":1");
        broker.get("/entities?type=T", "Link", LinkHeader.ofContext(location));
        assertThat(broker.get(path + "?details=true").body()).contains("\"numberOfHits\":2");
        assertThat(broker.get("/jsonldContexts?kind=Hosted").body()).contains(location);
        assertThat(broker.send("DELETE", path + "?reload=true", "").statusCode())
                .isEqualTo(400);
        assertThat(broker.send("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(broker.get(path).statusCode()).isEqualTo(404);
        assertThat(broker.get("/entities?type=T", "Link", LinkHeader.ofContext(location))
                        .statusCode())
                .isEqualTo(504);
    }

    @Test
    @DisplayName("5.13.4: a tenant's context is served to who follows its URL, not to other tenants")
    void servesTheContextsOfTenants() {
        HttpResponse<String> added = broker.send(
                "POST",
                "/jsonldContexts",
                "{\"@context\":{\"T\":\"https://example.org/T\"}}",
                "Content-Type",
                "application/json",
                "NGSILD-Tenant",
                "city");
        String path = added.headers().firstValue("Location").orElseThrow().substring(ApiRouter.BASE.length());
        broker.send("POST", "/entities", ENTITY, "Content-Type", "application/json", "NGSILD-Tenant", "neighbour");

        assertThat(broker.get(path).body()).contains("https://example.org/T");
        assertThat(broker.get(path, "NGSILD-Tenant", "neighbour").statusCode()).isEqualTo(404);
        assertThat(broker.send("DELETE", path, "", "NGSILD-Tenant", "neighbour").statusCode())
                .isEqualTo(404);
        assertThat(broker.get("/jsonldContexts").body()).isEqualTo("[]");
        assertThat(broker.get(path, "NGSILD-Tenant", "city").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(ErrorType.class)
    @DisplayName("5.5.3: every error has its status and problem details")
    void tellsEveryError(ErrorType type) {
        Answer answer = Problems.answer(type, type.title());

        assertThat(answer.status()).isEqualTo(type.status());
        if (type != ErrorType.LengthRequired && type != ErrorType.UnsupportedMediaType) {
            assertThat(String.valueOf(answer.body()))
                    .contains("https://uri.etsi.org/ngsi-ld/errors/" + type.name())
                    .contains("\"title\":\"" + type.title() + "\"")
                    .doesNotContain("\"detail\":\"" + type.title() + "\"");
        }
    }

    @Test
    void tellsNothingOfAFailureInside() {
        Answer answer = Problems.answer(new IllegalStateException("the password is x"), "id-1");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(String.valueOf(answer.body())).contains("id-1").doesNotContain("password");
    }

    @Test
    void everyOperationHasItsOwnNameAndIsDescribed() throws IOException {
        String documented = Files.readString(Path.of("docs/api.md"));
        Set<String> names = new HashSet<>();
        List<ApiRoute> routes = broker.router().routes();

        assertThat(routes).isNotEmpty().allSatisfy(route -> {
            assertThat(names.add(route.operation())).as(route.operation()).isTrue();
            String collection =
                    route.path().isEmpty() ? "ngsi-ld/v1" : route.path().split("/")[1];
            assertThat(documented).as(route.path()).contains("/" + collection);
        });
    }
}
