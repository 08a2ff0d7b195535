package de.freiraum.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {
    @ParameterizedTest
    @CsvSource({
        "a/b/c, a/b/c",
        "a/+/c, a/b/c",
        "a/+/c, a//c",
        "+, a",
        "+/+, /a",
        "/+, /a",
        "a/#, a/b/c",
        "a/#, a",
        "a/#, a/",
        "#, a/b",
        "a/+/#, a/b",
        "+/b/#, a/b/c/d",
        "$SYS/#, $SYS/x",
        "a/+, a/"
    })
    void namesTheTopic(String filter, String topic) {
        assertThat(TopicFilter.isValid(filter)).isTrue();
        assertThat(TopicFilter.matches(filter, topic)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a/b/c",
        "a/b/c, a/b",
        "a/+, a/b/c",
        "a/+, a",
        "+, /a",
        "+/b, a",
        "a/#, ab",
        "a/b/#, a",
        "#, $SYS/x",
        "+/x, $SYS/x",
        "a, A",
        "a/+/c, a/b/d",
        "ab, a",
        "a, ab",
        "a/+/#, a"
    })
    void doesNotNameTheTopic(String filter, String topic) {
        assertThat(TopicFilter.isValid(filter)).isTrue();
        assertThat(TopicFilter.matches(filter, topic)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a+/b",
                "a/b+",
                "a#",
                "a/#/b",
                "##",
                "$share",
                "$share/",
                "$share/g",
                "$share/g/",
                "$share//a",
                "$share/+/a",
                "$share/g#/a",
                "$share/g/a/#/b",
                "a\0b"
            })
    void isNoFilter(String text) {
        assertThat(TopicFilter.isValid(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$share/g/a",
                "$share/g/#",
                "$share/g//",
                "$share/a b/+/c",
                "$shared/x",
                "/",
                "//",
                "+",
                "#",
                "a b/ü"
            })
    void isAFilter(String text) {
        assertThat(TopicFilter.isValid(text)).isTrue();
    }

    @Test
    void isCountedInBytes() {
        assertThat(TopicFilter.isValid("a".repeat(65_535))).isTrue();
        assertThat(TopicFilter.isValid("ü".repeat(40_000))).isFalse();
    }
}
