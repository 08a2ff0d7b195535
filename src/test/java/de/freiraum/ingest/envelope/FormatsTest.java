package de.freiraum.ingest.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Formats that carry values rather than bytes of a device. */
class FormatsTest {
    private static final Instant ARRIVAL = Instant.parse("2026-03-02T08:00:00Z");
    private static final String TOPIC = "/ul/key/box-1/attrs";
    private static final Map<String, Envelope> FORMATS = Map.of(
            "ultralight", new Ultralight(),
            "iotagent-json", new IotAgentJson(),
            "cloudevents", new CloudEvents(),
            "ngsi-ld", new Notifications(Notifications.Kind.NGSI_LD),
            "ngsi-v2", new Notifications(Notifications.Kind.NGSI_V2),
            "csv", new CsvRows(PlainJson.Layout.DEFAULT));

    /** The device, its model, the time and the values of each message, one a line. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "ultralight ~ t|15|k|abc ~ box-1 - - {'t':15,'k':'abc'}",
                "ultralight ~ t|15.50|on|true ~ box-1 - - {'t':15.5,'on':true}",
                "ultralight ~ t|015|k| ~ box-1 - - {'t':'015','k':''}",
                "ultralight ~ 2026-03-02T07:00:00Z|t|1#2026-03-02T06:00:00+01:00|t|2 ~ box-1 - 2026-03-02T05:00:00Z {'t':2};box-1 - 2026-03-02T07:00:00Z {'t':1}",
                "iotagent-json ~ {'t':15,'k':'abc'} ~ box-1 - - {'t':15,'k':'abc'}",
                "iotagent-json ~ [{'t':1,'TimeInstant':'2026-03-02T07:00:00Z'},{'t':2,'TimeInstant':'2026-03-02T06:00:00Z'}] ~ box-1 - 2026-03-02T06:00:00Z {'t':2};box-1 - 2026-03-02T07:00:00Z {'t':1}",
                "cloudevents ~ {'specversion':'1.0','id':'7','source':'/city/gw','type':'x','subject':'Box-1','time':'2026-03-02T07:00:00Z','data':{'t':1}} ~ box-1 - 2026-03-02T07:00:00Z {'t':1}",
                "cloudevents ~ [{'specversion':'1.0','id':'8','source':'urn:dev:box-2','type':'x','data':{'t':1}}] ~ box-2 - - {'t':1}",
                "ngsi-ld ~ {'type':'Notification','data':[{'id':'urn:x:1','type':'T','a':{'type':'Property','value':3,'observedAt':'2026-03-02T07:00:00Z'},'r':{'type':'Relationship','object':'urn:x:2'}}]} ~ urn:x:1 T 2026-03-02T07:00:00Z {'a':3,'r':'urn:x:2'}",
                "ngsi-ld ~ {'type':'Notification','data':[{'id':'urn:x:1','type':'T','a':3,'b':{'value':4,'observedAt':'2026-03-02T07:00:00Z'},'gone':{'type':'Property','value':'urn:ngsi-ld:null'}}]} ~ urn:x:1 T 2026-03-02T07:00:00Z {'a':3,'b':4}",
                "ngsi-v2 ~ {'subscriptionId':'5','data':[{'id':'R1','type':'Room','t':{'type':'Number','value':23,'metadata':{'TimeInstant':{'type':'DateTime','value':'2026-03-02T07:00:00.00Z'}}}}]} ~ r1 Room 2026-03-02T07:00:00Z {'t':23}",
                "ngsi-v2 ~ {'data':[{'id':'R1','type':'Room','t':23,'TimeInstant':'2026-03-02T07:00:00Z'}]} ~ r1 Room 2026-03-02T07:00:00Z {'t':23}",
            })
    void aMessageIsOpened(String format, String body, String expected) {
        assertThat(String.join(
                        ";",
                        open(format, body.replace('\'', '"')).stream()
                                .map(FormatsTest::shown)
                                .toList()))
                .isEqualTo(expected.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "ultralight ~ t|15|k ~ is no time in ISO 8601",
                "ultralight ~ |15 ~ has no name",
                "ultralight ~ t|1#2026-03-02T07:00:00Z ~ has no values",
                "iotagent-json ~ [1] ~ must be an object of measurements",
                "iotagent-json ~ {'TimeInstant':'yesterday'} ~ \"TimeInstant\" must be a time",
                "iotagent-json ~ t|1 ~ no valid JSON",
                "cloudevents ~ {'specversion':'0.3','id':'1','source':'a'} ~ \"specversion\" must be 1.0",
                "cloudevents ~ {'specversion':'1.0','source':'a','data':{}} ~ \"id\" is missing",
                "cloudevents ~ {'specversion':'1.0','id':'1','source':'a'} ~ \"data\" is missing",
                "cloudevents ~ {'specversion':'1.0','id':'1','source':'a','data':5} ~ \"data\" must be an object",
                "ngsi-ld ~ {'data':[]} ~ \"type\" must be Notification",
                "ngsi-ld ~ {'type':'Notification'} ~ \"data\" is missing",
                "ngsi-v2 ~ {'data':[{'type':'T'}]} ~ \"data[].id\" is missing",
                "csv ~ `` ~ has no line with the names",
            })
    void aBrokenMessageIsRefusedNamingTheFault(String format, String body, String fault) {
        assertThatThrownBy(() -> open(format, body.replace('\'', '"')))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining(fault);
    }

    @Test
    void aTableHasAMessageOnEachLine() {
        assertThat(
                        open("csv", "id;time;in;note\nc1;2026-03-02T08:00:00Z;5;\"a;b\"\nc2;2026-03-02T07:00:00Z;;x\n")
                                .stream()
                                .map(FormatsTest::shown))
                .containsExactly(
                        "c2 - 2026-03-02T07:00:00Z {\"id\":\"c2\",\"time\":\"2026-03-02T07:00:00Z\",\"note\":\"x\"}",
                        "c1 - 2026-03-02T08:00:00Z {\"id\":\"c1\",\"time\":\"2026-03-02T08:00:00Z\",\"in\":5,\"note\":\"a;b\"}");
        assertThatThrownBy(() -> open("csv", "id;in\nc1;5;6\n"))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("line 2 has 3 fields");
    }

    @Test
    void anEventInBinaryModeHasItsAttributesInTheHeaders() {
        RawMessage message = new RawMessage(
                "{\"t\":1}".getBytes(StandardCharsets.UTF_8),
                "/ingest/events",
                Map.of("ce-specversion", "1.0", "ce-id", "9", "ce-source", "/gw/box-3", "ce-type", "x"),
                ARRIVAL);
        assertThat(new CloudEvents().open(message)).singleElement().satisfies(uplink -> {
            assertThat(shown(uplink)).isEqualTo("box-3 - - {\"t\":1}");
            assertThat(uplink.identified()).isTrue();
        });
    }

    @Test
    void aDeviceOfAnIotAgentIsNamedByTheTopicOrByTheRequest() {
        byte[] body = "t|1".getBytes(StandardCharsets.UTF_8);
        assertThat(new Ultralight().open(new RawMessage(body, "/ingest/ul", Map.of("i", "Box-9"), ARRIVAL)))
                .singleElement()
                .satisfies(uplink -> assertThat(uplink.device()).isEqualTo("box-9"));
        assertThat(new Ultralight()
                        .open(RawMessage.of("7".getBytes(StandardCharsets.UTF_8), "/key/box-4/attrs/t", ARRIVAL)))
                .singleElement()
                .satisfies(uplink -> assertThat(shown(uplink)).isEqualTo("box-4 - - {\"t\":7}"));
        assertThat(new Ultralight().open(RawMessage.of(body, "/ul/key/box-1/cmdexe", ARRIVAL)))
                .isEmpty();
        assertThatThrownBy(() -> new Ultralight().open(RawMessage.of(body, "/ingest/ul", ARRIVAL)))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("the device is named neither by the topic");
    }

    private static List<Uplink> open(String format, String body) {
        return Objects.requireNonNull(FORMATS.get(format))
                .open(RawMessage.of(body.getBytes(StandardCharsets.UTF_8), TOPIC, ARRIVAL));
    }

    private static String shown(Uplink uplink) {
        String values = new String(JsonWriter.write(Objects.requireNonNull(uplink.decoded())), StandardCharsets.UTF_8);
        assertThat(JsonReader.read(values.getBytes(StandardCharsets.UTF_8))).isEqualTo(uplink.decoded());
        Instant time = uplink.times().device();
        return uplink.device() + " " + Objects.requireNonNullElse(uplink.model(), "-") + " "
                + (time == null ? "-" : time) + " " + values;
    }
}
