package de.freiraum.ingest.validation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.Geometry;
import de.freiraum.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The entities of {@code ingest/validation/cases.jsonl}: which rules each breaks. */
class ModelRulesTest {
    private static final ModelRules RULES = ModelRules.load();

    static List<Value.Obj> cases() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("src/test/resources/ingest/validation/cases.jsonl"))) {
            return lines.map(line -> (Value.Obj) JsonReader.read(line.getBytes(StandardCharsets.UTF_8)))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyBrokenRuleIsNamedWithWhatIsAllowed(Value.Obj given) {
        EntityFragment fragment = fragment(given);
        List<String> expected = texts(given.get("faults"));
        List<String> faults = RULES.faults(fragment);
        assertThat(faults).hasSameSizeAs(expected);
        expected.forEach(start -> assertThat(faults).anyMatch(fault -> fault.startsWith(start)));
        assertThat(RULES.missing(fragment).values()).containsExactlyElementsOf(texts(given.get("missing")));
    }

    private static EntityFragment fragment(Value.Obj given) {
        Context context = BuiltInContexts.named(texts(given.get("context")).get(0));
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        ((Value.Obj) requireNonNull(given.get("attributes")))
                .members()
                .forEach((name, value) -> attributes.put(context.expand(name), List.of(attribute(value))));
        return new EntityFragment(
                "urn:x:1", List.of(context.expand(texts(given.get("type")).get(0))), null, attributes, null, Set.of());
    }

    private static Attribute attribute(Value value) {
        if (!(value instanceof Value.Obj object)) {
            return new Attribute.Property(value, AttributeMeta.NONE);
        }
        if (object.get("object") instanceof Value.Text target) {
            return new Attribute.Relationship(List.of(target.text()), AttributeMeta.NONE);
        }
        if (object.get("point") != null) {
            return new Attribute.GeoProperty(Geometry.point(7, 51), AttributeMeta.NONE);
        }
        return new Attribute.Property(
                object.members().getOrDefault("value", Value.Null.INSTANCE),
                AttributeMeta.NONE.withUnitCode(texts(object.get("unit")).get(0)));
    }

    private static List<String> texts(@Nullable Value value) {
        return value instanceof Value.Array array
                ? array.items().stream().map(item -> ((Value.Text) item).text()).toList()
                : List.of(((Value.Text) requireNonNull(value)).text());
    }
}
