package de.freiraum.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no request may cost. */
class LimitsTest {
    private static Arguments limit(String name, ThrowingCallable parse) {
        return Arguments.of(name, parse);
    }

    static Stream<Arguments> tooMuch() {
        return Stream.of(
                limit("q: long", () -> QParser.parse("a==\"" + "x".repeat(9000) + "\"", t -> t)),
                limit("q: deep parentheses", () -> QParser.parse("(".repeat(4000), t -> t)),
                limit("q: many conditions", () -> QParser.parse("a;".repeat(300) + "a", t -> t)),
                limit("q: many values", () -> QParser.parse("a==" + "1,".repeat(1100) + "1", t -> t)),
                limit("q: many steps", () -> QParser.parse("a" + ".a".repeat(20), t -> t)),
                limit("q: many hops", () -> QParser.parse("a{".repeat(9) + "a" + "}".repeat(9), t -> t)),
                limit("type: long", () -> TypeSelectionParser.parse("A,".repeat(5000) + "A", t -> t)),
                limit("type: deep", () -> TypeSelectionParser.parse("(".repeat(1000) + "A", t -> t)),
                limit("scopeQ: deep", () -> ScopeQueryParser.parse("(".repeat(1000) + "/A")),
                limit("orderBy: many", () -> OrderBy.parse("a,".repeat(30) + "a", null, null, t -> t)),
                limit("pick: deep", () -> Projection.parse("a{".repeat(100), null, t -> t)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tooMuch")
    void whatIsTooMuchIsRefusedAsTooComplex(String name, ThrowingCallable parse) {
        assertThatThrownBy(parse)
                .isInstanceOf(NgsiLdException.class)
                .hasMessageStartingWith(name.substring(0, name.indexOf(':')))
                .extracting(e -> ((NgsiLdException) e).type())
                .isEqualTo(ErrorType.TooComplexQuery);
    }

    @Test
    void patternsThatBlowUpElsewhereTakeLinearTime() {
        TextPattern pattern = TextPattern.of("idPattern", "^(a+)+$");
        assertThat(pattern.foundIn("a".repeat(50_000) + "!")).isFalse();
        assertThat(pattern.foundIn("a".repeat(50_000))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(((x{1,30}){1,30}){1,30}){1,30}",
                "((a{900}){900})",
                "(abcdefghijk){1000}",
                "((a|b){100}c{100}){100}",
                "(x{500}",
                "((x{200}){200}"
            })
    void patternsThatRepeatTooMuchAreRefused(String pattern) {
        assertThatThrownBy(() -> TextPattern.of("idPattern", pattern))
                .isInstanceOf(NgsiLdException.class)
                .hasMessageStartingWith("idPattern");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x{1000}", "(ab){3,20}-\\d{4}", "a{,5}", "\\{5\\}", "^urn:ngsi-ld:[A-Z]{2}:.*(x|y){2}$", "[{]3}"
            })
    void ordinaryRepetitionsAreTaken(String pattern) {
        assertThat(TextPattern.of("idPattern", pattern).source()).isEqualTo(pattern);
    }

    @Test
    void patternsHaveALength() {
        assertThatThrownBy(() -> TextPattern.of("idPattern", "x".repeat(513)))
                .hasMessageContaining("idPattern")
                .extracting(e -> ((NgsiLdException) e).type())
                .isEqualTo(ErrorType.BadRequestData);
        assertThatThrownBy(() -> TextPattern.of("idPattern", "")).hasMessageContaining("idPattern");
    }

    @ParameterizedTest(name = "{0}")
    @org.junit.jupiter.params.provider.CsvSource({
        "^urn:ngsi-ld:Building:.*, urn:ngsi-ld:Building:",
        "^urn:ngsi-ld:Buildings?, urn:ngsi-ld:Building",
        "^urn:a+, urn:a",
        "^urn:a*, urn:",
        "^urn:x$, urn:x",
        "urn:ngsi-ld:.*, ''",
        "^a|b, ''",
        ".*47$, ''",
    })
    void theLiteralPrefixIsWhatEveryMatchStartsWith(String source, String prefix) {
        assertThat(TextPattern.of("idPattern", source).literalPrefix()).isEqualTo(prefix);
    }

    @Test
    void anErrorDoesNotEchoTheInput() {
        assertThatThrownBy(() -> QParser.parse("a==%" + "secret".repeat(100), t -> t))
                .satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("secret").hasSizeLessThan(200));
    }
}
