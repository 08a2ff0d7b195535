package de.freiraum.ingest.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.config.ConfigException;
import de.freiraum.config.YamlText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class PollReaderTest {
    @ParameterizedTest
    @CsvFileSource(
            resources = "/ingest/poll/broken.csv",
            delimiter = '|',
            numLinesToSkip = 1,
            quoteCharacter = '\u0001',
            encoding = "UTF-8")
    void tellsWhatIsWrong(String poll, String told) {
        assertThatThrownBy(() -> read(poll)).isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems())
                .anySatisfy(problem -> assertThat(problem.toString()).contains(told)));
    }

    @Test
    void whatIsNotSaidHasAUsefulValue() {
        PollDefinition poll = read("{ url: 'https://host/list' }");
        assertThat(poll.every()).isEqualTo(Duration.ofMinutes(5));
        assertThat(poll.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(poll.maxBytes()).isEqualTo(8 << 20);
        assertThat(poll.format()).isEqualTo(PollDefinition.Format.JSON);
        assertThat(poll.cursor()).isNull();
        assertThat(poll.perDevice()).isFalse();
    }

    @Test
    void secretsAreNotShown() {
        PollDefinition poll = read("{ url: 'https://host/list', headers: { Authorization: 'Bearer env:TOKEN' } }");
        assertThat(requireNonNull(poll.headers().get("Authorization")).value()).isEqualTo("Bearer s3cret");
        assertThat(poll.toString()).doesNotContain("s3cret");
    }

    private static PollDefinition read(String poll) {
        IngestConfig config = IngestConfig.read(
                new YamlText(
                        "sources.yaml",
                        "sources:\n  - { id: s, envelope: json, poll: " + poll
                                + " }\ndevices: [ { id: a, place: x } ]\n"),
                List.of(),
                name -> new YamlText(name, ""),
                Map.of("TOKEN", "s3cret"));
        return requireNonNull(requireNonNull(config.source("s")).poll());
    }
}
