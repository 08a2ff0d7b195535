package de.freiraum.ingest.validation;

import de.freiraum.config.ConfigLoader;
import de.freiraum.config.YamlText;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.EntityFragment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules of the Smart Data Models for the types that sensors write, from {@code models/smart-data-models.yaml}. */
public final class ModelRules {
    private static final String FILE = "/models/smart-data-models.yaml";

    private final Map<String, Compiled> byType = new HashMap<>();

    /** The file. */
    record Model(Map<String, Type> types) {}

    /** One type, by the names of a context. */
    record Type(String context, List<String> required, Map<String, AttributeRules> attributes) {}

    private record Compiled(String name, Map<String, String> required, Map<String, Rule> attributes) {}

    private record Rule(String name, AttributeRules rules) {}

    private ModelRules(Model model) {
        model.types().forEach((name, type) -> {
            Context context = BuiltInContexts.named(type.context());
            Map<String, String> required = new LinkedHashMap<>();
            type.required().forEach(term -> required.put(context.expand(term), term));
            Map<String, Rule> attributes = new HashMap<>();
            type.attributes().forEach((term, rules) -> attributes.put(context.expand(term), new Rule(term, rules)));
            byType.put(context.expand(name), new Compiled(name, required, attributes));
        });
    }

    /** Reads the rules. */
    public static ModelRules load() {
        try (InputStream in = ModelRules.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing in the program");
            }
            return new ModelRules(ConfigLoader.load(
                    Model.class, new YamlText(FILE, new String(in.readAllBytes(), StandardCharsets.UTF_8))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with what is there: type and attribute, the value, and what is allowed. Empty for types without rules. */
    public List<String> faults(EntityFragment fragment) {
        List<String> faults = new ArrayList<>(0);
        for (String type : fragment.types()) {
            Compiled rules = byType.get(type);
            if (rules == null) {
                continue;
            }
            fragment.attributes().forEach((iri, instances) -> {
                Rule rule = rules.attributes().get(iri);
                if (rule == null) {
                    return;
                }
                for (Attribute instance : instances) {
                    String fault = rule.rules().fault(instance);
                    if (fault != null) {
                        faults.add(rules.name() + "." + rule.name() + " " + fault);
                    }
                }
            });
        }
        return faults;
    }

    /** The required attributes that the fragment does not have, IRI to name with its type; they may be in the store. */
    public Map<String, String> missing(EntityFragment fragment) {
        Map<String, String> missing = Map.of();
        for (String type : fragment.types()) {
            Compiled rules = byType.get(type);
            if (rules == null
                    || fragment.attributes()
                            .keySet()
                            .containsAll(rules.required().keySet())) {
                continue;
            }
            missing = new LinkedHashMap<>(missing);
            for (Map.Entry<String, String> required : rules.required().entrySet()) {
                if (!fragment.attributes().containsKey(required.getKey())) {
                    missing.put(required.getKey(), rules.name() + "." + required.getValue());
                }
            }
        }
        return missing;
    }
}
