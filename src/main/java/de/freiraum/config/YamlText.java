package de.freiraum.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A YAML text with the name by which problems in it are reported.
 *
 * @param name usually the file's name
 * @param text the YAML; may be empty
 */
public record YamlText(String name, String text) {
    /** No file at all: defaults, variables and flags alone. */
    public static final YamlText NONE = new YamlText("no file", "");

    /**
     * Reads a file.
     *
     * @throws ConfigException if it cannot be read
     */
    public static YamlText read(Path file) {
        try {
            return new YamlText(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException missing) {
            throw unreadable(file, "the file does not exist");
        } catch (IOException unreadable) {
            throw unreadable(file, "the file cannot be read as UTF-8 text: " + unreadable.getMessage());
        }
    }

    /** The text of a single value at the top, such as {@code ingest}; empty if there is none, or if the text is no YAML. */
    public Optional<String> value(String key) {
        try {
            Node root = new Yaml().compose(new StringReader(text));
            return root instanceof MappingNode map
                    ? map.getValue().stream()
                            .filter(member -> member.getKeyNode() instanceof ScalarNode name
                                    && name.getValue().equals(key)
                                    && member.getValueNode() instanceof ScalarNode)
                            .map(member -> ((ScalarNode) member.getValueNode()).getValue())
                            .findFirst()
                    : Optional.empty();
        } catch (YAMLException malformed) {
            return Optional.empty();
        }
    }

    /**
     * A place as problems name it.
     *
     * @param file the text's name
     * @param mark where in it; null: where it begins
     * @return {@code file:line:column}, both counted from 1
     */
    public static String at(String file, @Nullable Mark mark) {
        return mark == null ? file + ":1:1" : file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }

    private static ConfigException unreadable(Path file, String why) {
        return new ConfigException(List.of(new ConfigException.Problem("", "", why, file.toString())));
    }
}
