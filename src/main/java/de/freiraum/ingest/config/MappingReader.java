package de.freiraum.ingest.config;

import de.freiraum.config.ConfigException;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.codec.Codecs;
import de.freiraum.ingest.codec.DeviceCodec;
import de.freiraum.ingest.mapping.AttributeRule;
import de.freiraum.ingest.mapping.CounterRule;
import de.freiraum.ingest.mapping.EmitRule;
import de.freiraum.ingest.mapping.Expression;
import de.freiraum.ingest.mapping.Mapping;
import de.freiraum.ingest.mapping.Template;
import de.freiraum.ingest.mapping.TimeRule;
import de.freiraum.ingest.script.Ts013Codec;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads and compiles one mapping file, and runs the tests inside. */
final class MappingReader {
    private static final List<String> CONTEXTS = List.of("parking", "footfall", "device", "core");

    private static final List<String> KINDS =
            List.of("value", "dateTime", "static", "text", "list", "relationship", "geo", "counter");

    private final Problems problems;
    private final IngestConfig.FileSource files;

    /**
     * A reader.
     *
     * @param files gives the scripts that mappings name, by their absolute path
     */
    MappingReader(Problems problems, IngestConfig.FileSource files) {
        this.problems = problems;
        this.files = files;
    }

    /** The mapping, which is not to be used if problems were added; null if the file holds none at all. */
    @Nullable
    Mapping read(YamlText file) {
        int before = problems.count();
        YamlNode root = YamlNode.parse(file, problems);
        if (root == null && problems.count() == before) {
            problems.add("", "", "the file is empty; a mapping is required", YamlText.at(file.name(), null));
        }
        return root == null ? null : read(root);
    }

    /** The same, of a mapping inside another document. */
    Mapping read(YamlNode root) {
        int before = problems.count();
        root.allow("mapping", "version", "match", "codec", "time", "dedup", "emit", "sample", "tests");
        YamlNode match = root.get("match");
        List<String> models = new ArrayList<>();
        List<String> envelopes = new ArrayList<>();
        if (match == null) {
            root.missing("match is required: it names the device models", "match");
        } else {
            match.allow("model", "envelope");
            match.texts("model").forEach(model -> models.add(model.toLowerCase(Locale.ROOT)));
            envelopes.addAll(match.texts("envelope"));
            if (match.items("model").isEmpty()) {
                match.missing("model is required: the names of device models, such as bosch/tps110", "model");
            }
            if (!ConfigReader.ENVELOPES.containsAll(envelopes)) {
                match.problem("envelope must be of " + String.join(", ", ConfigReader.ENVELOPES));
            }
        }
        List<EmitRule> emit = new ArrayList<>();
        for (YamlNode rule : root.items("emit")) {
            EmitRule read = emit(rule);
            if (read != null) {
                emit.add(read);
            }
        }
        if (root.get("emit") == null) {
            root.missing("emit is required: the entities to write", "emit");
        }
        YamlNode codec = root.get("codec");
        String name = root.required("mapping");
        DeviceCodec decoder = codec == null ? null : codec(codec, name);
        Mapping mapping = new Mapping(
                name,
                root.whole("version", 1, 1_000_000, 1),
                models,
                envelopes,
                decoder,
                codec == null ? Mapping.OnMissingBytes.USE_DECODED : onMissingBytes(codec),
                time(root.get("time")),
                dedup(root.get("dedup")),
                emit,
                root.file());
        if (problems.count() == before) {
            new MappingTests(mapping, root).run();
        }
        return mapping;
    }

    /** A script in the text itself, or in a file beside the mapping. */
    private @Nullable DeviceCodec script(YamlNode node) {
        return node.parsed(text -> {
            if (text.contains("\n")) {
                return Ts013Codec.of("ts013", text);
            }
            try {
                Path file = Path.of(node.file()).toAbsolutePath().resolveSibling(text);
                return Ts013Codec.of(text, files.read(file.toString()).text());
            } catch (ConfigException e) {
                throw new IllegalArgumentException(e.problems().get(0).allowed(), e);
            }
        });
    }

    private @Nullable DeviceCodec codec(YamlNode node, String mapping) {
        node.allow("builtin", "layout", "ts013", "onMissingBytes");
        YamlNode layout = node.get("layout");
        YamlNode script = node.get("ts013");
        if (Stream.of("builtin", "layout", "ts013")
                        .filter(kind -> node.get(kind) != null)
                        .count()
                != 1) {
            node.missing("needs exactly one of builtin, layout and ts013", "builtin", "layout", "ts013");
            return null;
        }
        if (script != null) {
            return script(script);
        }
        if (layout != null) {
            return new LayoutReader(mapping).read(layout);
        }
        return node.parsed("builtin", name -> Codecs.named(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no such codec; built in are " + String.join(", ", Codecs.names()))));
    }

    private static Mapping.OnMissingBytes onMissingBytes(YamlNode node) {
        Mapping.OnMissingBytes choice = node.parsed("onMissingBytes", text -> switch (text) {
            case "use-decoded" -> Mapping.OnMissingBytes.USE_DECODED;
            case "ignore" -> Mapping.OnMissingBytes.IGNORE;
            default -> throw new IllegalArgumentException("must be use-decoded or ignore");
        });
        return choice == null ? Mapping.OnMissingBytes.USE_DECODED : choice;
    }

    private static TimeRule time(@Nullable YamlNode node) {
        if (node == null) {
            return TimeRule.DEFAULT;
        }
        node.allow("order", "device", "past", "future");
        List<TimeRule.Clock> order = new ArrayList<>();
        for (YamlNode item : node.items("order")) {
            TimeRule.Clock clock = item.parsed(text -> {
                try {
                    return TimeRule.Clock.valueOf(text);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("must be device, gateway, network or server", e);
                }
            });
            if (clock != null) {
                order.add(clock);
            }
        }
        return new TimeRule(
                order.isEmpty() ? TimeRule.DEFAULT.order() : order,
                node.parsed("device", Expression::value),
                node.duration("past", TimeRule.DEFAULT.past()),
                node.duration("future", TimeRule.DEFAULT.future()));
    }

    private static Mapping.Dedup dedup(@Nullable YamlNode node) {
        if (node == null) {
            return Mapping.Dedup.DEFAULT;
        }
        node.allow("window", "equalBytes");
        java.time.Duration window = node.duration("window", Mapping.Dedup.DEFAULT.identified());
        if (window.compareTo(java.time.Duration.ofDays(2)) > 0) {
            node.problem("window must be at most P2D, the time for which messages are remembered");
        }
        return new Mapping.Dedup(window, node.duration("equalBytes", Mapping.Dedup.DEFAULT.unidentified()));
    }

    private @Nullable EmitRule emit(YamlNode node) {
        node.allow("entity", "type", "context", "when", "each", "time", "set");
        Context context = context(node);
        String type = node.required("type");
        if (node.get("entity") == null) {
            node.missing("entity is required: a template for the entity's id", "entity");
        }
        Template entity = node.parsed("entity", Template::parse);
        List<AttributeRule> set = new ArrayList<>();
        YamlNode attributes = node.get("set");
        if (attributes == null) {
            node.missing("set is required: the attributes to write", "set");
        } else {
            attributes.members().forEach((name, rule) -> {
                AttributeRule read = attribute(name, rule, context);
                if (read != null) {
                    set.add(read);
                }
            });
        }
        EmitRule rule = new EmitRule(
                entity == null ? Template.parse("urn:x") : entity,
                context.expand(type),
                node.parsed("when", Expression::condition),
                node.parsed("each", Expression::value),
                node.parsed("time", Expression::value),
                set);
        return entity == null ? null : rule;
    }

    private static Context context(YamlNode node) {
        String name = node.text("context");
        if (name == null || name.equals("core")) {
            return BuiltInContexts.core();
        }
        if (!CONTEXTS.contains(name)) {
            node.problem("context must be one of " + String.join(", ", CONTEXTS));
            return BuiltInContexts.core();
        }
        return BuiltInContexts.named(name);
    }

    private @Nullable AttributeRule attribute(String name, YamlNode node, Context context) {
        if (!node.isMap()) {
            node.problem("must be a map with one of " + String.join(", ", KINDS));
            return null;
        }
        node.allow(
                "value",
                "dateTime",
                "static",
                "text",
                "list",
                "relationship",
                "geo",
                "counter",
                "required",
                "min",
                "max",
                "oneOf",
                "unit",
                "dataset",
                "lines",
                "stale",
                "observed");
        String iri = context.expand(name);
        if (iri.startsWith(NgsiLd.DEFAULT_CONTEXT)) {
            node.problem("the context has no term \"" + name + "\"; write a full IRI for a name of your own");
        }
        AttributeRule.Source source = source(node);
        if (source == null) {
            return null;
        }
        boolean computed = source instanceof AttributeRule.Computed
                || source instanceof AttributeRule.ComputedTime
                || source instanceof AttributeRule.Counter;
        return new AttributeRule(
                name,
                iri,
                source,
                node.truth("required", false),
                new AttributeRule.Limits(node.number("min"), node.number("max"), node.texts("oneOf")),
                node.parsed("lines", Template::parse),
                new AttributeRule.Meta(
                        node.truth("observed", computed),
                        node.text("unit"),
                        node.parsed("dataset", Template::parse),
                        node.parsed("stale", Template::parse)));
    }

    private static AttributeRule.@Nullable Source source(YamlNode node) {
        List<AttributeRule.Source> sources = new ArrayList<>();
        int asked = 0;
        for (String kind : KINDS) {
            YamlNode given = node.get(kind);
            if (given == null) {
                continue;
            }
            asked++;
            AttributeRule.Source source =
                    switch (kind) {
                        case "value" -> made(given.parsed(Expression::value), AttributeRule.Computed::new);
                        case "dateTime" -> made(given.parsed(Expression::value), AttributeRule.ComputedTime::new);
                        case "static" -> new AttributeRule.Fixed(given.value());
                        case "text" -> made(given.parsed(Template::parse), AttributeRule.Filled::new);
                        case "list" -> made(given.parsed(Template::parse), AttributeRule.FilledList::new);
                        case "relationship" ->
                            new AttributeRule.Links(given.items().stream()
                                    .map(item -> item.parsed(Template::parse))
                                    .filter(Objects::nonNull)
                                    .toList());
                        case "geo" -> geo(given);
                        default -> counter(given);
                    };
            if (source != null) {
                sources.add(source);
            }
        }
        String needed = "needs exactly one of " + String.join(", ", KINDS);
        if (asked == 0) {
            node.missing(needed, KINDS.toArray(String[]::new));
        } else if (asked > 1) {
            node.problem(needed);
        }
        if (asked != 1) {
            return null;
        }
        return sources.isEmpty() ? null : sources.get(0);
    }

    private static <T> AttributeRule.@Nullable Source made(
            @Nullable T part, java.util.function.Function<T, AttributeRule.Source> maker) {
        return part == null ? null : maker.apply(part);
    }

    private static AttributeRule.@Nullable Source geo(YamlNode node) {
        if ("device".equals(node.asText())) {
            return new AttributeRule.DeviceLocation();
        }
        node.problem("must be device: the place in the device list");
        return null;
    }

    private static AttributeRule.Source counter(YamlNode node) {
        node.allow("towards", "away", "totalTowards", "totalAway", "bits", "period", "reset");
        boolean totals = node.get("totalTowards") != null || node.get("totalAway") != null;
        boolean counts = node.get("towards") != null || node.get("away") != null;
        if (!totals && !counts) {
            node.problem("needs totalTowards or totalAway, or towards or away");
        }
        if (!totals && node.get("period") == null) {
            node.problem("counts without totals need period, the length of the interval");
        }
        if (totals && node.get("bits") == null) {
            node.problem("totals need bits, their width: 16 or 32");
        }
        return new AttributeRule.Counter(new CounterRule(
                node.parsed("towards", Expression::value),
                node.parsed("away", Expression::value),
                node.parsed("totalTowards", Expression::value),
                node.parsed("totalAway", Expression::value),
                node.whole("bits", 8, 63, 32),
                node.parsed("period", Template::parse),
                node.parsed("reset", Expression::condition)));
    }
}
