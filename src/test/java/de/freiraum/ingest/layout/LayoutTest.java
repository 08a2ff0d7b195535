package de.freiraum.ingest.layout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.config.ConfigException;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.Fixtures;
import de.freiraum.ingest.codec.Codecs;
import de.freiraum.ingest.codec.DeviceCodec;
import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.ingest.mapping.Mapping;
import de.freiraum.ingest.message.Bytes;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Layouts that mapping files declare. */
class LayoutTest {
    private static final String MAPPING = """
            mapping: %s
            match: { model: [acme/%s] }
            codec:
              layout:
            %s
            emit:
              - entity: "urn:ngsi-ld:Device:{devEui}"
                type: Device
                context: device
                set: { dateLastValueReported: { dateTime: time } }
            """;

    private static final List<Value.Obj> CASES = Fixtures.objects("layouts/cases.jsonl");

    /** The codecs of all cases, read together. */
    private static final List<DeviceCodec> CODECS = codecs();

    /** Each case: what is declared, what comes, and the fields or a part of the refusal. */
    @TestFactory
    Stream<DynamicTest> readsWhatIsDeclared() {
        return IntStream.range(0, CASES.size())
                .mapToObj(i -> DynamicTest.dynamicTest(Fixtures.text(CASES.get(i), "case"), () -> {
                    Value.Obj line = CASES.get(i);
                    DeviceCodec codec = CODECS.get(i);
                    byte[] payload = Bytes.hex(Fixtures.text(line, "hex").replace(" ", ""), "hex");
                    int port = line.get("port") == null ? 1 : (int) Fixtures.whole(line, "port");
                    if (line.get("refused") != null) {
                        assertThatThrownBy(() -> codec.decode(port, payload))
                                .isInstanceOfSatisfying(Rejection.class, e -> {
                                    assertThat(e.reason()).isEqualTo(Rejection.Reason.BAD_PAYLOAD);
                                    assertThat(e.detail()).contains(Fixtures.text(line, "refused"));
                                });
                    } else {
                        Optional<Value.Obj> fields = codec.decode(port, payload);
                        assertThat(fields.map(Fixtures::plain).orElse(Value.of("ignored")))
                                .isEqualTo(Fixtures.plain(Fixtures.member(line, "decoded")));
                    }
                }));
    }

    /** Each case: what is declared wrongly, and the line and a part of what is said. */
    @TestFactory
    Stream<DynamicTest> refusesWhatCannotBeALayoutWithItsLine() {
        return Fixtures.objects("layouts/broken.jsonl").stream()
                .map(line -> DynamicTest.dynamicTest(Fixtures.text(line, "case"), () -> assertThatThrownBy(
                                () -> codec(declared("box", Fixtures.text(line, "layout")), "acme/box"))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining(Fixtures.text(line, "problem"))
                        .hasMessageMatching("(?s).*box\\.yaml:\\d+.*")));
    }

    @TestFactory
    Stream<DynamicTest> aDeclaredVs350AnswersLikeTheBuiltInCodec() {
        DeviceCodec declared = codec(resource("layouts/vs350.yaml"), "milesight/vs350");
        DeviceCodec builtIn = Codecs.named("milesight-vs350@1").orElseThrow();
        return Stream.of("payloads-valid.jsonl", "payloads-broken.jsonl", "payloads-ignored.jsonl")
                .flatMap(file -> Fixtures.objects(file).stream())
                .filter(line -> Fixtures.text(line, "codec").startsWith("milesight-vs3"))
                .map(line -> DynamicTest.dynamicTest(Fixtures.text(line, "case"), () -> {
                    byte[] payload = Bytes.hex(Fixtures.text(line, "hex"), "hex");
                    assertThat(answer(declared, payload)).isEqualTo(answer(builtIn, payload));
                }));
    }

    @Test
    void aDeclaredVs350AnswersLikeTheBuiltInCodecToRandomChains() {
        DeviceCodec declared = codec(resource("layouts/vs350.yaml"), "milesight/vs350");
        DeviceCodec builtIn = Codecs.named("milesight-vs350@1").orElseThrow();
        String[] heads = {"0175", "0367", "8367", "04cc", "05cc", "84cc", "85cc", "0aef", "20ce", "ff0b", "fffe", "99aa"
        };
        Random random = new Random(350);
        int fields = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder hex = new StringBuilder();
            for (int channel = random.nextInt(5); channel >= 0; channel--) {
                hex.append(heads[random.nextInt(heads.length)]);
                byte[] data = new byte[1 + random.nextInt(13)];
                random.nextBytes(data);
                if (data.length > 4) {
                    data[4] &= 1; // the kind of a stored reading
                }
                hex.append(Bytes.hex(data));
            }
            byte[] payload = Bytes.hex(hex.toString(), "hex");
            Object expected = answer(builtIn, payload);
            assertThat(answer(declared, payload)).as(hex.toString()).isEqualTo(expected);
            fields += expected.equals("refused") ? 0 : 1;
        }
        assertThat(fields).isGreaterThan(500);
    }

    private static Object answer(DeviceCodec codec, byte[] payload) {
        try {
            return codec.decode(85, payload).map(Fixtures::plain).orElse("ignored");
        } catch (Rejection e) {
            return "refused";
        }
    }

    @Test
    void anyBytesGiveFieldsOrARefusal() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] payload = new byte[1 + random.nextInt(60)];
            random.nextBytes(payload);
            try {
                assertThat(CODECS.get(i % CODECS.size()).decode(1 + random.nextInt(2), payload))
                        .isNotNull();
            } catch (Rejection e) {
                assertThat(e.reason()).isEqualTo(Rejection.Reason.BAD_PAYLOAD);
            }
        }
    }

    @Test
    void manyValuesInAFewBytesAreRefused() {
        DeviceCodec codec = codec(declared("box", "ports: { 1: [{ name: a, type: u8, repeat: rest }] }"), "acme/box");
        assertThatThrownBy(() -> codec.decode(1, new byte[20_000]))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("more than 10000");
    }

    private static List<DeviceCodec> codecs() {
        List<YamlText> files = IntStream.range(0, CASES.size())
                .mapToObj(i ->
                        new YamlText("box-" + i + ".yaml", declared("box-" + i, Fixtures.text(CASES.get(i), "layout"))))
                .toList();
        Map<String, Mapping> mappings = mappings(files);
        return IntStream.range(0, CASES.size())
                .mapToObj(i -> codec(mappings, "acme/box-" + i))
                .toList();
    }

    private static String declared(String name, String layout) {
        return MAPPING.formatted(name, name, layout.indent(4));
    }

    private static DeviceCodec codec(String mapping, String model) {
        return codec(mappings(List.of(new YamlText("box.yaml", mapping))), model);
    }

    private static DeviceCodec codec(Map<String, Mapping> mappings, String model) {
        return requireNonNull(requireNonNull(mappings.get(model), model).codec());
    }

    private static Map<String, Mapping> mappings(List<YamlText> files) {
        IngestConfig config = IngestConfig.read(
                new YamlText("sources.yaml", "sources: [{ id: s, envelope: tts-v3, webhook: {} }]"),
                files,
                name -> new YamlText(name, ""),
                Map.of());
        return requireNonNull(config.source("s")).mappings();
    }

    private static String resource(String name) {
        try (InputStream in = LayoutTest.class.getResourceAsStream("/ingest/" + name)) {
            return new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
