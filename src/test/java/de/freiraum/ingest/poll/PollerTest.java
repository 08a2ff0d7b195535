package de.freiraum.ingest.poll;

import static de.freiraum.ingest.IngestFixture.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.config.YamlText;
import de.freiraum.egress.AddressPolicy;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressSettings;
import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.SourceMetrics;
import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.store.Store;
import de.freiraum.store.TestStore;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Polls of a real HTTP server. */
class PollerTest {
    private static final Duration BOUND = Duration.ofSeconds(15);
    private static final String MAPPINGS = """
            devices:
              - { id: a, model: acme/box, place: north }
              - { id: b, model: acme/box, place: south }
            mappings:
              - mapping: acme-box
                match: { model: [acme/box] }
                emit:
                  - entity: "urn:ngsi-ld:ParkingSpot:{device.place}"
                    type: ParkingSpot
                    context: parking
                    set:
                      status: { value: "decoded.busy ? 'occupied' : 'free'", required: true }
            """;

    private final Vertx vertx = Vertx.vertx();
    private final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();
    private final List<Poller> started = new ArrayList<>();
    private volatile Consumer<HttpServerRequest> answer =
            request -> request.response().end("[]");
    private Store store;
    private HttpServer server;
    private Egress egress;

    @SuppressWarnings("NullAway.Init") // made when a poller starts
    private IngestPipeline pipeline;

    @BeforeEach
    void open() {
        store = await(TestStore.open(vertx, Instant::now));
        server = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    requests.add(request);
                    answer.accept(request);
                })
                .listen(0, "127.0.0.1"));
        egress = new Egress(vertx, EgressSettings.DEFAULT.withAddresses(AddressPolicy.WITH_PRIVATE));
    }

    @AfterEach
    void close() {
        started.forEach(poller -> await(poller.stop()));
        await(server.close());
        await(store.close());
        await(vertx.close());
    }

    @Test
    void eachRecordIsAMessageAndTheNextRequestAsksForWhatIsNewer() {
        answers("{'data':{'list':[{'id':'a','time':'2026-03-02T07:00:00Z','busy':true},"
                + "{'id':'b','time':'2026-03-02T07:30:00+01:00','busy':false}]}}");
        Poller poller = poll(
                "/list?k=1",
                "records: data.list",
                "cursor: { time: time, parameter: from, start: '2026-03-01T00:00:00Z', overlap: PT1M }");
        await().atMost(BOUND).until(() -> requests.size() > 1);

        assertThat(uri(0)).isEqualTo("/list?k=1&from=2026-03-01T00%3A00%3A00Z");
        assertThat(uri(1)).isEqualTo("/list?k=1&from=2026-03-02T06%3A59%3A00Z");
        assertThat(status("north")).isEqualTo("occupied");
        assertThat(status("south")).isEqualTo("free");
        assertThat(counters().acceptedMessages()).isEqualTo(2);
        await().atMost(BOUND).until(() -> counters().duplicateMessages() >= 2);
        assertThat(poller.fault()).isEmpty();
    }

    @Test
    void theCursorOutlivesTheProcess() {
        answers("[{'id':'a','time':'2026-03-02T07:00:00Z','busy':true}]");
        String cursor = "cursor: { time: time, format: seconds, start: P3650D }";
        Poller first = poll("/list/{since}", cursor);
        await().atMost(BOUND).until(() -> first.answered() == 1);
        await(first.stop());
        requests.clear();

        poll("/list/{since}", cursor);
        await().atMost(BOUND).until(() -> !requests.isEmpty());

        assertThat(uri(0))
                .isEqualTo("/list/" + Instant.parse("2026-03-02T07:00:00Z").getEpochSecond());
    }

    @Test
    void aRecordFromTheFutureDoesNotLetTheCursorRunAhead() {
        answers("[{'id':'a','time':'2999-01-01T00:00:00Z','busy':true}]");
        poll("/list", "cursor: { time: time, parameter: from }");
        await().atMost(BOUND).until(() -> requests.size() > 1);

        assertThat(uri(1)).contains("from=20").doesNotContain("2999");
    }

    @Test
    void anUnchangedAnswerIsNotSentAgain() {
        answer = request -> {
            if ("\"v1\"".equals(request.getHeader("If-None-Match"))
                    && "Mon, 02 Mar 2026 07:00:00 GMT".equals(request.getHeader("If-Modified-Since"))) {
                request.response().setStatusCode(304).end();
            } else {
                request.response()
                        .putHeader("ETag", "\"v1\"")
                        .putHeader("Last-Modified", "Mon, 02 Mar 2026 07:00:00 GMT")
                        .end("[{\"id\":\"a\",\"busy\":true}]");
            }
        };
        Poller poller = poll("/list");
        await().atMost(BOUND).until(() -> poller.unchanged() == 1);

        assertThat(poller.answered()).isEqualTo(1);
        assertThat(counters().receivedMessages()).isEqualTo(1);

        poller.forgetRefused();
        await().atMost(BOUND).until(() -> poller.answered() == 2);
    }

    @Test
    void linesOfATableInAnotherCharacterSetAreRecords() {
        answer = request -> request.response()
                .putHeader("Content-Type", "text/csv; charset=windows-1252")
                .end(Buffer.buffer(
                        "id;zeit;busy;straße\na;02.03.2026;true;Königsallee\nb;x;false;\"Am \"\"Markt\"\"; Süd\"\n"
                                .getBytes(java.nio.charset.Charset.forName("windows-1252"))));
        start("csv", "/list.csv", "");
        await().atMost(BOUND).until(() -> counters().acceptedMessages() == 2);

        assertThat(status("north")).isEqualTo("occupied");
        assertThat(status("south")).isEqualTo("free");
    }

    @Test
    void featuresAreRecords() {
        answers("{'type':'FeatureCollection','features':[{'type':'Feature','id':'x','geometry':null,"
                + "'properties':{'id':'b','busy':true}}]}");
        poll("/list", "format: geojson", "json: { device: properties.id }");
        await().atMost(BOUND).until(() -> counters().receivedMessages() == 1);

        assertThat(counters().deadMessages())
                .as("decoded.busy is in properties")
                .isEqualTo(1);
    }

    @Test
    void entitiesOfAnotherBrokerAreRecords() {
        answers(
                "[{'id':'a','type':'Box','busy':{'type':'Property','value':true,'observedAt':'2026-03-02T07:00:00Z'}}]");
        start("ngsi-ld", "/ngsi-ld/v1/entities?type=Box", "");
        await().atMost(BOUND).until(() -> counters().receivedMessages() > 0);

        assertThat(counters().deadMessages()).isZero();
        await().atMost(BOUND).until(() -> counters().acceptedMessages() > 0);
        assertThat(status("north")).isEqualTo("occupied");
    }

    @Test
    void pagesAreFollowedAndTheCursorMovesBehindTheLast() {
        answer = request -> {
            String page = request.getParam("page");
            request.response()
                    .end(
                            json(
                                    page == null
                                            ? "{'r':[{'id':'a','time':'2026-03-02T09:00:00Z','busy':true}],'links':{'next':'/list?page=2'}}"
                                            : "{'r':[{'id':'b','time':'2026-03-02T08:00:00Z','busy':true}],'links':{'next':null}}"));
        };
        poll("/list", "records: r", "next: links.next", "cursor: { time: time, parameter: from, start: PT1H }");
        await().atMost(BOUND).until(() -> requests.size() > 2);

        assertThat(uri(1)).isEqualTo("/list?page=2");
        assertThat(uri(2)).isEqualTo("/list?from=2026-03-02T09%3A00%3A00Z");
        assertThat(status("south")).isEqualTo("occupied");
    }

    @Test
    void aRoundThatIsBrokenOffGoesOnAtItsPage() {
        answer = request -> {
            if (request.getParam("page") == null) {
                request.response()
                        .putHeader("Link", "<other>; rel=\"prev\", <?page=2>; rel=\"next\"")
                        .end("[{\"id\":\"a\",\"busy\":true}]");
            } else {
                request.response().setStatusCode(503).end();
            }
        };
        Poller first = poll("/list", "next: link");
        await().atMost(BOUND).until(() -> first.failed() == 1);
        await(first.stop());
        requests.clear();
        answers("[{'id':'b','busy':true}]");

        poll("/list", "next: link");
        await().atMost(BOUND).until(() -> requests.size() > 1);

        assertThat(uri(0)).isEqualTo("/list?page=2");
        assertThat(uri(1)).isEqualTo("/list");
    }

    @Test
    void theTextThatAnAnswerGivesIsSentWithTheNextRequest() {
        answer = request -> {
            String token = request.getParam("after");
            request.response()
                    .end(json(
                            token == null ? "{'r':[{'id':'a','busy':true}],'token':'x 1'}" : "{'r':[],'token':'x 1'}"));
        };
        poll("/list", "records: r", "cursor: { field: token, parameter: after }");
        await().atMost(BOUND).until(() -> requests.size() > 2);

        assertThat(uri(0)).isEqualTo("/list");
        assertThat(uri(1)).isEqualTo("/list?after=x%201");
        assertThat(uri(2)).isEqualTo("/list?after=x%201");
    }

    @Test
    void eachDeviceHasItsAddressAndOneThatFailsHoldsUpNoOther() {
        answer = request -> {
            if (request.path().endsWith("/a")) {
                request.response().setStatusCode(500).end();
            } else {
                request.response().end("[{\"busy\":true}]");
            }
        };
        Poller poller = poll("/{device.place}/{device}");
        await().atMost(BOUND).until(() -> poller.answered() > 0 && poller.failed() > 0);

        assertThat(requests).extracting(HttpServerRequest::uri).contains("/north/a", "/south/b");
        assertThat(status("south")).isEqualTo("occupied");
        assertThat(poller.failing()).isEqualTo(1);
        assertThat(poller.fault()).hasValueSatisfying(fault -> assertThat(fault).contains("poll/s/a", "500"));
    }

    @Test
    void aRecordThatCannotBeMappedBecomesOneDeadLetterHoweverOftenItIsAnswered() {
        answers("[{'id':'nobody','busy':true},{'id':'a','busy':true}]");
        Poller poller = poll("/list");
        await().atMost(BOUND).until(() -> poller.answered() > 1);

        assertThat(pipeline.deadLetters().count()).isEqualTo(1);
        assertThat(counters().deadMessages()).isEqualTo(1);
        assertThat(status("north")).isEqualTo("occupied");
    }

    @Test
    void secretsAreSentAndNotToAnotherHost() {
        HttpServer other = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    requests.add(request);
                    request.response().end("[]");
                })
                .listen(0, "127.0.0.1"));
        answer = request -> request.response()
                .setStatusCode(302)
                .putHeader("Location", "http://127.0.0.1:" + other.actualPort() + "/else")
                .end();
        poll("/list", "headers: { X-API-Token: 'env:TOKEN', Authorization: 'Bearer env:TOKEN' }");
        await().atMost(BOUND).until(() -> requests.size() > 1);

        assertThat(requests.get(0).getHeader("X-API-Token")).isEqualTo("s3cret");
        assertThat(requests.get(0).getHeader("Authorization")).isEqualTo("Bearer s3cret");
        assertThat(uri(1)).isEqualTo("/else");
        assertThat(requests.get(1).getHeader("X-API-Token")).isNull();
        assertThat(requests.get(1).getHeader("Authorization")).isNull();
        await(other.close());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /html      | is a page
            /broken    | no valid JSON
            /cut       | cannot be reached
            /huge      | more than 2048 bytes
            /loop      | redirects more than 5 times
            /401       | 401: the credential in headers is missing or wrong
            /404       | 404: the address is wrong
            /429       | 429: too many requests
            /500       | 500
            /304       | 304
            /elsewhere | the next page is at another host
            /no-list   | has no "r"
            /text      | neither a list of records nor a record
            /gzip      | compressed
            /silent    | no answer within 500 ms
            """)
    void aHostileOrBrokenAnswerIsToldAndMovesNothing(String path, String told) {
        answer = PollerTest::hostile;
        Poller poller = poll(
                path,
                "records: r",
                "next: next",
                "maxBytes: 2048",
                "timeout: PT0.5S",
                "cursor: { time: time, parameter: from, start: '2026-03-01T00:00:00Z' }");
        await().atMost(BOUND).until(() -> poller.failed() > 0);

        assertThat(poller.fault()).hasValueSatisfying(fault -> assertThat(fault).contains("poll/s: ", told));
        assertThat(poller.failing()).isEqualTo(1);
        answers("{'r':[]}");
        requests.clear();
        if (!path.equals("/429")) {
            await().atMost(BOUND).until(() -> poller.failing() == 0);
            assertThat(uri(0)).endsWith("from=2026-03-01T00%3A00%3A00Z");
        }
    }

    private static void hostile(HttpServerRequest request) {
        var response = request.response();
        switch (request.path()) {
            case "/html" -> response.putHeader("Content-Type", "text/html").end("<html>Login</html>");
            case "/broken" -> response.end("{\"r\":[{\"id\":");
            case "/cut" -> {
                response.putHeader("Content-Length", "1000");
                response.write("{\"r\":[")
                        .onComplete(written -> request.connection().close());
            }
            case "/huge" -> response.end("{\"r\":[\"" + "x".repeat(5000) + "\"]}");
            case "/loop" ->
                response.setStatusCode(302).putHeader("Location", "/loop").end();
            case "/elsewhere" -> response.end("{\"r\":[],\"next\":\"http://other.example/list\"}");
            case "/no-list" -> response.end("{\"error\":\"quota\"}");
            case "/text" -> response.end("{\"r\":\"none\"}");
            case "/gzip" -> response.putHeader("Content-Encoding", "gzip").end("xx");
            case "/silent" -> {}
            default ->
                response.setStatusCode(Integer.parseInt(request.path().substring(1)))
                        .putHeader("Retry-After", request.path().equals("/429") ? "3600" : "0")
                        .end();
        }
    }

    @Test
    void theCursorStaysWhileTheStoreTakesNothing() {
        Poller poller = poll("/list", "cursor: { time: time, parameter: from, start: '2026-03-01T00:00:00Z' }");
        await().atMost(BOUND).until(() -> poller.unchanged() > 0);
        answers("[{'id':'a','time':'2026-03-02T07:00:00Z','busy':true}]");
        await(store.close());
        await().atMost(BOUND).until(() -> poller.failed() > 0);

        assertThat(poller.fault()).hasValueSatisfying(fault -> assertThat(fault).contains("the store does not take"));
        assertThat(poller.answered()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:1/x", "http://10.0.0.1/x", "http://[::1]/x"})
    void privateAddressesAreNotAskedUnlessTheyAreAllowed(String url) {
        egress = new Egress(vertx, EgressSettings.DEFAULT);
        Poller poller = start("json", url, "");
        await().atMost(BOUND).until(() -> poller.failed() > 0);

        assertThat(poller.fault()).hasValueSatisfying(fault -> assertThat(fault).contains("is not public"));
    }

    private void answers(String json) {
        answer = request -> request.response().end(json(json));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private Poller poll(String path, String... more) {
        return start("json", path, String.join("\n", more));
    }

    private Poller start(String envelope, String path, String more) {
        String url = path.startsWith("http") ? path : "http://127.0.0.1:" + server.actualPort() + path;
        StringBuilder yaml =
                new StringBuilder("sources:\n  - id: s\n    tenant: town\n    envelope: " + envelope + "\n");
        List<String> inside =
                more.lines().filter(line -> !line.startsWith("json:")).toList();
        more.lines()
                .filter(line -> line.startsWith("json:"))
                .forEach(line -> yaml.append("    ").append(line).append('\n'));
        yaml.append("    poll:\n      every: PT0.2S\n      url: \"").append(url).append("\"\n");
        inside.forEach(line -> yaml.append("      ").append(line).append('\n'));
        IngestConfig config = IngestConfig.read(
                new YamlText("sources.yaml", yaml + MAPPINGS),
                List.of(),
                name -> new YamlText(name, ""),
                Map.of("TOKEN", "s3cret"));
        pipeline = new IngestPipeline(store, store, Instant::now, config, IngestPipeline.Limits.DEFAULT);
        await(pipeline.start());
        Poller poller =
                new Poller(vertx, pipeline, egress, store, requireNonNull(config.source("s")), () -> true, () -> 0.5);
        started.add(poller);
        poller.start();
        return poller;
    }

    private SourceMetrics counters() {
        return pipeline.metrics().getOrDefault("s", new SourceMetrics());
    }

    private String uri(int index) {
        return requests.get(index).uri();
    }

    private String status(String place) {
        Entity entity = await(store.retrieve(new Tenant("town"), "urn:ngsi-ld:ParkingSpot:" + place));
        return new String(
                        de.freiraum.json.JsonWriter.write(
                                ((de.freiraum.model.Attribute.Property) requireNonNull(requireNonNull(entity, place)
                                                .defaultInstance(de.freiraum.jsonld.BuiltInContexts.named("parking")
                                                        .expand("status"))))
                                        .value()),
                        StandardCharsets.UTF_8)
                .replace("\"", "");
    }
}
