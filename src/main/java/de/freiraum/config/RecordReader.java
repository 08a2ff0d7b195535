package de.freiraum.config;

import de.freiraum.config.ConfigException.Problem;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Builds records from YAML nodes. A value with a problem becomes null and its problem is noted, so that one pass finds them all; a record with
 * such a component is not built.
 */
final class RecordReader {
    private static final int MAX_DEPTH = 32;

    private final String file;
    private final Map<String, List<ConfigLoader.Setting>> overrides;
    private final Map<String, String> environment;
    private final List<Problem> problems;

    RecordReader(
            String file,
            Map<String, List<ConfigLoader.Setting>> overrides,
            Map<String, String> environment,
            List<Problem> problems) {
        this.file = file;
        this.overrides = overrides;
        this.environment = environment;
        this.problems = problems;
    }

    /** The key of a component. */
    static String key(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        return key == null ? component.getName() : key.value();
    }

    static Class<?> raw(Type type) {
        return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : (Class<?>) type;
    }

    static Type unwrapOptional(Type type) {
        return raw(type) == Optional.class ? argument(type, 0) : type;
    }

    static boolean isListOfScalars(Type type) {
        return (raw(type) == List.class || raw(type) == Set.class) && Scalars.isScalar(raw(argument(type, 0)));
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    /** A record, or null if anything in it is wrong. An absent node means: defaults only. */
    @Nullable
    Object record(Class<?> type, @Nullable Node node, String path, String origin) {
        Map<String, Node> members = members(node, path, true);
        if (members == null) {
            return null;
        }
        return record(type, members, path, node == null ? origin : at(node), Set.of());
    }

    private @Nullable Object record(
            Class<?> type, Map<String, Node> members, String path, String origin, Set<String> alsoKnown) {
        RecordComponent[] components = type.getRecordComponents();
        List<String> known = Arrays.stream(components).map(RecordReader::key).toList();
        int before = problems.size();
        Set<String> misspelt = new HashSet<>();
        members.forEach((key, value) -> {
            if (!known.contains(key) && !alsoKnown.contains(key)) {
                Nearest.within(key, known).ifPresent(misspelt::add);
                problem(
                        join(path, key),
                        "",
                        known.isEmpty()
                                ? "there is no such setting"
                                : "there is no such setting; did you mean " + Nearest.of(key, known) + "?",
                        at(value));
            }
        });
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Node member = members.get(known.get(i));
            // That a misspelt name is missing is no second problem.
            if (member != null || !misspelt.contains(known.get(i))) {
                values[i] = component(components[i], member, join(path, known.get(i)), origin);
            }
        }
        return problems.size() > before ? null : build(type, components, values, path, origin);
    }

    private @Nullable Object build(
            Class<?> type, RecordComponent[] components, @Nullable Object[] values, String path, String origin) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.trySetAccessible();
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            Throwable cause = refused.getCause();
            if (cause instanceof RuntimeException) {
                String message = cause.getMessage();
                return problem(path, "", message == null ? "other values are allowed" : message, origin);
            }
            throw new IllegalStateException("the constructor of " + type + " failed", refused);
        } catch (ReflectiveOperationException unreachable) {
            throw new IllegalStateException("records of configuration must be accessible: " + type, unreachable);
        }
    }

    private @Nullable Object component(RecordComponent component, @Nullable Node node, String path, String origin) {
        Type type = component.getGenericType();
        List<ConfigLoader.Setting> set = overrides.getOrDefault(path, List.of());
        Object value;
        String from;
        String text;
        if (!set.isEmpty()) {
            ConfigLoader.Setting last = set.get(set.size() - 1);
            text = last.value();
            from = last.origin();
            value = isListOfScalars(type) ? listOf(type, text, path, from) : scalarOf(type, text, path, from);
        } else if (node != null && !isNull(node)) {
            text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
            from = at(node);
            value = value(type, node, path, 0);
        } else {
            Default standard = component.getAnnotation(Default.class);
            if (standard == null) {
                return absent(component, path, node == null ? origin : at(node));
            }
            text = standard.value();
            from = "default";
            value = isListOfScalars(type) ? listOf(type, text, path, from) : scalarOf(type, text, path, from);
        }
        Range range = component.getAnnotation(Range.class);
        if (range != null && value instanceof Number number) {
            double n = number.doubleValue();
            if (n < range.min() || n > range.max()) {
                return problem(path, shown(component.getType(), text), allowed(range), from);
            }
        }
        return value;
    }

    private static String allowed(Range range) {
        if (range.max() == Long.MAX_VALUE) {
            return range.min() + " or more is allowed";
        }
        return range.min() == Long.MIN_VALUE
                ? "at most " + range.max() + " is allowed"
                : "allowed are " + range.min() + " to " + range.max();
    }

    private @Nullable Object absent(RecordComponent component, String path, String origin) {
        Class<?> raw = component.getType();
        if (raw == Optional.class) {
            return Optional.empty();
        } else if (raw == List.class) {
            return List.of();
        } else if (raw == Set.class) {
            return Set.of();
        } else if (raw == Map.class) {
            return Map.of();
        } else if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            return null;
        } else if (raw.isRecord() && !Scalars.isScalar(raw)) {
            return record(raw, null, path, origin);
        }
        return problem(path, "", "a value is required", origin);
    }

    private @Nullable Object value(Type type, Node node, String path, int depth) {
        Class<?> raw = raw(type);
        if (depth > MAX_DEPTH) {
            return problem(path, "", "at most " + MAX_DEPTH + " levels are allowed", at(node));
        } else if (raw == Optional.class) {
            Object inner = value(argument(type, 0), node, path, depth);
            return inner == null ? null : Optional.of(inner);
        } else if (raw == Object.class) {
            return plain(node, path, depth);
        } else if (Scalars.isScalar(raw)) {
            return node instanceof ScalarNode scalar
                    ? scalarOf(type, scalar.getValue(), path, at(node))
                    : problem(path, "", "one value is allowed here, not a list or a block", at(node));
        } else if (raw == List.class || raw == Set.class) {
            return list(argument(type, 0), node, path, raw == Set.class, depth);
        } else if (raw == Map.class) {
            return map(argument(type, 0), argument(type, 1), node, path, depth);
        } else if (raw.isRecord()) {
            return record(raw, node, path, at(node));
        } else if (raw.isSealed()) {
            return variant(raw, node, path);
        }
        throw new IllegalStateException(raw + " is not a type that configuration can hold");
    }

    private @Nullable Object list(Type element, Node node, String path, boolean asSet, int depth) {
        List<Node> nodes = node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            String at = path + "[" + i + "]";
            Object value = isNull(nodes.get(i))
                    ? problem(at, "", "a value is required", at(nodes.get(i)))
                    : value(element, nodes.get(i), at, depth + 1);
            if (value != null) {
                values.add(value);
            }
        }
        return asSet ? Collections.unmodifiableSet(new LinkedHashSet<>(values)) : List.copyOf(values);
    }

    private @Nullable Object map(Type keyType, Type type, Node node, String path, int depth) {
        Map<String, Node> members = members(node, path, false);
        if (members == null) {
            return null;
        }
        Map<Object, Object> values = new LinkedHashMap<>();
        members.forEach((key, member) -> {
            Object name = scalarOf(keyType, key, join(path, key), at(member));
            Object value = isNull(member) && raw(type) != Object.class
                    ? problem(join(path, key), "", "a value is required", at(member))
                    : value(type, member, join(path, key), depth + 1);
            if (name != null && value != null) {
                values.put(name, value);
            }
        });
        return Collections.unmodifiableMap(values);
    }

    /** The record of a sealed interface that the key {@code type} names. */
    private @Nullable Object variant(Class<?> sealed, Node node, String path) {
        Map<String, Node> members = members(node, path, false);
        if (members == null) {
            return null;
        }
        Map<String, Class<?>> variants = new LinkedHashMap<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            Key key = permitted.getAnnotation(Key.class);
            variants.put(key == null ? permitted.getSimpleName().toLowerCase(Locale.ROOT) : key.value(), permitted);
        }
        String allowed = "allowed are " + String.join(", ", variants.keySet());
        Node name = members.get("type");
        if (!(name instanceof ScalarNode scalar)) {
            return problem(join(path, "type"), "", "a value is required; " + allowed, at(node));
        }
        Class<?> chosen = variants.get(scalar.getValue());
        return chosen == null
                ? problem(join(path, "type"), shown(String.class, scalar.getValue()), allowed, at(name))
                : record(chosen, members, path, at(node), Set.of("type"));
    }

    private @Nullable Object plain(Node node, String path, int depth) {
        if (node instanceof MappingNode) {
            return map(String.class, Object.class, node, path, depth);
        } else if (node instanceof SequenceNode) {
            return list(Object.class, node, path, false, depth);
        } else if (isNull(node)) {
            return problem(path, "", "a value is required", at(node));
        }
        ScalarNode scalar = (ScalarNode) node;
        if (scalar.getTag().equals(Tag.BOOL)) {
            return switch (scalar.getValue()) {
                case "true" -> true;
                case "false" -> false;
                default -> scalar.getValue();
            };
        } else if (scalar.getTag().equals(Tag.INT)) {
            return scalarOf(long.class, scalar.getValue(), path, at(node));
        } else if (scalar.getTag().equals(Tag.FLOAT)) {
            return scalarOf(double.class, scalar.getValue(), path, at(node));
        }
        return scalar.getValue();
    }

    private @Nullable Object listOf(Type type, String text, String path, String origin) {
        List<Object> values = new ArrayList<>();
        for (String part : text.split(",")) {
            if (!part.isBlank()) {
                Object value = scalarOf(argument(type, 0), part.trim(), path, origin);
                if (value != null) {
                    values.add(value);
                }
            }
        }
        return raw(type) == Set.class ? Collections.unmodifiableSet(new LinkedHashSet<>(values)) : List.copyOf(values);
    }

    private @Nullable Object scalarOf(Type type, String text, String path, String origin) {
        Class<?> raw = raw(unwrapOptional(type));
        try {
            Object value = raw == Secret.class ? secret(text) : Scalars.parse(raw, text);
            return raw(type) == Optional.class ? Optional.of(value) : value;
        } catch (IllegalArgumentException refused) {
            return problem(path, shown(raw, text), String.valueOf(refused.getMessage()), origin);
        }
    }

    private Secret secret(String text) {
        if (text.startsWith("env:")) {
            String value = environment.get(text.substring("env:".length()));
            if (value == null || value.isEmpty()) {
                throw new IllegalArgumentException("the variable that it names must be set");
            }
            return new Secret(value);
        } else if (text.startsWith("file:")) {
            try (var lines = Files.lines(Path.of(text.substring("file:".length())), StandardCharsets.UTF_8)) {
                return new Secret(lines.findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("the file that it names must not be empty")));
            } catch (IOException | InvalidPathException unreadable) {
                throw new IllegalArgumentException("the file that it names must be readable", unreadable);
            }
        }
        return new Secret(text);
    }

    /** The members of a block by key; null, with the problem noted, if it is none. */
    private @Nullable Map<String, Node> members(@Nullable Node node, String path, boolean emptyAllowed) {
        if (node == null || (emptyAllowed && isNull(node))) {
            return Map.of();
        } else if (!(node instanceof MappingNode mapping)) {
            problem(path, "", "a block of keys and values is allowed here", at(node));
            return null;
        } else {
            Map<String, Node> members = new LinkedHashMap<>();
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    problem(path, "", "keys must be plain text", at(tuple.getKeyNode()));
                } else if (members.put(key.getValue(), tuple.getValueNode()) != null) {
                    problem(join(path, key.getValue()), "", "the key stands here twice; once is allowed", at(key));
                }
            }
            return members;
        }
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private String at(Node node) {
        return YamlText.at(file, node.getStartMark());
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String shown(Class<?> type, String text) {
        if (type == Secret.class) {
            return "***";
        }
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    private @Nullable Object problem(String path, String value, String allowed, String origin) {
        problems.add(new Problem(path, value, allowed, origin));
        return null;
    }
}
