package de.freiraum.ingest;

import static de.freiraum.ingest.IngestFixture.SPOT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.ingest.message.RawMessage;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The ordering cases of scenarios.jsonl, one after the other against one store. */
class ScenarioTest {
    private static final String COUNTER = "urn:ngsi-ld:Device:70b3d5fff0000081";
    private static IngestFixture ingest;

    @BeforeAll
    static void open() {
        ingest = new IngestFixture();
    }

    @AfterAll
    static void close() {
        ingest.close();
    }

    @TestFactory
    Stream<DynamicTest> followsTheExpectedPolicy() {
        List<Value.Obj> cases = Fixtures.objects("uplinks/scenarios.jsonl");
        assertThat(cases).hasSize(12);
        return cases.stream().map(line -> DynamicTest.dynamicTest(Fixtures.text(line, "case"), () -> check(line)));
    }

    private static void check(Value.Obj line) {
        Value.Obj message = (Value.Obj) Fixtures.member(line, "message");
        Value.Obj expect = (Value.Obj) Fixtures.member(line, "expect");
        String arrival = Fixtures.text(message, "received_at");
        ingest.at(arrival);
        Value before = ingest.entity(SPOT) == null ? Value.of("") : ingest.value(SPOT, "parking", "status");
        Receipt receipt = IngestFixture.await(ingest.pipeline()
                .accept("tts", RawMessage.of(JsonWriter.write(message), "v3/x", Instant.parse(arrival))));

        boolean duplicate = Value.of(false).equals(expect.get("accept"));
        assertThat(receipt.outcome()).isEqualTo(duplicate ? Receipt.Outcome.DUPLICATE : Receipt.Outcome.ACCEPTED);
        if (expect.get("lost") != null) {
            assertThat(receipt.lostFrames()).isEqualTo(Fixtures.whole(expect, "lost"));
        }
        assertThat(receipt.newSession()).isEqualTo(Value.of(true).equals(expect.get("newSession")));
        if (expect.get("status") != null) {
            assertThat(ingest.value(SPOT, "parking", "status")).isEqualTo(Value.of(Fixtures.text(expect, "status")));
        }
        if (Value.of(false).equals(expect.get("stateChange"))) {
            assertThat(ingest.value(SPOT, "parking", "status")).isEqualTo(before);
        }
        if (expect.get("observedAt") != null) {
            Instant observed = Instant.parse(Fixtures.text(expect, "observedAt"));
            Instant current = requireNonNull(
                    ingest.attribute(SPOT, "parking", "status").meta().observedAt());
            assertThat(ingest.history(SPOT, "parking", "status"))
                    .extracting(i -> i.instance().meta().observedAt())
                    .contains(observed);
            if (Value.of("history-only").equals(expect.get("accept"))) {
                assertThat(current).isAfter(observed);
            } else {
                assertThat(current).isEqualTo(observed);
            }
        }
        if (expect.members().containsKey("deltaIn")) {
            reads(message);
        }
    }

    /** The reading as the device sent it, from which differences are made later. */
    private static void reads(Value.Obj message) {
        Value.Obj uplink = (Value.Obj) Fixtures.member(message, "uplink_message");
        Value.Obj decoded = (Value.Obj) Fixtures.member(uplink, "decoded_payload");
        Value.Obj reading = (Value.Obj) ingest.value(COUNTER, "device", "counterReading");
        assertThat(Fixtures.whole(reading, "https://w3id.org/freiraum/totalTowards"))
                .isEqualTo(Fixtures.whole(decoded, "total_in"));
        assertThat(Fixtures.whole(reading, "https://w3id.org/freiraum/totalAway"))
                .isEqualTo(Fixtures.whole(decoded, "total_out"));
        assertThat(Fixtures.whole(reading, "https://w3id.org/freiraum/towards"))
                .isEqualTo(Fixtures.whole(decoded, "period_in"));
    }
}
