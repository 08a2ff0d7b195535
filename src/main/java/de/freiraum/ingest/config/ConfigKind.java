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
    SOURCES("sources", "devices", "mappings"),
    /** One mapping. */
    MAPPING("mapping", "match", "emit"),
    /** Nothing at all. */
    NOTHING,
    /** Anything else: the settings of a server. */
    SETTINGS;

    /** Names at the top, for what is no YAML. */
    private static final Pattern TOP = Pattern.compile("(?m)^(\\w+):");

    private final List<String> names;

    ConfigKind(String... names) {
        this.names = List.of(names);
    }

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
            if (given.stream().anyMatch(kind.names::contains)) {
                return kind;
            }
        }
        for (ConfigKind kind : List.of(SOURCES, MAPPING)) {
            if (given.stream().anyMatch(name -> Nearest.within(name, kind.names).isPresent())) {
                return kind;
            }
        }
        return SETTINGS;
    }
}
