package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker that asks another one, and sources that do not behave (clauses 4.3.6, 5.7.1, 5.7.2, 6.3.17 to 6.3.19). */
class FederationTest {
    private TestBroker here;
    private TestBroker there;
    private HostileSource hostile;

    @BeforeEach
    void open() {
        here = TestBroker.open();
        there = TestBroker.open();
        hostile = new HostileSource();
    }

    @AfterEach
    void close() {
        hostile.close();
        there.close();
        here.close();
    }

    private static void create(TestBroker broker, String entity) {
        HttpResponse<String> answer = broker.post("/entities", json(entity));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private void register(String endpoint, String members) {
        register(here, endpoint, members);
    }

    private static void register(TestBroker broker, String endpoint, String members) {
        HttpResponse<String> answer = broker.post(
                "/csourceRegistrations",
                json("{'type':'ContextSourceRegistration','endpoint':'" + endpoint + "'," + members + "}"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static String endpoint(TestBroker broker) {
        return "http://127.0.0.1:" + broker.port();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private Value.Obj retrieve(String id) {
        HttpResponse<String> answer = here.get("/entities/" + id + "?format=simplified");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(warnings(answer)).isEmpty();
        return (Value.Obj) read(answer);
    }

    private static Value read(HttpResponse<String> answer) {
        return JsonReader.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> warnings(HttpResponse<String> answer) {
        return answer.headers().allValues("NGSILD-Warning");
    }

    private static List<String> ids(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        ((Value.Array) read(answer))
                .items()
                .forEach(e -> ids.add(((Value.Obj) e).get("id") instanceof Value.Text t ? t.text() : ""));
        return ids;
    }

    private static final String OF_A = "'information':[{'entities':[{'type':'A'}]}]";

    @Test
    void retrievesAnEntityThatOnlyTheSourceHas() {
        create(there, "{'id':'urn:x:1','type':'A','a':1}");
        register(endpoint(there), OF_A);
        assertThat(JsonWriter.text(retrieve("urn:x:1"))).isEqualTo(json("{'id':'urn:x:1','type':'A','a':1}"));
        assertThat(here.get("/entities/urn:x:1?local=true").statusCode()).isEqualTo(404);
        assertThat(here.get("/entities/urn:x:2").statusCode()).isEqualTo(404);
    }

    @Test
    void putsTogetherWhatBothHaveWithTheNewestInstance() {
        create(
                here,
                "{'id':'urn:x:1','type':'A','a':{'value':1,'observedAt':'2026-01-01T00:00:00Z'},'b':{'value':1,'observedAt':'2026-01-03T00:00:00Z'},'c':1}");
        create(
                there,
                "{'id':'urn:x:1','type':'A','a':{'value':2,'observedAt':'2026-01-02T00:00:00Z'},'b':{'value':2,'observedAt':'2026-01-02T00:00:00Z'},'d':2}");
        register(endpoint(there), OF_A);
        Value.Obj entity = retrieve("urn:x:1");
        assertThat(entity.get("a")).isEqualTo(Value.of(2L));
        assertThat(entity.get("b")).isEqualTo(Value.of(1L));
        assertThat(entity.get("c")).isEqualTo(Value.of(1L));
        assertThat(entity.get("d")).isEqualTo(Value.of(2L));
    }

    @Test
    void auxiliarySourcesOnlyFillGaps() {
        create(here, "{'id':'urn:x:1','type':'A','a':1}");
        create(there, "{'id':'urn:x:1','type':'A','a':2,'b':2}");
        register(endpoint(there), OF_A + ",'mode':'auxiliary','operations':['retrieveOps']");
        Value.Obj entity = retrieve("urn:x:1");
        assertThat(entity.get("a")).isEqualTo(Value.of(1L));
        assertThat(entity.get("b")).isEqualTo(Value.of(2L));
    }

    @Test
    void exclusiveAttributesComeFromTheirSourceAlone() {
        create(here, "{'id':'urn:x:1','type':'A','b':1}");
        create(there, "{'id':'urn:x:1','type':'A','a':2,'b':2}");
        register(
                endpoint(there),
                "'mode':'exclusive','information':[{'entities':[{'type':'A','id':'urn:x:1'}],'propertyNames':['a']}]");
        try (TestBroker other = TestBroker.open()) {
            create(other, "{'id':'urn:x:1','type':'A','a':3,'c':3}");
            register(endpoint(other), OF_A);
            Value.Obj entity = retrieve("urn:x:1");
            assertThat(entity.get("a")).isEqualTo(Value.of(2L));
            assertThat(entity.get("b")).as("b is not registered").isEqualTo(Value.of(1L));
            assertThat(entity.get("c")).isEqualTo(Value.of(3L));
        }
    }

    @Test
    void queriesAllSourcesAndPagesThroughThem() {
        for (int i = 0; i < 10; i++) {
            create(i % 2 == 0 ? here : there, "{'id':'urn:x:" + i + "','type':'A','a':" + i + "}");
        }
        create(there, "{'id':'urn:x:b','type':'B'}");
        register(endpoint(there), OF_A);
        HttpResponse<String> first = here.get("/entities?type=A&limit=4&count=true");
        assertThat(ids(first)).containsExactly("urn:x:0", "urn:x:1", "urn:x:2", "urn:x:3");
        assertThat(first.headers().firstValue("NGSILD-Results-Count")).contains("10");
        assertThat(ids(here.get("/entities?type=A&limit=4&offset=8"))).containsExactly("urn:x:8", "urn:x:9");
        assertThat(ids(here.get("/entities?type=A,B&q=a%3E7"))).containsExactly("urn:x:8", "urn:x:9");
        assertThat(ids(here.get("/entities?type=B"))).as("not registered").isEmpty();
        assertThat(ids(here.get("/entities?type=A&local=true"))).hasSize(5);
        HttpResponse<String> document = here.post(
                "/entityOperations/query",
                json("{'type':'Query','entities':[{'type':'A','id':['urn:x:1','urn:x:2']}]}"));
        assertThat(ids(document)).containsExactly("urn:x:1", "urn:x:2");
    }

    @Test
    void checksConditionsOnWhatWasPutTogetherWhenEntitiesMayBeSplit() {
        create(here, "{'id':'urn:x:1','type':'A','a':1}");
        create(there, "{'id':'urn:x:1','type':'A','b':2}");
        register(endpoint(there), OF_A);
        assertThat(ids(here.get("/entities?type=A&q=a==1;b==2"))).isEmpty();
        assertThat(ids(here.get("/entities?type=A&q=a==1;b==2&splitEntities=true")))
                .containsExactly("urn:x:1");
    }

    @Test
    void anOrderNeedsLocalScope() {
        register(endpoint(there), OF_A);
        assertThat(here.get("/entities?type=A&orderBy=a").statusCode()).isEqualTo(400);
        assertThat(here.get("/entities?type=A&orderBy=a&local=true").statusCode())
                .isEqualTo(200);
        assertThat(here.get("/entities?type=B&orderBy=a").statusCode()).isEqualTo(200);
    }

    @Test
    void onlyTheOperationsThatARegistrationNamesAreUsed() {
        create(there, "{'id':'urn:x:1','type':'A'}");
        register(endpoint(there), OF_A + ",'operations':['updateOps']");
        assertThat(here.get("/entities/urn:x:1").statusCode()).isEqualTo(404);
        assertThat(ids(here.get("/entities?type=A"))).isEmpty();
    }

    @Test
    void retrievesByQueryWhereTheSourceOffersNoRetrieval() {
        create(there, "{'id':'urn:x:1','type':'A','a':1}");
        register(endpoint(there), OF_A + ",'operations':['queryBatch']");
        assertThat(retrieve("urn:x:1").get("a")).isEqualTo(Value.of(1L));
    }

    @Test
    void tellsTheSourceItsTenantAndWhatElseIsRegistered() {
        hostile.answer("{'id':'urn:x:1','type':'A'}");
        register(
                hostile.endpoint(),
                OF_A
                        + ",'tenant':'town','management':{'localOnly':true},'contextSourceInfo':[{'key':'Authorization','value':'Bearer b'},"
                        + "{'key':'user','value':'urn:ngsi-ld:request'},{'key':'none','value':'urn:ngsi-ld:request'},{'key':'Via','value':'1.1 x'}]");
        here.get("/entities/urn:x:1", "user", "me", "Via", "1.1 before");
        HostileSource.Request request = hostile.requests().get(0);
        assertThat(request.uri()).startsWith("/ngsi-ld/v1/entities/urn:x:1").contains("local=true");
        assertThat(request.headers().get("NGSILD-Tenant")).isEqualTo("town");
        assertThat(request.headers().get("Authorization")).isEqualTo("Bearer b");
        assertThat(request.headers().get("user")).isEqualTo("me");
        assertThat(request.headers().contains("none")).isFalse();
        assertThat(request.headers().get("Via")).startsWith("1.1 before, 1.1 test-");
    }

    @Test
    void asksForNoMoreThanWasRegisteredAndBelievesNoMore() {
        hostile.answer(
                "[{'id':'urn:x:1','type':'A','a':1,'b':1},{'id':'urn:y:1','type':'A','a':1},{'id':'urn:x:2','type':'B','a':1}]");
        register(
                hostile.endpoint(),
                "'information':[{'entities':[{'type':'A','idPattern':'^urn:x:'}],'propertyNames':['a']},{'entities':[{'type':'B'}]}]");
        HttpResponse<String> answer = here.get("/entities?type=A&format=simplified");
        assertThat(answer.body()).isEqualTo(json("[{'id':'urn:x:1','type':'A','a':1}]"));
        assertThat(hostile.requests()).hasSize(1);
        assertThat(hostile.requests().get(0).uri())
                .contains("idPattern=", "attrs=a")
                .doesNotContain("type=B");
    }

    @Test
    void warnsOfSourcesThatDoNotAnswerWell() {
        create(here, "{'id':'urn:x:1','type':'A','a':1}");
        hostile.answer("no json");
        register(hostile.endpoint(), OF_A + ",'id':'urn:r:1'");
        HttpResponse<String> answer = here.get("/entities/urn:x:1");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(warnings(answer)).singleElement().asString().startsWith("111 urn:r:1");
        hostile.answer("[1,2]");
        assertThat(warnings(here.get("/entities?type=A")))
                .singleElement()
                .asString()
                .startsWith("111");
        hostile.status(403);
        assertThat(warnings(here.get("/entities?type=A")))
                .singleElement()
                .asString()
                .startsWith("299");
        hostile.status(404);
        assertThat(warnings(here.get("/entities?type=A"))).isEmpty();
        assertThat(here.get("/csourceRegistrations/urn:r:1").body()).contains("\"timesSent\":4");
    }

    @Test
    void answersInTimeWhateverASourceDoes() {
        create(here, "{'id':'urn:x:1','type':'A','a':1}");
        hostile.hang();
        register(hostile.endpoint(), OF_A + ",'management':{'timeout':200,'cooldown':60000}");
        HttpResponse<String> answer = here.get("/entities?type=A");
        assertThat(ids(answer)).containsExactly("urn:x:1");
        assertThat(warnings(answer)).singleElement().asString().startsWith("199");
        assertThat(warnings(here.get("/entities?type=A")))
                .singleElement()
                .asString()
                .contains("left alone");
        assertThat(hostile.requests()).hasSize(1);
    }

    @Test
    void refusesAnswersWithoutEnd() {
        hostile.answer("[\"" + "x".repeat(17 << 20) + "\"]");
        register(hostile.endpoint(), OF_A);
        HttpResponse<String> answer = here.get("/entities?type=A");
        assertThat(ids(answer)).isEmpty();
        assertThat(warnings(answer)).singleElement().asString().startsWith("111");
    }

    @Test
    void aDeadSourceIsMissedButNotWaitedFor() {
        String endpoint = hostile.endpoint();
        hostile.close();
        create(here, "{'id':'urn:x:1','type':'A','a':1}");
        register(endpoint, OF_A);
        HttpResponse<String> answer = here.get("/entities/urn:x:1");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(warnings(answer)).singleElement().asString().startsWith("199");
    }

    @Test
    void brokersThatAskEachOtherComeToAnEnd() {
        create(here, "{'id':'urn:x:1','type':'A','a':1}");
        create(there, "{'id':'urn:x:2','type':'A','a':2}");
        register(here, endpoint(there), OF_A);
        register(there, endpoint(here), OF_A);
        assertThat(ids(here.get("/entities?type=A"))).containsExactly("urn:x:1", "urn:x:2");
        assertThat(ids(there.get("/entities?type=A"))).containsExactly("urn:x:1", "urn:x:2");
    }

    @Test
    void asksNoSourceThatTheRequestHasPassed() {
        register(hostile.endpoint(), OF_A + ",'contextSourceAlias':'town'");
        here.get("/entities?type=A", "Via", "1.1 town");
        assertThat(hostile.requests()).isEmpty();
    }

    @Test
    void asksOnlySourcesThatMeetTheFilter() {
        create(there, "{'id':'urn:x:1','type':'A'}");
        register(endpoint(there), OF_A + ",'owner':'city'");
        assertThat(ids(here.get("/entities?type=A&csf=owner==%22city%22"))).containsExactly("urn:x:1");
        assertThat(ids(here.get("/entities?type=A&csf=owner==%22state%22"))).isEmpty();
    }

    @Test
    void whatOnlyLooksLikeAnAnswerIsLeftOutAndTold() {
        register(hostile.endpoint(), "'information':[{'entities':[{'type':'Vehicle'}]}]");
        create(here, "{'id':'urn:x:v:1','type':'Vehicle'}");
        hostile.answer("[{'id':'urn:x:v:2','type':'Vehicle'}]");
        hostile.contentType("text/html; charset=utf-8");

        HttpResponse<String> html = here.get("/entities?type=Vehicle");
        hostile.contentType("application/json");
        hostile.answer("{'type':'https://uri.etsi.org/ngsi-ld/errors/InternalError','title':'oops','status':500}");
        HttpResponse<String> problem = here.get("/entities?type=Vehicle");

        assertThat(ids(html)).containsExactly("urn:x:v:1");
        assertThat(warnings(html)).singleElement().asString().startsWith("111");
        assertThat(ids(problem)).containsExactly("urn:x:v:1");
        assertThat(warnings(problem)).singleElement().asString().startsWith("111");
    }

    @Test
    void countsWhatIsThereWhateverASourceSays() {
        register(hostile.endpoint(), "'information':[{'entities':[{'type':'Vehicle'}]}]");
        create(here, "{'id':'urn:x:v:1','type':'Vehicle'}");
        hostile.answer("[{'id':'urn:x:v:2','type':'Vehicle'},{'id':'urn:x:b:1','type':'Bike'}]");

        HttpResponse<String> answer = here.get("/entities?type=Vehicle&count=true");

        assertThat(ids(answer)).containsExactly("urn:x:v:1", "urn:x:v:2");
        assertThat(answer.headers().firstValue("NGSILD-Results-Count")).hasValue("2");
    }

    @Test
    void joinsLinkedEntitiesThatOthersHave() {
        register(endpoint(there), "'information':[{'entities':[{'type':'Person'}]}]");
        create(there, "{'id':'urn:x:p:1','type':'Person','name':{'type':'Property','value':'Ada'}}");
        create(
                here,
                "{'id':'urn:x:v:1','type':'Vehicle','owner':{'type':'Relationship','object':'urn:x:p:1','objectType':'Person'}}");

        assertThat(here.get("/entities/urn:x:v:1?join=inline").body()).contains("Ada");
        assertThat(here.get("/entities?type=Vehicle&join=flat").body()).contains("Ada");
        assertThat(here.get("/entities?type=Vehicle&join=flat&local=true").body())
                .doesNotContain("Ada");
    }
}
