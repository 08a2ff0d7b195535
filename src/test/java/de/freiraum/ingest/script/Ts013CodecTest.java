package de.freiraum.ingest.script;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.ingest.message.Bytes;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts of {@code ingest/scripts/cases.jsonl}: what good ones give, and that bad and hostile ones are refused and hurt nobody. */
class Ts013CodecTest {
    private static final String HARMLESS = "function decodeUplink(input) { return { data: { n: input.bytes[0] } }; }";

    static List<Value.Obj> cases() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("src/test/resources/ingest/scripts/cases.jsonl"))) {
            return lines.map(line -> (Value.Obj) JsonReader.read(line.getBytes(StandardCharsets.UTF_8)))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyScriptGivesWhatItShould(Value.Obj given) {
        String script = requireNonNull(text(given, "script"));
        String unreadable = text(given, "unreadable");
        if (unreadable != null) {
            assertThatThrownBy(() -> Ts013Codec.of("x.js", script))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(unreadable);
            return;
        }
        Ts013Codec other = Ts013Codec.of("other.js", HARMLESS);
        Ts013Codec codec = Ts013Codec.of("x.js", script);
        String error = text(given, "error");
        if (error != null) {
            assertThatThrownBy(() -> decode(codec, given)).isInstanceOfSatisfying(Rejection.class, refused -> {
                assertThat(refused.reason()).isEqualTo(Rejection.Reason.BAD_PAYLOAD);
                assertThat(refused.detail()).startsWith("x.js: ").contains(error);
            });
            assertThat(other.decode(1, new byte[] {7}))
                    .contains((Value.Obj) JsonReader.read("{\"n\":7}".getBytes(StandardCharsets.UTF_8)));
            return;
        }
        for (int call = 0; call < 2; call++) {
            assertThat(decode(codec, given)).isEqualTo(Optional.ofNullable(given.get("data")));
        }
    }

    @Test
    void aScriptThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> Ts013Codec.of("x.js", " ".repeat(Ts013Codec.MOST_CHARACTERS + 1)))
                .hasMessageContaining("characters");
    }

    private static Optional<Value.Obj> decode(Ts013Codec codec, Value.Obj given) {
        byte[] payload = Bytes.hex(requireNonNull(text(given, "hex")), "hex");
        int port =
                given.get("port") instanceof Value.Num number ? number.number().intValue() : 1;
        Instant at = Instant.parse("2026-03-02T07:00:00Z");
        return codec.decode(
                new Uplink(
                        "d",
                        null,
                        "m",
                        port,
                        1,
                        "",
                        true,
                        payload,
                        null,
                        new Uplink.Times(null, null, at, null),
                        new Uplink.Radio(null, null, null)),
                payload);
    }

    private static @Nullable String text(Value.Obj object, String name) {
        return object.get(name) instanceof Value.Text text ? text.text() : null;
    }
}
