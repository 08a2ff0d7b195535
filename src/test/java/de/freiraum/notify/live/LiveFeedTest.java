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
import de.freiraum.representation.RepresentationOptions;
import de.freiraum.representation.RepresentationOptions.Form;
import de.freiraum.store.Store;
import de.freiraum.store.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        open(new LiveSettings(Set.of(CORE.expand("A"), CORE.expand("B")), 3, 5, 1000, Duration.ofMillis(200)));
    }

    private void open(LiveSettings settings) throws Exception {
        EntityWriter writer = new EntityWriter(0);
        RepresentationOptions options = RepresentationOptions.of(CORE).withForm(Form.SIMPLIFIED);
        feed = new LiveFeed(
                vertx, store, settings, e -> writer.write(e, options), CORE::expand, InstantSource.system());
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
    void neverShowsOtherTypesThanThoseAllowed() throws Exception {
        Listener listener = listen("");
        create("Device", "urn:d:1", ",'secret':1");
        create("A", "urn:a:1", "");
        assertThat(listener.events(1)).extracting(e -> e.get("id")).containsExactly(Value.of("urn:a:1"));
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
    @ValueSource(strings = {"?idPattern=(", "?types=A", "?tenant=%25"})
    void refusesAnInvalidFilter(String query) throws Exception {
        assertThat(new Listener(query).response.statusCode()).isEqualTo(400);
    }

    @Test
    void givesWhatWasMissedToAClientThatComesBack() throws Exception {
        Listener first = listen("");
        create("A", "urn:a:1", "");
        first.events(1);
        String seen = first.lines("id: ").get(0);
        first.close();
        create("A", "urn:a:2", "");
        create("A", "urn:a:3", "");
        Listener second = new Listener("", "Last-Event-ID", seen);
        assertThat(second.events(2))
                .extracting(e -> e.get("id"))
                .containsExactly(Value.of("urn:a:2"), Value.of("urn:a:3"));
    }

    @Test
    void tellsAClientToStartAnewWhenTheMissedIsForgotten() throws Exception {
        Listener witness = listen("");
        Listener first = listen("");
        create("A", "urn:a:0", "");
        first.events(1);
        String seen = first.lines("id: ").get(0);
        first.close();
        for (int i = 1; i < 9; i++) {
            create("A", "urn:a:" + i, "");
        }
        witness.events(9);
        witness.close();
        Listener second = listen("", "Last-Event-ID", seen);
        assertThat(second.lines("event: ")).containsExactly("reset");
        assertThat(listen("", "Last-Event-ID", "other-7").lines("event: ")).containsExactly("reset");
    }

    @Test
    void refusesMoreClientsThanAllowed() throws Exception {
        listen("");
        listen("");
        Listener third = listen("");
        Listener fourth = new Listener("");
        assertThat(fourth.response.statusCode()).isEqualTo(503);
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
