package de.freiraum.http;

import static de.freiraum.http.Federated.endpoint;
import static de.freiraum.http.Federated.hold;
import static de.freiraum.http.Federated.json;
import static de.freiraum.http.Federated.register;
import static de.freiraum.http.Federated.require;
import static de.freiraum.http.Federated.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Types, attributes and purges across brokers (clauses 5.7.5 to 5.7.11 and 5.6.21). */
class FederatedDiscoveryTest {
    private TestBroker here;
    private TestBroker there;
    private HostileSource hostile;

    @BeforeEach
    void open() {
        here = TestBroker.open();
        there = TestBroker.open();
        hostile = new HostileSource();
        hold(here, "{'id':'urn:x:v:1','type':'Vehicle','speed':{'type':'Property','value':1}}");
        hold(there, "{'id':'urn:x:v:2','type':'Vehicle','colour':{'type':'Property','value':'red'}}");
        hold(there, "{'id':'urn:x:b:1','type':'Bike','owner':{'type':'Relationship','object':'urn:x:p:1'}}");
    }

    @AfterEach
    void close() {
        hostile.close();
        there.close();
        here.close();
    }

    private void registerEverything() {
        register(here, endpoint(there), "'information':[{'entities':[{'type':'Vehicle'},{'type':'Bike'}]}]");
    }

    @Test
    void listsTheTypesOfAllSources() {
        registerEverything();

        assertThat(here.get("/types").body()).contains("\"typeList\":[\"Bike\",\"Vehicle\"]");
        assertThat(here.get("/types?details=true").body())
                .contains("\"typeName\":\"Bike\",\"attributeNames\":[\"owner\"]")
                .contains("\"typeName\":\"Vehicle\",\"attributeNames\":[\"colour\",\"speed\"]");
        assertThat(here.get("/types?local=true").body()).contains("\"typeList\":[\"Vehicle\"]");
    }

    @Test
    void countsTheEntitiesOfATypeAtAllSources() {
        registerEverything();

        assertThat(here.get("/types/Vehicle").body()).contains("\"entityCount\":2", "\"colour\"", "\"speed\"");
        assertThat(here.get("/types/Bike").body())
                .contains("\"entityCount\":1", "\"attributeTypes\":[\"Relationship\"]");
        require(here.get("/types/Bike?local=true"), 404);
        require(here.get("/types/Ship"), 404);
    }

    @Test
    void listsTheAttributesOfAllSources() {
        registerEverything();

        assertThat(here.get("/attributes").body()).contains("\"attributeList\":[\"colour\",\"owner\",\"speed\"]");
        assertThat(here.get("/attributes?details=true").body())
                .contains("\"attributeName\":\"owner\",\"typeNames\":[\"Bike\"]");
        assertThat(here.get("/attributes/owner").body())
                .contains("\"attributeCount\":1,\"attributeTypes\":[\"Relationship\"],\"typeNames\":[\"Bike\"]");
        require(here.get("/attributes/wings"), 404);
    }

    @Test
    void believesNoMoreThanIsRegistered() {
        register(here, endpoint(there), "'information':[{'entities':[{'type':'Vehicle'}],'propertyNames':['weight']}]");

        assertThat(here.get("/types").body()).contains("\"typeList\":[\"Vehicle\"]");
        assertThat(here.get("/attributes").body()).contains("\"attributeList\":[\"speed\"]");
    }

    @Test
    void saysWhichSourceIsMissing() {
        String id = register(here, hostile.endpoint(), "'information':[{'entities':[{'type':'Ship'}]}]");
        hostile.answer("{'type':'EntityTypeList','typeList':7}");

        HttpResponse<String> answer = here.get("/types");

        assertThat(answer.body()).contains("\"typeList\":[\"Vehicle\"]");
        assertThat(warnings(answer)).singleElement().asString().startsWith("111 " + id);
        hostile.status(500);
        assertThat(warnings(here.get("/types/Vehicle?local=false"))).isEmpty();
        assertThat(warnings(here.get("/attributes"))).singleElement().asString().startsWith("299 " + id);
    }

    @Test
    void purgesAtTheSourcesThatOfferIt() {
        register(
                here,
                endpoint(there),
                "'information':[{'entities':[{'type':'Vehicle'}]}],'operations':['redirectionOps']");

        require(here.send("DELETE", "/entities?type=Vehicle,Bike", ""), 204);

        require(here.get("/entities/urn:x:v:1"), 404);
        require(there.get("/entities/urn:x:v:2"), 404);
        require(there.get("/entities/urn:x:b:1"), 200);
    }

    @Test
    void purgesOnlyTheAttributesThatASourceHasRegistered() {
        register(
                here,
                endpoint(there),
                "'information':[{'entities':[{'type':'Vehicle'}],'propertyNames':['colour']}],'operations':['redirectionOps']");
        require(
                there.send(
                        "POST",
                        "/entities/urn:x:v:2/attrs",
                        json("{'wheels':{'type':'Property','value':4}}"),
                        "Content-Type",
                        "application/json"),
                204);

        require(here.send("DELETE", "/entities?type=Vehicle&keep=speed", ""), 204);

        assertThat(there.get("/entities/urn:x:v:2").body()).contains("wheels").doesNotContain("colour");
        assertThat(here.get("/entities/urn:x:v:1?local=true").body()).contains("speed");
    }

    @Test
    void aPurgeConflictsWithWhatOnlyOthersHoldAndDoNotDelete() {
        String id = register(
                here,
                endpoint(there),
                "'information':[{'entities':[{'type':'Bike'}]}],'mode':'redirect','operations':['retrieveOps']");

        HttpResponse<String> alone = here.send("DELETE", "/entities?type=Bike", "");
        HttpResponse<String> partly = here.send("DELETE", "/entities?type=Bike,Vehicle", "");

        require(alone, 409);
        require(partly, 207);
        assertThat(partly.body()).contains("urn:x:v:1", id);
    }
}
