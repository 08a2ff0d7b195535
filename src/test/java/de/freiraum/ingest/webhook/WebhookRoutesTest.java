package de.freiraum.ingest.webhook;

import static de.freiraum.ingest.IngestFixture.SPOT;
import static de.freiraum.ingest.IngestFixture.await;
import static de.freiraum.ingest.IngestFixture.uplink;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.ingest.Fixtures;
import de.freiraum.ingest.IngestFixture;
import de.freiraum.ingest.message.MessageJson;
import de.freiraum.model.Value;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookRoutesTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private IngestFixture ingest;
    private HttpServer server;

    @BeforeEach
    void open() {
        ingest = new IngestFixture();
        Router router = Router.router(ingest.vertx());
        new WebhookRoutes(ingest.pipeline()).mount(router);
        new DeadLetterRoutes(ingest.pipeline().deadLetters(), request -> {
                    if ("operator".equals(request.request().getHeader("X-API-Key"))) {
                        request.next();
                    } else {
                        request.response().setStatusCode(401).end();
                    }
                })
                .mount(router);
        server = await(ingest.vertx().createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    }

    @AfterEach
    void close() {
        await(server.close());
        ingest.close();
    }

    @Test
    void answersWhenTheMessageIsDurable() throws Exception {
        HttpResponse<byte[]> answer = post("/ingest/tts", "secret", uplink(1, "AQ==", "2026-03-28T22:00:00Z"));
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(member(answer, "outcome")).isEqualTo(Value.of("accepted"));
        assertThat(ingest.value(SPOT, "parking", "status")).isEqualTo(Value.of("occupied"));
    }

    @Test
    void answersDuplicatesAndDeadLettersWithTheirOutcome() throws Exception {
        post("/ingest/tts", "secret", uplink(1, "AQ==", "2026-03-28T22:00:00Z"));
        assertThat(member(post("/ingest/tts", "secret", uplink(1, "AQ==", "2026-03-28T22:00:00Z")), "outcome"))
                .isEqualTo(Value.of("duplicate"));
        HttpResponse<byte[]> dead = post("/ingest/tts", "secret", "not json");
        assertThat(dead.statusCode()).isEqualTo(202);
        assertThat(member(dead, "outcome")).isEqualTo(Value.of("dead"));
        assertThat(member(dead, "deadLetter")).isInstanceOf(Value.Text.class);
    }

    @Test
    void anEmptyBodyIsADeadLetter() throws Exception {
        assertThat(member(post("/ingest/plain", null, ""), "outcome")).isEqualTo(Value.of("dead"));
    }

    @Test
    void takesTheKeyAsHeaderBearerTokenOrParameter() throws Exception {
        assertThat(post("/ingest/tts?key=secret", null, "{}").statusCode()).isEqualTo(202);
        HttpResponse<byte[]> bearer = client.send(
                request("/ingest/tts")
                        .header("Authorization", "Bearer secret")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(bearer.statusCode()).isEqualTo(202);
    }

    @Test
    void refusesAWrongOrMissingKey() throws Exception {
        assertThat(post("/ingest/tts", "wrong", "{}").statusCode()).isEqualTo(401);
        assertThat(post("/ingest/tts", null, "{}").statusCode()).isEqualTo(401);
    }

    @Test
    void takesWhatIsSignedAndKeepsNothingOfTheRest() throws Exception {
        String body = "{\"id\":\"box-1\",\"busy\":true}";
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String right = HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        assertThat(signed(body, null).statusCode()).isEqualTo(401);
        assertThat(signed(body, "0" + right.substring(1)).statusCode()).isEqualTo(401);
        HttpResponse<byte[]> other = signed(body.replace("true", "false"), right);
        assertThat(other.statusCode()).isEqualTo(401);
        assertThat(other.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(ingest.pipeline().metrics("signed").refusedRequests()).isEqualTo(3);
        assertThat(ingest.pipeline().metrics("signed").receivedMessages()).isZero();
        assertThat(ingest.pipeline().deadLetters().count()).isZero();

        assertThat(signed(body, right).statusCode()).isEqualTo(202);
        assertThat(ingest.value("urn:ngsi-ld:ParkingSpot:schwerte:am-markt:100", "parking", "status"))
                .isEqualTo(Value.of("occupied"));
    }

    private HttpResponse<byte[]> signed(String body, @org.jspecify.annotations.Nullable String signature)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request("/ingest/signed").POST(HttpRequest.BodyPublishers.ofString(body));
        if (signature != null) {
            request.header("X-Signature", signature);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void refusesSourcesWithoutWebhook() throws Exception {
        assertThat(post("/ingest/nothing", null, "{}").statusCode()).isEqualTo(404);
        assertThat(post("/ingest/readonly", null, "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesABodyThatIsTooLong() throws Exception {
        assertThat(post("/ingest/plain", null, "x".repeat(30_000)).statusCode()).isEqualTo(413);
    }

    @Test
    void asksToComeBackWhenTheStoreFails() throws Exception {
        await(ingest.store().close());
        HttpResponse<byte[]> answer = post("/ingest/tts", "secret", uplink(1, "AQ==", "2026-03-28T22:00:00Z"));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    }

    @Test
    void theOperatorListsReplaysAndDeletesDeadLetters() throws Exception {
        post("/ingest/plain", null, "{'id':'nobody'}");
        post("/ingest/plain", null, "broken");
        HttpResponse<byte[]> list = send("GET", "/ingest/dead-letters?reason=unknown_device&limit=10");
        assertThat(list.statusCode()).isEqualTo(200);
        Value.Array letters = (Value.Array) member(list, "deadLetters");
        assertThat(letters.items()).hasSize(1);
        Value.Obj letter = (Value.Obj) letters.items().get(0);
        String path = "/ingest/dead-letters/" + Fixtures.text(letter, "id");
        assertThat(send("GET", path).statusCode()).isEqualTo(200);
        assertThat(member(send("POST", path + "/replay"), "outcome")).isEqualTo(Value.of("dead"));
        assertThat(send("DELETE", path).statusCode()).isEqualTo(204);
        assertThat(send("DELETE", path).statusCode()).isEqualTo(404);
        assertThat(send("GET", path).statusCode()).isEqualTo(404);
    }

    @Test
    void allThatMatchAreReplayedOrDeletedAtOnce() throws Exception {
        post("/ingest/plain", null, "{'id':'nobody'}");
        post("/ingest/plain", null, "broken");
        post("/ingest/plain", null, "broken too");
        HttpResponse<byte[]> replayed = send("POST", "/ingest/dead-letters/replay?reason=broken_message");
        assertThat(member(replayed, "replayed")).isEqualTo(Value.of(2));
        assertThat(member(replayed, "dead")).isEqualTo(Value.of(2));
        assertThat(member(send("DELETE", "/ingest/dead-letters?source=other"), "deleted"))
                .isEqualTo(Value.of(0));
        assertThat(member(send("DELETE", "/ingest/dead-letters?source=plain&reason=broken_message"), "deleted"))
                .isEqualTo(Value.of(2));
        assertThat(send("DELETE", "/ingest/dead-letters").statusCode()).isEqualTo(400);
        assertThat(member(send("DELETE", "/ingest/dead-letters?all=true"), "deleted"))
                .isEqualTo(Value.of(1));
        assertThat(member(send("GET", "/ingest/dead-letters"), "count")).isEqualTo(Value.of(0));
    }

    @Test
    void theTimeOfArrivalChooses() throws Exception {
        post("/ingest/plain", null, "broken");
        Value.Obj letter = (Value.Obj) ((Value.Array) member(send("GET", "/ingest/dead-letters"), "deadLetters"))
                .items()
                .get(0);
        String time = Fixtures.text(letter, "time");
        assertThat(((Value.Array) member(send("GET", "/ingest/dead-letters?from=" + time), "deadLetters")).items())
                .hasSize(1);
        assertThat(((Value.Array) member(send("GET", "/ingest/dead-letters?to=" + time), "deadLetters")).items())
                .isEmpty();
    }

    @Test
    void onlyTheOperatorSeesDeadLetters() throws Exception {
        HttpResponse<byte[]> answer =
                client.send(request("/ingest/dead-letters").GET().build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void refusesWrongParametersOfTheList() throws Exception {
        assertThat(send("GET", "/ingest/dead-letters?limit=0").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/ingest/dead-letters?reason=x").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/ingest/dead-letters?from=yesterday").statusCode())
                .isEqualTo(400);
        assertThat(send("POST", "/ingest/dead-letters/replay?to=2026-03-02").statusCode())
                .isEqualTo(400);
        assertThat(send("DELETE", "/ingest/dead-letters?resaon=NO_MAPPING").statusCode())
                .isEqualTo(400);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path));
    }

    private HttpResponse<byte[]> post(String path, @org.jspecify.annotations.Nullable String key, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        if (key != null) {
            request.header("X-API-Key", key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> send(String method, String path) throws IOException, InterruptedException {
        return client.send(
                request(path)
                        .header("X-API-Key", "operator")
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static Value member(HttpResponse<byte[]> answer, String name) {
        Value value = ((Value.Obj) MessageJson.read(answer.body())).get(name);
        return value == null ? Value.Null.INSTANCE : value;
    }
}
