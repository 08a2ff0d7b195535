package de.freiraum.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import de.freiraum.config.ConfigLoader;
import de.freiraum.config.YamlText;
import de.freiraum.http.ApiRoute;
import de.freiraum.http.ApiRouter;
import de.freiraum.ingest.config.IngestConfig;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The description of the interface says what the server does: its routes, their parameters, its examples and the forms of its answers. */
class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FILE_OF_A_PAGE = Pattern.compile(".*\\.(css|js|svg)");

    /** What a request needs beside its path, by operation. */
    private static final Map<String, String> QUERIES = Map.of(
            "queryEntities", "type=ParkingSpot",
            "queryContextSourceRegistrations", "type=ParkingGroup",
            "createEntityMapQueryTemporal", "type=ParkingSpot&timerel=after&timeAt=2026-01-01T00:00:00Z",
            "purgeEntities", "type=None",
            "createEntityMapQueryEntity", "type=ParkingSpot",
            "queryTemporal", "type=ParkingSpot&timerel=after&timeAt=2026-01-01T00:00:00Z",
            "retrieveTemporal", "lastN=10",
            "purgeSnapshots", "q=snapshotPriority%3C3");

    @SuppressWarnings("NullAway.Init") // read before all tests
    private static JsonNode document;

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static Freiraum server;

    /** A call that the document describes. */
    private record Operation(String path, String method, JsonNode node) {
        String id() {
            return node.path("operationId").asText();
        }

        String endpoint() {
            return method + " " + path;
        }

        JsonNode example() {
            return node.at("/requestBody/content/application~1json/example");
        }

        Set<String> parameters(String place) {
            Set<String> names = new TreeSet<>();
            node.path("parameters").forEach(given -> {
                JsonNode parameter = resolved(given);
                if (parameter.path("in").asText().equals(place)) {
                    names.add(parameter.path("name").asText());
                }
            });
            return names;
        }
    }

    @BeforeAll
    static void start() throws IOException, TimeoutException {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/api-spec/openapi.json")) {
            document = JSON.readTree(Objects.requireNonNull(in));
        }
        AppConfig config = ConfigLoader.load(
                AppConfig.class,
                YamlText.NONE,
                Map.of(),
                Map.of("http-port", "0", "mqtt-enabled", "false", "open", "true", "durability", "memory"));
        IngestConfig ingest = IngestConfig.read(
                new YamlText(
                        "sources.yaml",
                        "sources:\n  - { id: parking, envelope: chirpstack-v4, webhook: {}, fields: { city: town } }\n"),
                List.of(),
                name -> YamlText.NONE,
                Map.of());
        server = Freiraum.start(config, ingest, InstantSource.system()).await(30, SECONDS);
    }

    @AfterAll
    static void stop() throws TimeoutException {
        server.stop().await(30, SECONDS);
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> served = new TreeSet<>();
        for (ApiRoute route : server.served().api().routes()) {
            served.add(route.method() + " " + ApiRouter.BASE + route.path());
        }
        for (Route route : server.served().pages().getRoutes()) {
            String path = route.getPath();
            if (path != null
                    && route.methods() != null
                    && !FILE_OF_A_PAGE.matcher(path).matches()) {
                route.methods().stream()
                        .filter(method -> !method.equals(HttpMethod.HEAD))
                        .forEach(method -> served.add(method + " " + path.replaceAll(":(\\w+)", "{$1}")));
            }
        }
        assertThat(operations().map(Operation::endpoint)).containsExactlyInAnyOrderElementsOf(served);
    }

    @TestFactory
    Stream<DynamicTest> everyParameterIsDescribedAndNothingElse() {
        Map<String, Operation> described = new HashMap<>();
        operations().forEach(o -> described.put(o.endpoint(), o));
        return server.served().api().routes().stream()
                .map(route -> dynamicTest(route.method() + " " + route.path(), () -> {
                    Operation operation = Objects.requireNonNull(
                            described.get(route.method() + " " + ApiRouter.BASE + route.path()), "not described");
                    assertThat(operation.parameters("query")).isEqualTo(route.parameters());
                    assertThat(operation.parameters("path")).isEqualTo(variables(route.path()));
                    assertThat(operation.id()).isEqualTo(route.operation());
                    assertThat(operation.node().has("requestBody")).isEqualTo(route.body() != ApiRoute.Body.NONE);
                }));
    }

    @Test
    void operationsHaveDifferentNames() {
        assertThat(operations().map(Operation::id)).doesNotHaveDuplicates();
    }

    @TestFactory
    Stream<DynamicTest> examplesAreOfTheirForm() {
        return operations()
                .filter(o -> !o.example().isMissingNode())
                .map(o -> dynamicTest(o.endpoint(), () -> assertThat(
                                faults(o.node().at("/requestBody/content/application~1json/schema"), o.example()))
                        .isEmpty()));
    }

    /** In the order of the document: first all examples, then what reads, then what deletes. */
    @Test
    void theServerTakesTheExamplesAndAnswersAsDescribed() throws Exception {
        Map<String, String> variables = new HashMap<>(Map.of("source", "parking"));
        operations().forEach(o -> o.node().path("parameters").forEach(given -> {
            JsonNode parameter = resolved(given);
            if (parameter.path("in").asText().equals("path") && parameter.has("example")) {
                variables.put(
                        parameter.path("name").asText(),
                        parameter.path("example").asText());
            }
        }));
        List<Operation> all = operations().toList();
        List<Operation> asked = new ArrayList<>();
        for (Operation operation : all) {
            if (!operation.example().isMissingNode() && !operation.path().contains("{instanceId}")) {
                HttpResponse<String> answer = call(operation, variables);
                assertThat(answer.statusCode())
                        .as(operation.endpoint() + answer.body())
                        .isBetween(200, 206);
                asked.add(operation);
            }
        }
        for (String method : List.of("GET", "DELETE")) {
            for (Operation operation : all) {
                if (operation.method().equals(method)
                        && !operation.path().equals("/live")
                        && variables.keySet().containsAll(operation.parameters("path"))) {
                    call(operation, variables);
                    asked.add(operation);
                }
            }
        }
        assertThat(asked).hasSizeGreaterThan(50);
    }

    private static HttpResponse<String> call(Operation operation, Map<String, String> variables) throws Exception {
        String path = operation.path();
        for (String name : operation.parameters("path")) {
            path = path.replace(
                    "{" + name + "}",
                    URLEncoder.encode(Objects.requireNonNull(variables.get(name)), StandardCharsets.UTF_8));
        }
        String query = QUERIES.get(operation.id());
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.httpPort() + path + (query == null ? "" : "?" + query)))
                .timeout(Duration.ofSeconds(20));
        if (operation.example().isMissingNode()) {
            request.method(operation.method(), HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(
                            operation.method(),
                            HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(operation.example())));
        }
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        requireDescribed(operation, answer);
        learn(operation, answer, variables);
        return answer;
    }

    private static void requireDescribed(Operation operation, HttpResponse<String> answer) throws IOException {
        String at = operation.endpoint() + " " + answer.statusCode() + " " + answer.body();
        JsonNode described = resolved(operation.node().path("responses").path(Integer.toString(answer.statusCode())));
        assertThat(described.isMissingNode()).as(at).isFalse();
        String type = answer.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        assertThat(type.isEmpty() || described.path("content").has(type)).as(at).isTrue();
        if (type.equals("application/json")) {
            assertThat(faults(described.path("content").path(type).path("schema"), JSON.readTree(answer.body())))
                    .as(at)
                    .isEmpty();
        }
    }

    /** What was created is what later calls are about. */
    private static void learn(Operation operation, HttpResponse<String> answer, Map<String, String> variables) {
        Optional<String> location = answer.headers().firstValue("Location").or(() -> answer.headers()
                .firstValue("NGSILD-EntityMap"));
        if (location.isPresent() && operation.method().equals("POST")) {
            String name = location.get().substring(location.get().lastIndexOf('/') + 1);
            Pattern one = Pattern.compile(Pattern.quote(operation.path()) + "/\\{(\\w+)}");
            operations().forEach(o -> {
                Matcher path = one.matcher(o.path());
                if (path.matches()) {
                    variables.putIfAbsent(path.group(1), name);
                }
            });
        }
    }

    private static Stream<Operation> operations() {
        return stream(document.path("paths")).flatMap(path -> stream(path.getValue())
                .map(method ->
                        new Operation(path.getKey(), method.getKey().toUpperCase(Locale.ROOT), method.getValue())));
    }

    private static Stream<Map.Entry<String, JsonNode>> stream(JsonNode object) {
        return object.properties().stream();
    }

    private static Set<String> variables(String path) {
        Set<String> names = new TreeSet<>();
        Pattern.compile("\\{(\\w+)}").matcher(path).results().forEach(m -> names.add(m.group(1)));
        return names;
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static Set<ValidationMessage> faults(JsonNode schema, JsonNode value) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", document.path("components"));
        whole.putArray("allOf").add(schema);
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(whole, SchemaValidatorsConfig.builder().build())
                .validate(value);
    }
}
