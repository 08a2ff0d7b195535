package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("6.3.4: Accept")
class NegotiationTest {
    private static final List<MediaType> ALL = List.of(MediaType.values());

    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*                                             | JSON",
                "application/*                                   | JSON",
                "application/json                                | JSON",
                "application/ld+json                             | JSON_LD",
                "application/geo+json                            | GEO_JSON",
                "application/ld+json, application/json           | JSON",
                "application/ld+json;q=0.9, application/json;q=0.1 | JSON_LD",
                "application/json;q=0, */*                       | JSON_LD",
                "text/html, application/xhtml+xml, */*;q=0.8     | JSON",
                "Application/LD+JSON; charset=utf-8              | JSON_LD",
                "application/geo+json;q=0.5, application/*;q=0.4 | GEO_JSON"
            })
    void selectsWhatTheClientLikesBest(String accept, MediaType expected) {
        assertThat(Negotiation.select(accept, ALL)).isEqualTo(expected);
    }

    @Test
    void selectsTheFirstOfferWithoutAHeader() {
        assertThat(Negotiation.select(null, ALL)).isEqualTo(MediaType.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "application/json;q=0, application/ld+json;q=0, application/geo+json;q=0",
                "application/xml;q=0.9, image/*",
                "application/json;q=abc"
            })
    void refusesWhatItCannotProduceAndSaysWhatItCan(String accept) {
        assertThatThrownBy(() -> Negotiation.select(accept, ALL))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.NotAcceptable))
                .hasMessageContaining("application/ld+json");
    }
}
