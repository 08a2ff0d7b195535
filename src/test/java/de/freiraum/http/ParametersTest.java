package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
    private static final Set<String> KNOWN =
            Set.of("q", "type", "limit", "offset", "count", "local", "options", "observedAt", "id", "kind");

    @Test
    void decodesNamesAndValues() {
        Parameters parameters = parse("q=name==%22Am%20Markt+1%22&type=%C3%9Cbergang");

        assertThat(parameters.text("q")).isEqualTo("name==\"Am Markt 1\"");
        assertThat(parameters.text("type")).isEqualTo("Übergang");
        assertThat(parameters.text("id")).isNull();
    }

    @Test
    void splitsListsAndDropsDuplicates() {
        assertThat(parse("id=urn:a,%20urn:b,urn:a").list("id")).containsExactly("urn:a", "urn:b");
    }

    @Test
    void hasAPageOfTwentyByDefault() {
        assertThat(parse(null).limit()).isEqualTo(20);
        assertThat(parse(null).offset()).isZero();
    }

    @Test
    void takesALimitOfZeroForCounting() {
        assertThat(parse("limit=0&count=true").limit()).isZero();
    }

    @Test
    void readsTimesInUtc() {
        assertThat(parse("observedAt=2026-03-02T07:00:00,5Z").time("observedAt"))
                .isEqualTo(Instant.parse("2026-03-02T07:00:00.5Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"geometryproperty=location", "Type=A", "x", "%71%71=1"})
    void refusesUnknownParametersByName(String query) {
        refused(query, p -> {}, ErrorType.InvalidRequest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"q=%", "q=%4", "q=%zz", "q=%ff", "q=%C3%28", "%q=1"})
    void refusesBrokenEncoding(String query) {
        refused(query, p -> {}, ErrorType.InvalidRequest);
    }

    @Test
    void refusesRepetition() {
        refused("type=A&type=B", p -> {}, ErrorType.InvalidRequest);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=-1",
        "limit=1001",
        "limit=ten",
        "limit=",
        "limit=1.5",
        "limit=99999999999",
        "limit=0",
        "limit=٣",
        "offset=-1",
        "offset=x",
        "count=yes",
        "local=1"
    })
    void refusesValuesOutOfRange(String query) {
        refused(
                query,
                p -> {
                    p.limit();
                    p.offset();
                    p.count();
                    p.flag("local");
                },
                ErrorType.BadRequestData);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03-02", "2026-13-02T07:00:00Z", "2026-03-02T07:00:00+01:00", "yesterday"})
    void refusesTimesOfAnotherForm(String time) {
        refused("observedAt=" + time, p -> p.time("observedAt"), ErrorType.BadRequestData);
    }

    @Test
    void refusesUnknownOptions() {
        refused("options=keyValues,foo", p -> p.options(Set.of("keyValues")), ErrorType.InvalidRequest);
    }

    @Test
    void refusesUnknownChoices() {
        refused("kind=other", p -> p.choice("kind", Set.of("Hosted")), ErrorType.BadRequestData);
    }

    private static Parameters parse(@Nullable String query) {
        return Parameters.parse(query, KNOWN, HttpSettings.DEFAULT);
    }

    private static void refused(String query, Consumer<Parameters> use, ErrorType type) {
        assertThatThrownBy(() -> use.accept(parse(query)))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(type));
    }
}
