package de.freiraum.app;

import de.freiraum.config.ConfigException;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.ConfigKind;
import de.freiraum.ingest.config.IngestConfig;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks the configuration without starting anything. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Lists every problem of settings, sources, devices and mappings as file:line:column: message, runs"
                        + " the mappings' tests, and starts nothing. Ends with 0 if there is none, with 1 if there are some.")
final class CheckCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "Settings, a file or folder with sources, or a mapping. Default: as for --config.")
    @Nullable
    private Path file;

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    private final List<ConfigException.Problem> problems = new ArrayList<>();
    private final List<String> good = new ArrayList<>();

    @Override
    public Integer call() {
        Map<String, String> environment = System.getenv();
        if (file == null) {
            existing(options.config);
            settings(environment);
        } else if (options.config != null) {
            throw wrong("the file is named twice");
        } else {
            existing(file);
            named(file.normalize(), environment);
        }
        PrintWriter out = spec.commandLine().getOut();
        problems.forEach(out::println);
        if (problems.isEmpty()) {
            out.println("The configuration is fine.");
            good.forEach(line -> out.println("  " + line));
        } else {
            out.println(problems.size() + (problems.size() == 1 ? " problem" : " problems"));
        }
        out.flush();
        return problems.isEmpty() ? 0 : 1;
    }

    private void named(Path given, Map<String, String> environment) {
        switch (kind(given)) {
            case SETTINGS -> {
                options.config = given;
                settings(environment);
            }
            case SOURCES -> attempt(() -> IngestConfig.load(given, environment)).ifPresent(this::describe);
            case MAPPING ->
                attempt(() -> IngestConfig.mapping(YamlText.read(given)))
                        .ifPresent(mapping -> good.add("mapping for " + String.join(", ", mapping.models())));
            case NOTHING -> problems.add(new ConfigException.Problem("", "", "the file is empty", given + ":1:1"));
        }
    }

    private ConfigKind kind(Path given) {
        return Files.isDirectory(given)
                ? ConfigKind.SOURCES
                : attempt(() -> ConfigKind.of(YamlText.read(given))).orElse(ConfigKind.SETTINGS);
    }

    /** Settings and the sources that they name; these also if something else is wrong with the settings. */
    private void settings(Map<String, String> environment) {
        Optional<AppConfig> config = attempt(() -> options.load(environment));
        Optional<Path> place = config.map(AppConfig::ingest).orElseGet(() -> guessed(environment));
        place.ifPresent(
                given -> attempt(() -> options.loadIngest(given, environment)).ifPresent(this::describe));
        if (config.isPresent() && place.isEmpty()) {
            good.add("no sources: nothing is named by ingest");
        }
    }

    private Optional<Path> guessed(Map<String, String> environment) {
        Path settings = options.file(environment);
        return Optional.ofNullable(options.ingest)
                .or(() -> Optional.ofNullable(environment.get("FREIRAUM_INGEST")))
                .or(() -> settings == null || !Files.isReadable(settings)
                        ? Optional.empty()
                        : attempt(() -> YamlText.read(settings)).flatMap(text -> text.value("ingest")))
                .map(Path::of);
    }

    private void describe(IngestConfig ingest) {
        ingest.sources()
                .values()
                .forEach(source -> good.add("source " + source.id() + ": tenant \""
                        + source.tenant().name() + "\", " + source.envelope().name() + ", "
                        + source.devices().size() + " devices"));
    }

    private <T> Optional<T> attempt(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (ConfigException e) {
            e.problems().stream().filter(problem -> !problems.contains(problem)).forEach(problems::add);
            return Optional.empty();
        }
    }

    private void existing(@Nullable Path given) {
        if (given != null && !Files.exists(given)) {
            throw wrong("there is no file " + given);
        }
    }

    private ParameterException wrong(String detail) {
        return new ParameterException(spec.commandLine(), "freiraum check: " + detail);
    }
}
