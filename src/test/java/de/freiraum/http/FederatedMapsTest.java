package de.freiraum.http;

import static de.freiraum.http.Federated.at;
import static de.freiraum.http.Federated.endpoint;
import static de.freiraum.http.Federated.hold;
import static de.freiraum.http.Federated.ids;
import static de.freiraum.http.Federated.json;
import static de.freiraum.http.Federated.read;
import static de.freiraum.http.Federated.register;
import static de.freiraum.http.Federated.require;
import static de.freiraum.http.Federated.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Value;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entity maps over several brokers (clauses 4.5.25, 5.5.9.3, 5.7.1, 5.7.2 and 5.14.4). */
class FederatedMapsTest {
    private static final String HEADER = "NGSILD-EntityMap";
    private static final String CARS = "'information':[{'entities':[{'type':'Car'}]}]";

    private TestBroker here;
    private TestBroker there;
    private TestBroker elsewhere;
    private HostileSource hostile;

    @BeforeEach
    void open() {
        here = TestBroker.open();
        there = TestBroker.open();
        elsewhere = TestBroker.open();
        hostile = new HostileSource();
    }

    @AfterEach
    void close() {
        hostile.close();
        elsewhere.close();
        there.close();
        here.close();
    }

    private static String car(int number, int speed) {
        return "{'id':'urn:ngsi-ld:Car:" + number + "','type':'Car','speed':{'type':'Property','value':" + speed + "}}";
    }

    private static String id(int number) {
        return "urn:ngsi-ld:Car:" + number;
    }

    /** Cars 1 and 4 here, 2 and 5 there, 3 and 6 elsewhere. */
    private List<String> threeBrokers() {
        hold(here, car(1, 10));
        hold(here, car(4, 40));
        hold(there, car(2, 20));
        hold(there, car(5, 50));
        hold(elsewhere, car(3, 30));
        hold(elsewhere, car(6, 60));
        return List.of(register(here, endpoint(there), CARS), register(here, endpoint(elsewhere), CARS));
    }

    private static String map(HttpResponse<String> answer) {
        return answer.headers().firstValue(HEADER).orElseThrow();
    }

    private HttpResponse<String> get(String path, String map) {
        return here.get(path, HEADER, map);
    }

    private Value document(String map) {
        return read(here.get(map.substring(ApiRouter.BASE.length())));
    }

    @Test
    void aMapSaysWhereEachEntityIsAndWhichMapsTheSourcesMade_5_14_4() {
        List<String> registrations = threeBrokers();
        hold(here, car(2, 21));

        HttpResponse<String> answer = here.get("/entityMaps?type=Car");

        require(answer, 201);
        Value entities = at(read(answer), "entityMap");
        assertThat(((Value.Obj) entities).members().keySet()).containsExactly(id(1), id(2), id(3), id(4), id(5), id(6));
        assertThat(at(entities, id(1))).isEqualTo(Value.ofTexts(List.of("@none")));
        assertThat(at(entities, id(2))).isEqualTo(Value.ofTexts(List.of("@none", registrations.get(0))));
        assertThat(at(entities, id(6))).isEqualTo(Value.ofTexts(List.of(registrations.get(1))));
        Value linked = at(read(answer), "linkedMaps");
        assertThat(((Value.Obj) linked).members().keySet()).containsExactlyInAnyOrderElementsOf(registrations);
        String other = ((Value.Text) at(linked, registrations.get(0))).text();
        require(there.get("/entityMaps/" + other), 200);
    }

    @Test
    void pagesAndCountsGoByTheMapThroughAllSources_5_5_9_3() {
        threeBrokers();

        HttpResponse<String> first = here.get("/entities?type=Car&limit=4&count=true&entityMap=true");
        require(first, 201);
        hold(there, car(0, 5));
        HttpResponse<String> second = get("/entities?type=Car&limit=4&offset=4&count=true", map(first));

        assertThat(ids(first)).containsExactly(id(1), id(2), id(3), id(4));
        assertThat(ids(second)).containsExactly(id(5), id(6));
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(map(second)).isEqualTo(map(first));
        assertThat(first.headers().firstValue("NGSILD-Results-Count")).contains("6");
        assertThat(second.headers().firstValue("NGSILD-Results-Count")).contains("6");
        assertThat(first.headers().allValues("Link").toString()).contains("rel=\"next\"");
        assertThat(second.headers().allValues("Link").toString())
                .contains("rel=\"prev\"")
                .doesNotContain("rel=\"next\"");
    }

    @Test
    void whatIsGoneAtASourceLeavesTheMapAndThePageIsFilled_5_5_9_3() {
        threeBrokers();
        String map = map(here.get("/entityMaps?type=Car"));
        require(there.send("DELETE", "/entities/" + id(2), ""), 204);

        HttpResponse<String> answer = get("/entities?type=Car&limit=3", map);

        assertThat(ids(answer)).containsExactly(id(1), id(3), id(4));
        assertThat(((Value.Obj) at(document(map), "entityMap")).members()).doesNotContainKey(id(2));
        assertThat(ids(get("/entities?type=Car&limit=3&offset=3", map))).containsExactly(id(5), id(6));
    }

    @Test
    void conditionsAreCheckedAgainAtTheSources_5_5_9_3() {
        threeBrokers();
        String map = map(here.get("/entityMaps?type=Car&q=speed%3E25"));
        require(
                there.send(
                        "PATCH",
                        "/entities/" + id(5) + "/attrs",
                        json("{'speed':1}"),
                        "Content-Type",
                        "application/json"),
                204);

        HttpResponse<String> answer = get("/entities?type=Car&q=speed%3E25&count=true", map);

        assertThat(ids(answer)).containsExactly(id(3), id(4), id(6));
        assertThat(answer.headers().firstValue("NGSILD-Results-Count")).contains("3");
    }

    @Test
    void splitEntitiesAreCandidatesUntilTheyArePutTogether_5_5_9_3() {
        hold(here, "{'id':'urn:ngsi-ld:Car:1','type':'Car','colour':{'type':'Property','value':'red'}}");
        hold(there, car(1, 50));
        hold(there, car(2, 60));
        register(here, endpoint(there), CARS);

        HttpResponse<String> answer = here.get(
                "/entities?type=Car&q=speed%3E40;colour==%22red%22&splitEntities=true&entityMap=true&count=true&limit=1");

        require(answer, 201);
        assertThat(ids(answer)).containsExactly(id(1));
        assertThat(answer.headers().firstValue("NGSILD-Results-Count")).contains("1");
    }

    @Test
    void thePagesBehindASourceThatFailsDoNotMove() {
        threeBrokers();
        String map = map(here.get("/entityMaps?type=Car"));
        there.close();

        HttpResponse<String> first = get("/entities?type=Car&limit=3", map);
        HttpResponse<String> second = get("/entities?type=Car&limit=3&offset=3", map);

        assertThat(ids(first)).containsExactly(id(1), id(3));
        assertThat(ids(second)).containsExactly(id(4), id(6));
        assertThat(warnings(first)).singleElement().asString().startsWith("199 ");
        there = TestBroker.open();
    }

    @Test
    void sourcesThatMakeNoMapsAreAskedForTheEntities() {
        hold(here, car(1, 10));
        hold(there, car(2, 20));
        String plain = register(here, endpoint(there), CARS + ",'operations':['retrieveOps']");
        hostile.status(405);
        register(here, hostile.endpoint(), CARS);

        HttpResponse<String> answer = here.get("/entities?type=Car&entityMap=true");

        require(answer, 201);
        assertThat(ids(answer)).containsExactly(id(1), id(2));
        Value document = document(map(answer));
        assertThat(at(at(document, "entityMap"), id(2))).isEqualTo(Value.ofTexts(List.of(plain)));
        assertThat(((Value.Obj) at(document, "linkedMaps")).members()).isEmpty();
        assertThat(hostile.requests().stream().map(HostileSource.Request::uri))
                .anyMatch(uri -> uri.contains("/entityMaps?"))
                .anyMatch(uri -> uri.contains("/entities?"));
        assertThat(warnings(answer)).isNotEmpty();
    }

    @Test
    void aMapOfASourceIsBelievedForWhatItHasRegistered() {
        hostile.answer(
                "{'id':'urn:ngsi-ld:EntityMap:x','type':'EntityMap','entityMap':{'urn:ngsi-ld:Bus:1':['@none'],'urn:ngsi-ld:Car:9':['@none']}}");
        register(
                here,
                hostile.endpoint(),
                "'information':[{'entities':[{'type':'Car','idPattern':'^urn:ngsi-ld:Car:.*'}]}]");

        HttpResponse<String> answer = here.get("/entityMaps?type=Car");

        assertThat(((Value.Obj) at(read(answer), "entityMap")).members().keySet())
                .containsExactly(id(9));
    }

    @Test
    void theSourcesMapIsNamedToIt_5_7_2_4() {
        hostile.answer(
                "{'id':'urn:ngsi-ld:EntityMap:x','type':'EntityMap','entityMap':{'urn:ngsi-ld:Car:9':['@none']}}");
        register(here, hostile.endpoint(), CARS);
        String map = map(here.get("/entityMaps?type=Car"));
        hostile.answer("[{'id':'urn:ngsi-ld:Car:9','type':'Car'}]");

        assertThat(ids(get("/entities?type=Car", map))).containsExactly(id(9));
        assertThat(get("/entities/" + id(9), map).statusCode()).isEqualTo(200);

        List<HostileSource.Request> asked = hostile.requests();
        for (HostileSource.Request request : asked.subList(1, asked.size())) {
            assertThat(request.headers().get(HEADER)).isEqualTo("/ngsi-ld/v1/entityMaps/urn:ngsi-ld:EntityMap:x");
        }
        assertThat(asked.get(1).uri()).contains("id=urn:ngsi-ld:Car:9");
    }

    @Test
    void aRetrievalGoesByTheMapAlone_5_7_1_4() {
        List<String> registrations = threeBrokers();
        HttpResponse<String> made = here.get("/entities/" + id(2) + "?entityMap=true");
        require(made, 200);

        assertThat(at(at(document(map(made)), "entityMap"), id(2)))
                .isEqualTo(Value.ofTexts(List.of(registrations.get(0))));
        assertThat(get("/entities/" + id(2), map(made)).statusCode()).isEqualTo(200);
        assertThat(get("/entities/" + id(3), map(made)).statusCode()).isEqualTo(404);
    }

    @Test
    void manyEntitiesOfSeveralSourcesAreEachOnOnePage() {
        List<String> all = new ArrayList<>();
        for (int i = 100; i < 350; i++) {
            hold(i % 2 == 0 ? there : elsewhere, car(i, i));
            all.add(id(i));
        }
        register(here, endpoint(there), CARS);
        register(here, endpoint(elsewhere), CARS);

        List<String> seen = new ArrayList<>();
        String map = map(here.get("/entityMaps?type=Car"));
        for (int offset = 0; offset < 250; offset += 120) {
            seen.addAll(ids(get("/entities?type=Car&limit=120&offset=" + offset, map)));
        }

        assertThat(seen).containsExactlyElementsOf(all);
    }

    @Test
    void localScopeLeavesWhatOthersHaveInTheMap() {
        threeBrokers();
        String map = map(here.get("/entityMaps?type=Car"));

        assertThat(ids(get("/entities?type=Car&local=true", map))).containsExactly(id(1), id(4));
        assertThat(ids(get("/entities?type=Car", map))).hasSize(6);
    }

    @Test
    void anOrderNeedsLocalScopeWithAMapToo_5_7_2_4() {
        threeBrokers();

        assertThat(here.get("/entities?type=Car&orderBy=speed&entityMap=true").statusCode())
                .isEqualTo(400);
        assertThat(here.get("/entities?type=Car&orderBy=speed&local=true&entityMap=true")
                        .statusCode())
                .isEqualTo(201);
    }
}
