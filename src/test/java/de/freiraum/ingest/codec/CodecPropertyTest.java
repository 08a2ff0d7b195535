package de.freiraum.ingest.codec;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.ingest.Fixtures;
import de.freiraum.ingest.message.Bytes;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever bytes come: fields, nothing, or a refusal that says why. */
class CodecPropertyTest {
    private static final List<Value.Obj> GOOD = Stream.of("payloads-valid.jsonl", "payloads-ignored.jsonl")
            .flatMap(file -> Fixtures.objects(file).stream())
            .toList();

    @Provide
    Arbitrary<String> codecs() {
        return Arbitraries.of(Codecs.names());
    }

    @Provide
    Arbitrary<Value.Obj> published() {
        return Arbitraries.of(GOOD);
    }

    @Property(tries = 5000)
    void anyBytesGiveFieldsOrARefusal(
            @ForAll("codecs") String codec,
            @ForAll @IntRange(max = 255) int port,
            @ForAll @Size(min = 1, max = 255) byte[] payload) {
        assertAnswers(codec, port, payload);
    }

    @Property(tries = 3000)
    void aGoodFrameCutShortLengthenedOrAlteredGivesFieldsOrARefusal(
            @ForAll("published") Value.Obj frame,
            @ForAll @Size(max = 300) byte[] tail,
            @ForAll @IntRange(max = 100) int cut,
            @ForAll @IntRange(max = 100) int place,
            @ForAll byte other) {
        byte[] good = Bytes.hex(Fixtures.text(frame, "hex"), "hex");
        byte[] altered = Arrays.copyOf(good, Math.max(1, Math.min(good.length, cut) + tail.length));
        System.arraycopy(tail, 0, altered, altered.length - tail.length, tail.length);
        altered[place % altered.length] = other;
        assertAnswers(Fixtures.text(frame, "codec"), (int) Fixtures.whole(frame, "port"), altered);
    }

    private static void assertAnswers(String codec, int port, byte[] payload) {
        byte[] before = payload.clone();
        try {
            assertThat(Codecs.named(codec).orElseThrow().decode(port, payload)).isNotNull();
        } catch (Rejection refused) {
            assertThat(refused.reason()).isEqualTo(Rejection.Reason.BAD_PAYLOAD);
            assertThat(refused.detail()).isNotBlank();
        }
        assertThat(payload).isEqualTo(before);
    }
}
