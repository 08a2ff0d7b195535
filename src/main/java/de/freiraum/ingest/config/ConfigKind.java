package de.freiraum.ingest.config;

import de.freiraum.config.Nearest;
import de.freiraum.config.YamlText;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a configuration file holds, by the names at its top. */
public enum ConfigKind {
    /** Sources, with devices and mappings. */
    SOURCES,
    /** One mapping. */
    MAPPING,
    /** Nothing at all. */
    NOTHING,
    /** Anything else: the settings of a server. */
    SETTINGS;

    /** Names at the top, for what is no YAML. */
    private static final Pattern TOP = Pattern.compile("(?m)^(\\w+):");

    /** What a file holds; names may be misspelt. */
    public static ConfigKind of(YamlText file) {
        Problems problems = new Problems();
        YamlNode root = YamlNode.parse(file, problems);
        if (root == null && problems.count() == 0) {
            return NOTHING;
        }
        Set<String> given = root != null && root.isMap()
                ? root.members().keySet()
                : TOP.matcher(file.text()).results().map(key -> key.group(1)).collect(Collectors.toSet());
        for (ConfigKind kind : List.of(SOURCES, MAPPING)) {
            if (given.stream().anyMatch(names(kind)::contains)) {
                return kind;
            }
        }
        for (ConfigKind kind : List.of(SOURCES, MAPPING)) {
            if (given.stream()
                    .anyMatch(name -> Nearest.within(name, names(kind)).isPresent())) {
                return kind;
            }
        }
        return SETTINGS;
    }

    private static List<String> names(ConfigKind kind) {
        return switch (kind) {
            case SOURCES -> List.of("sources", "devices", "mappings");
            case MAPPING -> List.of("mapping", "match", "emit");
            case NOTHING, SETTINGS -> List.of();
        };
    }
}
