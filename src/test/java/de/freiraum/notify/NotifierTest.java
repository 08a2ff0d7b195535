package de.freiraum.notify;

import static de.freiraum.notify.NotifierFixture.CORE_URL;
import static de.freiraum.notify.NotifierFixture.done;
import static de.freiraum.notify.NotifierFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.broker.Caller;
import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.notify.Receiver.Received;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("5.8.6")
class NotifierTest {
    private static final String LINK =
            "<" + CORE_URL + ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";

    private NotifierFixture at;

    @BeforeEach
    void start() throws Exception {
        at = new NotifierFixture();
    }

    @AfterEach
    void stop() throws Exception {
        at.close();
    }

    /** Sends a marker that comes behind everything before it, and checks that nothing did. */
    private void onlyTheMarkerCame() throws Exception {
        String marker = at.subscribeTo("Marker", "", at.endpoint("/marker"));
        at.createOf("Marker", "urn:marker", ",'n':1");
        at.next("/marker", 1);
        assertThat(at.receiver.received("/ok")).isEmpty();
        assertThat(at.operations.query(at.caller, 0, 100).subscriptions())
                .filteredOn(s -> !s.id().equals(marker) && s.counters().timesFailed() == 0)
                .allSatisfy(s -> assertThat(s.counters().timesSent()).isZero());
    }

    @Test
    void aChangeIsNotifiedAsClause531Says() throws Exception {
        at.create("urn:a:1", ",'n':{'type':'Property','value':1}");
        String id = at.subscribe("", at.endpoint("/ok"));
        at.append("urn:a:1", ",'n':{'type':'Property','value':2}");

        Received received = at.next(1);
        assertThat(received.body().members()).containsOnlyKeys("id", "type", "subscriptionId", "notifiedAt", "data");
        assertThat(received.body().get("type")).isEqualTo(Value.of("Notification"));
        assertThat(received.body().get("subscriptionId")).isEqualTo(Value.of(id));
        assertThat(received.entity()).isEqualTo(json("{'id':'urn:a:1','type':'A','n':{'type':'Property','value':2}}"));
        assertThat(received.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(received.headers().get("Link")).isEqualTo(LINK);
        assertThat(received.headers().contains("NGSILD-Tenant")).isFalse();
    }

    @Test
    void aCreatedEntityIsNotifiedByDefault() throws Exception {
        at.subscribe("", at.endpoint("/ok"));
        at.create("urn:a:1", ",'n':1");
        assertThat(at.next(1).entity().get("id")).isEqualTo(Value.of("urn:a:1"));
    }

    @Test
    void jsonLdHasTheContextInTheBodyAndNoLink() throws Exception {
        at.subscribe("", "'endpoint':{'uri':'" + at.receiver.uri("/ok") + "','accept':'application/ld+json'}");
        at.create("urn:a:1", ",'n':1");
        Received received = at.next(1);
        assertThat(received.headers().get("Content-Type")).isEqualTo("application/ld+json");
        assertThat(received.headers().contains("Link")).isFalse();
        assertThat(received.entity().get("@context")).isEqualTo(Value.of(CORE_URL));
    }

    @Test
    void geoJsonIsAFeatureCollection() throws Exception {
        at.subscribe(
                "",
                "'format':'simplified','endpoint':{'uri':'" + at.receiver.uri("/ok")
                        + "','accept':'application/geo+json'}");
        at.create(
                "urn:a:1",
                ",'n':1,'location':{'type':'GeoProperty','value':{'type':'Point','coordinates':[7.5,51.4]}}");
        Received received = at.next(1);
        assertThat(received.headers().get("Content-Type")).isEqualTo("application/geo+json");
        assertThat(received.headers().contains("Link")).isFalse();
        assertThat(received.body().get("data"))
                .isEqualTo(json("{'type':'FeatureCollection','features':[{'id':'urn:a:1','type':'Feature',"
                        + "'geometry':{'type':'Point','coordinates':[7.5,51.4]},'properties':{'type':'A','n':1,"
                        + "'location':{'type':'Point','coordinates':[7.5,51.4]}}}],'@context':'" + CORE_URL + "'}"));
    }

    @Test
    void geoJsonWithPlainJsonPreferredHasTheContextInALink() throws Exception {
        at.subscribe(
                "",
                "'endpoint':{'uri':'" + at.receiver.uri("/ok")
                        + "','accept':'application/geo+json','receiverInfo':[{'key':'Prefer','value':'body=json'}]}");
        at.create("urn:a:1", ",'n':1");
        Received received = at.next(1);
        assertThat(received.headers().get("Link")).isEqualTo(LINK);
        assertThat(((Value.Obj) java.util.Objects.requireNonNull(received.body().get("data"))).members())
                .doesNotContainKey("@context");
    }

    @Test
    void receiverInfoBecomesHeaders() throws Exception {
        at.subscribe(
                "",
                "'endpoint':{'uri':'" + at.receiver.uri("/ok")
                        + "','receiverInfo':[{'key':'Authorization','value':'Bearer x'},{'key':'X-More','value':'y'}]}");
        at.create("urn:a:1", ",'n':1");
        Received received = at.next(1);
        assertThat(received.headers().get("Authorization")).isEqualTo("Bearer x");
        assertThat(received.headers().get("X-More")).isEqualTo("y");
    }

    @Test
    @Tag("6.3.14")
    void theTenantIsNamed() throws Exception {
        at.caller = Caller.system(new Tenant("town"));
        at.subscribe("", at.endpoint("/ok"));
        at.create("urn:a:1", ",'n':1");
        assertThat(at.next(1).headers().get("NGSILD-Tenant")).isEqualTo("town");
    }

    @Test
    void theSnapshotIsNamed() throws Exception {
        Tenant snapshot = new Tenant("town").snapshot("urn:s:1");
        NotifierFixture.done(at.store.createSnapshot(snapshot));
        at.subscribe("", at.endpoint("/other"));
        at.caller = Caller.system(snapshot);
        at.subscribe("", at.endpoint("/ok"));
        at.create("urn:a", ",'p':1");
        assertThat(at.next(1).headers().get("NGSILD-Tenant")).isEqualTo("town");
        assertThat(at.next(1).headers().get("NGSILD-Snapshot")).isEqualTo("urn:s:1");
        assertThat(at.receiver.received("/other")).isEmpty();
    }

    @Test
    void changesOfAnotherTenantAreNotNotified() throws Exception {
        at.subscribe("", at.endpoint("/ok"));
        at.caller = Caller.system(new Tenant("town"));
        at.create("urn:a:1", ",'n':1");
        onlyTheMarkerCame();
    }

    @Test
    void attributesReduceTheEntity() throws Exception {
        at.subscribe("", "'attributes':['n']," + at.endpoint("/ok"));
        at.create("urn:a:1", ",'n':1,'m':2");
        assertThat(at.next(1).entity().members()).containsOnlyKeys("id", "type", "n");
    }

    @Test
    @Tag("4.21")
    void pickAndOmitReduceTheEntity() throws Exception {
        at.subscribe("", "'pick':['id','n']," + at.endpoint("/ok"));
        at.subscribe("", "'omit':['type','n']," + at.endpoint("/omit"));
        at.create("urn:a:1", ",'n':1,'m':2");
        assertThat(at.next(1).entity().members()).containsOnlyKeys("id", "n");
        assertThat(at.next("/omit", 1).entity().members()).containsOnlyKeys("id", "m");
    }

    @Test
    void systemAttributesAreSentWhenAskedFor() throws Exception {
        at.subscribe("", "'format':'simplified','sysAttrs':true," + at.endpoint("/ok"));
        at.create("urn:a:1", ",'n':1");
        assertThat(at.next(1).entity().members()).containsOnlyKeys("id", "type", "createdAt", "modifiedAt", "n");
    }

    @Test
    void onlyInstancesOfTheDatasetsAreSent() throws Exception {
        at.subscribe("'datasetId':['urn:d:1'],", at.endpoint("/ok"));
        at.create(
                "urn:a:1",
                ",'n':[{'type':'Property','value':1},{'type':'Property','value':2,'datasetId':'urn:d:1'}],'m':{'type':'Property','value':3}");
        assertThat(at.next(1).entity())
                .isEqualTo(json("{'id':'urn:a:1','type':'A','n':{'type':'Property','value':2,'datasetId':'urn:d:1'}}"));
    }

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource({
        "entityCreated,create,true",
        "entityCreated,update,false",
        "entityUpdated,create,true",
        "entityUpdated,update,true",
        "entityUpdated,append,true",
        "entityUpdated,remove,true",
        "entityDeleted,delete,true",
        "entityDeleted,remove,false",
        "attributeCreated,create,true",
        "attributeCreated,append,true",
        "attributeCreated,update,false",
        "attributeUpdated,update,true",
        "attributeUpdated,append,false",
        "attributeUpdated,remove,false",
        "attributeDeleted,remove,true",
        "attributeDeleted,delete,true",
        "attributeDeleted,update,false",
    })
    @Tag("5.2.12")
    void triggers(String trigger, String action, boolean expected) throws Exception {
        if (!action.equals("create")) {
            at.create("urn:a:1", ",'n':1");
        }
        at.subscribe("'notificationTrigger':['" + trigger + "'],", at.endpoint("/ok"));
        switch (action) {
            case "create" -> at.create("urn:a:1", ",'n':1");
            case "update" -> at.append("urn:a:1", ",'n':2");
            case "append" -> at.append("urn:a:1", ",'m':2");
            case "remove" -> at.deleteAttribute("urn:a:1", "n");
            default -> at.delete("urn:a:1");
        }
        if (expected) {
            at.next(1);
        } else {
            onlyTheMarkerCame();
        }
    }

    @Test
    void anEqualValueIsNoChange() throws Exception {
        at.create("urn:a:1", ",'n':{'type':'Property','value':1,'observedAt':'2026-01-01T00:00:00Z'}");
        at.subscribe("", at.endpoint("/ok"));
        at.append("urn:a:1", ",'n':{'type':'Property','value':1,'observedAt':'2026-01-01T00:00:00Z'}");
        onlyTheMarkerCame();
    }

    @Test
    void aChangedSubAttributeIsAChange() throws Exception {
        at.create("urn:a:1", ",'n':{'type':'Property','value':1,'s':{'type':'Property','value':1}}");
        at.subscribe("", at.endpoint("/ok"));
        at.append("urn:a:1", ",'n':{'type':'Property','value':1,'s':{'type':'Property','value':2}}");
        at.next(1);
    }

    @Test
    void onlyWatchedAttributesCount() throws Exception {
        at.create("urn:a:1", ",'n':1,'m':1");
        at.subscribe("'watchedAttributes':['n'],", at.endpoint("/ok"));
        at.append("urn:a:1", ",'m':2");
        at.append("urn:a:1", ",'n':2");
        assertThat(at.next(1).entity().get("n")).isEqualTo(json("{'type':'Property','value':2}"));
    }

    @Test
    void selectorsCount() throws Exception {
        done(at.operations.create(
                at.caller,
                json(
                        "{'type':'Subscription','entities':[{'type':'B'},{'type':'A','idPattern':'^urn:a:2'}],'notification':{"
                                + at.endpoint("/ok") + "}}"),
                NotifierFixture.CORE));
        at.create("urn:a:1", ",'n':1");
        at.create("urn:a:2", ",'n':1");
        assertThat(at.next(1).entity().get("id")).isEqualTo(Value.of("urn:a:2"));
    }

    @Test
    void queriesCount() throws Exception {
        at.subscribe(
                "'q':'n>5','scopeQ':'/x/#','geoQ':{'georel':'near;maxDistance==1000','geometry':'Point','coordinates':[7,51]},",
                at.endpoint("/ok"));
        String there = ",'location':{'type':'GeoProperty','value':{'type':'Point','coordinates':[7,51]}}";
        String away = ",'location':{'type':'GeoProperty','value':{'type':'Point','coordinates':[8,51]}}";
        at.create("urn:a:1", ",'n':5,'scope':'/x'" + there);
        at.create("urn:a:2", ",'n':6,'scope':'/y'" + there);
        at.create("urn:a:3", ",'n':6,'scope':'/x'" + away);
        at.create("urn:a:4", ",'n':6,'scope':'/x/z'" + there);
        assertThat(at.next(1).entity().get("id")).isEqualTo(Value.of("urn:a:4"));
    }

    @Test
    @Tag("4.9")
    void queriesOverLinkedEntitiesCount() throws Exception {
        at.create("urn:d:low", ",'level':0.3");
        at.create("urn:d:full", ",'level':0.9");
        at.subscribe("'q':'connected{level}<0.5',", at.endpoint("/ok"));
        at.create("urn:a:1", ",'connected':{'type':'Relationship','object':'urn:d:full'}");
        at.create("urn:a:2", ",'connected':{'type':'Relationship','object':'urn:d:low'}");
        assertThat(at.next(1).entity().get("id")).isEqualTo(Value.of("urn:a:2"));
    }

    @Test
    void aDeletedAttributeIsShownAsNull() throws Exception {
        at.create("urn:a:1", ",'n':1,'m':2");
        at.subscribe("'notificationTrigger':['attributeDeleted'],", at.endpoint("/ok"));
        at.subscribe("'notificationTrigger':['attributeDeleted'],", "'format':'keyValues'," + at.endpoint("/short"));
        at.deleteAttribute("urn:a:1", "n");
        assertThat(at.next(1).entity())
                .isEqualTo(json("{'id':'urn:a:1','type':'A','m':{'type':'Property','value':2},"
                        + "'n':{'type':'Property','value':'urn:ngsi-ld:null'}}"));
        assertThat(at.next("/short", 1).entity())
                .isEqualTo(json("{'id':'urn:a:1','type':'A','m':2,'n':'urn:ngsi-ld:null'}"));
    }

    @Test
    void allInstancesGoneAreToldByTheNameAlone() throws Exception {
        at.create(
                "urn:a:1", ",'n':[{'type':'Property','value':1},{'type':'Property','value':2,'datasetId':'urn:d:1'}]");
        at.subscribe("'notificationTrigger':['attributeDeleted'],", at.endpoint("/ok"));
        at.deleteAttribute("urn:a:1", "n");
        assertThat(at.next(1).entity().get("n")).isEqualTo(json("{'type':'Property','value':'urn:ngsi-ld:null'}"));
    }

    @Test
    void aDeletedLanguagePropertyIsShownAsANullLanguageMap() throws Exception {
        at.create("urn:a:1", ",'n':{'type':'LanguageProperty','languageMap':{'de':'x'}}");
        at.subscribe("'notificationTrigger':['attributeDeleted'],", at.endpoint("/ok"));
        at.deleteAttribute("urn:a:1", "n");
        assertThat(at.next(1).entity().get("n"))
                .isEqualTo(json("{'type':'LanguageProperty','languageMap':{'@none':'urn:ngsi-ld:null'}}"));
    }

    @Test
    void aDeletedEntityIsItsIdTypeAndTime() throws Exception {
        at.create("urn:a:1", ",'n':1");
        at.subscribe("'notificationTrigger':['entityDeleted'],", "'format':'keyValues'," + at.endpoint("/ok"));
        at.subscribe(
                "'notificationTrigger':['entityDeleted'],",
                "'format':'keyValues','sysAttrs':true," + at.endpoint("/times"));
        at.delete("urn:a:1");
        assertThat(at.next(1).entity().members()).containsOnlyKeys("id", "type", "deletedAt");
        assertThat(at.next("/times", 1).entity().members())
                .containsOnlyKeys("id", "type", "createdAt", "modifiedAt", "deletedAt");
    }

    @Test
    void aDeletedEntityShowsDeletedWatchedAttributes() throws Exception {
        at.create("urn:a:1", ",'n':1,'m':2");
        at.subscribe("'notificationTrigger':['attributeDeleted'],'watchedAttributes':['n'],", at.endpoint("/ok"));
        at.delete("urn:a:1");
        Map<String, Value> entity = at.next(1).entity().members();
        assertThat(entity).containsOnlyKeys("id", "type", "deletedAt", "n");
        assertThat(entity.get("n")).isEqualTo(json("{'type':'Property','value':'urn:ngsi-ld:null'}"));
    }

    @Test
    void previousValuesAreShownWhenAskedFor() throws Exception {
        at.create("urn:a:1", ",'n':1,'m':2");
        at.subscribe("", "'showChanges':true," + at.endpoint("/ok"));
        at.append("urn:a:1", ",'n':3");
        assertThat(at.next(1).entity())
                .isEqualTo(json("{'id':'urn:a:1','type':'A','n':{'type':'Property','value':3,'previousValue':1},"
                        + "'m':{'type':'Property','value':2}}"));
    }

    @Test
    void previousValuesOfADeletedEntityAreShownWhenAskedFor() throws Exception {
        at.create("urn:a:1", ",'n':1,'r':{'type':'Relationship','object':'urn:b:1'}");
        at.subscribe("'notificationTrigger':['entityDeleted'],", "'showChanges':true," + at.endpoint("/ok"));
        at.delete("urn:a:1");
        Map<String, Value> entity = at.next(1).entity().members();
        assertThat(entity.get("n")).isEqualTo(json("{'type':'Property','value':'urn:ngsi-ld:null','previousValue':1}"));
        assertThat(entity.get("r"))
                .isEqualTo(json("{'type':'Relationship','object':'urn:ngsi-ld:null','previousObject':'urn:b:1'}"));
    }

    @Test
    @Tag("4.5.23")
    void linkedEntitiesAreJoinedFlatOrInline() throws Exception {
        at.create("urn:c:1", ",'n':7");
        at.subscribe("", "'join':'flat','attributes':['in']," + at.endpoint("/ok"));
        at.subscribe("", "'join':'inline','format':'simplified'," + at.endpoint("/inline"));
        at.create("urn:a:1", ",'x':1,'in':{'type':'Relationship','object':'urn:c:1'}");
        assertThat(at.next(1).data())
                .isEqualTo(List.of(
                        json("{'id':'urn:a:1','type':'A','in':{'type':'Relationship','object':'urn:c:1'}}"),
                        json("{'id':'urn:c:1','type':'A','n':{'type':'Property','value':7}}")));
        assertThat(at.next("/inline", 1).entity())
                .isEqualTo(json("{'id':'urn:a:1','type':'A','x':1,'in':{'id':'urn:c:1','type':'A','n':7}}"));
    }

    @Test
    @Tag("4.5.23")
    void previousValuesAreShownBesideLinkedEntities() throws Exception {
        at.create("urn:c:1", ",'n':7");
        at.create("urn:a:1", ",'x':1,'in':{'type':'Relationship','object':'urn:c:1'}");
        at.subscribe("", "'join':'inline','showChanges':true,'attributes':['x','in']," + at.endpoint("/ok"));
        at.append("urn:a:1", ",'x':2");
        assertThat(at.next(1).entity())
                .isEqualTo(json("{'id':'urn:a:1','type':'A','x':{'type':'Property','value':2,'previousValue':1},"
                        + "'in':{'type':'Relationship','object':'urn:c:1','entity':{'id':'urn:c:1','type':'A',"
                        + "'n':{'type':'Property','value':7}}}}"));
    }

    @Test
    void pausedExpiredAndDeletedSubscriptionsAreSilent() throws Exception {
        at.subscribe("'isActive':false,", at.endpoint("/ok"));
        String expiring = at.subscribe(
                "'expiresAt':'" + at.clock.instant().plusMillis(1100).truncatedTo(java.time.temporal.ChronoUnit.MILLIS)
                        + "',",
                at.endpoint("/ok"));
        done(at.operations.delete(at.caller, at.subscribe("", at.endpoint("/ok"))));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> at.operations
                                .retrieve(at.caller, expiring)
                                .subscription()
                                .status(at.clock.instant())
                        == de.freiraum.model.Subscription.Status.expired);
        at.create("urn:a:1", ",'n':1");
        onlyTheMarkerCame();
    }

    @Test
    void aResumedSubscriptionSpeaksAgain() throws Exception {
        String id = at.subscribe("'isActive':false,", at.endpoint("/ok"));
        at.create("urn:a:1", ",'n':1");
        done(at.operations.update(at.caller, id, json("{'isActive':true}"), NotifierFixture.CORE));
        at.append("urn:a:1", ",'n':2");
        assertThat(at.next(1).entity().get("n")).isEqualTo(json("{'type':'Property','value':2}"));
    }

    @Test
    void anUpdatedSubscriptionMatchesAnew() throws Exception {
        String id = at.subscribe("'watchedAttributes':['m'],", at.endpoint("/ok"));
        done(at.operations.update(at.caller, id, json("{'watchedAttributes':['n']}"), NotifierFixture.CORE));
        at.create("urn:a:1", ",'m':1");
        at.create("urn:a:2", ",'n':1");
        assertThat(at.next(1).entity().get("id")).isEqualTo(Value.of("urn:a:2"));
    }

    @Test
    void throttlingSendsTheNewestStateWhenItsTimeIsOver() throws Exception {
        at.subscribe("'throttling':1,", "'format':'simplified'," + at.endpoint("/ok"));
        at.create("urn:a:1", ",'n':1");
        at.append("urn:a:1", ",'n':2");
        at.append("urn:a:1", ",'n':3");
        at.create("urn:a:2", ",'n':9");
        assertThat(at.next(2).data())
                .isEqualTo(
                        List.of(json("{'id':'urn:a:1','type':'A','n':3}"), json("{'id':'urn:a:2','type':'A','n':9}")));
        assertThat(at.receiver.received().get(0).entity().get("n")).isEqualTo(Value.of(1));
    }

    @Test
    void aTimeIntervalNotifiesAgainAndAgainRegardlessOfChanges() throws Exception {
        at.create("urn:a:1", ",'n':6");
        at.create("urn:a:2", ",'n':1");
        at.subscribe("'timeInterval':0.2,'q':'n>5',", "'format':'simplified'," + at.endpoint("/ok"));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> at.receiver.received("/ok").size() >= 3);
        assertThat(at.receiver.received("/ok"))
                .allSatisfy(r -> assertThat(r.entity()).isEqualTo(json("{'id':'urn:a:1','type':'A','n':6}")));
    }

    @Test
    void aTimeIntervalWithoutMatchingEntitiesSendsNothing() throws Exception {
        String silent = at.subscribe("'timeInterval':0.05,'q':'n>5',", at.endpoint("/ok"));
        at.create("urn:a:1", ",'n':1");
        at.subscribe("'timeInterval':0.2,", at.endpoint("/other"));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> at.receiver.received("/other").size() >= 2);
        assertThat(at.counters(silent)).isEqualTo(DeliveryCounters.NONE);
    }

    @Test
    @Tag("5.2.14.2")
    void successIsCounted() throws Exception {
        String id = at.subscribe("", at.endpoint("/ok"));
        at.create("urn:a:1", ",'n':1");
        at.append("urn:a:1", ",'n':2");
        at.next(2);
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            DeliveryCounters counters = at.counters(id);
            assertThat(counters.timesSent()).isEqualTo(2);
            assertThat(counters.timesFailed()).isZero();
            assertThat(counters.lastSuccess()).isNotNull();
            assertThat(counters.lastFailure()).isNull();
            assertThat(counters.failing()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource({"/fail", "/accepted"})
    @Tag("5.2.14.2")
    void anAnswerOtherThan200CountsAsFailure(String path) throws Exception {
        String id = at.subscribe("", at.endpoint(path));
        at.create("urn:a:1", ",'n':1");
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            DeliveryCounters counters = at.counters(id);
            assertThat(counters.timesSent()).isEqualTo(1);
            assertThat(counters.timesFailed()).isEqualTo(1);
            assertThat(counters.lastFailure()).isNotNull();
            assertThat(counters.failing()).isTrue();
        });
    }

    @Test
    void aRefusedConnectionCountsAsFailure() throws Exception {
        String id = at.subscribe("", "'endpoint':{'uri':'http://127.0.0.1:1/x'}");
        at.create("urn:a:1", ",'n':1");
        await().atMost(Duration.ofSeconds(5)).until(() -> at.counters(id).failing());
    }

    @Test
    void aHangingReceiverFailsAfterItsTimeoutAndDelaysNobody() throws Exception {
        String hanging = at.subscribe("", "'endpoint':{'uri':'" + at.receiver.uri("/hang") + "','timeout':1500}");
        at.subscribe("", at.endpoint("/ok"));
        for (int i = 0; i < 20; i++) {
            at.create("urn:a:" + i, ",'n':1");
        }
        at.next(20);
        assertThat(at.counters(hanging).timesFailed()).isZero();
        await().atMost(Duration.ofSeconds(10)).until(() -> at.counters(hanging).timesFailed() > 0);
    }

    @Test
    void notificationsOfASubscriptionComeInOrder() throws Exception {
        at.subscribe("", "'format':'simplified'," + at.endpoint("/ok"));
        at.create("urn:a:1", ",'n':0");
        for (int i = 1; i < 100; i++) {
            at.append("urn:a:1", ",'n':" + i);
        }
        at.next(100);
        List<Value> seen = at.receiver.received("/ok").stream()
                .map(r -> java.util.Objects.requireNonNull(r.entity().get("n")))
                .toList();
        assertThat(seen)
                .isEqualTo(java.util.stream.LongStream.range(0, 100)
                        .mapToObj(Value::of)
                        .toList());
    }

    @Test
    @Tag("5.2.15")
    void nothingIsSentDuringTheCooldown() throws Exception {
        String id = at.subscribe("", "'endpoint':{'uri':'" + at.receiver.uri("/fail") + "','cooldown':60000}");
        at.create("urn:a:1", ",'n':1");
        await().atMost(Duration.ofSeconds(5)).until(() -> at.counters(id).failing());
        at.append("urn:a:1", ",'n':2");
        onlyTheMarkerCame();
        assertThat(at.receiver.received("/fail")).hasSize(1);
        assertThat(at.counters(id).timesSent()).isEqualTo(1);
    }

    @Test
    void subscriptionsAndCountersOutliveTheNotifier() throws Exception {
        String id = at.subscribe("", at.endpoint("/ok"));
        at.create("urn:a:1", ",'n':1");
        at.next(1);
        await().atMost(Duration.ofSeconds(5)).until(() -> at.counters(id).lastSuccess() != null);
        DeliveryCounters before = at.counters(id);
        done(at.notifier.close());

        at.operations = at.open();
        assertThat(at.counters(id)).isEqualTo(before);
        at.notifier = at.notifier(NotifierSettings.DEFAULT);
        at.append("urn:a:1", ",'n':2");
        at.next(2);
    }
}
