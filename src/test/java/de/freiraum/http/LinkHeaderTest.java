package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.NgsiLdException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("6.3.5: Link")
class LinkHeaderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<http://a/c>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"",
                "<http://a/c>;rel=\"http://www.w3.org/ns/json-ld#context\"",
                "<http://a/c>; type=\"application/ld+json\"; rel=http://www.w3.org/ns/json-ld#context",
                "<http://b/d>; rel=\"next\"; title=\"a,b\", <http://a/c>; rel=\"http://www.w3.org/ns/json-ld#context\""
            })
    void findsTheContext(String header) {
        assertThat(LinkHeader.context(List.of(header))).isEqualTo("http://a/c");
    }

    @Test
    void readsWhatItWrites() {
        assertThat(LinkHeader.context(List.of(LinkHeader.ofContext("http://a/c,d?e=f"))))
                .isEqualTo("http://a/c,d?e=f");
    }

    @Test
    void ignoresOtherRelations() {
        assertThat(LinkHeader.context(List.of("<http://a/c>; rel=\"describedby\"", "<x>")))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a/c",
                "<http://a/c; rel=\"http://www.w3.org/ns/json-ld#context\"",
                "<>; rel=\"http://www.w3.org/ns/json-ld#context\"",
                "<a>; rel=\"http://www.w3.org/ns/json-ld#context\", <b>; rel=\"http://www.w3.org/ns/json-ld#context\""
            })
    void refusesWhatItCannotReadAndSeveralContexts(String header) {
        assertThatThrownBy(() -> LinkHeader.context(List.of(header))).isInstanceOf(NgsiLdException.class);
    }
}
