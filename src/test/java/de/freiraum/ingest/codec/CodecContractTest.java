package de.freiraum.ingest.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.ingest.Fixtures;
import de.freiraum.ingest.message.Bytes;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What every codec promises, over published and derived payloads. */
class CodecContractTest {
    private static final Map<String, String> CODEC_OF_MODEL = Map.of(
            "bosch/tps110", "bosch-tps110@1",
            "nwave/nps405", "nwave-nps405@1",
            "dingtek/do201", "dingtek-do201@1",
            "libelium/smart-parking-v2", "libelium-smart-parking@2",
            "milesight/vs132", "milesight-vs132@1",
            "milesight/vs133", "milesight-vs13x@1",
            "milesight/vs350", "milesight-vs350@1",
            "parametric/pcr2", "parametric-pcr2@4",
            "imbuildings/people-counter", "imbuildings-people-counter@6");

    @TestFactory
    Stream<DynamicTest> decodesEveryFixture() {
        return Fixtures.objects("uplinks/expected.jsonl").stream()
                .map(line -> DynamicTest.dynamicTest(Fixtures.text(line, "fixture"), () -> {
                    String codec = Objects.requireNonNull(CODEC_OF_MODEL.get(Fixtures.text(line, "model")));
                    assertThat(Fixtures.plain(decode(codec, line, "fPort", "payloadHex")))
                            .isEqualTo(Fixtures.plain(Fixtures.member(line, "decoded")));
                }));
    }

    @TestFactory
    Stream<DynamicTest> decodesFurtherFrames() {
        return cases("payloads-valid.jsonl", line -> assertThat(
                        Fixtures.plain(decode(Fixtures.text(line, "codec"), line, "port", "hex")))
                .isEqualTo(Fixtures.plain(Fixtures.member(line, "decoded"))));
    }

    @TestFactory
    Stream<DynamicTest> ignoresFramesWithoutState() {
        return cases("payloads-ignored.jsonl", line -> assertThat(codec(Fixtures.text(line, "codec"))
                        .decode((int) Fixtures.whole(line, "port"), Bytes.hex(Fixtures.text(line, "hex"), "hex")))
                .isEmpty());
    }

    @TestFactory
    Stream<DynamicTest> refusesBrokenFramesNamingTheFault() {
        return cases("payloads-broken.jsonl", line -> assertThatThrownBy(
                        () -> decode(Fixtures.text(line, "codec"), line, "port", "hex"))
                .isInstanceOfSatisfying(Rejection.class, e -> {
                    assertThat(e.reason()).isEqualTo(Rejection.Reason.BAD_PAYLOAD);
                    assertThat(e.detail()).contains(Fixtures.text(line, "reason"));
                }));
    }

    @TestFactory
    Stream<DynamicTest> neverFailsOtherThanByRefusal() {
        return Codecs.names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Random random = new Random(name.hashCode());
                    int[] ports = {0, 1, 2, 3, 4, 6, 10, 14, 26, 27, 28, 85, 190, 255};
                    for (int i = 0; i < 5_000; i++) {
                        byte[] payload = new byte[1 + random.nextInt(40)];
                        random.nextBytes(payload);
                        try {
                            codec(name).decode(ports[random.nextInt(ports.length)], payload);
                        } catch (Rejection expected) {
                            assertThat(expected.reason()).isEqualTo(Rejection.Reason.BAD_PAYLOAD);
                        }
                    }
                }));
    }

    private interface Check {
        void on(Value.Obj line);
    }

    private static Stream<DynamicTest> cases(String file, Check check) {
        return Fixtures.objects(file).stream()
                .map(line -> DynamicTest.dynamicTest(Fixtures.text(line, "case"), () -> check.on(line)));
    }

    private static DeviceCodec codec(String name) {
        return Codecs.named(name).orElseThrow();
    }

    private static Value.Obj decode(String codec, Value.Obj line, String port, String hex) {
        return codec(codec)
                .decode((int) Fixtures.whole(line, port), Bytes.hex(Fixtures.text(line, hex), hex))
                .orElseThrow();
    }
}
