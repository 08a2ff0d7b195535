package de.freiraum.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

    private static Value read(String json) {
        return JsonReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of("0", 0L),
                Arguments.of("-0", 0L),
                Arguments.of("42", 42L),
                Arguments.of("-9223372036854775808", Long.MIN_VALUE),
                Arguments.of("9223372036854775808", new BigInteger("9223372036854775808")),
                Arguments.of("1.5", 1.5),
                Arguments.of("0.1", 0.1),
                Arguments.of("51.4438191", 51.4438191),
                Arguments.of("1e3", 1000.0),
                Arguments.of("2.5E-3", 0.0025),
                Arguments.of("0.1234567890123456789", new BigDecimal("0.1234567890123456789")),
                Arguments.of("1e-350", new BigDecimal("1e-350")),
                Arguments.of("1e309", new BigDecimal("1e309")));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void keepsANumberAsItWasWritten(String json, Number expected) {
        assertThat(read(json)).isEqualTo(new Value.Num(expected));
    }

    @Test
    void readsNestedValuesInOrder() {
        Value value = read(" {\"b\":[1,true,null,\"\\u00e4\\n\"],\"a\":{}} ");

        assertThat(value)
                .isEqualTo(new Value.Obj(Map.of(
                        "b",
                        new Value.Array(List.of(Value.of(1), Value.of(true), Value.Null.INSTANCE, Value.of("ä\n"))),
                        "a",
                        new Value.Obj(Map.of()))));
        assertThat(((Value.Obj) value).members().keySet()).containsExactly("b", "a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "'a'",
                "\"a",
                "nul",
                "NaN",
                "[Infinity]",
                "01",
                "1.",
                ".5",
                "+1",
                "1e999",
                "1e99999999999",
                "[1] [2]",
                "{} x",
                "// c\n1",
                "\"\t\"",
                "\"\\x\"",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"\\u0062\":2}}"
            })
    void refusesWhatIsNoStrictJson(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOfSatisfying(NgsiLdException.class, e -> assertThat(e.type())
                .isEqualTo(ErrorType.InvalidRequest));
    }

    @Test
    void namesLineAndColumnOfAFault() {
        assertThatThrownBy(() -> read("{\n  \"a\": 1,\n  \"a\": 2\n}"))
                .hasMessageContaining("\"a\" occurs twice")
                .hasMessageContaining("line 3, column 3");
    }

    @Test
    void refusesDepthBeyondTheLimit() {
        String deep = "[".repeat(JsonReader.MAX_DEPTH) + "]".repeat(JsonReader.MAX_DEPTH);

        assertThat(read(deep)).isInstanceOf(Value.Array.class);
        assertThatThrownBy(() -> read("[" + deep + "]")).isInstanceOf(NgsiLdException.class);
    }

    @Test
    void refusesANumberThatIsTooLong() {
        assertThatThrownBy(() -> read("1".repeat(JsonReader.MAX_NUMBER_LENGTH + 1)))
                .isInstanceOf(NgsiLdException.class);
    }

    @Test
    void refusesInputBeyondTheSizeAskedFor() {
        assertThatThrownBy(() -> JsonReader.read("[1,2,3]".getBytes(StandardCharsets.UTF_8), 6))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.PayloadTooLarge));
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        assertThatThrownBy(() -> JsonReader.read(new byte[] {'"', (byte) 0xc3, '"'}))
                .isInstanceOf(NgsiLdException.class);
    }

    @Test
    void echoesLittleOfTheInput() {
        assertThatThrownBy(() -> read("[" + "x".repeat(500))).message().hasSizeLessThan(220);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":[1,-2.5,true,false,null,\"x\"],\"b\":{}}",
                "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\"",
                "\"äß€😀\"",
                "\"\\ud800\"",
                "123456789012345678901234567890",
                "0.1234567890123456789",
                "1.0E-5"
            })
    void writesWhatItReadsByteByByte(String json) {
        assertThat(JsonWriter.text(read(json))).isEqualTo(json);
    }

    @Test
    void setsCommasBetweenMembersAndItems() {
        JsonWriter out = new JsonWriter(16);
        out.beginObject()
                .member("a", 1)
                .name("b")
                .beginArray()
                .text("x")
                .number(2.5)
                .raw(new byte[] {'{', '}'});
        out.endArray()
                .name("c")
                .beginObject()
                .endObject()
                .member("d", Value.of(true))
                .endObject();

        assertThat(out.toString()).isEqualTo("{\"a\":1,\"b\":[\"x\",2.5,{}],\"c\":{},\"d\":true}");
        assertThat(out.size()).isEqualTo(out.toBytes().length);
        assertThat(out.reset().beginArray().endArray().toString()).isEqualTo("[]");
    }

    @Test
    void writesNoNumberThatIsNotFinite() {
        assertThatThrownBy(() -> new JsonWriter().number(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "2026-03-02T07:00:00Z,2026-03-02T07:00:00Z",
                "2026-03-02T07:00:00.1Z,2026-03-02T07:00:00.100Z",
                "'2026-03-02T07:00:00,123456Z',2026-03-02T07:00:00.123456Z",
                "2026-03-02T07:00:00.1234567891Z,2026-03-02T07:00:00.123456789Z",
                "2024-02-29T23:59:59Z,2024-02-29T23:59:59Z"
            })
    void readsDateTimesOfAnyPrecision(String given, String written) {
        assertThat(Times.format(Times.parse(given, "t"))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-02",
                "2026-03-02T07:00Z",
                "2026-03-02T07:00:00",
                "2026-03-02T07:00:00+00:00",
                "2026-03-02T07:00:00.Z",
                "2026-03-02 07:00:00Z",
                "2026-02-30T07:00:00Z",
                "2026-03-02T24:00:00Z",
                "2026-03-02T07:60:00Z",
                "2026-03-02T07:00:00.12xZ",
                "now",
                ""
            })
    void refusesWhatIsNoDateTimeInUtc(String given) {
        assertThatThrownBy(() -> Times.parse(given, "observedAt"))
                .isInstanceOf(NgsiLdException.class)
                .hasMessageContaining("observedAt");
    }
}
