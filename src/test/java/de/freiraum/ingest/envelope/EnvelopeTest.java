package de.freiraum.ingest.envelope;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.ingest.Fixtures;
import de.freiraum.ingest.message.Bytes;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EnvelopeTest {
    private static final Instant ARRIVAL = Instant.parse("2026-03-02T08:00:00Z");
    private static final Map<String, Envelope> ENVELOPES = Map.of(
            "tts-v3", new TheThingsStackV3(),
            "chirpstack-v4", new ChirpStackV4(),
            "thingpark", new ThingPark(),
            "json", new PlainJson(PlainJson.Layout.DEFAULT));

    @TestFactory
    Stream<DynamicTest> opensEveryFixtureInEachEnvelope() {
        List<Value.Obj> expected = Fixtures.objects("uplinks/expected.jsonl");
        return Stream.of("tts-v3", "chirpstack-v4", "thingpark").flatMap(name -> {
            List<byte[]> lines = Fixtures.lines("uplinks/" + name + ".jsonl");
            return IntStream.range(0, expected.size())
                    .mapToObj(i -> DynamicTest.dynamicTest(
                            name + " " + Fixtures.text(expected.get(i), "fixture"),
                            () -> opens(name, lines.get(i), expected.get(i))));
        });
    }

    private static void opens(String envelope, byte[] line, Value.Obj expected) {
        List<Uplink> uplinks = open(envelope, line, "");
        assertThat(uplinks).singleElement().satisfies(uplink -> {
            assertThat(uplink.device()).isEqualTo(Fixtures.text(expected, "devEui"));
            assertThat(uplink.port()).isEqualTo((int) Fixtures.whole(expected, "fPort"));
            assertThat(uplink.frameCounter()).isEqualTo(Fixtures.whole(expected, "fCnt"));
            assertThat(Bytes.hex(requireNonNull(uplink.payload()))).isEqualTo(Fixtures.text(expected, "payloadHex"));
            assertThat(uplink.times().network()).isEqualTo(Instant.parse(Fixtures.text(expected, "observedAt")));
            assertThat(requireNonNull(uplink.radio()).rssi()).isEqualTo(-97.0);
            assertThat(requireNonNull(uplink.radio()).snr()).isEqualTo(7.5);
            assertThat(uplink.session()).isNotEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> refusesBrokenMessagesNamingTheFault() {
        return Fixtures.objects("envelopes-broken.jsonl").stream()
                .map(line -> DynamicTest.dynamicTest(Fixtures.text(line, "case"), () -> assertThatThrownBy(() -> open(
                                Fixtures.text(line, "envelope"),
                                Fixtures.text(line, "message").getBytes(StandardCharsets.UTF_8),
                                ""))
                        .isInstanceOfSatisfying(Rejection.class, e -> {
                            assertThat(e.reason()).isEqualTo(Rejection.Reason.BROKEN_MESSAGE);
                            assertThat(e.detail()).contains(Fixtures.text(line, "reason"));
                        })));
    }

    @Test
    void ignoresOtherEventsOfTheThingsStack() {
        assertThat(open("tts-v3", "{'end_device_ids':{'dev_eui':'00'},'join_accept':{}}"))
                .isEmpty();
    }

    @Test
    void ignoresOtherEventsOfChirpStackByTopic() {
        byte[] status = "{\"deviceInfo\":{\"devEui\":\"00\"}}".getBytes(StandardCharsets.UTF_8);
        assertThat(open("chirpstack-v4", status, "application/1/device/00/event/status"))
                .isEmpty();
    }

    @Test
    void ignoresOtherEventsOfChirpStackByShape() {
        assertThat(open("chirpstack-v4", "{'deviceInfo':{'devEui':'00'},'margin':7}"))
                .isEmpty();
        assertThat(open("chirpstack-v4", "{'deviceInfo':{'devEui':'00'},'devAddr':'01'}"))
                .isEmpty();
    }

    @Test
    void ignoresOtherEventsOfThingPark() {
        assertThat(open("thingpark", "{'DevEUI_notification':{'DevEUI':'00'}}")).isEmpty();
    }

    @Test
    void readsBase64WithoutPadding() {
        assertThat(open("chirpstack-v4", "{'deviceInfo':{'devEui':'00'},'data':'Af8'}"))
                .singleElement()
                .satisfies(u -> assertThat(u.payload()).containsExactly(1, 0xFF));
    }

    @Test
    void takesAMissingPayloadForNone() {
        assertThat(open("tts-v3", "{'end_device_ids':{'dev_eui':'AB'},'uplink_message':{'f_port':1}}"))
                .singleElement()
                .satisfies(u -> {
                    assertThat(u.payload()).isNull();
                    assertThat(u.device()).isEqualTo("ab");
                });
    }

    @Test
    void takesTheEarliestGatewayAndTheStrongestSignal() {
        Uplink uplink = open(
                        "tts-v3",
                        "{'end_device_ids':{'dev_eui':'00'},'uplink_message':{'f_port':1,'rx_metadata':["
                                + "{'rssi':-110,'time':'2026-03-02T07:00:02Z'},"
                                + "{'rssi':-80,'snr':3,'time':'2026-03-02T08:00:03+01:00'},"
                                + "{'rssi':-90,'time':'2026-03-02T07:00:01Z'}]}}")
                .get(0);
        assertThat(uplink.times().gateway()).isEqualTo(Instant.parse("2026-03-02T07:00:01Z"));
        assertThat(requireNonNull(uplink.radio()).rssi()).isEqualTo(-80.0);
    }

    @Test
    void readsAnArrayOfPlainMessages() {
        assertThat(open("json", "[{'id':'A','time':1772434800},{'id':7,'time':1772434800123}]"))
                .extracting(Uplink::device, u -> u.times().device())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", Instant.parse("2026-03-02T07:00:00Z")),
                        org.assertj.core.groups.Tuple.tuple("7", Instant.parse("2026-03-02T07:00:00.123Z")));
    }

    @Test
    void findsDeviceAndTimeAtConfiguredPlaces() {
        PlainJson envelope = new PlainJson(new PlainJson.Layout(
                "sensor.ids[1]", -1, null, "at", ZoneId.of("Europe/Berlin"), null, "payload.items"));
        assertThat(envelope.open(
                        message("{'payload':{'items':[{'sensor':{'ids':['x','y']},'at':'2026-03-02 08:00:00'}]}}", "")))
                .singleElement()
                .satisfies(u -> {
                    assertThat(u.device()).isEqualTo("y");
                    assertThat(u.times().device()).isEqualTo(Instant.parse("2026-03-02T07:00:00Z"));
                    assertThat(u.identified()).isTrue();
                });
    }

    @Test
    void findsTheDeviceInTheTopic() {
        PlainJson envelope = new PlainJson(new PlainJson.Layout(null, 1, null, null, null, null, null));
        assertThat(envelope.open(message("{'count':1}", "counters/bahnhof/state")))
                .singleElement()
                .satisfies(u -> {
                    assertThat(u.device()).isEqualTo("bahnhof");
                    assertThat(u.identified()).isFalse();
                });
    }

    @Test
    void refusesALocalTimeThatTheChangeToSummerTimeSkips() {
        PlainJson envelope =
                new PlainJson(new PlainJson.Layout("id", -1, null, "time", ZoneId.of("Europe/Berlin"), null, null));
        assertThatThrownBy(() -> envelope.open(message("{'id':'a','time':'2026-03-29T02:30:00'}", "")))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("summer time");
    }

    private static List<Uplink> open(String envelope, String json) {
        return requireNonNull(ENVELOPES.get(envelope)).open(message(json, ""));
    }

    private static List<Uplink> open(String envelope, byte[] body, String topic) {
        return requireNonNull(ENVELOPES.get(envelope)).open(RawMessage.of(body, topic, ARRIVAL));
    }

    private static RawMessage message(String json, String topic) {
        return RawMessage.of(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), topic, ARRIVAL);
    }
}
