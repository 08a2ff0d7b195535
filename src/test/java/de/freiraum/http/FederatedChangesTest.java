package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of entities that other brokers have a part in (clauses 5.6.1 to 5.6.10, 5.6.17 to 5.6.20 and 6.3.17). */
class FederatedChangesTest {
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

    private static final String CHANGING = "'operations':['redirectionOps']";
    private static final String OF_A = "'information':[{'entities':[{'type':'A'}]}]," + CHANGING;
    private static final String A_OF_ONE =
            "'information':[{'entities':[{'type':'A','id':'urn:x:1'}],'propertyNames':['a']}]," + CHANGING;

    private void register(String endpoint, String members) {
        HttpResponse<String> answer = here.post(
                "/csourceRegistrations",
                json("{'id':'urn:r:1','type':'ContextSourceRegistration','endpoint':'" + endpoint + "'," + members
                        + "}"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private String there() {
        return "http://127.0.0.1:" + there.port();
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return here.send(method, path, json(body), "Content-Type", "application/json");
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static void require(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    private static String entity(TestBroker broker) {
        HttpResponse<String> answer = broker.get("/entities/urn:x:1?local=true&format=simplified");
        return answer.statusCode() == 404 ? "none" : answer.body().replace('"', '\'');
    }

    @Test
    void inclusiveSourcesGetWhatTheBrokerKeepsToo() {
        register(there(), OF_A);
        require(send("POST", "/entities", "{'id':'urn:x:1','type':'A','a':1}"), 201);
        require(send("POST", "/entities/urn:x:1/attrs", "{'b':{'value':2}}"), 204);
        require(send("PATCH", "/entities/urn:x:1/attrs", "{'a':{'value':3}}"), 204);
        require(send("PATCH", "/entities/urn:x:1/attrs/b", "{'value':4}"), 204);
        require(send("PATCH", "/entities/urn:x:1", "{'c':{'value':5}}"), 204);
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','a':3,'b':4,'c':5}");
        assertThat(entity(here)).isEqualTo(entity(there));
        require(send("PUT", "/entities/urn:x:1/attrs/b", "{'type':'Property','value':6}"), 204);
        require(send("DELETE", "/entities/urn:x:1/attrs/c", ""), 204);
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','a':3,'b':6}");
        require(send("PUT", "/entities/urn:x:1", "{'id':'urn:x:1','type':'A','z':1}"), 204);
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','z':1}");
        require(send("DELETE", "/entities/urn:x:1", ""), 204);
        assertThat(entity(there)).isEqualTo("none");
        assertThat(entity(here)).isEqualTo("none");
    }

    @Test
    void redirectSourcesHoldInsteadOfTheBroker() {
        register(there(), "'mode':'redirect'," + OF_A);
        require(send("POST", "/entities", "{'id':'urn:x:1','type':'A','a':1}"), 201);
        assertThat(entity(here)).isEqualTo("none");
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','a':1}");
        require(send("PATCH", "/entities/urn:x:1/attrs", "{'a':{'value':3}}"), 204);
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','a':3}");
        require(send("DELETE", "/entities/urn:x:1", ""), 204);
        assertThat(entity(there)).isEqualTo("none");
        require(send("DELETE", "/entities/urn:x:1", ""), 404);
    }

    @Test
    void exclusiveAttributesGoToTheirSourceAndTheOthersStay() {
        register(there(), "'mode':'exclusive'," + A_OF_ONE);
        require(send("POST", "/entities", "{'id':'urn:x:1','type':'A','a':1,'b':1}"), 201);
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','a':1}");
        assertThat(entity(here)).isEqualTo("{'id':'urn:x:1','type':'A','b':1}");
        require(send("PATCH", "/entities/urn:x:1/attrs", "{'a':{'value':2},'b':{'value':2}}"), 204);
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','a':2}");
        assertThat(entity(here)).isEqualTo("{'id':'urn:x:1','type':'A','b':2}");
    }

    @Test
    void localScopeAndUnsupportedOperationsKeepItHere() {
        register(there(), OF_A.replace("redirectionOps", "retrieveOps"));
        require(send("POST", "/entities", "{'id':'urn:x:1','type':'A','a':1}"), 201);
        assertThat(entity(there)).isEqualTo("none");
        require(send("DELETE", "/entities/urn:x:1", ""), 204);
        require(
                here.send(
                        "PATCH",
                        "/csourceRegistrations/urn:r:1",
                        json("{" + CHANGING + "}"),
                        "Content-Type",
                        "application/json"),
                204);
        require(send("POST", "/entities?local=true", "{'id':'urn:x:1','type':'A','a':1}"), 201);
        assertThat(entity(there)).isEqualTo("none");
    }

    @Test
    void whatOnlyASourceHoldsConflictsIfItDoesNotTakeTheChange() {
        register(there(), ("'mode':'redirect'," + OF_A).replace("redirectionOps", "retrieveOps"));
        HttpResponse<String> answer = send("POST", "/entities", "{'id':'urn:x:1','type':'A','a':1}");
        require(answer, 409);
        assertThat(answer.body()).contains("errors/Conflict");
        assertThat(entity(here)).isEqualTo("none");
    }

    @Test
    void partsThatFailAreToldWithTheirRegistration() {
        require(send("POST", "/entities", "{'id':'urn:x:1','type':'A','a':1}"), 201);
        register(there(), OF_A);
        HttpResponse<String> created = send("POST", "/entities", "{'id':'urn:x:1','type':'A','a':2}");
        require(created, 207);
        assertThat(created.body()).contains("\"success\":[\"urn:x:1\"]", "\"entityId\":\"urn:x:1\"", "409");
        hostile.status(403);
        here.send(
                "PATCH",
                "/csourceRegistrations/urn:r:1",
                json("{'endpoint':'" + hostile.endpoint() + "'}"),
                "Content-Type",
                "application/json");
        HttpResponse<String> updated = send("PATCH", "/entities/urn:x:1/attrs", "{'a':{'value':3}}");
        require(updated, 207);
        assertThat(updated.body()).contains("\"registrationId\":\"urn:r:1\"", "403");
        assertThat(entity(here)).contains("'a':3");
    }

    @Test
    void theFailureOfTheOnlySourceIsTheAnswer() {
        register(hostile.endpoint(), "'management':{'timeout':200},'mode':'redirect'," + OF_A);
        hostile.status(403);
        require(send("PATCH", "/entities/urn:x:1/attrs", "{'a':{'value':3}}"), 502);
        hostile.status(404);
        require(send("PATCH", "/entities/urn:x:1/attrs", "{'a':{'value':3}}"), 404);
        hostile.hang();
        require(send("PATCH", "/entities/urn:x:1/attrs", "{'a':{'value':3}}"), 504);
    }

    @Test
    void aChangeThatComesBackIsRefusedWhereOnlyOthersHoldTheEntity() {
        register(hostile.endpoint(), "'mode':'redirect'," + OF_A);
        hostile.status(204);
        send("DELETE", "/entities/urn:x:1", "");
        String via = hostile.requests().get(0).headers().get("Via");
        require(here.send("DELETE", "/entities/urn:x:1", "", "Via", via), 508);
        assertThat(hostile.requests()).hasSize(1);
    }

    @Test
    void namesAreWrittenInTheContextThatTheSourceUnderstands() {
        hostile.status(201);
        register(
                hostile.endpoint(),
                "'contextSourceInfo':[{'key':'contentType','value':'application/ld+json'}]," + OF_A);
        require(send("POST", "/entities", "{'id':'urn:x:1','type':'A','a':{'value':1,'sub':{'value':2}}}"), 201);
        HostileSource.Request request = hostile.requests().get(0);
        assertThat(request.headers().get("Content-Type")).isEqualTo("application/ld+json");
        assertThat(request.headers().contains("Link")).isFalse();
        assertThat(request.body()).contains("\"@context\":", "\"a\":{\"value\":1,\"sub\":{\"value\":2}}");
    }

    private static final String BATCHES =
            "'operations':['createBatch','upsertBatch','updateBatch','mergeBatch','deleteBatch','retrieveOps']";

    @Test
    void batchesGoToInclusiveSourcesTogether() {
        register(there(), OF_A.replace(CHANGING, BATCHES));
        require(
                send(
                        "POST",
                        "/entityOperations/create",
                        "[{'id':'urn:x:1','type':'A','a':1},{'id':'urn:x:2','type':'B','a':1}]"),
                201);
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','a':1}");
        assertThat(there.get("/entities/urn:x:2").statusCode())
                .as("not registered")
                .isEqualTo(404);
        assertThat(here.get("/entities/urn:x:2").statusCode()).isEqualTo(200);
        require(send("POST", "/entityOperations/update", "[{'id':'urn:x:1','type':'A','a':2}]"), 204);
        require(send("POST", "/entityOperations/merge", "[{'id':'urn:x:1','type':'A','b':3}]"), 204);
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','a':2,'b':3}");
        require(send("POST", "/entityOperations/upsert", "[{'id':'urn:x:1','type':'A','z':1}]"), 204);
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','z':1}");
        assertThat(entity(here)).isEqualTo(entity(there));
        require(send("POST", "/entityOperations/delete", "['urn:x:1']"), 204);
        assertThat(entity(there)).isEqualTo("none");
        assertThat(entity(here)).isEqualTo("none");
    }

    @Test
    void batchesAreTakenApartForSourcesWithoutBatches() {
        register(there(), "'mode':'redirect'," + OF_A);
        require(
                send(
                        "POST",
                        "/entityOperations/create",
                        "[{'id':'urn:x:1','type':'A','a':1},{'id':'urn:x:2','type':'A','a':1}]"),
                201);
        assertThat(entity(here)).isEqualTo("none");
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','a':1}");
        require(send("POST", "/entityOperations/update", "[{'id':'urn:x:1','type':'A','a':2}]"), 204);
        assertThat(entity(there)).isEqualTo("{'id':'urn:x:1','type':'A','a':2}");
        require(send("POST", "/entityOperations/delete", "['urn:x:1','urn:x:2']"), 204);
        assertThat(entity(there)).isEqualTo("none");
        HttpResponse<String> again = send("POST", "/entityOperations/delete", "['urn:x:1']");
        require(again, 207);
        assertThat(again.body()).contains("\"registrationId\":\"urn:r:1\"");
    }

    @Test
    void itemsOfABatchThatASourceRefusesAreToldWithItsRegistration() {
        register(hostile.endpoint(), OF_A.replace(CHANGING, BATCHES));
        hostile.status(500);
        HttpResponse<String> answer = send(
                "POST",
                "/entityOperations/create",
                "[{'id':'urn:x:1','type':'A','a':1},{'id':'urn:x:2','type':'B','a':1}]");
        require(answer, 207);
        assertThat(answer.body())
                .contains("\"success\":[\"urn:x:2\"]", "\"entityId\":\"urn:x:1\"", "\"registrationId\":\"urn:r:1\"");
        assertThat(hostile.requests()).hasSize(1);
        assertThat(hostile.requests().get(0).body()).isEqualTo(json("[{'id':'urn:x:1','type':'A','a':1}]"));
    }

    @Test
    void itemsConflictWhereOnlyASourceHoldsThemThatDoesNotTakeThem() {
        register(there(), ("'mode':'redirect'," + OF_A).replace("redirectionOps", "retrieveOps"));
        HttpResponse<String> answer = send("POST", "/entityOperations/create", "[{'id':'urn:x:1','type':'A','a':1}]");
        require(answer, 207);
        assertThat(answer.body()).contains("errors/Conflict");
        assertThat(entity(here)).isEqualTo("none");
    }
}
