package de.freiraum.representation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Subscription;
import de.freiraum.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("5.2.12")
class SubscriptionReaderTest {
    private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
    private static final Context CORE = BuiltInContexts.core();
    private static final Context OTHER =
            context("{\"Building\":\"https://example.org/Building\",\"name\":\"https://example.org/name\","
                    + "\"area\":\"https://example.org/area\",\"locatedAt\":\"https://example.org/locatedAt\","
                    + "\"airQualityLevel\":\"https://example.org/airQualityLevel\",\"A\":\"https://example.org/A\"}");

    private static Context context(String json) {
        return ContextResolver.builtInOnly()
                .resolve(object(json))
                .toCompletableFuture()
                .join();
    }

    private static Value.Obj object(String json) {
        return (Value.Obj) JsonReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Stream<Arguments> cases(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                SubscriptionReaderTest.class.getResourceAsStream("/representation/cases/" + file))) {
            return ((Value.Array) JsonReader.read(in.readAllBytes()))
                    .items().stream()
                            .map(Value.Obj.class::cast)
                            .map(c -> Arguments.of(((Value.Text) Objects.requireNonNull(c.get("name"))).text(), c));
        }
    }

    static Stream<Arguments> invalid() throws IOException {
        return cases("subscriptions-invalid.json");
    }

    static Stream<Arguments> valid() throws IOException {
        return cases("subscriptions-valid.json");
    }

    private static Value.Obj body(Value.Obj testCase) {
        return (Value.Obj) Objects.requireNonNull(testCase.get("body"));
    }

    private static Subscription create(String json) {
        return SubscriptionReader.create(object(json), CORE, "urn:new", NOW);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void refuses(String name, Value.Obj testCase) {
        assertThatThrownBy(() -> SubscriptionReader.create(body(testCase), OTHER, "urn:new", NOW))
                .isInstanceOfSatisfying(NgsiLdException.class, e -> {
                    assertThat(e.type()).isEqualTo(ErrorType.BadRequestData);
                    assertThat(e.detail())
                            .contains(((Value.Text) Objects.requireNonNull(testCase.get("mentions"))).text());
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void readsBackWhatWasGivenUnderTheSameContext(String name, Value.Obj testCase) {
        Subscription subscription = SubscriptionReader.create(body(testCase), OTHER, "urn:new", NOW);
        Map<String, Value> written =
                new LinkedHashMap<>(SubscriptionWriter.write(subscription, DeliveryCounters.NONE, OTHER, NOW)
                        .members());
        Map<String, Value> expected = new LinkedHashMap<>(body(testCase).members());
        assertThat(written.remove("status")).isEqualTo(Value.of(subscription.active() ? "active" : "paused"));
        expected.putIfAbsent("id", Value.of("urn:new"));
        expected.putIfAbsent(
                "notificationTrigger", Value.ofTexts(java.util.List.of("attributeCreated", "attributeUpdated")));
        assertThat(written).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void readsItsOwnDocument(String name, Value.Obj testCase) {
        Subscription subscription = SubscriptionReader.create(body(testCase), OTHER, "urn:new", NOW);
        assertThat(SubscriptionReader.stored(subscription.document(), subscription.q(), subscription.csf()))
                .isEqualTo(subscription);
    }

    @Test
    void expandsNamesWithTheContext() {
        Subscription subscription = SubscriptionReader.create(
                object(
                        "{\"type\":\"Subscription\",\"entities\":[{\"type\":\"(Building|A)\"}],\"watchedAttributes\":[\"name\",\"x\"],"
                                + "\"notification\":{\"pick\":[\"id\",\"locatedAt{name}\"],\"endpoint\":{\"uri\":\"http://h/\"}}}"),
                OTHER,
                "urn:new",
                NOW);
        assertThat(subscription.entities().get(0).types())
                .isEqualTo("(https://example.org/Building|https://example.org/A)");
        assertThat(subscription.watchedAttributes())
                .containsExactlyInAnyOrder(
                        "https://example.org/name", "https://uri.etsi.org/ngsi-ld/default-context/x");
        assertThat(subscription.notification().pick())
                .containsExactly("id", "https://example.org/locatedAt{https://example.org/name}");
    }

    @Test
    void writesNamesOfAnotherContextExpanded() {
        Subscription subscription = SubscriptionReader.create(
                object(
                        "{\"type\":\"Subscription\",\"entities\":[{\"type\":\"Building\"}],\"watchedAttributes\":[\"name\"],"
                                + "\"q\":\"name==\\\"x\\\"\",\"notification\":{\"attributes\":[\"area\"],\"endpoint\":{\"uri\":\"http://h/\"}}}"),
                OTHER,
                "urn:new",
                NOW);
        Value.Obj written = SubscriptionWriter.write(subscription, DeliveryCounters.NONE, CORE, NOW);
        assertThat(written.get("entities"))
                .isEqualTo(object("{\"x\":[{\"type\":\"https://example.org/Building\"}]}")
                        .get("x"));
        assertThat(written.get("watchedAttributes"))
                .isEqualTo(object("{\"x\":[\"https://example.org/name\"]}").get("x"));
        assertThat(written.get("q")).isEqualTo(Value.of("https://example.org/name==\"x\""));
    }

    @Test
    void leavesOutMembersThatAreNoneOfTheDataTypeOrTheBrokersOwn() {
        Subscription subscription = create(
                "{\"type\":\"Subscription\",\"entities\":[{\"type\":\"A\",\"x\":1}],\"status\":\"expired\","
                        + "\"__context\":\"http://evil/\",\"notification\":{\"timesSent\":42,\"status\":\"ok\",\"endpoint\":{\"uri\":\"http://h/\",\"x\":1}}}");
        Value.Obj written = SubscriptionWriter.write(subscription, DeliveryCounters.NONE, CORE, NOW);
        assertThat(written.get("status")).isEqualTo(Value.of("active"));
        assertThat(written.members()).doesNotContainKey("__context");
        assertThat(written.get("notification")).isEqualTo(object("{\"endpoint\":{\"uri\":\"http://h/\"}}"));
    }

    @Test
    void writesTheCounters() {
        Subscription subscription = create(
                "{\"type\":\"Subscription\",\"entities\":[{\"type\":\"A\"}],\"notification\":{\"endpoint\":{\"uri\":\"http://h/\"}}}");
        DeliveryCounters counters =
                DeliveryCounters.NONE.sent(NOW).succeeded(NOW).sent(NOW).failed(NOW.plusSeconds(1));
        assertThat(SubscriptionWriter.write(subscription, counters, CORE, NOW).get("notification"))
                .isEqualTo(object("{\"endpoint\":{\"uri\":\"http://h/\"},\"timesSent\":2,\"timesFailed\":1,"
                        + "\"lastNotification\":\"2026-03-02T10:00:00Z\",\"lastSuccess\":\"2026-03-02T10:00:00Z\","
                        + "\"lastFailure\":\"2026-03-02T10:00:01Z\",\"status\":\"failed\"}"));
    }

    @Test
    void countsSecondsAndMilliseconds() {
        Subscription subscription =
                create("{\"type\":\"Subscription\",\"entities\":[{\"type\":\"A\"}],\"throttling\":1.5,"
                        + "\"notification\":{\"endpoint\":{\"uri\":\"http://h/\",\"timeout\":2000}}}");
        assertThat(subscription.throttling()).isEqualTo(Duration.ofMillis(1500));
        assertThat(subscription.notification().endpoint().timeout()).isEqualTo(Duration.ofSeconds(2));
    }

    private static Subscription update(Subscription current, String fragment) {
        return SubscriptionReader.update(current, object(fragment), CORE, NOW);
    }

    private static Subscription given() {
        return create(
                "{\"type\":\"Subscription\",\"id\":\"urn:a:b\",\"description\":\"d\",\"entities\":[{\"type\":\"A\"}],"
                        + "\"q\":\"a==1\",\"notification\":{\"format\":\"concise\",\"endpoint\":{\"uri\":\"http://h/\"}}}");
    }

    @Test
    @Tag("5.8.2")
    void aFragmentReplacesWholeMembersAndLeavesTheOthers() {
        Subscription updated = update(given(), "{\"notification\":{\"endpoint\":{\"uri\":\"http://other/\"}}}");
        assertThat(updated.notification().endpoint().uri()).isEqualTo("http://other/");
        assertThat(updated.notification().format()).isEqualTo(Subscription.Format.normalized);
        assertThat(updated.q()).isEqualTo(given().q());
        assertThat(updated.document().get("description")).isEqualTo(Value.of("d"));
    }

    @Test
    @Tag("5.8.2")
    void aFragmentWithNullRemovesAMember() {
        Subscription updated = update(given(), "{\"description\":\"urn:ngsi-ld:null\",\"q\":null}");
        assertThat(updated.document().members()).doesNotContainKeys("description", "q");
        assertThat(updated.q()).isNull();
    }

    @Test
    @Tag("5.8.2")
    void aFragmentChangesTheStatus() {
        Subscription paused = update(given(), "{\"isActive\":false}");
        assertThat(paused.status(NOW)).isEqualTo(Subscription.Status.paused);
        assertThat(update(paused, "{\"isActive\":true}").status(NOW)).isEqualTo(Subscription.Status.active);
        Subscription ending = update(given(), "{\"expiresAt\":\"2026-03-02T10:00:01Z\"}");
        assertThat(ending.status(NOW.plusSeconds(1))).isEqualTo(Subscription.Status.expired);
    }

    @Test
    @Tag("5.8.2")
    void aNewExpirationDateAloneMakesAnExpiredSubscriptionActive() {
        Subscription paused = update(given(), "{\"isActive\":false,\"expiresAt\":\"2026-03-02T10:00:01Z\"}");
        Instant later = NOW.plusSeconds(10);
        assertThat(paused.status(later)).isEqualTo(Subscription.Status.expired);
        Value.Obj fragment = object("{\"expiresAt\":\"2026-03-02T11:00:00Z\"}");
        assertThat(SubscriptionReader.update(paused, fragment, CORE, later).status(later))
                .isEqualTo(Subscription.Status.active);
        assertThat(SubscriptionReader.update(paused, fragment, CORE, NOW).status(later))
                .isEqualTo(Subscription.Status.paused);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {
                "{\"id\":\"urn:a:c\"}",
                "{\"type\":\"Other\"}",
                "{\"type\":null}",
                "{\"notification\":null}",
                "{\"notification\":{\"format\":\"keyValues\"}}",
                "{\"notification\":{\"format\":\"keyValues\",\"endpoint\":null}}",
                "{\"entities\":\"urn:ngsi-ld:null\"}",
                "{\"expiresAt\":\"2020-08-01T22:07:00Z\"}",
                "{\"timeInterval\":5,\"throttling\":5}",
                "{\"q\":\"((\"}"
            })
    @Tag("5.8.2")
    void refusesAFragmentThatLeavesNoValidSubscription(String fragment) {
        assertThatThrownBy(() -> update(given(), fragment))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.BadRequestData));
    }
}
