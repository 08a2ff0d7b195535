package de.freiraum.ingest;

import static de.freiraum.ingest.IngestFixture.SPOT;
import static de.freiraum.ingest.IngestFixture.await;
import static de.freiraum.ingest.IngestFixture.uplink;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Attribute;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngestPipelineTest {
    private IngestFixture ingest;

    @BeforeEach
    void open() {
        ingest = new IngestFixture();
    }

    @AfterEach
    void close() {
        ingest.close();
    }

    @Test
    void aParkingUplinkBecomesASpotAndItsDevice() {
        assertThat(ingest.accept("tts", uplink(0, "AQ==", "2026-03-28T22:00:00Z"))
                        .outcome())
                .isEqualTo(Receipt.Outcome.ACCEPTED);

        Attribute status = ingest.attribute(SPOT, "parking", "status");
        assertThat(ingest.value(SPOT, "parking", "status")).isEqualTo(Value.of("occupied"));
        assertThat(status.meta().observedAt()).isEqualTo(Instant.parse("2026-03-28T22:00:00Z"));
        assertThat(status.meta().attributes()).containsKey("https://w3id.org/freiraum/staleAfter");
        assertThat(ingest.attribute(SPOT, "parking", "refParkingSite"))
                .isInstanceOfSatisfying(Attribute.Relationship.class, r -> assertThat(r.objects())
                        .containsExactly("urn:ngsi-ld:OnStreetParking:schwerte:am-markt"));
        assertThat(requireNonNull(ingest.entity("urn:ngsi-ld:Device:70b3d5fff0000080"))
                        .types())
                .containsExactly("https://smartdatamodels.org/dataModel.Device/Device");
    }

    @Test
    void aCounterUplinkBecomesAReadingAndTheCounterItCounts() {
        ingest.accept("tts", """
                {'end_device_ids':{'dev_eui':'70B3D5FFF0000081'},
                 'uplink_message':{'f_port':85,'frm_payload':'BMzc/3j/BcwKAAgA','received_at':'2026-03-28T22:00:00Z'}}""");
        Value.Obj reading = (Value.Obj) ingest.value("urn:ngsi-ld:Device:70b3d5fff0000081", "device", "counterReading");
        assertThat(reading.get("https://w3id.org/freiraum/totalTowards")).isEqualTo(Value.of(65500));
        assertThat(reading.get("https://w3id.org/freiraum/counterBits")).isEqualTo(Value.of(16));
        assertThat(ingest.attribute("urn:ngsi-ld:CrowdFlowObserved:schwerte:markt-1", "footfall", "refSite"))
                .isInstanceOfSatisfying(Attribute.Relationship.class, r -> assertThat(r.objects())
                        .containsExactly("urn:ngsi-ld:PointOfInterest:schwerte:am-markt"));
    }

    @Test
    void theSameMessageIsADuplicateEvenAfterARestart() {
        String message = uplink(1, "AQ==", "2026-03-28T22:00:00Z");
        ingest.accept("tts", message);
        assertThat(ingest.accept("tts", message).outcome()).isEqualTo(Receipt.Outcome.DUPLICATE);
        ingest.restart();
        assertThat(ingest.accept("tts", message).outcome()).isEqualTo(Receipt.Outcome.DUPLICATE);
    }

    @Test
    void aDuplicateIsFoundInTheStoreWhenItIsNoLongerInMemory() {
        ingest.restartRememberingOnly(2);
        String message = uplink(1, "AQ==", "2026-03-28T22:00:00Z");
        ingest.accept("tts", message);
        for (int i = 2; i < 6; i++) {
            ingest.accept("tts", uplink(i, "AQ==", "2026-03-28T22:00:00Z"));
        }
        ingest.at("2026-03-29T00:30:00Z");
        assertThat(ingest.accept("tts", message).outcome()).isEqualTo(Receipt.Outcome.DUPLICATE);
    }

    @Test
    void theSameCounterWithOtherBytesIsAnotherFrame() {
        ingest.accept("tts", uplink(1, "AQ==", "2026-03-28T22:00:00Z"));
        assertThat(ingest.accept("tts", uplink(1, "AA==", "2026-03-28T22:01:00Z"))
                        .outcome())
                .isEqualTo(Receipt.Outcome.ACCEPTED);
    }

    @Test
    void equalMessagesAtTheSameTimeAreWrittenOnce() {
        String message = uplink(1, "AQ==", "2026-03-28T22:00:00Z");
        var first = ingest.pipeline().accept("tts", ingest.message(message));
        var second = ingest.pipeline().accept("tts", ingest.message(message));
        assertThat(List.of(await(first).outcome(), await(second).outcome()))
                .containsExactly(Receipt.Outcome.ACCEPTED, Receipt.Outcome.DUPLICATE);
    }

    @Test
    void aMessageIsForgottenAfterTwoDaysAndSweptAfterThree() {
        ingest.accept("tts", uplink(1, "AQ==", "2026-03-28T22:00:00Z"));
        ingest.at("2026-03-30T22:00:01Z");
        assertThat(ingest.accept("tts", uplink(1, "AQ==", "2026-03-28T22:00:00Z"))
                        .outcome())
                .isEqualTo(Receipt.Outcome.ACCEPTED);
        ingest.at("2026-04-01T22:00:00Z");
        // what was seen is written behind the answer
        Awaitility.await().until(() -> await(ingest.pipeline().sweep()) == 1);
    }

    @Test
    void aRedeliveryOfAMessageWithoutTimeTakesTheTimeOfItsFirstArrival() {
        ingest.at("2026-03-28T22:00:00Z");
        ingest.accept("plain", "{'id':'box-1','busy':true}");
        ingest.at("2026-03-28T22:00:05Z");
        assertThat(ingest.accept("plain", "{'id':'box-1','busy':true}").outcome())
                .isEqualTo(Receipt.Outcome.DUPLICATE);
        ingest.at("2026-03-28T23:00:00Z");
        assertThat(ingest.accept("plain", "{'id':'box-1','busy':true}").outcome())
                .isEqualTo(Receipt.Outcome.ACCEPTED);
        assertThat(ingest.history("urn:ngsi-ld:ParkingSpot:schwerte:am-markt:100", "parking", "status"))
                .extracting(i -> i.instance().meta().observedAt())
                .containsExactly(Instant.parse("2026-03-28T22:00:00Z"), Instant.parse("2026-03-28T23:00:00Z"));
    }

    @Test
    void aDeviceTimeOutOfBoundsGivesWayToArrival() {
        ingest.accept("plain", "{'id':'box-1','busy':true,'time':'1970-01-01T00:00:00Z'}");
        assertThat(ingest.attribute("urn:ngsi-ld:ParkingSpot:schwerte:am-markt:100", "parking", "status")
                        .meta()
                        .observedAt())
                .isEqualTo(Instant.parse("2026-03-28T22:00:00Z"));
    }

    @Test
    void anOptionalValueOutOfRangeIsLeftOutAndSaid() {
        Receipt receipt = ingest.accept("plain", "{'id':'box-1','busy':true,'width':-5}");
        assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.ACCEPTED);
        assertThat(receipt.detail()).contains("width");
        assertThat(requireNonNull(ingest.pipeline().metrics().get("plain")).leftOutValues())
                .isEqualTo(1);
    }

    @Test
    void whatCannotBeMappedIsADeadLetterWithItsReasonAndBytes() {
        assertReason("tts", "{'x':1}", Rejection.Reason.BROKEN_MESSAGE);
        assertReason("tts", "no json", Rejection.Reason.BROKEN_MESSAGE);
        assertReason("plain", "{'id':'nobody'}", Rejection.Reason.UNKNOWN_DEVICE);
        assertReason("plain", "{'id':'box-2','busy':true}", Rejection.Reason.NO_MAPPING);
        assertReason("plain", "{'id':'box-1'}", Rejection.Reason.MAPPING_FAILED);
        assertReason("plain", "{'id':'box-1','busy':'yes'}", Rejection.Reason.MAPPING_FAILED);
        assertReason("tts", uplink(1, "AQE=", "2026-03-28T22:00:00Z"), Rejection.Reason.BAD_PAYLOAD);
    }

    private void assertReason(String source, String message, Rejection.Reason reason) {
        Receipt receipt = ingest.accept(source, message);
        assertThat(receipt.outcome()).as(message).isEqualTo(Receipt.Outcome.DEAD);
        DeadLetter letter = await(ingest.pipeline().deadLetters().get(requireNonNull(receipt.deadLetter())));
        assertThat(letter.reason()).isEqualTo(reason);
        assertThat(letter.source()).isEqualTo(source);
        assertThat(letter.detail()).isNotBlank();
        assertThat(letter.message().body()).isEqualTo(ingest.message(message).body());
    }

    @Test
    void otherEventsAndFramesWithoutStateAreIgnored() {
        assertThat(ingest.accept("tts", "{'end_device_ids':{'dev_eui':'1'},'join_accept':{}}")
                        .outcome())
                .isEqualTo(Receipt.Outcome.IGNORED);
        assertThat(ingest.accept("tts", uplink(1, "", "2026-03-28T22:00:00Z")).outcome())
                .isEqualTo(Receipt.Outcome.IGNORED);
    }

    @Test
    void ofAnArrayTheGoodPartIsWrittenAndTheWholeIsADeadLetter() {
        Receipt receipt = ingest.accept("plain", "[{'id':'nobody','busy':true},{'id':'box-1','busy':true}]");
        assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.DEAD);
        assertThat(ingest.entity("urn:ngsi-ld:ParkingSpot:schwerte:am-markt:100"))
                .isNotNull();
    }

    @Test
    void aDeadLetterIsReplayedWhenTheDeviceIsListed() {
        Receipt dead = ingest.accept("plain", "{'id':'box-9','busy':true}");
        String id = requireNonNull(dead.deadLetter());
        Receipt again = await(ingest.pipeline().deadLetters().replay(id));
        assertThat(again.outcome()).isEqualTo(Receipt.Outcome.DEAD);
        assertThat(await(ingest.pipeline().deadLetters().get(id)).attempts()).isEqualTo(2);

        ingest.at("2026-03-29T08:00:00Z");
        ingest.pipeline().reload(withDevice("box-9"));
        assertThat(await(ingest.pipeline().deadLetters().replay(id)).outcome()).isEqualTo(Receipt.Outcome.ACCEPTED);
        assertThat(ingest.pipeline().deadLetters().count()).isZero();
        assertThat(ingest.attribute("urn:x:box-9", "parking", "status").meta().observedAt())
                .isEqualTo(Instant.parse("2026-03-28T22:00:00Z"));
    }

    private static IngestConfig withDevice(String id) {
        return IngestConfig.read(
                new YamlText("sources.yaml", """
                        sources: [ { id: plain, tenant: schwerte, envelope: json, webhook: {} } ]
                        devices: [ { id: %s, model: m } ]
                        mappings:
                          - mapping: m
                            match: { model: m }
                            emit:
                              - entity: "urn:x:{devEui}"
                                type: ParkingSpot
                                context: parking
                                set: { status: { value: "decoded.busy ? 'occupied' : 'free'" } }
                        """.formatted(id)), List.of(), name -> new YamlText(name, ""), Map.of());
    }

    @Test
    void aScriptDecodesBesideTheEventLoopsAndWhatItRefusesIsADeadLetter() {
        ingest.pipeline()
                .reload(IngestConfig.read(
                        new YamlText("sources.yaml", """
                sources: [ { id: tts, tenant: schwerte, envelope: tts-v3, webhook: {} } ]
                devices: [ { dev_eui: 70B3D5FFF0000080, model: m } ]
                mappings:
                  - mapping: m
                    match: { model: m }
                    codec: { ts013: codec.js }
                    emit:
                      - entity: "urn:x:{devEui}"
                        type: ParkingSpot
                        context: parking
                        set: { status: { value: "decoded.busy ? 'occupied' : 'free'" } }
                    tests:
                      - { port: 1, hex: "01", expect: { status: occupied } }
                      - { port: 9, hex: "01", error: no such port }
                """), List.of(), name -> new YamlText(name, """
                function decodeUplink(input) {
                  return input.fPort === 1 ? { data: { busy: input.bytes[0] === 1 } } : { errors: ["no such port"] };
                }
                """), Map.of()));
        RawMessage first = ingest.message(uplink(1, "AA==", "2026-03-28T22:00:00Z"));
        RawMessage second = ingest.message(uplink(2, "AQ==", "2026-03-28T22:00:01Z"));
        Promise<List<Receipt>> receipts = Promise.promise();
        ingest.vertx().runOnContext(v -> Future.all(
                        ingest.pipeline().accept("tts", first),
                        ingest.pipeline().accept("tts", second))
                .map(all -> all.<Receipt>list())
                .onComplete(receipts));
        assertThat(await(receipts.future()))
                .extracting(Receipt::outcome)
                .containsExactly(Receipt.Outcome.ACCEPTED, Receipt.Outcome.ACCEPTED);
        assertThat(ingest.value("urn:x:70b3d5fff0000080", "parking", "status")).isEqualTo(Value.of("occupied"));
        Receipt refused =
                ingest.accept("tts", uplink(3, "AQ==", "2026-03-28T22:00:02Z").replace("'f_port':1", "'f_port':9"));
        assertThat(refused.outcome()).isEqualTo(Receipt.Outcome.DEAD);
        assertThat(refused.detail()).contains("no such port");
    }

    private static IngestConfig validating(String policy) {
        return IngestConfig.read(
                new YamlText("sources.yaml", """
                        sources: [ { id: plain, tenant: schwerte, envelope: json, webhook: {}, validate: %s } ]
                        devices: [ { id: b, model: m }, { id: c, model: m, site: s, lat: 51, lon: 7 } ]
                        mappings:
                          - mapping: m
                            match: { model: m }
                            emit:
                              - entity: "urn:x:{devEui}"
                                type: ParkingSpot
                                context: parking
                                set:
                                  status: { value: decoded.status }
                                  category: { static: [onStreet] }
                                  refParkingSite: { relationship: "urn:x:{device.site}" }
                                  location: { geo: device }
                        """.formatted(policy)),
                List.of(),
                name -> new YamlText(name, ""),
                Map.of());
    }

    @Test
    void whatBreaksTheRulesOfItsModelIsADeadLetterIfTheSourceSaysSo() {
        ingest.pipeline().reload(validating("reject"));
        Receipt word = ingest.accept("plain", "{'id':'c','status':'full'}");
        assertThat(word.outcome()).isEqualTo(Receipt.Outcome.DEAD);
        assertThat(word.detail())
                .isEqualTo("ParkingSpot.status is \"full\"; allowed are closed, free, occupied, unknown");
        assertThat(await(ingest.pipeline().deadLetters().get(requireNonNull(word.deadLetter())))
                        .reason())
                .isEqualTo(Rejection.Reason.NOT_VALID);
        assertThat(ingest.entity("urn:x:c")).isNull();
        assertThat(ingest.accept("plain", "{'id':'c','status':'free'}").outcome())
                .isEqualTo(Receipt.Outcome.ACCEPTED);
        assertThat(ingest.accept("plain", "{'id':'b','status':'free'}").detail())
                .isEqualTo("ParkingSpot.refParkingSite is missing; ParkingSpot.location is missing");
    }

    @Test
    void aRequiredAttributeMayBeInTheStoreAlready() {
        ingest.pipeline().reload(validating("off"));
        assertThat(ingest.accept("plain", "{'id':'c','status':'nonsense'}").detail())
                .isEmpty();
        ingest.pipeline().reload(validating("reject"));
        assertThat(ingest.accept("plain", "{'id':'c','status':'occupied'}").outcome())
                .isEqualTo(Receipt.Outcome.ACCEPTED);
        assertThat(ingest.accept("plain", "{'id':'c'}").outcome()).isEqualTo(Receipt.Outcome.ACCEPTED);
    }

    @Test
    void otherwiseItIsWrittenAndCounted() {
        ingest.pipeline().reload(validating("warn"));
        Receipt receipt = ingest.accept("plain", "{'id':'b','status':'full'}");
        assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.ACCEPTED);
        assertThat(receipt.detail()).startsWith("not valid: ParkingSpot.status is \"full\"");
        assertThat(ingest.value("urn:x:b", "parking", "status")).isEqualTo(Value.of("full"));
        assertThat(requireNonNull(ingest.pipeline().metrics().get("plain")).brokenRules())
                .isEqualTo(3);
    }

    @Test
    void deadLettersAreListedByPageAndFilterAndTheOldestAreDropped() {
        for (int i = 0; i < 7; i++) {
            ingest.at("2026-03-28T22:00:0" + i + "Z");
            ingest.accept(i % 2 == 0 ? "plain" : "tts", "broken");
        }
        DeadLetters letters = ingest.pipeline().deadLetters();
        DeadLetters.Page first = await(letters.list(DeadLetters.Filter.ALL, null, 2));
        assertThat(first.letters())
                .extracting(l -> l.message().receivedAt().toString())
                .containsExactly("2026-03-28T22:00:02Z", "2026-03-28T22:00:03Z");
        DeadLetters.Page second = await(letters.list(DeadLetters.Filter.ALL, first.next(), 10));
        assertThat(second.letters()).hasSize(3);
        assertThat(second.next()).isNull();
        assertThat(await(letters.list(
                                new DeadLetters.Filter("tts", Rejection.Reason.BROKEN_MESSAGE, null, null), null, 10))
                        .letters())
                .hasSize(2);
        assertThat(await(letters.list(
                                new DeadLetters.Filter(null, Rejection.Reason.UNKNOWN_DEVICE, null, null), null, 10))
                        .letters())
                .isEmpty();
        await(letters.delete(first.letters().get(0).id()));
        assertThat(letters.count()).isEqualTo(4);
    }

    @Test
    void anUnknownDeadLetterIsNotFound() {
        assertThatThrownBy(() -> await(ingest.pipeline().deadLetters().replay("x")))
                .isInstanceOf(NgsiLdException.class);
    }

    @Test
    void whenTheStoreFailsTheMessageIsNotAcknowledged() {
        await(ingest.store().close());
        assertThatThrownBy(() -> ingest.accept("tts", uplink(1, "AQ==", "2026-03-28T22:00:00Z")))
                .isInstanceOf(StoreException.class);
        assertThat(requireNonNull(ingest.pipeline().metrics().get("tts")).failedMessages())
                .isEqualTo(1);
    }
}
