package de.freiraum.ingest.config;

import de.freiraum.config.ConfigException;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.mapping.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that ingestion is told: sources with their devices and mappings, complete and consistent. Immutable; a reload makes another.
 *
 * @param sources by id
 * @param mqtt how the built-in MQTT endpoint treats its clients
 */
public record IngestConfig(Map<String, SourceDefinition> sources, MqttAccess mqtt) {
    /** No source at all. */
    public static final IngestConfig NONE = new IngestConfig(Map.of(), MqttAccess.DEFAULT);

    /** Copies the map, keeping its order. */
    public IngestConfig {
        sources = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    }

    /** The source of that id, or null. */
    public @Nullable SourceDefinition source(String id) {
        return sources.get(id);
    }

    /**
     * Reads a YAML file, or a folder with {@code sources.yaml} in it. Files named in it are looked for beside it; mapping files in a
     * folder {@code mappings} beside it are read without being named.
     *
     * @param environment variables that {@code env:NAME} refers to
     * @throws ConfigException with all problems
     */
    public static IngestConfig load(Path path, Map<String, String> environment) {
        Path file = Files.isDirectory(path) ? path.resolve("sources.yaml").normalize() : path;
        List<Path> mappings = List.of();
        Path beside = file.resolveSibling("mappings");
        if (Files.isDirectory(beside)) {
            try (Stream<Path> files = Files.list(beside)) {
                mappings = files.filter(f ->
                                f.toString().endsWith(".yaml") || f.toString().endsWith(".yml"))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new ConfigException(List.of(new ConfigException.Problem(
                        "", "", "the folder cannot be read: " + e.getMessage(), beside.toString())));
            }
        }
        return new ConfigReader(new Beside(file), environment).read(file, mappings);
    }

    /**
     * Reads one mapping file alone and runs the tests inside.
     *
     * @throws ConfigException with all problems
     */
    public static Mapping mapping(YamlText file) {
        Problems problems = new Problems();
        Mapping mapping = new MappingReader(problems, name -> YamlText.read(Path.of(name))).read(file);
        problems.throwIfAny();
        return Objects.requireNonNull(mapping);
    }

    /**
     * Reads texts that may come from anywhere.
     *
     * @param main sources, and devices and mappings where they are written inside
     * @param mappings further mapping files
     * @param files gives the files that {@code main} names; throws ConfigException for those there are not
     * @param environment variables that {@code env:NAME} refers to
     * @throws ConfigException with all problems
     */
    public static IngestConfig read(
            YamlText main, List<YamlText> mappings, FileSource files, Map<String, String> environment) {
        return new ConfigReader(files, environment).read(main, mappings);
    }

    /** Where the files come from that a configuration names. */
    @FunctionalInterface
    public interface FileSource {
        /** The file of that name. */
        YamlText read(String name);

        /** Where a file of that name is that is not a text of the configuration, such as a certificate. */
        default Path path(String name) {
            return Path.of(name);
        }
    }

    /** The files beside another one. */
    private record Beside(Path file) implements FileSource {
        @Override
        public YamlText read(String name) {
            return YamlText.read(path(name));
        }

        @Override
        public Path path(String name) {
            return file.resolveSibling(name);
        }
    }
}
