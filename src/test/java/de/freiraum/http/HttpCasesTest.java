package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * The operations as clients see them, case by case from the files below {@code http/cases}. Each case has a tenant of its own. A case gives
 * entities that exist, a request, what is expected of its answer, and perhaps requests that follow. No answer may be 5xx but 504.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpCasesTest {
    @SuppressWarnings("NullAway.Init") // opened before the first case
    private TestBroker broker;

    @BeforeAll
    void open() {
        broker = TestBroker.open();
    }

    @AfterAll
    void close() {
        broker.close();
    }

    @TestFactory
    Stream<DynamicNode> cases() {
        return files().stream().flatMap(file -> items(read(file)).stream().map(c -> {
            Value.Obj theCase = (Value.Obj) c;
            return DynamicTest.dynamicTest(file + ": " + text(theCase, "name"), () -> run(theCase));
        }));
    }

    private void run(Value.Obj theCase) {
        String tenant = "t" + UUID.randomUUID().toString().replace("-", "");
        for (Value entity : items(theCase.get("given"))) {
            HttpResponse<String> created = broker.send(
                    "POST",
                    "/entities",
                    JsonWriter.text(entity),
                    "Content-Type",
                    "application/json",
                    "NGSILD-Tenant",
                    tenant);
            assertThat(created.statusCode()).as("given: " + created.body()).isEqualTo(201);
        }
        step(theCase, tenant);
        items(theCase.get("then")).forEach(next -> step((Value.Obj) next, tenant));
    }

    /** A step that is to succeed eventually is tried again until it does. */
    private void step(Value.Obj step, String tenant) {
        if (Value.Bool.TRUE.equals(step.get("eventually"))) {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> once(step, tenant));
        } else {
            once(step, tenant);
        }
    }

    private void once(Value.Obj step, String tenant) {
        HttpResponse<String> answer = send(step, tenant);
        assertThat(answer.statusCode() < 500 || answer.statusCode() == 504)
                .as("status " + answer.statusCode() + " " + answer.body())
                .isTrue();
        if (step.get("status") instanceof Value.Num status) {
            assertThat(answer.statusCode())
                    .as(text(step, "request") + " " + answer.body())
                    .isEqualTo((int) status.asDouble());
        }
        if (step.get("error") instanceof Value.Text error) {
            requireProblem(answer, error.text());
        }
        if (step.get("detail") instanceof Value.Text detail) {
            assertThat(answer.body()).contains(detail.text());
        }
        if (step.get("body") != null) {
            assertThat(json(answer.body())).as(answer.body()).isEqualTo(step.get("body"));
        }
        if (step.get("headers") instanceof Value.Obj headers) {
            headers.members().forEach((name, expected) -> assertThat(
                            String.join(" & ", answer.headers().allValues(name)))
                    .as(name)
                    .isEqualTo(expected instanceof Value.Text t ? t.text() : ""));
        }
    }

    private HttpResponse<String> send(Value.Obj step, String tenant) {
        String request = text(step, "request");
        int blank = request.indexOf(' ');
        List<String> headers = new ArrayList<>();
        Value sent = step.get("send");
        Value.Obj given = step.get("with") instanceof Value.Obj with ? with : new Value.Obj(Map.of());
        if (given.get("NGSILD-Tenant") == null) {
            headers.addAll(List.of("NGSILD-Tenant", tenant));
        }
        given.members().forEach((name, value) -> {
            headers.add(name);
            headers.add(((Value.Text) value).text());
        });
        if (sent != null && headers.stream().noneMatch("Content-Type"::equalsIgnoreCase)) {
            headers.add("Content-Type");
            headers.add("application/json");
        }
        String body = sent == null ? "" : sent instanceof Value.Text t ? t.text() : JsonWriter.text(sent);
        return broker.send(
                request.substring(0, blank), request.substring(blank + 1), body, headers.toArray(String[]::new));
    }

    private static void requireProblem(HttpResponse<String> answer, String type) {
        assertThat(json(answer.body())).isInstanceOfSatisfying(Value.Obj.class, problem -> {
            assertThat(text(problem, "type")).isEqualTo("https://uri.etsi.org/ngsi-ld/errors/" + type);
            assertThat(text(problem, "title")).isNotEmpty().isNotEqualTo(text(problem, "detail"));
            assertThat(text(problem, "detail")).isNotEmpty();
        });
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    }

    /** Every file of cases that there is. */
    private static List<String> files() {
        try (Stream<Path> found =
                Files.list(Path.of(Objects.requireNonNull(HttpCasesTest.class.getResource("/http/cases"))
                        .toURI()))) {
            List<String> names = found.map(p -> p.getFileName().toString().replace(".json", ""))
                    .sorted()
                    .toList();
            assertThat(names).isNotEmpty();
            return names;
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Value read(String file) {
        try (InputStream in = HttpCasesTest.class.getResourceAsStream("/http/cases/" + file + ".json")) {
            return JsonReader.read(Objects.requireNonNull(in, file).readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Value json(String text) {
        return JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Value> items(@Nullable Value value) {
        return value instanceof Value.Array array ? array.items() : List.of();
    }

    private static String text(Value.Obj object, String name) {
        return object.get(name) instanceof Value.Text t
                ? t.text()
                : Map.of("missing", name).toString();
    }
}
