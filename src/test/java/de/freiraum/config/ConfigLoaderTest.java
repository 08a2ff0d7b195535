package de.freiraum.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    enum Durability {
        SYNC,
        ASYNC,
        MEMORY_ONLY
    }

    record Http(
            @Default("1026") @Range(min = 0, max = 65535) int port,
            @Default("5s") Duration timeout) {}

    sealed interface Source permits Mqtt, Webhook {}

    record Mqtt(URI uri, List<String> topics) implements Source {}

    @Key("hook")
    record Webhook(Secret token) implements Source {}

    record Settings(
            Http http,
            @Default("sync") Durability durability,
            @Nullable Path dataDir,
            Optional<URI> publicUri,
            Map<String, Source> sources,
            Map<String, Object> extra,
            List<Integer> numbers) {}

    record Strict(String name, int size) {
        Strict {
            if (size % 2 != 0) {
                throw new IllegalArgumentException("size must be even");
            }
        }
    }

    private static Settings load(String yaml, Map<String, String> env, Map<String, String> flags) {
        return ConfigLoader.load(Settings.class, new YamlText("f.yaml", yaml), env, flags);
    }

    private static List<String> problems(String yaml, Map<String, String> env, Map<String, String> flags) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> load(yaml, env, flags));
        assertThat(refused).as("the configuration is refused").isNotNull();
        return refused.problems().stream()
                .map(ConfigException.Problem::toString)
                .toList();
    }

    @Test
    void givesTheDefaultsOfTheRecordForAnEmptyText() {
        assertThat(load("", Map.of(), Map.of()))
                .isEqualTo(new Settings(
                        new Http(1026, Duration.ofSeconds(5)),
                        Durability.SYNC,
                        null,
                        Optional.empty(),
                        Map.of(),
                        Map.of(),
                        List.of()));
    }

    @Test
    void readsEveryKindOfValue() {
        Settings settings = load("""
                http: {port: 0, timeout: PT1M}
                durability: memory-only
                dataDir: /var/lib/freiraum
                publicUri: https://daten.example.org/
                sources:
                  a: {type: mqtt, uri: "mqtt://h:1883", topics: [x/#, "1"]}
                  b: {type: hook, token: s3cret}
                extra: {n: 1, d: 1.5, t: yes, l: [a, {b: true}]}
                numbers: [1, 2]
                """, Map.of(), Map.of());
        assertThat(settings)
                .isEqualTo(new Settings(
                        new Http(0, Duration.ofMinutes(1)),
                        Durability.MEMORY_ONLY,
                        Path.of("/var/lib/freiraum"),
                        Optional.of(URI.create("https://daten.example.org/")),
                        Map.of(
                                "a",
                                new Mqtt(URI.create("mqtt://h:1883"), List.of("x/#", "1")),
                                "b",
                                new Webhook(new Secret("s3cret"))),
                        Map.of("n", 1L, "d", 1.5, "t", "yes", "l", List.of("a", Map.of("b", true))),
                        List.of(1, 2)));
    }

    @Test
    void letsVariablesWinOverTheFileAndFlagsOverVariables() {
        Settings settings = load(
                "http: {port: 1, timeout: 1s}\ndurability: async",
                Map.of("FREIRAUM_HTTP_PORT", "2", "FREIRAUM_HTTP_TIMEOUT", "2s", "PATH", "/bin"),
                Map.of("http-port", "3"));
        assertThat(settings.http()).isEqualTo(new Http(3, Duration.ofSeconds(2)));
        assertThat(settings.durability()).isEqualTo(Durability.ASYNC);
    }

    @Test
    void readsAListOfSingleValuesFromAVariable() {
        assertThat(load("", Map.of("FREIRAUM_NUMBERS", "1, 2,3"), Map.of()).numbers())
                .containsExactly(1, 2, 3);
    }

    @Test
    void listsEveryProblemWithPathValueAndOrigin() {
        assertThat(problems("""
                        http:
                          prot: 1026
                          port: 70000
                        durability: sometimes
                        sources:
                          a: {type: mqt}
                          b: {type: mqtt, uri: nowhere}
                        """, Map.of("FREIRAUM_DATADIR", "/x"), Map.of("http-timeout", "soon")))
                .containsExactly(
                        "--http-timeout: http.timeout: soon — a duration such as 500ms, 5s, 15m, 26h, 2d or PT26H is allowed",
                        "environment: FREIRAUM_DATADIR — there is no such setting; did you mean FREIRAUM_DATA_DIR?",
                        "f.yaml:2:9: http.prot — there is no such setting; did you mean port?",
                        "f.yaml:3:9: http.port: 70000 — allowed are 0 to 65535",
                        "f.yaml:4:13: durability: sometimes — allowed are sync, async, memory-only",
                        "f.yaml:6:13: sources.a.type: mqt — allowed are mqtt, hook",
                        "f.yaml:7:24: sources.b.uri: nowhere — a URI with a scheme is allowed");
    }

    @Test
    void namesTheLineOfBrokenYaml() {
        assertThat(problems("http:\n  port: [1", Map.of(), Map.of()))
                .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .startsWith("f.yaml:2:11: the text must be YAML");
    }

    @Test
    void refusesAKeyThatStandsTwice() {
        assertThat(problems("durability: sync\ndurability: async", Map.of(), Map.of()))
                .containsExactly("f.yaml:2:1: durability — the key stands here twice; once is allowed");
    }

    @Test
    void reportsWhatTheRecordItselfRefuses() {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class,
                () -> ConfigLoader.load(Strict.class, new YamlText("s.yaml", "name: n\nsize: 3")));
        assertThat(refused).hasMessage("s.yaml:1:1: size must be even");
    }

    @Test
    void requiresAComponentWithoutDefault() {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> ConfigLoader.load(Strict.class, new YamlText("s.yaml", "size: 2")));
        assertThat(refused).hasMessage("s.yaml:1:1: name — a value is required");
    }

    @Test
    void readsASecretFromAVariableOrAFileAndNeverShowsIt(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "from-file\n");
        Settings settings = load(
                "sources: {a: {type: hook, token: 'env:TOKEN'}, b: {type: hook, token: 'file:" + file + "'}}",
                Map.of("TOKEN", "from-env"),
                Map.of());
        assertThat(settings.sources())
                .containsEntry("a", new Webhook(new Secret("from-env")))
                .containsEntry("b", new Webhook(new Secret("from-file")));
        assertThat(settings.toString()).contains("***").doesNotContain("from-");
    }

    @Test
    void refusesASecretWhoseVariableIsNotSet() {
        assertThat(problems("sources: {a: {type: hook, token: 'env:NOPE'}}", Map.of(), Map.of()))
                .containsExactly("f.yaml:1:34: sources.a.token: *** — the variable that it names must be set");
    }

    @Test
    void refusesTextThatNestsWithoutEnd() {
        assertThat(problems("extra: &a {x: *a}", Map.of(), Map.of())).isNotEmpty();
    }
}
