package de.freiraum.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A subscription at one server to what another one has (clauses 5.8.1.4, 5.8.2.4, 5.8.5.4 and 5.8.6). */
class RemoteSubscriptionTest {
    private static final String API = "/ngsi-ld/v1";
    private static final String SUBSCRIPTION = API + "/subscriptions/urn:x:sub:1";

    private final Vertx vertx = Vertx.vertx();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private OpenServer here;
    private OpenServer there;
    private HttpServer receiver;

    @BeforeEach
    void open() throws Exception {
        receiver = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    received.add(body.toString());
                    request.response().end();
                }))
                .listen(0, "127.0.0.1")
                .await(10, SECONDS);
        here = OpenServer.start("open: true");
        there = OpenServer.start("open: true");
    }

    @AfterEach
    void close() throws Exception {
        here.close();
        there.close();
        vertx.close().await(10, SECONDS);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static void post(OpenServer server, String path, String body) throws Exception {
        HttpResponse<String> answer = server.post(API + path, json(body), "Content-Type", "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 204);
    }

    private void register(String members) throws Exception {
        post(
                here,
                "/csourceRegistrations",
                "{'id':'urn:x:reg:1','type':'ContextSourceRegistration','endpoint':'http://127.0.0.1:" + there.port()
                        + "','information':[{'entities':[{'type':'Vehicle'}]}]" + members + "}");
    }

    private void subscribe(String members) throws Exception {
        post(
                here,
                "/subscriptions",
                "{'id':'urn:x:sub:1','type':'Subscription','entities':[{'type':'Vehicle'},{'type':'Bike'}]," + members
                        + "'notification':{'format':'keyValues','attributes':['speed'],'endpoint':{'uri':'http://127.0.0.1:"
                        + receiver.actualPort() + "/','accept':'application/json'}}}");
    }

    private String copies() throws Exception {
        return there.get(API + "/subscriptions").body();
    }

    private void awaitCopies(String... parts) {
        await().atMost(10, SECONDS).untilAsserted(() -> assertThat(copies()).contains(parts));
    }

    private void awaitNotification(String... parts) {
        await().atMost(10, SECONDS).untilAsserted(() -> assertThat(received)
                .anySatisfy(text -> assertThat(text).contains(parts)));
    }

    @Test
    void whatTheSourceNotifiesOfReachesTheSubscriberInItsForm() throws Exception {
        register("");
        subscribe("'q':'speed>50',");
        awaitCopies("\"entities\":[{\"type\":\"Vehicle\"}]", "\"q\":\"speed>50\"", "/remoteNotifications");

        post(there, "/entities", "{'id':'urn:x:v:0','type':'Vehicle','speed':{'type':'Property','value':10}}");
        post(
                there,
                "/entities",
                "{'id':'urn:x:v:1','type':'Vehicle','speed':{'type':'Property','value':60},'a':{'type':'Property','value':1}}");

        awaitNotification(
                "\"subscriptionId\":\"urn:x:sub:1\"", "[{\"id\":\"urn:x:v:1\",\"type\":\"Vehicle\",\"speed\":60}]");
        assertThat(received).noneSatisfy(text -> assertThat(text).contains("urn:x:v:0"));
    }

    @Test
    void theCopyIsKeptInStepWithSubscriptionAndRegistration() throws Exception {
        subscribe("");
        register("");
        awaitCopies("remoteNotifications");

        here.send(
                "PATCH",
                SUBSCRIPTION,
                HttpRequest.BodyPublishers.ofString(json("{'q':'speed>5'}")),
                "Content-Type",
                "application/json");
        awaitCopies("\"q\":\"speed>5\"");
        here.send("DELETE", API + "/csourceRegistrations/urn:x:reg:1", HttpRequest.BodyPublishers.noBody());
        awaitCopies("[]");
        register("");
        awaitCopies("\"q\":\"speed>5\"");
        here.send("DELETE", SUBSCRIPTION, HttpRequest.BodyPublishers.noBody());
        awaitCopies("[]");
    }

    @Test
    void sourcesThatOfferNoSubscriptionsGetNone() throws Exception {
        register(",'operations':['retrieveOps']");
        subscribe("");
        post(here, "/entities?local=true", "{'id':'urn:x:b:1','type':'Bike','speed':{'type':'Property','value':1}}");

        awaitNotification("urn:x:b:1");
        assertThat(copies()).isEqualTo("[]");
    }

    @Test
    void splitEntitiesAreJudgedWhenTheyArePutTogether() throws Exception {
        register("");
        subscribe("'splitEntities':true,'q':'colour==\\\"red\\\"',");
        awaitCopies("\"splitEntities\":true");
        assertThat(copies()).doesNotContain("\"q\"");
        post(
                here,
                "/entities?local=true",
                "{'id':'urn:x:v:1','type':'Vehicle','colour':{'type':'Property','value':'red'}}");

        post(there, "/entities", "{'id':'urn:x:v:2','type':'Vehicle','speed':{'type':'Property','value':1}}");
        post(there, "/entities", "{'id':'urn:x:v:1','type':'Vehicle','speed':{'type':'Property','value':2}}");

        awaitNotification("\"id\":\"urn:x:v:1\",\"type\":\"Vehicle\",\"speed\":2");
        assertThat(received).noneSatisfy(text -> assertThat(text).contains("urn:x:v:2"));
    }

    @Test
    void aSubscriptionThatComesBackIsRefused() throws Exception {
        post(
                there,
                "/csourceRegistrations",
                "{'type':'ContextSourceRegistration','endpoint':'http://127.0.0.1:" + here.port()
                        + "','information':[{'entities':[{'type':'Vehicle'}]}]}");
        register("");
        subscribe("");
        awaitCopies("remoteNotifications");

        post(here, "/entities?local=true", "{'id':'urn:x:v:1','type':'Vehicle','speed':{'type':'Property','value':1}}");

        awaitNotification("urn:x:v:1");
        assertThat(here.get(API + "/subscriptions?count=true&limit=0").headers().firstValue("NGSILD-Results-Count"))
                .hasValue("1");
    }

    @Test
    void strangersCannotNotify() throws Exception {
        HttpResponse<String> unknown = here.post(
                API + "/remoteNotifications",
                json("{'type':'Notification','subscriptionId':'urn:x:sub:1','data':[]}"),
                "Content-Type",
                "application/json");

        assertThat(unknown.statusCode()).isEqualTo(404);
    }
}
