package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.model.Value;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("6.10")
@Tag("6.11")
class SubscriptionRoutesTest {
    private static final String ID = "urn:ngsi-ld:Subscription:1";

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = TestBroker.open();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static String subscription(String id, String more) {
        return ("{'id':'" + id + "','type':'Subscription','entities':[{'type':'A'}]" + more
                        + ",'notification':{'endpoint':{'uri':'http://localhost:1/n'}}}")
                .replace('\'', '"');
    }

    private HttpResponse<String> create(String id, String more) {
        return broker.post("/subscriptions", subscription(id, more));
    }

    private static Value json(String text) {
        return JsonReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aCreatedSubscriptionIsReadBack() {
        HttpResponse<String> created = create(ID, ",'throttling':5");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("Location")).contains("/ngsi-ld/v1/subscriptions/" + ID);
        HttpResponse<String> read = broker.get("/subscriptions/" + ID);
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(json(read.body()))
                .isEqualTo(json("{'id':'" + ID + "','type':'Subscription','entities':[{'type':'A'}],'throttling':5,"
                        + "'notification':{'endpoint':{'uri':'http://localhost:1/n'}},'jsonldContext':'"
                        + BuiltInContexts.CORE_URL
                        + "','notificationTrigger':['attributeCreated','attributeUpdated'],'status':'active'}"));
        assertThat(read.headers().firstValue("Link")).isPresent();
    }

    @Test
    void jsonLdCarriesTheContext() {
        create(ID, "");
        HttpResponse<String> read = broker.get("/subscriptions/" + ID, "Accept", "application/ld+json");
        assertThat(((Value.Obj) json(read.body())).members()).containsKey("@context");
    }

    @Test
    void anInlineContextIsHostedAndNamed() {
        String body = subscription(ID, ",'@context':{'A':'https://example.org/A'}");
        HttpResponse<String> created =
                broker.send("POST", "/subscriptions", body, "Content-Type", "application/ld+json");
        assertThat(created.statusCode()).isEqualTo(201);
        Value.Obj read = (Value.Obj) json(broker.get("/subscriptions/" + ID).body());
        assertThat(read.get("entities")).isEqualTo(json("[{'type':'https://example.org/A'}]"));
        assertThat(String.valueOf(read.get("jsonldContext"))).contains("/ngsi-ld/v1/jsonldContexts/");
    }

    @Test
    void aSecondSubscriptionWithTheSameIdIsAConflict() {
        create(ID, "");
        HttpResponse<String> second = create(ID, "");
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body()).contains("AlreadyExists");
    }

    @Test
    void aSubscriptionWithoutIdGetsOne() {
        HttpResponse<String> created =
                broker.post("/subscriptions", subscription(ID, "").replace("\"id\":\"" + ID + "\",", ""));
        String location = created.headers().firstValue("Location").orElseThrow();
        assertThat(location).startsWith("/ngsi-ld/v1/subscriptions/urn:");
        assertThat(broker.get(location.substring(ApiRouter.BASE.length())).statusCode())
                .isEqualTo(200);
    }

    @Test
    void pagesAreInTheOrderOfCreationAndCounted() {
        for (int i = 5; i > 0; i--) {
            create("urn:s:" + i, "");
        }
        HttpResponse<String> page = broker.get("/subscriptions?limit=2&offset=2&count=true");
        assertThat(((Value.Array) json(page.body())).items())
                .extracting(s -> ((Value.Obj) s).get("id"))
                .containsExactly(Value.of("urn:s:3"), Value.of("urn:s:2"));
        assertThat(page.headers().firstValue("NGSILD-Results-Count")).contains("5");
        assertThat(page.headers().allValues("Link").toString())
                .contains("rel=\"next\"")
                .contains("rel=\"prev\"");
    }

    @Test
    @Tag("6.3.11")
    void theSystemsTimesAreReadWhenAskedFor() {
        create(ID, "");
        Value.Obj before = (Value.Obj)
                json(broker.get("/subscriptions/" + ID + "?options=sysAttrs").body());
        broker.send("PATCH", "/subscriptions/" + ID, "{\"description\":\"d\"}", "Content-Type", "application/json");
        Value.Array page =
                (Value.Array) json(broker.get("/subscriptions?options=sysAttrs").body());
        Value.Obj after = (Value.Obj) page.items().get(0);
        assertThat(before.get("createdAt")).isNotNull().isEqualTo(before.get("modifiedAt"));
        assertThat(after.get("createdAt")).isEqualTo(before.get("createdAt"));
        assertThat(after.get("modifiedAt")).isNotNull().isNotEqualTo(before.get("modifiedAt"));
        assertThat(((Value.Obj) json(broker.get("/subscriptions/" + ID).body())).members())
                .doesNotContainKeys("createdAt", "modifiedAt");
    }

    @Test
    void aPatchChangesAndADeleteRemoves() {
        create(ID, ",'description':'d'");
        HttpResponse<String> patched = broker.send(
                "PATCH",
                "/subscriptions/" + ID,
                "{\"isActive\":false,\"description\":\"urn:ngsi-ld:null\"}",
                "Content-Type",
                "application/json");
        assertThat(patched.statusCode()).isEqualTo(204);
        Value.Obj read = (Value.Obj) json(broker.get("/subscriptions/" + ID).body());
        assertThat(read.get("status")).isEqualTo(Value.of("paused"));
        assertThat(read.members()).doesNotContainKey("description");
        assertThat(broker.send("DELETE", "/subscriptions/" + ID, "").statusCode())
                .isEqualTo(204);
        assertThat(broker.get("/subscriptions/" + ID).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/subscriptions/invalid|400|BadRequestData",
                "GET|/subscriptions/urn:none:1|404|ResourceNotFound",
                "GET|/subscriptions?unknown=1|400|InvalidRequest",
                "DELETE|/subscriptions/invalid|400|BadRequestData",
                "DELETE|/subscriptions/urn:none:1|404|ResourceNotFound",
                "PATCH|/subscriptions/invalid|400|BadRequestData",
                "PATCH|/subscriptions/urn:none:1|404|ResourceNotFound",
            })
    void whatIsNotThereOrNoUriIsAnError(String method, String path, int status, String type) {
        String body = method.equals("PATCH") ? "{\"isActive\":false}" : "";
        HttpResponse<String> response = broker.send(method, path, body, "Content-Type", "application/json");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains("https://uri.etsi.org/ngsi-ld/errors/" + type);
    }

    @Test
    void invalidSubscriptionsAreRefused() {
        assertThat(broker.post("/subscriptions", "{,}").body()).contains("InvalidRequest");
        assertThat(broker.post("/subscriptions", "{}").body()).contains("BadRequestData");
        assertThat(create("x", "").body()).contains("BadRequestData");
        assertThat(create("", "").statusCode()).isEqualTo(400);
    }

    @Test
    void aContextThatCannotBeHadIsNotAvailable() {
        HttpResponse<String> created = create(ID, ",'jsonldContext':'https://example.org/none.jsonld'");
        assertThat(created.statusCode()).isEqualTo(504);
        assertThat(created.body()).contains("LdContextNotAvailable");
    }

    @Test
    void anEndpointAtAForbiddenAddressIsRefused() {
        HttpResponse<String> created = broker.post(
                "/subscriptions",
                subscription(ID, "").replace("http://localhost:1/n", "http://169.254.169.254/latest"));
        assertThat(created.statusCode()).isEqualTo(400);
        assertThat(created.body()).contains("notification.endpoint.uri");
    }
}
