package de.freiraum.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

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

    private static ConfigException unreadable(Path file, String why) {
        return new ConfigException(List.of(new ConfigException.Problem("", "", why, file.toString())));
    }
}
