package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Entity maps over several requests (clauses 5.14, 5.5.9.3, 5.7.1.4, 5.7.2.4). Each test has a tenant with five vehicles. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EntityMapTest {
    private static final String HEADER = "NGSILD-EntityMap";
    private static final String NONE = "urn:ngsi-ld:EntityMap:none";

    @SuppressWarnings("NullAway.Init") // opened before the first test
    private TestBroker broker;

    private String tenant = "";

    @BeforeAll
    void open() {
        broker = TestBroker.open();
    }

    @AfterAll
    void close() {
        broker.close();
    }

    @BeforeEach
    void createVehicles() {
        tenant = "t" + UUID.randomUUID().toString().replace("-", "");
        for (int i = 1; i <= 5; i++) {
            create("urn:v:" + i, i * 10);
        }
    }

    @Test
    void aQueryMakesAMapWhenAsked_5_7_2_4() {
        HttpResponse<String> answer = get("/entities?type=Vehicle&limit=2&entityMap=true", "");

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(ids(answer)).containsExactly("urn:v:1", "urn:v:2");
        assertThat(location(answer)).startsWith("/ngsi-ld/v1/entityMaps/urn:");
        assertThat(members(answer)).containsExactly("urn:v:1", "urn:v:2", "urn:v:3", "urn:v:4", "urn:v:5");
        assertThat(get("/entities?type=Vehicle&entityMap=false", "").headers().firstValue(HEADER))
                .isEmpty();
    }

    @Test
    void aPostedQueryMakesAMapWhenAsked_6_23() {
        HttpResponse<String> answer = send(
                "POST",
                "/entityOperations/query",
                "{\"type\":\"Query\",\"entities\":[{\"type\":\"Vehicle\"}],\"q\":\"speed>30\",\"entityMap\":true}",
                "");

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(members(answer)).containsExactly("urn:v:4", "urn:v:5");
    }

    @Test
    void aMapFixesTheEntities_5_5_9_3() {
        String map = map("type=Vehicle");
        create("urn:v:0", 1);

        HttpResponse<String> answer = get("/entities?type=Vehicle", map);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(ids(answer)).containsExactly("urn:v:1", "urn:v:2", "urn:v:3", "urn:v:4", "urn:v:5");
        assertThat(location(answer)).isEqualTo(map);
    }

    @Test
    void theMapCanBeNamedByItsUriAsWell() {
        String map = map("type=Vehicle");

        HttpResponse<String> answer = get("/entities?type=Vehicle", map.substring(map.lastIndexOf('/') + 1));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(location(answer)).isEqualTo(map);
    }

    @Test
    void filtersAreCheckedAgainAndWhatFailsLeavesTheMap_5_5_9_3() {
        String map = map("type=Vehicle&q=speed>15");
        delete("urn:v:3");
        send("PATCH", "/entities/urn:v:4/attrs", "{\"speed\":5}", "");

        HttpResponse<String> answer = get("/entities?type=Vehicle&q=speed>15&limit=2", map);

        assertThat(ids(answer)).containsExactly("urn:v:2", "urn:v:5");
        assertThat(answer.headers().allValues("Link").toString()).doesNotContain("rel=\"next\"");
        assertThat(members(answer)).containsExactly("urn:v:2", "urn:v:5");
    }

    @Test
    void whoFollowsTheLinksMissesNoneWhateverIsDeleted_5_5_9_3() {
        String map = map("type=Vehicle");
        assertThat(ids(get("/entities?type=Vehicle&limit=2", map))).containsExactly("urn:v:1", "urn:v:2");
        delete("urn:v:1");
        delete("urn:v:4");

        HttpResponse<String> second = get("/entities?type=Vehicle&limit=2&offset=2&count=true", map);

        assertThat(ids(second)).containsExactly("urn:v:3", "urn:v:5");
        assertThat(second.headers().firstValue("NGSILD-Results-Count")).contains("3");
        assertThat(second.headers().allValues("Link").toString())
                .contains("rel=\"prev\"")
                .doesNotContain("rel=\"next\"");
        assertThat(ids(get("/entities?type=Vehicle&limit=2&offset=0", map))).containsExactly("urn:v:2", "urn:v:3");
        assertThat(members(second)).containsExactly("urn:v:2", "urn:v:3", "urn:v:5");
    }

    @Test
    void pagesAreFilledFromFarBehind_5_5_9_3() {
        StringBuilder batch = new StringBuilder("[");
        for (int i = 0; i < 3000; i++) {
            String speed = i == 2990 || i == 2995 ? "7" : "1";
            batch.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"urn:w:" + (10_000 + i) + "\",\"type\":\"Wagon\",\"speed\":" + speed + "}");
        }
        assertThat(send("POST", "/entityOperations/create", batch.append("]").toString(), "")
                        .statusCode())
                .isEqualTo(201);
        String map = map("type=Wagon");

        HttpResponse<String> answer = get("/entities?type=Wagon&q=speed>5&limit=1&count=true", map);

        assertThat(ids(answer)).containsExactly("urn:w:12990");
        assertThat(answer.headers().firstValue("NGSILD-Results-Count")).contains("2");
        assertThat(answer.headers().allValues("Link").toString()).contains("rel=\"next\"");
    }

    @Test
    void anIdMayNarrowAPageWithoutChangingTheMap_5_5_14() {
        String map = map("type=Vehicle");

        assertThat(ids(get("/entities?type=Vehicle&id=urn:v:2,urn:v:9", map))).containsExactly("urn:v:2");
        assertThat(ids(get("/entities?type=Vehicle&idPattern=%5B45%5D$", map))).containsExactly("urn:v:4", "urn:v:5");
        assertThat(members(get("/entities?type=Vehicle&limit=0&count=true", map)))
                .hasSize(5);
    }

    @Test
    void anOrderHoldsForTheEntitiesOfTheMap_4_23() {
        String map = map("type=Vehicle&q=speed<45");

        HttpResponse<String> answer = get("/entities?type=Vehicle&q=speed<45&orderBy=speed;desc&limit=2&offset=1", map);

        assertThat(ids(answer)).containsExactly("urn:v:3", "urn:v:2");
        assertThat(answer.headers().allValues("Link").toString()).contains("offset=3");
    }

    @Test
    void splitEntitiesAreCandidatesUntilThePageIsMade_5_14_4_4() {
        HttpResponse<String> created = get("/entityMaps?type=Vehicle&q=speed>35&splitEntities=true", "");
        assertThat(members(created)).hasSize(5);

        assertThat(ids(get("/entities?type=Vehicle&q=speed>35&splitEntities=true", location(created))))
                .containsExactly("urn:v:4", "urn:v:5");

        assertThat(members(created)).containsExactly("urn:v:4", "urn:v:5");
        assertThat(members(get("/entityMaps?type=Vehicle&q=speed>35&splitEntities=true&local=true", "")))
                .hasSize(2);
    }

    @Test
    void aMapThatIsGoneIsMadeAnew_5_7_2_4() {
        HttpResponse<String> query = get("/entities?type=Vehicle", NONE);
        assertThat(query.statusCode()).isEqualTo(201);
        assertThat(location(query)).doesNotContain(NONE);
        assertThat(members(query)).hasSize(5);

        HttpResponse<String> retrieval = get("/entities/urn:v:2", NONE);
        assertThat(retrieval.statusCode()).isEqualTo(200);
        assertThat(members(retrieval)).containsExactly("urn:v:2");
    }

    @Test
    void aRetrievalMakesAMapOfOneEntity_5_7_1_4() {
        HttpResponse<String> made = get("/entities/urn:v:2?entityMap=true&entityMapLifetime=PT1M", "");
        assertThat(made.statusCode()).isEqualTo(200);
        assertThat(members(made)).containsExactly("urn:v:2");

        assertThat(location(get("/entities/urn:v:2", location(made)))).isEqualTo(location(made));
        assertThat(get("/entities/urn:v:9?entityMap=true", "").headers().firstValue(HEADER))
                .isEmpty();
    }

    @Test
    void onlyTheExpiryIsUpdated_5_14_2() {
        String map = map("type=Vehicle");
        String path = path(map);

        HttpResponse<String> updated = send(
                "PATCH",
                path,
                "{\"type\":\"EntityMap\",\"expiresAt\":\"2099-01-01T00:00:00Z\",\"entityMap\":{\"urn:x\":[\"@none\"]},\"linkedMaps\":{}}",
                "");
        assertThat(updated.statusCode()).isEqualTo(204);
        assertThat(get(path, "").body()).doesNotContain("urn:x\"").doesNotContain("2099");

        assertThat(send("PATCH", path, "{\"expiresAt\":\"2000-01-01T00:00:00Z\"}", "")
                        .statusCode())
                .isEqualTo(204);
        assertThat(get(path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsNoExpiryIsRefused_5_14_2() {
        String path = path(map("type=Vehicle"));

        for (String fragment : List.of(
                "{\"expiresAt\":\"tomorrow\"}",
                "{\"expiresAt\":1}",
                "{\"expiresAt\":\"urn:ngsi-ld:null\"}",
                "{\"type\":\"Vehicle\"}",
                "{\"id\":\"urn:x:1\"}",
                "{\"speed\":1}")) {
            HttpResponse<String> answer = send("PATCH", path, fragment, "");
            assertThat(answer.statusCode()).as(fragment).isEqualTo(400);
            assertThat(answer.body()).as(fragment).contains("BadRequestData");
        }
    }

    @Test
    void aDeletedMapIsGone_5_14_3() {
        String path = path(map("type=Vehicle"));

        assertThat(send("DELETE", path, "", "").statusCode()).isEqualTo(204);
        assertThat(send("DELETE", path, "", "").statusCode()).isEqualTo(404);
        assertThat(get(path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void anotherTenantKnowsNothingOfTheMap_4_14() {
        String path = path(map("type=Vehicle"));
        tenant = "other" + tenant;
        create("urn:v:1", 1);

        assertThat(get(path, "").statusCode()).isEqualTo(404);
        assertThat(send("DELETE", path, "", "").statusCode()).isEqualTo(404);
    }

    private void create(String id, int speed) {
        String body = "{\"id\":\"" + id + "\",\"type\":\"Vehicle\",\"speed\":" + speed + "}";
        assertThat(send("POST", "/entities", body, "").statusCode()).isEqualTo(201);
    }

    private void delete(String id) {
        assertThat(send("DELETE", "/entities/" + id, "", "").statusCode()).isEqualTo(204);
    }

    private String map(String query) {
        HttpResponse<String> created = get("/entityMaps?" + query, "");
        assertThat(created.statusCode()).isEqualTo(201);
        return location(created);
    }

    private HttpResponse<String> get(String path, String map) {
        return send("GET", path.replace(">", "%3E").replace("<", "%3C"), "", map);
    }

    private HttpResponse<String> send(String method, String path, String body, String map) {
        List<String> headers = new ArrayList<>(List.of("NGSILD-Tenant", tenant));
        if (!body.isEmpty()) {
            headers.addAll(List.of("Content-Type", "application/json"));
        }
        if (!map.isEmpty()) {
            headers.addAll(List.of(HEADER, map));
        }
        return broker.send(method, path, body, headers.toArray(String[]::new));
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue(HEADER).orElse("");
    }

    private static String path(String location) {
        return location.substring(ApiRouter.BASE.length());
    }

    /** What the map that the answer names has by now. */
    private List<String> members(HttpResponse<String> answer) {
        Value.Obj map = (Value.Obj) json(get(path(location(answer)), "").body());
        return map.get("entityMap") instanceof Value.Obj entities
                ? List.copyOf(entities.members().keySet())
                : List.of();
    }

    private static List<String> ids(HttpResponse<String> answer) {
        List<String> ids = new ArrayList<>();
        for (Value item : ((Value.Array) json(answer.body())).items()) {
            ids.add(item instanceof Value.Obj o && o.get("id") instanceof Value.Text id ? id.text() : "");
        }
        return ids;
    }

    private static Value json(String text) {
        return JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
