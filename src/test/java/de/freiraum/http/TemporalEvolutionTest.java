package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The temporal evolution of entities over HTTP, named by clause. */
class TemporalEvolutionTest {
    private static final String EVOLUTIONS = "/temporal/entities";
    private static final String DAY = "2026-03-01T";

    @SuppressWarnings("NullAway.Init") // opened before all tests
    private static TestBroker broker;

    @BeforeAll
    static void open() {
        broker = TestBroker.open();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    // ---- 5.6.11 to 5.6.16

    @Test
    void clause5611CreatesAnEvolutionButNoCurrentEntity() {
        String id = "urn:ngsi-ld:T:created";

        HttpResponse<String> created = broker.post(EVOLUTIONS, evolution(id, "T", speed(1, "12:00:00Z")));

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("Location")).hasValue("/ngsi-ld/v1/temporal/entities/" + id);
        assertThat(broker.get("/entities/" + id).statusCode()).isEqualTo(404);
        assertThat(broker.get("/entities?type=T").body()).isEqualTo("[]");
    }

    @Test
    void clause5611AddsInstancesAndTypesToAnEvolution() {
        String id = "urn:ngsi-ld:T:upserted";
        broker.post(EVOLUTIONS, evolution(id, "T", speed(1, "12:00:00Z")));

        HttpResponse<String> again = broker.post(EVOLUTIONS, evolution(id, "U", speed(2, "12:01:00Z")));

        assertThat(again.statusCode()).isEqualTo(204);
        Value.Obj read = retrieve(id, "");
        assertThat(JsonWriter.text(read.members().getOrDefault("type", Value.Null.INSTANCE)))
                .isEqualTo("[\"T\",\"U\"]");
        assertThat(values(read, "speed")).containsExactly("1", "2");
    }

    @Test
    void clause5611ReadsTheSimplifiedRepresentation() {
        String id = "urn:ngsi-ld:T:simplified-input";
        broker.post(EVOLUTIONS, """
                {"id": "%s", "type": "T",
                 "speed": {"type": "Property", "values": [[1, "2026-03-01T12:00:00Z"], [2, "2026-03-01T12:01:00Z"]]},
                 "knows": {"type": "Relationship", "objects": [["urn:a:b", "2026-03-01T12:00:00Z"]]},
                 "says": {"type": "LanguageProperty", "languageMaps": [[{"languageMap": {"en": "yes"}}, "2026-03-01T12:00:00Z"]]}}
                """.formatted(id));

        assertThat(JsonWriter.text(retrieve(id, "?format=temporalValues")))
                .contains("\"knows\":{\"type\":\"Relationship\",\"objects\":[[\"urn:a:b\",")
                .contains(
                        "\"says\":{\"type\":\"LanguageProperty\",\"languageMaps\":[[{\"languageMap\":{\"en\":\"yes\"}},")
                .contains("\"speed\":{\"type\":\"Property\",\"values\":[[1,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"T\"}",
                "{\"id\": \"urn:ngsi-ld:T:refused\"}",
                "{\"id\": \"no uri\", \"type\": \"T\"}",
                "{\"id\": \"urn:ngsi-ld:T:refused\", \"type\": \"T\", \"expiresAt\": \"urn:ngsi-ld:null\"}",
                "{\"id\": \"urn:ngsi-ld:T:refused\", \"type\": \"T\", \"speed\": [{\"type\": \"Property\"}]}",
                "{\"id\": \"urn:ngsi-ld:T:refused\", \"type\": \"T\", \"speed\": {\"type\": \"Property\", \"values\": [1, 2]}}",
                "{\"id\": \"urn:ngsi-ld:T:refused\", \"type\": \"T\", \"speed\": [{\"type\": \"Property\", \"value\": 1,"
                        + " \"observedAt\": \"2026-03-01T02:00:00+03:00\"}]}"
            })
    void clause5611RefusesWhatIsNoEvolution(String body) {
        HttpResponse<String> refused = broker.post(EVOLUTIONS, body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("BadRequestData");
        assertThat(broker.get(EVOLUTIONS + "/urn:ngsi-ld:T:refused").statusCode())
                .isEqualTo(404);
    }

    @Test
    void clause5612AppendsInstances() {
        String id = "urn:ngsi-ld:T:appended";
        broker.post(EVOLUTIONS, evolution(id, "T", speed(1, "12:00:00Z")));

        HttpResponse<String> appended = broker.post(
                EVOLUTIONS + "/" + id + "/attrs", "{" + speed(2, "12:01:00Z") + ",\"name\":[{\"value\":\"x\"}]}");

        assertThat(appended.statusCode()).isEqualTo(204);
        assertThat(values(retrieve(id, ""), "speed")).containsExactly("1", "2");
        assertThat(values(retrieve(id, ""), "name")).containsExactly("\"x\"");
    }

    @Test
    void clause5612KnowsNoOtherEvolution() {
        assertThat(broker.post(EVOLUTIONS + "/urn:ngsi-ld:T:absent/attrs", "{" + speed(2, "12:01:00Z") + "}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void clause5613DeletesTheInstancesOfOneDatasetOrOfAll() {
        String id = "urn:ngsi-ld:T:deleted-attribute";
        broker.post(
                EVOLUTIONS,
                evolution(id, "T", speed(1, "12:00:00Z")) // default
                        .replace(
                                "}]}",
                                "},{\"value\":2,\"datasetId\":\"urn:d:1\"},{\"value\":3,\"datasetId\":\"urn:d:2\"}]}"));

        assertThat(delete(id + "/attrs/speed")).isEqualTo(204);
        assertThat(values(retrieve(id, ""), "speed")).containsExactlyInAnyOrder("2", "3");
        assertThat(delete(id + "/attrs/speed?datasetId=urn:d:1")).isEqualTo(204);
        assertThat(values(retrieve(id, ""), "speed")).containsExactly("3");
        assertThat(delete(id + "/attrs/speed?deleteAll=true")).isEqualTo(204);
        assertThat(delete(id + "/attrs/speed?deleteAll=true")).isEqualTo(404);
        assertThat(delete("urn:ngsi-ld:T:absent/attrs/speed")).isEqualTo(404);
        assertThat(delete(id + "/attrs/no(name")).isEqualTo(400);
    }

    @Test
    void clause5614ReplacesAnInstance() {
        String id = "urn:ngsi-ld:T:modified";
        broker.post(EVOLUTIONS, evolution(id, "T", speed(1, "12:00:00Z")));
        String instance = instanceId(retrieve(id, ""));
        String path = EVOLUTIONS + "/" + id + "/attrs/speed/";

        assertThat(patch(
                        path + instance, "{\"type\":\"Property\",\"value\":5,\"observedAt\":\"2026-03-01T12:00:00Z\"}"))
                .isEqualTo(204);
        assertThat(patch(path + instance, "{\"speed\":[{\"type\":\"Property\",\"value\":6}]}"))
                .isEqualTo(204);

        Value.Obj read = retrieve(id, "");
        assertThat(values(read, "speed")).containsExactly("6");
        assertThat(instanceId(read)).isEqualTo(instance);
        assertThat(patch(path + "urn:no:instance", "{\"value\":5}")).isEqualTo(404);
        assertThat(patch(path + "nouri", "{\"value\":5}")).isEqualTo(400);
    }

    @Test
    void clause5615DeletesAnInstance() {
        String id = "urn:ngsi-ld:T:deleted-instance";
        broker.post(EVOLUTIONS, evolution(id, "T", speed(1, "12:00:00Z"), speed("other", 1, "12:00:00Z")));
        String instance = instanceId(retrieve(id, ""));

        assertThat(delete(id + "/attrs/other/" + instance)).isEqualTo(404);
        assertThat(delete(id + "/attrs/speed/" + instance)).isEqualTo(204);
        assertThat(delete(id + "/attrs/speed/" + instance)).isEqualTo(404);
        assertThat(retrieve(id, "").get("speed")).isNull();
    }

    @Test
    void clause5616DeletesAnEvolution() {
        String id = "urn:ngsi-ld:T:deleted";
        broker.post(EVOLUTIONS, evolution(id, "T", speed(1, "12:00:00Z")));

        assertThat(delete(id)).isEqualTo(204);
        assertThat(delete(id)).isEqualTo(404);
        assertThat(delete("nouri")).isEqualTo(400);
        assertThat(broker.get(EVOLUTIONS + "/" + id).statusCode()).isEqualTo(404);
    }

    // ---- 5.7.3

    @Test
    void clause573ShowsChangesMadeThroughTheCoreApi() {
        String id = "urn:ngsi-ld:T:core";
        broker.post("/entities", "{\"id\":\"" + id + "\",\"type\":\"T\",\"scope\":\"/Old\",\"speed\":{\"value\":1}}");
        broker.send(
                "PATCH",
                "/entities/" + id,
                "{\"scope\":\"/New\",\"speed\":{\"value\":2}}",
                "Content-Type",
                "application/json");
        broker.send("DELETE", "/entities/" + id + "/attrs/speed", "");

        Value.Obj read = retrieve(id, "?options=sysAttrs");

        assertThat(values(read, "speed")).containsExactly("1", "2", "\"urn:ngsi-ld:null\"");
        assertThat(values(read, "scope")).containsExactly("\"/Old\"", "\"/New\"");
        assertThat(values(retrieve(id, "?timeproperty=deletedAt"), "speed")).containsExactly("\"urn:ngsi-ld:null\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    timerel=after&timeAt=2026-03-01T12:01:00Z | 2,3
                    timerel=before&timeAt=2026-03-01T12:01:00.000Z | 1
                    timerel=between&timeAt=2026-03-01T12:00:00Z&endTimeAt=2026-03-01T12:02:00Z | 1,2
                    lastN=2 | 2,3
                    firstN=2 | 1,2
                    timerel=before&timeAt=2026-03-01T12:02:00Z&lastN=1 | 2
                    attrs=speed | 1,2,3
                    pick=speed | 1,2,3
                    """)
    void clause411SelectsInstances(String query, String expected) {
        String id = "urn:ngsi-ld:T:selected";
        broker.post(EVOLUTIONS, evolution(id, "T", speeds(3)));

        assertThat(String.join(",", values(retrieve(id, "?" + query), "speed"))).isEqualTo(expected);
        broker.send("DELETE", EVOLUTIONS + "/" + id, "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    timerel=during&timeAt=2026-03-01T12:01:00Z | 400
                    timerel=after | 400
                    timeAt=2026-03-01T12:01:00Z | 400
                    timerel=between&timeAt=2026-03-01T12:01:00Z | 400
                    timerel=after&timeAt=2026-03-01 | 400
                    lastN=0 | 400
                    timeproperty=never | 400
                    format=aggregatedValues | 400
                    format=aggregatedValues&aggrMethods=mode | 400
                    format=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=1h | 400
                    format=nothing | 400
                    options=temporalValues,aggregatedValues&aggrMethods=avg | 400
                    pick=owner%7Bname%7D | 400
                    pick=speed&omit=speed | 400
                    attrs=speed&omit=speed | 400
                    attrs=unknown | 404
                    pick=unknown | 404
                    omit=id,type,speed | 404
                    timerel=after&timeAt=2027-03-01T12:01:00Z | 404
                    """)
    void clause573RefusesOrFindsNothing(String query, int status) {
        String id = "urn:ngsi-ld:T:refused-query";
        broker.post(EVOLUTIONS, evolution(id, "T", speed(1, "12:00:00Z")));

        assertThat(broker.get(EVOLUTIONS + "/" + id + "?" + query).statusCode()).isEqualTo(status);
        broker.send("DELETE", EVOLUTIONS + "/" + id, "");
    }

    // ---- 4.5.19

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    totalCount | 4
                    distinctCount | 3
                    sum | 20
                    avg | 5
                    min | 2
                    max | 8
                    stddev | 2.121320343559643
                    sumsq | 118
                    """)
    void clause4519AggregatesNumbers(String method, String expected) {
        String id = "urn:ngsi-ld:T:aggregated";
        broker.post(
                EVOLUTIONS,
                evolution(
                        id,
                        "T",
                        "\"speed\":[" + at(2, "12:00:00Z") + "," + at(8, "12:10:00Z") + "," + at(5, "12:20:00Z") + ","
                                + at(5, "12:30:00Z") + "]"));

        String read = JsonWriter.text(retrieve(id, "?format=aggregatedValues&aggrMethods=" + method));

        assertThat(read).contains("\"" + method + "\":[[" + expected + ",\"" + DAY + "12:00:00");
        broker.send("DELETE", EVOLUTIONS + "/" + id, "");
    }

    @Test
    void clause4519CountsPeriodsFromTheStartOfTheQueryByTheCalendar() {
        String id = "urn:ngsi-ld:T:months";
        broker.post(EVOLUTIONS, """
                {"id": "%s", "type": "T", "speed": {"type": "Property", "values":
                  [[1, "2024-01-31T00:00:00Z"], [2, "2024-02-28T23:59:59Z"], [3, "2024-02-29T00:00:00Z"], [4, "2026-01-31T00:00:00Z"]]}}
                """.formatted(id));

        String read = JsonWriter.text(
                retrieve(
                        id,
                        "?format=aggregatedValues&aggrMethods=sum&aggrPeriodDuration=P1M&timerel=after&timeAt=2024-01-31T00:00:00Z"));

        assertThat(read.replaceAll("\\.000Z", "Z"))
                .contains("\"sum\":[[3,\"2024-01-31T00:00:00Z\",\"2024-02-29T00:00:00Z\"],"
                        + "[3,\"2024-02-29T00:00:00Z\",\"2024-03-31T00:00:00Z\"],"
                        + "[4,\"2026-01-31T00:00:00Z\",\"2026-02-28T00:00:00Z\"]]");
    }

    @Test
    void clause4519TakesTextTruthArraysAndTimesAsTheTablesSay() {
        String id = "urn:ngsi-ld:T:sorts";
        broker.post(EVOLUTIONS, """
                {"id": "%s", "type": "T",
                 "name": {"type": "Property", "values": [["b", "2026-03-01T12:00:00Z"], ["a", "2026-03-01T12:01:00Z"]]},
                 "open": {"type": "Property", "values": [[true, "2026-03-01T12:00:00Z"], [false, "2026-03-01T12:01:00Z"]]},
                 "tags": {"type": "Property", "values": [[["x", "y", "z"], "2026-03-01T12:00:00Z"], [["x"], "2026-03-01T12:01:00Z"]]},
                 "enters": {"type": "Property", "values": [["08:00:00Z", "2026-03-01T12:00:00Z"], ["10:00:00Z", "2026-03-01T12:01:00Z"]]},
                 "knows": {"type": "Relationship", "objects": [["urn:a:b", "2026-03-01T12:00:00Z"], ["urn:a:b", "2026-03-01T12:01:00Z"]]}}
                """.formatted(id));

        Value.Obj read = retrieve(id, "?format=aggregatedValues&aggrMethods=avg,max,distinctCount");

        assertThat(results(read, "name", "avg")).isEmpty();
        assertThat(results(read, "name", "max")).containsExactly("\"b\"");
        assertThat(results(read, "open", "avg")).containsExactly("0.5");
        assertThat(results(read, "tags", "max")).containsExactly("3");
        assertThat(results(read, "enters", "avg")).containsExactly("\"09:00:00Z\"");
        assertThat(results(read, "knows", "max")).isEmpty();
        assertThat(results(read, "knows", "distinctCount")).containsExactly("1");
        assertThat(broker.get(EVOLUTIONS + "/" + id + "?attrs=knows&format=aggregatedValues&aggrMethods=avg")
                        .statusCode())
                .isEqualTo(400);
    }

    // ---- 5.7.4

    @Test
    void clause574FindsByTypeTimeAndValuesWithinTheTimeOnly() {
        broker.post(EVOLUTIONS, evolution("urn:ngsi-ld:Q:fast", "Q", speed(30, "12:00:00Z")));
        broker.post(
                EVOLUTIONS,
                evolution(
                        "urn:ngsi-ld:Q:slow",
                        "Q",
                        "\"speed\":[" + at(10, "12:00:00Z") + "," + at(80, "14:00:00Z") + "]"));
        broker.post(EVOLUTIONS, evolution("urn:ngsi-ld:R:other", "R", speed(30, "12:00:00Z")));
        String window = "&timerel=before&timeAt=2026-03-01T13:00:00Z";

        assertThat(ids("?type=Q" + window)).containsExactly("urn:ngsi-ld:Q:fast", "urn:ngsi-ld:Q:slow");
        assertThat(ids("?type=Q&q=speed%3E25" + window)).containsExactly("urn:ngsi-ld:Q:fast");
        assertThat(ids("?type=Q&orderBy=id;desc" + window)).containsExactly("urn:ngsi-ld:Q:slow", "urn:ngsi-ld:Q:fast");
        assertThat(ids("?type=Q,R&idPattern=%3AQ%3As" + window)).containsExactly("urn:ngsi-ld:Q:slow");
        assertThat(ids("?type=Q&timerel=after&timeAt=2026-03-01T13:00:00Z")).containsExactly("urn:ngsi-ld:Q:slow");

        HttpResponse<String> page = broker.get(EVOLUTIONS + "?type=Q&limit=1&count=true" + window);
        assertThat(page.headers().firstValue("NGSILD-Results-Count")).hasValue("2");
        assertThat(String.join(" ", page.headers().allValues("Link"))).contains("rel=\"next\"");
        assertThat(ids("?type=Q&limit=1&offset=1" + window)).containsExactly("urn:ngsi-ld:Q:slow");
    }

    @Test
    void clause574ShowsInstancesOfTheTimeInWhichTheScopeWasValid() {
        broker.post(EVOLUTIONS, """
                {"id": "urn:ngsi-ld:S:1", "type": "S",
                 "scope": [{"type": "Property", "value": "/R", "observedAt": "2026-03-01T10:00:00Z"},
                           {"type": "Property", "value": "/S", "observedAt": "2026-03-01T12:30:00Z"}],
                 "speed": {"type": "Property", "values": [[1, "2026-03-01T12:10:00Z"], [2, "2026-03-01T12:40:00Z"]]}}
                """);
        String window = "&timerel=between&timeAt=2026-03-01T12:00:00Z&endTimeAt=2026-03-01T13:00:00Z";

        assertThat(values(only("?type=S&scopeQ=/R" + window), "speed")).containsExactly("1");
        assertThat(values(only("?type=S&scopeQ=/S" + window), "speed")).containsExactly("2");
        assertThat(values(only("?type=S&scopeQ=/R" + window), "scope")).containsExactly("\"/R\"");
        assertThat(ids("?type=S&scopeQ=/T" + window)).isEmpty();
    }

    @Test
    void clause624QueriesByDocument() {
        broker.post(EVOLUTIONS, evolution("urn:ngsi-ld:D:1", "D", speeds(3)));

        HttpResponse<String> found = broker.post("/temporal/entityOperations/query", """
                {"type": "Query", "entities": [{"type": "D"}],
                 "temporalQ": {"timerel": "after", "timeAt": "2026-03-01T00:00:00Z", "lastN": 1, "aggrMethods": ["max", "min"]}}
                """);

        assertThat(found.statusCode()).isEqualTo(200);
        assertThat(found.body()).contains("\"max\":[[3,").doesNotContain("instanceId");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"D\"}]}",
                "{\"type\":\"Query\",\"temporalQ\":{\"timerel\":\"after\",\"timeAt\":\"2026-03-01T00:00:00Z\"}}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"D\"}],\"temporalQ\":{\"timerel\":\"after\"}}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"D\"}],\"temporalQ\":{\"timerel\":\"after\","
                        + "\"timeAt\":\"2026-03-01T00:00:00Z\",\"lastN\":1.5}}",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"D\"}],\"temporalQ\":{\"timerel\":\"after\","
                        + "\"timeAt\":\"2026-03-01T00:00:00Z\",\"surprise\":1}}"
            })
    void clause624RefusesDocumentsThatAreNoTemporalQuery(String body) {
        HttpResponse<String> refused = broker.post("/temporal/entityOperations/query", body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("BadRequestData");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?type=T",
                "?timerel=after&timeAt=2026-03-01T00:00:00Z",
                "?timerel=after&timeAt=2026-03-01T00:00:00Z&attrs=createdAt",
                "?timerel=after&timeAt=2026-03-01T00:00:00Z&type=T&orderBy=name",
                "?timerel=after&timeAt=2026-03-01T00:00:00Z&type=T&q=owner%7Bname%7D%3D%3D1",
                "?timerel=after&timeAt=2026-03-01T00:00:00Z&type=T&id=no%20uri"
            })
    void clause574RefusesQueriesThatAreTooWideOrWrong(String query) {
        HttpResponse<String> refused = broker.get(EVOLUTIONS + query);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("BadRequestData");
    }

    // ---- 6.3.10

    @Test
    void clause6310CutsALongAnswerInTime(TestInfo test) {
        String id = "urn:ngsi-ld:T:" + test.getTestMethod().orElseThrow().getName();
        broker.post(EVOLUTIONS, evolution(id, "T", speeds(40)));

        HttpResponse<String> forwards =
                broker.get(EVOLUTIONS + "/" + id + "?timerel=after&timeAt=2026-03-01T00:00:00Z");
        assertThat(forwards.statusCode()).isEqualTo(206);
        assertThat(forwards.headers().firstValue("Content-Range"))
                .hasValue("date-time 2026-03-01T00:00:00Z-2026-03-01T12:29:00Z/*");
        assertThat(values(object(forwards.body()), "speed")).hasSize(30).startsWith("1");

        HttpResponse<String> backwards = broker.get(EVOLUTIONS + "/" + id + "?lastN=35");
        assertThat(backwards.statusCode()).isEqualTo(206);
        assertThat(backwards.headers().firstValue("Content-Range"))
                .hasValue("date-time 2026-03-01T12:39:00Z-2026-03-01T12:10:00Z/35");
        assertThat(values(object(backwards.body()), "speed")).hasSize(30).endsWith("40");

        assertThat(broker.get(EVOLUTIONS + "/" + id + "?timerel=after&timeAt=2026-03-01T12:29:00Z")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void clause6310ShowsAttributesOfOtherPagesEmpty() {
        String id = "urn:ngsi-ld:T:elsewhere";
        broker.post(EVOLUTIONS, evolution(id, "T", speeds(30), speed("late", 1, "23:00:00Z")));

        assertThat(broker.get(EVOLUTIONS + "/" + id).body()).contains("\"late\":[]");
        assertThat(broker.get(EVOLUTIONS + "/" + id + "?options=temporalValues").body())
                .contains("\"late\":{\"type\":\"Property\",\"values\":[]}");
    }

    // ---- helpers

    private static String evolution(String id, String type, String... attributes) {
        return "{\"id\":\"" + id + "\",\"type\":\"" + type + "\"," + String.join(",", attributes) + "}";
    }

    private static String speed(int value, String time) {
        return speed("speed", value, time);
    }

    private static String speed(String name, int value, String time) {
        return "\"" + name + "\":[" + at(value, time) + "]";
    }

    private static String at(int value, String time) {
        return "{\"type\":\"Property\",\"value\":" + value + ",\"observedAt\":\"" + DAY + time + "\"}";
    }

    /** As many values, one a minute from noon. */
    private static String speeds(int count) {
        List<String> instances = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            instances.add(at(i + 1, "12:%02d:00Z".formatted(i)));
        }
        return "\"speed\":[" + String.join(",", instances) + "]";
    }

    private static int delete(String path) {
        return broker.send("DELETE", EVOLUTIONS + "/" + path, "").statusCode();
    }

    private static int patch(String path, String body) {
        return broker.send("PATCH", path, body, "Content-Type", "application/json")
                .statusCode();
    }

    private static Value.Obj retrieve(String id, String query) {
        HttpResponse<String> answer = broker.get(EVOLUTIONS + "/" + id + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return object(answer.body());
    }

    private static Value.Obj only(String query) {
        List<Value.Obj> all = list(query);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static List<String> ids(String query) {
        return list(query).stream()
                .map(o -> o.get("id") instanceof Value.Text t ? t.text() : "")
                .toList();
    }

    private static List<Value.Obj> list(String query) {
        HttpResponse<String> answer = broker.get(EVOLUTIONS + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<Value.Obj> objects = new ArrayList<>();
        items(read(answer.body())).forEach(item -> objects.add((Value.Obj) item));
        return objects;
    }

    private static Value read(String json) {
        return JsonReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Value.Obj object(String json) {
        return (Value.Obj) read(json);
    }

    private static List<Value> items(Value array) {
        return ((Value.Array) array).items();
    }

    private static List<Value.Obj> instances(Value.Obj entity, String attribute) {
        List<Value.Obj> instances = new ArrayList<>();
        if (entity.get(attribute) instanceof Value.Array array) {
            array.items().forEach(i -> instances.add((Value.Obj) i));
        }
        return instances;
    }

    private static List<String> values(Value.Obj entity, String attribute) {
        return instances(entity, attribute).stream()
                .map(i -> JsonWriter.text(i.members().getOrDefault("value", Value.Null.INSTANCE)))
                .toList();
    }

    private static String instanceId(Value.Obj entity) {
        return instances(entity, "speed").get(0).get("instanceId") instanceof Value.Text t ? t.text() : "";
    }

    private static List<String> results(Value.Obj entity, String attribute, String method) {
        Value.Obj aggregates = (Value.Obj) entity.members().getOrDefault(attribute, new Value.Obj(java.util.Map.of()));
        return items(aggregates.members().getOrDefault(method, new Value.Array(List.of()))).stream()
                .map(period -> JsonWriter.text(items(period).get(0)))
                .toList();
    }
}
