package de.freiraum.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.EntityChanges;
import de.freiraum.model.Value;
import de.freiraum.notify.Receiver.Received;
import de.freiraum.representation.EntityReader;
import de.freiraum.representation.ReadMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * What receivers get, case by case from {@code notify/cases/notifications.json}. A case gives entities that exist before the subscription,
 * members of the subscription, of its notification and of its endpoint, changes, and the data of all notifications that come of
 * them. Times in data read {@code TIME}. URNs and the type {@code TTT} are made unique to the case, since cases share a broker.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotificationCasesTest {
    @SuppressWarnings("NullAway.Init") // opened before the first case
    private NotifierFixture at;

    @BeforeAll
    void open() throws Exception {
        at = new NotifierFixture();
    }

    @AfterAll
    void close() throws Exception {
        at.close();
    }

    @TestFactory
    Stream<DynamicNode> cases() throws IOException {
        try (InputStream in = NotificationCasesTest.class.getResourceAsStream("/notify/cases/notifications.json")) {
            List<Value> cases = items(JsonReader.read(Objects.requireNonNull(in).readAllBytes()));
            List<DynamicNode> tests = new ArrayList<>();
            for (int i = 0; i < cases.size(); i++) {
                String unique = "C" + i + "x";
                String text = JsonWriter.text(cases.get(i))
                        .replaceAll("urn:(?!ngsi-ld:)", "urn:" + unique + ":")
                        .replace("TTT", unique);
                Value.Obj theCase = (Value.Obj) JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
                tests.add(DynamicTest.dynamicTest(text(cases.get(i), "name"), () -> run(theCase, unique)));
            }
            return tests.stream();
        }
    }

    private void run(Value.Obj theCase, String unique) throws Exception {
        for (Value entity : items(theCase.get("given"))) {
            apply("create", entity);
        }
        String id = NotifierFixture.done(
                at.operations.create(at.caller, subscription(theCase, unique), NotifierFixture.CORE));
        for (Value change : items(theCase.get("changes"))) {
            for (Map.Entry<String, Value> step : members(change).entrySet()) {
                apply(step.getKey(), step.getValue());
            }
        }
        List<Value> expected = items(theCase.get("data"));
        requireAllMatched(unique);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> at.receiver.received("/" + unique).size() >= expected.size());
        List<Received> received = at.receiver.received("/" + unique);
        assertThat(received).extracting(r -> timeless(r.body().get("data"))).isEqualTo(expected);
        assertThat(at.counters(id).timesSent()).isEqualTo(expected.size());
        if (theCase.get("headers") instanceof Value.Obj headers) {
            headers.members().forEach((name, value) -> assertThat(
                            received.get(0).headers().get(name))
                    .as(name)
                    .isEqualTo(value instanceof Value.Text t ? t.text() : null));
        }
    }

    /** Sends a marker that comes behind all changes before it. */
    private void requireAllMatched(String unique) throws Exception {
        at.subscribeTo("Marker" + unique, "", at.endpoint("/marker" + unique));
        at.createOf("Marker" + unique, "urn:marker:" + unique, ",'n':1");
        at.next("/marker" + unique, 1);
    }

    private Value.Obj subscription(Value.Obj theCase, String unique) {
        Map<String, Value> endpoint = new LinkedHashMap<>(members(theCase.get("endpoint")));
        endpoint.put("uri", Value.of(at.receiver.uri("/" + unique)));
        Map<String, Value> notification = new LinkedHashMap<>(members(theCase.get("notification")));
        notification.put("endpoint", new Value.Obj(endpoint));
        Map<String, Value> subscription = new LinkedHashMap<>();
        subscription.put("type", Value.of("Subscription"));
        subscription.put(
                "entities",
                NotifierFixture.json("{'x':[{'type':'" + unique + "'}]}")
                        .members()
                        .get("x"));
        subscription.putAll(members(theCase.get("subscription")));
        subscription.put("notification", new Value.Obj(notification));
        return new Value.Obj(subscription);
    }

    private void apply(String what, Value content) throws Exception {
        if (content instanceof Value.Text id) {
            assertThat(what).isEqualTo("delete");
            at.delete(id.text());
            return;
        }
        if (what.equals("deleteAttribute")) {
            List<Value> path = items(content);
            at.deleteInstance(text(path.get(0)), text(path.get(1)), path.size() > 2 ? text(path.get(2)) : null);
            return;
        }
        String id = text(content, "id");
        Value.Obj body = (Value.Obj) content;
        switch (what) {
            case "create" -> at.write(id, EntityChanges.create(read(body, ReadMode.CREATE)));
            case "replace" -> at.write(id, EntityChanges.replace(id, read(body, ReadMode.CREATE)));
            case "append" -> at.write(id, EntityChanges.append(id, read(body, ReadMode.CREATE), true));
            case "update" -> at.write(id, EntityChanges.update(id, read(body, ReadMode.UPDATE)));
            default -> throw new IllegalArgumentException(what);
        }
    }

    private static de.freiraum.model.EntityFragment read(Value.Obj body, ReadMode mode) {
        return EntityReader.read(body, NotifierFixture.CORE, mode);
    }

    /** The same with the system's times made equal. */
    private static Value timeless(@Nullable Value value) {
        if (value instanceof Value.Array array) {
            return new Value.Array(
                    array.items().stream().map(NotificationCasesTest::timeless).toList());
        }
        if (!(value instanceof Value.Obj object)) {
            return Objects.requireNonNull(value);
        }
        Map<String, Value> members = new LinkedHashMap<>();
        object.members()
                .forEach((name, member) -> members.put(
                        name,
                        List.of("createdAt", "modifiedAt", "deletedAt").contains(name)
                                ? Value.of("TIME")
                                : timeless(member)));
        return new Value.Obj(members);
    }

    private static Map<String, Value> members(@Nullable Value value) {
        return value instanceof Value.Obj object ? object.members() : Map.of();
    }

    private static List<Value> items(@Nullable Value value) {
        return value instanceof Value.Array array ? array.items() : List.of();
    }

    private static String text(Value value) {
        return ((Value.Text) value).text();
    }

    private static String text(Value value, String member) {
        return text(Objects.requireNonNull(((Value.Obj) value).get(member), member));
    }
}
