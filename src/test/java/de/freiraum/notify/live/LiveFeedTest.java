package de.freiraum.notify.live;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.EntityChanges;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.representation.EntityReader;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.ReadMode;
import de.freiraum.store.Store;
import de.freiraum.store.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveFeedTest {
    private static final Context CORE = BuiltInContexts.core();

    private Vertx vertx;
    private Store store;
    private LiveFeed feed;
    private HttpServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        store = TestStore.open(vertx, InstantSource.system()).await(10, SECONDS);
        client = vertx.createHttpClient();
        open(settings(1000, 100));
    }

    private static LiveSettings settings(int waiting, int replayed) {
        return new LiveSettings(
                Set.of(CORE.expand("Device")),
                Set.of(CORE.expand("secret")),
                3,
                5,
                waiting,
                Duration.ofMillis(200),
                replayed);
    }

    /** Everybody may read all tenants but one, and the Link header is not looked at. */
    private static final LiveAccess ACCESS = new LiveAccess() {
        @Override
        public Predicate<Tenant> tenants(HttpServerRequest request) {
            return tenant -> !tenant.name().equals("closed");
        }

        @Override
        public Future<@Nullable Context> context(HttpServerRequest request) {
            return Future.succeededFuture(request.headers().contains("Link") ? BuiltInContexts.named("parking") : null);
        }
    };

    private void open(LiveSettings settings) throws Exception {
        feed = new LiveFeed(vertx, store, settings, ACCESS, new EntityWriter(0), InstantSource.system());
        feed.start();
        Router router = Router.router(vertx);
        feed.mount(router);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .await(10, SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        feed.close().await(10, SECONDS);
        vertx.close().await(10, SECONDS);
    }

    /** What came, written by an event loop and read by the test. */
    private static final class Text {
        private final StringBuilder text = new StringBuilder();

        synchronized void add(String part) {
            text.append(part);
        }

        @Override
        public synchronized String toString() {
            return text.toString();
        }
    }

    /** One connection and what came over it. */
    private final class Listener {
        private final Text text = new Text();
        private final HttpClientResponse response;

        Listener(String query, String... headers) throws Exception {
            HttpClientRequest request = client.request(
                            HttpMethod.GET, server.actualPort(), "127.0.0.1", "/live" + query)
                    .await(10, SECONDS);
            for (int i = 0; i < headers.length; i += 2) {
                request.putHeader(headers[i], headers[i + 1]);
            }
            Future<HttpClientResponse> head =
                    request.response().onSuccess(r -> r.handler(part -> text.add(part.toString())));
            request.end();
            response = head.await(10, SECONDS);
        }

        List<String> lines(String prefix) {
            List<String> found = new ArrayList<>();
            for (String line : text.toString().split("\n")) {
                if (line.startsWith(prefix)) {
                    found.add(line.substring(prefix.length()));
                }
            }
            return found;
        }

        List<Value.Obj> events(int count) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() ->
                            text.toString().endsWith("\n\n") && lines("data: ").size() >= count);
            return lines("data: ").stream()
                    .map(line -> (Value.Obj) JsonReader.read(line.getBytes(StandardCharsets.UTF_8)))
                    .toList();
        }

        void ready() {
            await().atMost(Duration.ofSeconds(10)).until(() -> text.toString().contains("still here"));
        }

        void close() {
            response.request().reset();
        }
    }

    private Listener listen(String query, String... headers) throws Exception {
        Listener listener = new Listener(query, headers);
        listener.ready();
        return listener;
    }

    private static Value.Obj json(String text) {
        return (Value.Obj) JsonReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private void create(Tenant tenant, String type, String id, String attributes) throws Exception {
        store.apply(
                        tenant,
                        id,
                        EntityChanges.createOrReplace(EntityReader.read(
                                json("{'id':'" + id + "','type':'" + type + "'" + attributes + "}"),
                                CORE,
                                ReadMode.CREATE)),
                        Origin.SENSOR)
                .await(10, SECONDS);
    }

    private void create(String type, String id, String attributes) throws Exception {
        create(Tenant.DEFAULT, type, id, attributes);
    }

    @Test
    void showsChangesAndDeletions() throws Exception {
        Listener listener = listen("");
        create(new Tenant("town"), "A", "urn:a:1", ",'n':1");
        store.apply(new Tenant("town"), "urn:a:1", EntityChanges.delete("urn:a:1"), Origin.API)
                .await(10, SECONDS);
        List<Value.Obj> events = listener.events(2);
        assertThat(events.get(0))
                .isEqualTo(json(
                        "{'tenant':'town','id':'urn:a:1','deleted':false,'entity':{'id':'urn:a:1','type':'A','n':1}}"));
        assertThat(events.get(1).get("deleted")).isEqualTo(Value.of(true));
        assertThat(listener.response.getHeader("Content-Type")).isEqualTo("text/event-stream");
        assertThat(listener.lines("event: ")).containsOnly("entity");
    }

    @Test
    void neverShowsWhatIsHidden() throws Exception {
        Listener listener = listen("");
        Listener guessing = listen("?q=secret==1");
        create("Device", "urn:d:1", ",'n':1");
        create(new Tenant("closed"), "A", "urn:a:0", "");
        create("A", "urn:a:1", ",'n':1,'secret':1");
        assertThat(listener.events(1))
                .containsExactly(json(
                        "{'tenant':'','id':'urn:a:1','deleted':false,'entity':{'id':'urn:a:1','type':'A','n':1}}"));
        assertThat(guessing.lines("data: ")).isEmpty();
        assertThat(new Listener("?tenant=closed").response.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?q=n%3E5                                       | n",
                "?q=n%3E5&format=normalized                     | n",
                "?attrs=m                                       | m",
                "?pick=id,type,m&type=A                         | m",
                "?omit=n                                        | m",
                "?options=keyValues&id=urn:a:1                  | n",
                "?scopeQ=/town/%23                              | n",
                "?georel=near%3BmaxDistance%3D%3D100&geometry=Point&coordinates=%5B7,51%5D | n"
            })
    void showsWhatIsAskedForAsItIsAskedFor(String query, String member) throws Exception {
        Listener listener = listen(query.strip());
        create("B", "urn:b:1", ",'n':1");
        create(
                "A",
                "urn:a:1",
                ",'scope':'/town/hall','n':{'type':'Property','value':7,'observedAt':'2026-01-01T00:00:00Z'},'m':2,"
                        + "'location':{'type':'Point','coordinates':[7,51]}");
        List<Value.Obj> events = listener.events(1).stream()
                .filter(e -> Value.of("urn:a:1").equals(e.get("id")))
                .toList();
        assertThat(events).hasSize(1);
        Value.Obj entity = (Value.Obj) Objects.requireNonNull(events.get(0).get("entity"));
        assertThat(entity.members()).containsKey(member);
        assertThat(entity.members().containsKey("m")).isEqualTo(!query.contains("none"));
        assertThat(entity.members().containsKey("n"))
                .isEqualTo(!query.contains("attrs") && !query.contains("pick") && !query.contains("omit"));
        if (query.contains("normalized")) {
            assertThat(((Value.Obj) Objects.requireNonNull(entity.get("n"))).get("type"))
                    .isEqualTo(Value.of("Property"));
        } else if (query.contains("keyValues")) {
            assertThat(entity.get("n")).isEqualTo(new Value.Num(7L));
        }
    }

    @Test
    void usesTheContextThatIsNamed() throws Exception {
        Listener listener = listen("?type=ParkingSpot", "Link", "<x>");
        String spot = BuiltInContexts.named("parking").expand("ParkingSpot");
        create(spot, "urn:p:1", "");
        Value.Obj entity =
                (Value.Obj) Objects.requireNonNull(listener.events(1).get(0).get("entity"));
        assertThat(entity.get("type")).isEqualTo(Value.of("ParkingSpot"));
    }

    @Test
    void tellsWhenAnEntityIsNoLongerWhatWasAskedFor() throws Exception {
        Listener listener = listen("?q=n==1");
        create("A", "urn:a:1", ",'n':1");
        create("A", "urn:a:1", ",'n':2");
        create("A", "urn:a:1", ",'n':3");
        create("A", "urn:a:2", ",'n':1");
        List<Value.Obj> events = listener.events(3);
        assertThat(events).extracting(e -> e.get("left")).containsExactly(null, Value.of(true), null);
        assertThat(events.get(2).get("id")).isEqualTo(Value.of("urn:a:2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"?type=A", "?tenant=default&idPattern=a:1$", "?site=urn:site:1", "?type=A,C&tenant=default,x"})
    void showsWhatTheFilterLetsThrough(String query) throws Exception {
        Listener listener = listen(query);
        create(new Tenant("town"), "B", "urn:b:0", "");
        create("B", "urn:b:1", "");
        create("A", "urn:a:1", ",'site':{'type':'Relationship','object':'urn:site:1'}");
        assertThat(listener.events(1)).extracting(e -> e.get("id")).containsExactly(Value.of("urn:a:1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?idPattern=(",
                "?types=A",
                "?tenant=%25",
                "?id=x",
                "?q=((",
                "?q=a%7Bb%7D==1",
                "?scopeQ=%23%23",
                "?format=xml",
                "?attrs=a&pick=b",
                "?georel=near"
            })
    void refusesAnInvalidFilter(String query) throws Exception {
        assertThat(new Listener(query).response.statusCode()).isEqualTo(400);
    }

    @Test
    void givesWhatWasMissedToAClientThatComesBack() throws Exception {
        Listener first = listen("");
        create("A", "urn:a:1", "");
        first.events(1);
        List<String> ids = first.lines("id: ");
        String seen = ids.get(ids.size() - 1);
        first.close();
        create("A", "urn:a:2", "");
        create("A", "urn:a:3", "");
        Listener second = new Listener("", "Last-Event-ID", seen);
        assertThat(second.events(2))
                .extracting(e -> e.get("id"))
                .containsExactly(Value.of("urn:a:2"), Value.of("urn:a:3"));
    }

    @Test
    void aClientToWhomNothingHappenedKnowsWhereItIs() throws Exception {
        Listener first = listen("?type=B");
        create("A", "urn:a:1", "");
        String seen = first.lines("id: ").get(0);
        first.close();
        create("B", "urn:b:1", "");
        Listener second = new Listener("?type=B", "Last-Event-ID", seen);
        assertThat(second.events(1)).extracting(e -> e.get("id")).containsExactly(Value.of("urn:b:1"));
    }

    @Test
    void readsFromTheStoreWhatIsRememberedNoMore() throws Exception {
        create("A", "urn:a:old", "");
        Listener first = listen("?type=A&q=n%3C7");
        create("A", "urn:a:0", ",'n':0");
        first.events(1);
        String seen = first.lines("id: ").get(0);
        first.close();
        create("B", "urn:b:0", ",'n':0");
        create("Device", "urn:d:0", ",'n':0");
        create(new Tenant("closed"), "A", "urn:a:closed", ",'n':0");
        for (int i = 1; i < 9; i++) {
            create("A", "urn:a:" + i, ",'n':" + i + ",'secret':1");
        }
        store.apply(Tenant.DEFAULT, "urn:a:3", EntityChanges.delete("urn:a:3"), Origin.API)
                .await(10, SECONDS);
        feed.close().await(10, SECONDS);
        server.close().await(10, SECONDS);
        open(settings(1000, 100));
        Listener second = listen("?type=A&q=n%3C7", "Last-Event-ID", seen);
        create("A", "urn:a:9", ",'n':5");
        List<Value.Obj> events = second.events(11);
        assertThat(second.text.toString()).doesNotContain("secret", "urn:b", "urn:d", "closed");
        assertThat(events.stream().filter(e -> Value.of(true).equals(e.get("deleted"))))
                .extracting(e -> e.get("id"))
                .containsExactly(Value.of("urn:a:3"));
        assertThat(events.stream().filter(e -> Value.of(true).equals(e.get("left"))))
                .extracting(e -> e.get("id"))
                .contains(Value.of("urn:a:7"), Value.of("urn:a:8"));
        assertThat(events.get(events.size() - 1).get("id")).isEqualTo(Value.of("urn:a:9"));
        assertThat(second.lines("event: ")).doesNotContain("reset");
    }

    @Test
    void tellsAClientToStartAnewWhenTooMuchChanged() throws Exception {
        feed.close().await(10, SECONDS);
        server.close().await(10, SECONDS);
        open(settings(1000, 3));
        Listener first = listen("");
        create("A", "urn:a:0", "");
        first.events(1);
        String seen = first.lines("id: ").get(0);
        first.close();
        for (int i = 1; i < 9; i++) {
            create("A", "urn:a:" + i, "");
        }
        Listener second = listen("", "Last-Event-ID", seen);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> second.lines("event: ").contains("reset"));
        create("A", "urn:a:9", "");
        assertThat(second.events(2)).last().extracting(e -> e.get("id")).isEqualTo(Value.of("urn:a:9"));
    }

    @Test
    void tellsAClientToStartAnewWhenItsPlaceIsUnknown() throws Exception {
        assertThat(listen("", "Last-Event-ID", "1-abc-7").lines("event: ")).containsExactly("reset");
        assertThat(listen("", "Last-Event-ID", "other-7").lines("event: ")).containsExactly("reset");
    }

    @Test
    void aClientThatDoesNotReadMustBeginAnewWhenTooMuchWaits() throws Exception {
        feed.close().await(10, SECONDS);
        server.close().await(10, SECONDS);
        open(settings(20, 100));
        HttpClientRequest request = client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/live")
                .await(10, SECONDS);
        Text text = new Text();
        Future<HttpClientResponse> head = request.response().onSuccess(r -> {
            r.handler(part -> text.add(part.toString()));
            r.pause();
        });
        request.end();
        HttpClientResponse slow = head.await(10, SECONDS);
        Listener reader = listen("?pick=id");
        String padding = "x".repeat(50_000);
        for (int i = 0; i <= 400; i++) {
            create("A", "urn:a:" + i, ",'p':'" + padding + "'");
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> reader.text.toString().contains("urn:a:400"));
        vertx.runOnContext(v -> slow.resume());
        await().atMost(Duration.ofSeconds(20)).until(() -> text.toString().contains("event: reset"));
        create("A", "urn:a:after", "");
        await().atMost(Duration.ofSeconds(20)).until(() -> text.toString().contains("urn:a:after"));
        assertThat(text.toString()).doesNotContain("urn:a:400");
    }

    @Test
    void refusesMoreClientsThanAllowed() throws Exception {
        listen("");
        listen("");
        Listener third = listen("");
        Listener fourth = new Listener("");
        assertThat(fourth.response.statusCode()).isEqualTo(503);
        assertThat(fourth.response.getHeader("Retry-After")).isEqualTo("30");
        third.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> feed.clients() == 2);
        listen("");
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobodyAndGetsTheNewestState() throws Exception {
        HttpClientRequest request = client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/live")
                .await(10, SECONDS);
        Text text = new Text();
        Future<HttpClientResponse> head = request.response().onSuccess(r -> {
            r.handler(part -> text.add(part.toString()));
            r.pause();
        });
        request.end();
        HttpClientResponse slow = head.await(10, SECONDS);
        Listener reader = listen("");
        String padding = "x".repeat(50_000);
        for (int i = 0; i <= 400; i++) {
            create("A", "urn:a:1", ",'n':" + i + ",'p':'" + padding + "'");
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> reader.text.toString().contains("\"n\":400,"));
        vertx.runOnContext(v -> slow.resume());
        await().atMost(Duration.ofSeconds(20)).until(() -> text.toString().contains("\"n\":400,"));
        assertThat(text.toString().length()).isLessThan(reader.text.toString().length());
    }
}
