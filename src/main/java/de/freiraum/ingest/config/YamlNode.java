package de.freiraum.ingest.config;

import de.freiraum.config.Nearest;
import de.freiraum.config.YamlText;
import de.freiraum.model.Value;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A place in a YAML document, with its path, line and column. Reading something of the wrong type adds a problem and gives null or a default, so that all problems
 * of a document are found in one pass.
 */
final class YamlNode {
    private final Node node;
    private final String path;
    private final String file;
    private final Problems problems;

    private YamlNode(Node node, String path, String file, Problems problems) {
        this.node = node;
        this.path = path;
        this.file = file;
        this.problems = problems;
    }

    /** The root of a document; null after adding a problem if it is no YAML, or if it is empty. */
    static @Nullable YamlNode parse(YamlText yaml, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(20);
        options.setNestingDepthLimit(40);
        options.setCodePointLimit(20_000_000);
        try {
            Node root = new Yaml(options).compose(new StringReader(yaml.text()));
            return root == null ? null : new YamlNode(root, "", yaml.name(), problems);
        } catch (MarkedYAMLException e) {
            problems.add(
                    "", "", "the file must be YAML: " + e.getProblem(), YamlText.at(yaml.name(), e.getProblemMark()));
        } catch (YAMLException e) {
            problems.add("", "", "the file must be YAML: " + e.getMessage(), yaml.name());
        }
        return null;
    }

    String path() {
        return path;
    }

    String file() {
        return file;
    }

    String origin() {
        return YamlText.at(file, node.getStartMark());
    }

    void problem(String allowed) {
        problems.add(path, node instanceof ScalarNode scalar ? scalar.getValue() : "", allowed, origin());
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isScalar() {
        return node instanceof ScalarNode;
    }

    private boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    /** The members of a map, in order; problems for a name that is there twice. */
    Map<String, YamlNode> members() {
        Map<String, YamlNode> members = new LinkedHashMap<>();
        if (isNull()) {
            return members;
        }
        if (!(node instanceof MappingNode map)) {
            problem("must be a map of names to values");
            return members;
        }
        for (NodeTuple tuple : map.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problem("names must be plain text");
                continue;
            }
            String name = key.getValue();
            YamlNode member = new YamlNode(tuple.getValueNode(), child(name), file, problems);
            if (members.putIfAbsent(name, member) != null) {
                member.problem("the name is there twice");
            }
        }
        return members;
    }

    /** Adds a problem for each member with another name, at the name. */
    YamlNode allow(String... names) {
        List<String> allowed = List.of(names);
        members();
        if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key && !allowed.contains(key.getValue())) {
                    unknown(key, allowed);
                }
            }
        }
        return this;
    }

    private void unknown(ScalarNode key, List<String> allowed) {
        Optional<String> near = Nearest.within(key.getValue(), allowed);
        near.ifPresent(meant -> problems.misspelt(file, child(meant)));
        problems.add(
                child(key.getValue()),
                "",
                "unknown name; "
                        + near.map(meant -> "did you mean " + meant + "? ").orElse("") + "allowed are "
                        + String.join(", ", allowed),
                YamlText.at(file, key.getStartMark()));
    }

    private String child(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Adds a problem because one of these members is missing, unless it is there under a misspelt name. */
    void missing(String what, String... names) {
        if (isMap() && Stream.of(names).noneMatch(name -> problems.isMisspelt(file, child(name)))) {
            problem(what);
        }
    }

    @Nullable
    YamlNode get(String name) {
        YamlNode member = isMap() ? quietMembers().get(name) : null;
        return member == null || member.isNull() ? null : member;
    }

    private Map<String, YamlNode> quietMembers() {
        Map<String, YamlNode> members = new LinkedHashMap<>();
        if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    members.putIfAbsent(
                            key.getValue(), new YamlNode(tuple.getValueNode(), child(key.getValue()), file, problems));
                }
            }
        }
        return members;
    }

    /** The elements of a list, or the one value where a single one is written instead. */
    List<YamlNode> items() {
        if (isNull()) {
            return List.of();
        }
        if (!(node instanceof SequenceNode list)) {
            return List.of(this);
        }
        List<YamlNode> items = new ArrayList<>();
        for (Node item : list.getValue()) {
            items.add(new YamlNode(item, path + "[" + items.size() + "]", file, problems));
        }
        return items;
    }

    List<YamlNode> items(String name) {
        YamlNode member = get(name);
        return member == null ? List.of() : member.items();
    }

    /** This scalar's text; null after adding a problem if it is none. */
    @Nullable
    String asText() {
        if (node instanceof ScalarNode scalar && !isNull()) {
            return scalar.getValue();
        }
        problem("must be a text");
        return null;
    }

    @Nullable
    String text(String name) {
        YamlNode member = get(name);
        return member == null ? null : member.asText();
    }

    /** A text that must be there; empty after adding a problem. */
    String required(String name) {
        YamlNode member = get(name);
        if (member == null) {
            missing(name + " is required", name);
            return "";
        }
        String text = member.asText();
        if (text != null && text.isBlank()) {
            member.problem("must not be empty");
        }
        return text == null ? "" : text.strip();
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items(name)) {
            String text = item.asText();
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** A text read by a function that refuses with an IllegalArgumentException or a DateTimeException. */
    <T> @Nullable T parsed(String name, Function<String, T> reader) {
        YamlNode member = get(name);
        return member == null ? null : member.parsed(reader);
    }

    <T> @Nullable T parsed(Function<String, T> reader) {
        String text = asText();
        if (text == null) {
            return null;
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            problem(String.valueOf(e.getMessage()));
            return null;
        }
    }

    int whole(String name, int least, int most, int otherwise) {
        return Optional.ofNullable(get(name))
                .flatMap(member -> Optional.ofNullable(member.parsed(text -> {
                    try {
                        int number = Integer.parseInt(text);
                        if (number >= least && number <= most) {
                            return number;
                        }
                    } catch (NumberFormatException e) {
                        throw new IllegalArgumentException(range(least, most), e);
                    }
                    throw new IllegalArgumentException(range(least, most));
                })))
                .orElse(otherwise);
    }

    private static String range(int least, int most) {
        return "must be a whole number from " + least + " to " + most;
    }

    @Nullable
    Double number(String name) {
        return parsed(name, text -> {
            try {
                return Double.valueOf(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("must be a number", e);
            }
        });
    }

    boolean truth(String name, boolean otherwise) {
        Boolean value = parsed(name, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        });
        return value == null ? otherwise : value;
    }

    Duration duration(String name, Duration otherwise) {
        Duration value = parsed(name, text -> {
            try {
                Duration duration = Duration.parse(text);
                if (!duration.isNegative()) {
                    return duration;
                }
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("must be an ISO 8601 duration such as PT26H or P2D", e);
            }
            throw new IllegalArgumentException("must not be negative");
        });
        return value == null ? otherwise : value;
    }

    /** The value as JSON has it. */
    Value value() {
        if (node instanceof MappingNode) {
            Map<String, Value> members = new LinkedHashMap<>();
            members().forEach((name, member) -> members.put(name, member.value()));
            return new Value.Obj(members);
        }
        if (node instanceof SequenceNode) {
            return new Value.Array(items().stream().map(YamlNode::value).toList());
        }
        String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        if (isNull()) {
            return Value.Null.INSTANCE;
        }
        try {
            if (node.getTag().equals(Tag.INT)) {
                return Value.of(Long.parseLong(text));
            }
            if (node.getTag().equals(Tag.FLOAT)) {
                return Value.of(Double.parseDouble(text));
            }
        } catch (IllegalArgumentException e) {
            problem("must be a finite number");
            return Value.Null.INSTANCE;
        }
        return node.getTag().equals(Tag.BOOL) ? Value.of(text.equalsIgnoreCase("true")) : Value.of(text);
    }
}
