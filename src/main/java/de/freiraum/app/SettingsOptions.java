package de.freiraum.app;

import de.freiraum.config.ConfigException;
import de.freiraum.config.ConfigLoader;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of commands that work with the settings of a server. */
final class SettingsOptions {
    private static final Path STANDARD_FILE = Path.of("freiraum.yaml");
    private static final List<String> NOT_SETTINGS =
            List.of("FREIRAUM_CONFIG", "FREIRAUM_JAVA_OPTS", "FREIRAUM_LOG_LEVEL");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings, see docs/configuration.md. Default: freiraum.yaml if it is there.")
    @Nullable
    Path config;

    @Option(names = "--http-port", paramLabel = "PORT", description = "HTTP port; 0: any free one. Default: 1026.")
    @Nullable
    String httpPort;

    @Option(names = "--mqtt-port", paramLabel = "PORT", description = "MQTT port; 0: any free one. Default: 1883.")
    @Nullable
    String mqttPort;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where the embedded store is. Default: data.")
    @Nullable
    String dataDir;

    @Option(
            names = "--store",
            paramLabel = "KIND",
            description =
                    "embedded: files in the data directory; mongodb: a deployment that replicas share. Default: embedded.")
    @Nullable
    String store;

    @Option(
            names = "--mongodb-uri",
            paramLabel = "URI",
            description = "Connection string of the MongoDB replica set or sharded cluster.")
    @Nullable
    String mongodbUri;

    @Option(
            names = "--durability",
            paramLabel = "KIND",
            description = "sync: a change is on disk when it is acknowledged; async: within a second; memory: never."
                    + " Default: sync.")
    @Nullable
    String durability;

    @Option(names = "--ingest", paramLabel = "PATH", description = "File or folder with sources, devices and mappings.")
    @Nullable
    String ingest;

    @Option(
            names = "--open",
            description =
                    "No credential is needed for anything. For trials: listens on loopback unless told otherwise.")
    boolean open;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "Any other setting by its name, such as --set http-access-log=all. Can be repeated.")
    Map<String, String> others = new LinkedHashMap<>();

    /**
     * The settings from file, environment and flags.
     *
     * @throws ConfigException with every problem
     */
    AppConfig load(Map<String, String> environment) {
        Path file = file(environment);
        return load(file == null ? YamlText.NONE : YamlText.read(file), environment);
    }

    /** The same with another file's text. */
    AppConfig load(YamlText yaml, Map<String, String> environment) {
        Map<String, String> settings = new LinkedHashMap<>(environment);
        NOT_SETTINGS.forEach(settings::remove);
        return ConfigLoader.load(AppConfig.class, yaml, settings, flags());
    }

    /** Sources, devices and mappings, whose place is relative to the settings file. */
    IngestConfig loadIngest(AppConfig settings, Map<String, String> environment) {
        if (settings.ingest().isEmpty()) {
            return IngestConfig.NONE;
        }
        return loadIngest(settings.ingest().get(), environment);
    }

    /** The same where only their place is known. */
    IngestConfig loadIngest(Path given, Map<String, String> environment) {
        return IngestConfig.load(place(given, environment), environment);
    }

    private Path place(Path given, Map<String, String> environment) {
        Path file = file(environment);
        boolean fromFile = ingest == null && !environment.containsKey("FREIRAUM_INGEST") && file != null;
        return fromFile && file != null ? file.resolveSibling(given) : given;
    }

    /** The files that {@link #loadIngest(AppConfig, Map)} reads, if any. */
    Optional<SourceFiles> sourceFiles(AppConfig settings, Map<String, String> environment) {
        return settings.ingest()
                .map(given -> new SourceFiles(place(given, environment), () -> loadIngest(given, environment)));
    }

    /** The settings file, if there is one. */
    @Nullable
    Path file(Map<String, String> environment) {
        if (config != null) {
            return config;
        }
        String variable = environment.get("FREIRAUM_CONFIG");
        if (variable != null && !variable.isBlank()) {
            return Path.of(variable);
        }
        return Files.isRegularFile(STANDARD_FILE) ? STANDARD_FILE : null;
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>(others);
        put(flags, "http-port", httpPort);
        put(flags, "mqtt-port", mqttPort);
        put(flags, "data-dir", dataDir);
        put(flags, "store", store);
        put(flags, "mongodb-uri", mongodbUri);
        put(flags, "durability", durability);
        put(flags, "ingest", ingest);
        put(flags, "open", open ? "true" : null);
        return flags;
    }

    private static void put(Map<String, String> flags, String name, @Nullable String value) {
        if (value != null) {
            flags.put(name, value);
        }
    }
}
