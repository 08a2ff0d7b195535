package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads texts that may be written elsewhere: {@code env:NAME}, {@code file:/path}, or the text itself. */
final class Secrets {
    private final Map<String, String> environment;

    Secrets(Map<String, String> environment) {
        this.environment = environment;
    }

    /** A secret; null if it is not there or cannot be had, which is a problem. */
    @Nullable
    Secret secret(YamlNode node, String name) {
        String text = text(node, name);
        return text == null ? null : new Secret(text);
    }

    /** The same of a text that is no secret. */
    @Nullable
    String text(YamlNode node, String name) {
        YamlNode member = node.get(name);
        String text = member == null ? null : member.asText();
        return member == null || text == null ? null : resolve(member, text);
    }

    /** The value of a header, whose last word may be written elsewhere: {@code Bearer env:TOKEN}. */
    @Nullable
    Secret header(YamlNode member) {
        String text = member.asText();
        if (text == null) {
            return null;
        }
        int last = text.lastIndexOf(' ') + 1;
        String resolved = resolve(member, text.substring(last));
        if (resolved == null) {
            return null;
        }
        String value = text.substring(0, last) + resolved;
        if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            member.problem("a header has printable ASCII characters only");
            return null;
        }
        return new Secret(value);
    }

    private @Nullable String resolve(YamlNode member, String text) {
        if (text.startsWith("env:")) {
            String value = environment.get(text.substring(4));
            if (value == null || value.isEmpty()) {
                member.problem("the variable is not set");
                return null;
            }
            return value;
        }
        if (text.startsWith("file:")) {
            try {
                return Files.readString(Path.of(text.substring(5)))
                        .lines()
                        .findFirst()
                        .orElse("");
            } catch (IOException | InvalidPathException e) {
                member.problem("the file cannot be read");
                return null;
            }
        }
        return text;
    }
}
