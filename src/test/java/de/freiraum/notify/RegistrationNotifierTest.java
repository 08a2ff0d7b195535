package de.freiraum.notify;

import static de.freiraum.notify.NotifierFixture.CORE;
import static de.freiraum.notify.NotifierFixture.done;
import static de.freiraum.notify.NotifierFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.broker.Caller;
import de.freiraum.broker.registry.RegistryOperations;
import de.freiraum.broker.subscriptions.SubscriptionOperations;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.notify.Receiver.Received;
import de.freiraum.registration.EntitySpecification;
import de.freiraum.registration.RegistrationQuery;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscriptions to registrations and what they bring (clauses 5.11.2, 5.11.3, 5.11.7 and 6.3.9). */
class RegistrationNotifierTest {
    private static final Caller CALLER = Caller.system(Tenant.DEFAULT);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private NotifierFixture fixture;
    private RegistryOperations registry;
    private SubscriptionOperations subscriptions;
    private RegistrationNotifier notifier;

    @BeforeEach
    void open() throws Exception {
        fixture = new NotifierFixture();
        registry = done(RegistryOperations.open(
                fixture.store,
                fixture.store,
                fixture.egress,
                () -> UUID.randomUUID().toString(),
                now::get));
        subscriptions = openSubscriptions();
        notifier = start();
    }

    private SubscriptionOperations openSubscriptions() throws Exception {
        return done(SubscriptionOperations.open(
                SubscriptionOperations.Kind.REGISTRATIONS,
                fixture.store,
                Set.of(Tenant.DEFAULT),
                fixture.contexts,
                (tenant, source) -> Future.succeededFuture(NotifierFixture.CORE_URL),
                fixture.egress,
                () -> UUID.randomUUID().toString(),
                now::get));
    }

    private RegistrationNotifier start() throws Exception {
        RegistrationNotifier made = new RegistrationNotifier(
                fixture.vertx,
                registry,
                subscriptions,
                fixture.contexts,
                fixture.egress,
                NotifierSettings.DEFAULT,
                () -> UUID.randomUUID().toString(),
                now::get);
        done(made.start());
        return made;
    }

    @AfterEach
    void close() throws Exception {
        done(notifier.close());
        fixture.close();
    }

    private void register(String id, String members) throws Exception {
        done(registry.register(
                CALLER,
                json("{'type':'ContextSourceRegistration','endpoint':'http://source.example','id':'" + id + "',"
                        + members + "}"),
                CORE));
    }

    private void change(String id, String members) throws Exception {
        done(registry.update(CALLER, id, json("{" + members + "}"), CORE));
    }

    private String subscribe(String members) throws Exception {
        return subscribe(members, "/ok", "");
    }

    private String subscribe(String members, String path, String endpoint) throws Exception {
        return done(subscriptions.create(
                CALLER,
                json("{'type':'Subscription','entities':[{'type':'A'}]," + members
                        + "'notification':{'endpoint':{'uri':'" + fixture.receiver.uri(path) + "'" + endpoint + "}}}"),
                CORE));
    }

    private List<Received> received(int count) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> fixture.receiver.received().size() >= count);
        assertThat(fixture.receiver.received()).hasSize(count);
        return fixture.receiver.received();
    }

    /** What came, as reason and ids. */
    private List<String> reasons(int count) {
        return received(count).stream()
                .map(r -> text(r.body(), "triggerReason") + " "
                        + r.data().stream().map(d -> text((Value.Obj) d, "id")).toList())
                .toList();
    }

    private static String text(Value.Obj object, String name) {
        return object.get(name) instanceof Value.Text text ? text.text() : "no " + name;
    }

    private static final String OF_A = "'information':[{'entities':[{'type':'A'}]}]";
    private static final String OF_B = "'information':[{'entities':[{'type':'B'}]}]";

    @Test
    void notifiesAtFirstOfWhatMatchesAlready() throws Exception {
        register("urn:r:1", OF_A);
        register("urn:r:2", OF_B);
        register("urn:r:3", OF_A);
        String id = subscribe("");
        assertThat(reasons(1)).containsExactly("newlyMatching [urn:r:1, urn:r:3]");
        Received first = received(1).get(0);
        assertThat(first.body().get("type")).isEqualTo(Value.of("ContextSourceNotification"));
        assertThat(first.body().get("subscriptionId")).isEqualTo(Value.of(id));
        assertThat(first.body().get("notifiedAt")).isEqualTo(Value.of("2026-01-01T00:00:00Z"));
        assertThat(first.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(first.headers().get("Link")).contains(NotifierFixture.CORE_URL);
    }

    @Test
    void notifiesOfEachChangeWithItsReason() throws Exception {
        subscribe("");
        register("urn:r:1", OF_A);
        reasons(1);
        change("urn:r:1", "'description':'d'");
        reasons(2);
        change("urn:r:1", OF_B);
        reasons(3);
        change("urn:r:1", OF_A);
        reasons(4);
        done(registry.delete(CALLER, "urn:r:1"));
        assertThat(reasons(5))
                .containsExactly(
                        "newlyMatching [urn:r:1]",
                        "updated [urn:r:1]",
                        "noLongerMatching [urn:r:1]",
                        "newlyMatching [urn:r:1]",
                        "noLongerMatching [urn:r:1]");
    }

    @Test
    void notifiesOfARegistrationThatEnds() throws Exception {
        register("urn:r:1", OF_A + ",'expiresAt':'2026-01-02T00:00:00Z'");
        subscribe("");
        reasons(1);
        now.set(Instant.parse("2026-01-02T00:00:00Z"));
        assertThat(registry.query(CALLER, everything(), 0, 10).sources()).isEmpty();
        done(registry.deleteExpired());
        assertThat(reasons(2)).endsWith("noLongerMatching [urn:r:1]");
        assertThat(registry.sources(Tenant.DEFAULT).isEmpty()).isTrue();
    }

    private static RegistrationQuery everything() {
        return new RegistrationQuery(EntitySpecification.ANY, null, null, null, null);
    }

    @Test
    void tellsTheMatchingPartsOfTheInformationAlone() throws Exception {
        subscribe("");
        register(
                "urn:r:1",
                "'information':[{'entities':[{'type':'B'}]},{'entities':[{'type':'A'}],'propertyNames':['a']}]");
        assertThat(JsonWriter.text(
                        Objects.requireNonNull(received(1).get(0).entity().get("information"))))
                .isEqualTo("[{\"entities\":[{\"type\":[\"A\"]}],\"propertyNames\":[\"a\"]}]");
    }

    @Test
    void watchesAttributesTogetherWithThoseNotified() throws Exception {
        done(subscriptions.create(
                CALLER,
                json(
                        "{'type':'Subscription','entities':[{'type':'A'}],'watchedAttributes':['a'],'notification':{'attributes':['b'],'endpoint':{'uri':'"
                                + fixture.receiver.uri("/ok") + "'}}}"),
                CORE));
        register("urn:r:1", "'information':[{'propertyNames':['c']}]");
        register("urn:r:2", "'information':[{'propertyNames':['b']}]");
        register("urn:r:3", "'information':[{'relationshipNames':['a']}]");
        assertThat(reasons(2)).containsExactly("newlyMatching [urn:r:2]", "newlyMatching [urn:r:3]");
    }

    @Test
    void matchesHistoryPlacesScopesAndPropertiesOfTheSource() throws Exception {
        subscribe("'temporalQ':{'timerel':'after','timeAt':'2020-01-01T00:00:00Z'},"
                + "'geoQ':{'georel':'within','geometry':'Polygon','coordinates':[[[7,51],[8,51],[8,52],[7,52],[7,51]]]},"
                + "'scopeQ':'/a','csf':'owner==\\'x\\'',".replace("\\'", "\\\""));
        String history = "'observationInterval':{'startAt':'2021-01-01T00:00:00Z'}";
        String place = "'location':{'type':'Point','coordinates':[7.5,51.5]}";
        register("urn:r:1", OF_A + "," + place + ",'scope':'/a','owner':'x'");
        register("urn:r:2", OF_A + "," + history + ",'scope':'/a','owner':'x'");
        register("urn:r:3", OF_A + "," + history + "," + place + ",'owner':'x'");
        register("urn:r:4", OF_A + "," + history + "," + place + ",'scope':'/a','owner':'y'");
        register("urn:r:5", OF_A + "," + history + "," + place + ",'scope':'/a','owner':'x'");
        assertThat(reasons(1)).containsExactly("newlyMatching [urn:r:5]");
    }

    @Test
    void notifiesOfAllAfterAnUpdateOfTheSubscription() throws Exception {
        register("urn:r:1", OF_A);
        register("urn:r:2", OF_B);
        String id = subscribe("");
        reasons(1);
        done(subscriptions.update(CALLER, id, json("{'entities':[{'type':'B'}]}"), CORE));
        assertThat(reasons(2)).endsWith("newlyMatching [urn:r:2]");
    }

    @Test
    void isSilentWhilePausedAndAfterItWasDeleted() throws Exception {
        String paused = subscribe("'isActive':false,");
        String deleted = subscribe("", "/deleted", "");
        done(subscriptions.delete(CALLER, deleted));
        subscribe("", "/other", "");
        register("urn:r:1", OF_A);
        reasons(1);
        assertThat(fixture.receiver.received("/other")).hasSize(1);
        assertThat(subscriptions.retrieve(CALLER, paused).counters().timesSent())
                .isZero();
    }

    @Test
    void notifiesPeriodicallyRegardlessOfChanges() throws Exception {
        register("urn:r:1", OF_A);
        subscribe("'timeInterval':0.2,");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> fixture.receiver.received().size() >= 3);
        assertThat(fixture.receiver.received())
                .allSatisfy(r -> assertThat(r.data()).hasSize(1));
    }

    @Test
    void putsTheContextIntoTheBodyWhenAsked() throws Exception {
        register("urn:r:1", OF_A);
        subscribe("", "/ok", ",'accept':'application/ld+json','receiverInfo':[{'key':'X-Key','value':'v'}]");
        Received received = received(1).get(0);
        assertThat(received.body().get("@context")).isEqualTo(Value.of(NotifierFixture.CORE_URL));
        assertThat(received.headers().get("Content-Type")).isEqualTo("application/ld+json");
        assertThat(received.headers().get("Link")).isNull();
        assertThat(received.headers().get("X-Key")).isEqualTo("v");
    }

    @Test
    void countsWhatFailed() throws Exception {
        register("urn:r:1", OF_A);
        String id = subscribe("", "/fail", "");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> subscriptions.retrieve(CALLER, id).counters().timesFailed() == 1);
        assertThat(subscriptions.retrieve(CALLER, id).counters().timesSent()).isEqualTo(1);
    }

    @Test
    void doesNotNotifyAgainAfterARestart() throws Exception {
        register("urn:r:1", OF_A);
        subscribe("");
        reasons(1);
        done(notifier.close());
        registry = done(RegistryOperations.open(
                fixture.store,
                fixture.store,
                fixture.egress,
                () -> UUID.randomUUID().toString(),
                now::get));
        subscriptions = openSubscriptions();
        notifier = start();
        change("urn:r:1", "'description':'d'");
        assertThat(reasons(2)).endsWith("updated [urn:r:1]");
    }
}
