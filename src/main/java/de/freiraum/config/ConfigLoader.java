package de.freiraum.config;

import de.freiraum.config.ConfigException.Problem;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Fills a record with settings: the record's defaults, then the YAML text, then variables, then flags; the later wins.
 *
 * <p>Keys are the names of the record's components. Types: text, numbers, booleans, {@link java.time.Duration} ({@code 5s}, {@code 26h},
 * {@code PT26H}), {@link java.nio.file.Path}, {@link java.net.URI}, {@link java.time.ZoneId}, {@link java.util.regex.Pattern}, enums (lower
 * case, hyphens), {@link Secret}, types with a static {@code parse} or {@code of} from text, {@code Optional}, lists, sets, maps by text,
 * nested records, sealed interfaces of records (chosen by the key {@code type}: {@link Key} of the record or its name in lower case), and
 * {@code Object} for any plain value. A record refuses values with an {@link IllegalArgumentException}
 * in its constructor; {@link Range} limits numbers.
 *
 * <p>A single setting below nested records can also be set by name: {@code http.port} is {@code FREIRAUM_HTTP_PORT} and {@code --http-port};
 * a list of single values is separated by commas there.
 */
public final class ConfigLoader {
    /** What names of variables start with. */
    public static final String PREFIX = "FREIRAUM_";

    private static final int MAX_CHARACTERS = 64 * 1024 * 1024;

    private ConfigLoader() {}

    /**
     * Settings from a text alone, such as a mapping file.
     *
     * @throws ConfigException with every problem
     */
    public static <T extends Record> T load(Class<T> type, YamlText yaml) {
        return load(type, yaml, Map.of(), Map.of());
    }

    /**
     * Settings from a text and from variables.
     *
     * @param environment variables; those that do not start with {@link #PREFIX} serve secrets only
     * @throws ConfigException with every problem
     */
    public static <T extends Record> T load(Class<T> type, YamlText yaml, Map<String, String> environment) {
        return load(type, yaml, environment, Map.of());
    }

    /**
     * Settings from a text, variables and flags.
     *
     * @param environment variables; those that do not start with {@link #PREFIX} serve secrets only
     * @param flags names without hyphens in front, such as {@code http-port}, with their values
     * @throws ConfigException with every problem
     */
    public static <T extends Record> T load(
            Class<T> type, YamlText yaml, Map<String, String> environment, Map<String, String> flags) {
        List<Problem> problems = new ArrayList<>();
        Map<String, List<Setting>> overrides = overrides(type, environment, flags, problems);
        Node root = compose(yaml, problems);
        RecordReader reader = new RecordReader(yaml.name(), overrides, environment, problems);
        Object value = reader.record(type, root, "", yaml.name());
        if (!problems.isEmpty() || value == null) {
            throw new ConfigException(problems);
        }
        return type.cast(value);
    }

    /** A value set by name, with where it was set. */
    record Setting(String value, String origin) {}

    private static @Nullable Node compose(YamlText yaml, List<Problem> problems) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(32);
        options.setAllowRecursiveKeys(false);
        try {
            return new Yaml(options).compose(new java.io.StringReader(yaml.text()));
        } catch (MarkedYAMLException malformed) {
            problems.add(new Problem(
                    "",
                    "",
                    "the text must be YAML: " + malformed.getProblem(),
                    YamlText.at(yaml.name(), malformed.getProblemMark())));
        } catch (YAMLException refused) {
            problems.add(new Problem("", "", "the text must be YAML: " + refused.getMessage(), yaml.name()));
        }
        return null;
    }

    /** The overrides by path. Variables come first, flags second; the last of a list wins. */
    private static Map<String, List<Setting>> overrides(
            Class<? extends Record> type,
            Map<String, String> environment,
            Map<String, String> flags,
            List<Problem> problems) {
        Map<String, String> paths = names(type);
        Map<String, List<Setting>> overrides = new LinkedHashMap<>();
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (variable.startsWith(PREFIX)) {
                String name = variable.substring(PREFIX.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
                put(paths, name, new Setting(value, variable), overrides, problems);
            }
        });
        new TreeMap<>(flags)
                .forEach((name, value) -> put(paths, name, new Setting(value, "--" + name), overrides, problems));
        return overrides;
    }

    private static void put(
            Map<String, String> paths,
            String name,
            Setting setting,
            Map<String, List<Setting>> overrides,
            List<Problem> problems) {
        String path = paths.get(name);
        if (path == null) {
            String near = Nearest.of(name, paths.keySet());
            String spelled = setting.origin().startsWith("--") ? "--" + near : PREFIX + shout(near);
            problems.add(new Problem(
                    setting.origin(),
                    "",
                    "there is no such setting; did you mean " + spelled + "?",
                    setting.origin().startsWith("--") ? "flag" : "environment"));
        } else {
            overrides.computeIfAbsent(path, p -> new ArrayList<>()).add(setting);
        }
    }

    private static String shout(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The settings that can be set by name: hyphenated name to path. */
    static Map<String, String> names(Class<? extends Record> type) {
        Map<String, String> names = new TreeMap<>();
        collectNames(type, "", names);
        return names;
    }

    private static void collectNames(Class<?> type, String prefix, Map<String, String> names) {
        for (RecordComponent component : type.getRecordComponents()) {
            String path = prefix + RecordReader.key(component);
            Type generic = component.getGenericType();
            Class<?> raw = RecordReader.raw(RecordReader.unwrapOptional(generic));
            if (Scalars.isScalar(raw) || RecordReader.isListOfScalars(generic)) {
                String name = hyphenated(path);
                if (names.put(name, path) != null) {
                    throw new IllegalStateException("two settings are named " + name);
                }
            } else if (raw.isRecord()) {
                collectNames(raw, path + ".", names);
            }
        }
    }

    /** {@code http.maxBodyBytes} as {@code http-max-body-bytes}. */
    private static String hyphenated(String path) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '.') {
                name.append('-');
            } else if (Character.isUpperCase(c)) {
                name.append('-').append(Character.toLowerCase(c));
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }
}
