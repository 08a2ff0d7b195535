package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What tests of brokers that work together have in common. */
final class Federated {
    private Federated() {}

    /** JSON in which single quotes stand for double ones. */
    static String json(String text) {
        return text.replace('\'', '"');
    }

    static String endpoint(TestBroker broker) {
        return "http://127.0.0.1:" + broker.port();
    }

    /** Registers a source at a broker. @return the registration's id */
    static String register(TestBroker broker, String endpoint, String members) {
        HttpResponse<String> answer = broker.post(
                "/csourceRegistrations",
                json("{'type':'ContextSourceRegistration','endpoint':'" + endpoint + "'," + members + "}"));
        require(answer, 201);
        String location = answer.headers().firstValue("Location").orElseThrow();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    static void hold(TestBroker broker, String entity) {
        require(broker.post("/entities?local=true", json(entity)), 201);
    }

    static void require(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    static Value read(HttpResponse<String> answer) {
        return JsonReader.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    static List<String> warnings(HttpResponse<String> answer) {
        return answer.headers().allValues("NGSILD-Warning");
    }

    /** A member of an object, which must have it. */
    static Value at(Value object, String name) {
        return Objects.requireNonNull(((Value.Obj) object).get(name), name);
    }

    /** The ids of an answer's entities. */
    static List<String> ids(HttpResponse<String> answer) {
        return ((Value.Array) read(answer))
                .items().stream()
                        .map(e -> at(e, "id") instanceof Value.Text t ? t.text() : "")
                        .toList();
    }
}
