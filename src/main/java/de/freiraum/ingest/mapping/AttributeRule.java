package de.freiraum.ingest.mapping;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Value;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one attribute gets its value.
 *
 * @param name the term in the mapping file
 * @param iri the attribute's IRI
 * @param source where the value comes from
 * @param required whether an uplink without it is refused; otherwise the attribute is left out
 * @param limits what the value must be
 * @param lines a list of lines; the attribute then has one instance a line, or null
 * @param meta what the instance has beside its value
 */
public record AttributeRule(
        String name,
        String iri,
        Source source,
        boolean required,
        Limits limits,
        @Nullable Template lines,
        Meta meta) {
    private static final String STALE_AFTER = "https://w3id.org/freiraum/staleAfter";

    /** Where a value comes from. */
    public sealed interface Source {}

    /** A computed Property. */
    public record Computed(Expression expression) implements Source {}

    /** A computed Property that is a DateTime. */
    public record ComputedTime(Expression expression) implements Source {}

    /** A Property that is always the same. */
    public record Fixed(Value value) implements Source {}

    /** A Property of text with fields of the device list. */
    public record Filled(Template template) implements Source {}

    /** A Property that is a list of texts; the filled template is split at semicolons. */
    public record FilledList(Template template) implements Source {}

    /** A Relationship; targets whose fields are missing are left out. */
    public record Links(List<Template> targets) implements Source {
        /** Copies the list. */
        public Links {
            targets = List.copyOf(targets);
        }
    }

    /** The device's place, a GeoProperty. */
    public record DeviceLocation() implements Source {}

    /** A counter reading. */
    public record Counter(CounterRule rule) implements Source {}

    /**
     * What a value must be. A required value outside is refused, another left out with a note.
     *
     * @param min smallest number, or null
     * @param max largest number, or null
     * @param oneOf the allowed texts; empty: any
     */
    public record Limits(@Nullable Double min, @Nullable Double max, List<String> oneOf) {
        /** No limits. */
        public static final Limits NONE = new Limits(null, null, List.of());

        /** Copies the list. */
        public Limits {
            oneOf = List.copyOf(oneOf);
        }

        @Nullable
        String fault(Value value) {
            if (!oneOf.isEmpty() && !(value instanceof Value.Text t && oneOf.contains(t.text()))) {
                return "must be one of " + String.join(", ", oneOf);
            }
            if (min == null && max == null) {
                return null;
            }
            if (!(value instanceof Value.Num number)) {
                return "must be a number";
            }
            double n = number.asDouble();
            return (min != null && n < min) || (max != null && n > max)
                    ? "is " + n + ", outside " + (min == null ? "-∞" : min) + ".." + (max == null ? "∞" : max)
                    : null;
        }
    }

    /**
     * What an instance has beside its value.
     *
     * @param observed whether the value was observed at the uplink's time; static descriptions were not
     * @param unit UN/CEFACT code, or null
     * @param dataset URI of the dataset, or null
     * @param stale after which time without a message the value is unknown, or null
     */
    public record Meta(
            boolean observed,
            @Nullable String unit,
            @Nullable Template dataset,
            @Nullable Template stale) {}

    /** The attribute's instances for one uplink; empty when it is left out. */
    List<Attribute> instances(Scope scope) {
        List<Attribute> instances = new ArrayList<>(1);
        if (lines == null) {
            add(instances, scope);
        } else {
            String list = scope.fill(lines);
            for (String line : (list == null ? "" : list).split(";")) {
                if (!line.isBlank()) {
                    add(instances, scope.withLine(line.strip()));
                }
            }
        }
        if (required && instances.isEmpty()) {
            throw Rejection.mapping("\"" + name + "\" is missing: a field it is made of is not there");
        }
        return instances;
    }

    private void add(List<Attribute> instances, Scope scope) {
        Attribute attribute = attribute(scope);
        if (attribute == null) {
            return;
        }
        Value value = attribute instanceof Attribute.Property property ? property.value() : null;
        String fault = value == null ? null : limits.fault(value);
        if (fault == null) {
            instances.add(attribute);
        } else if (required) {
            throw Rejection.mapping("\"" + name + "\" " + fault);
        } else {
            scope.note("\"" + name + "\" " + fault);
        }
    }

    private @Nullable Attribute attribute(Scope scope) {
        if (source instanceof Links links) {
            List<String> objects = new ArrayList<>();
            for (Template target : links.targets()) {
                String object = scope.fill(target);
                if (object != null) {
                    objects.add(EmitRule.uri(object, name));
                }
            }
            return objects.isEmpty() ? null : new Attribute.Relationship(objects, meta(scope));
        }
        if (source instanceof DeviceLocation) {
            Geometry place = scope.location();
            return place == null ? null : new Attribute.GeoProperty(place, meta(scope));
        }
        Value value = value(scope);
        return value == null ? null : new Attribute.Property(value, meta(scope));
    }

    private @Nullable Value value(Scope scope) {
        if (source instanceof Computed computed) {
            Value value = computed.expression().evaluate(scope.variables());
            return value == null ? null : plain(value);
        }
        if (source instanceof ComputedTime computed) {
            Value value = computed.expression().evaluate(scope.variables());
            return value == null
                    ? null
                    : new Value.Obj(Map.of(
                            "@type", Value.of(NgsiLd.NAMESPACE + "DateTime"),
                            "@value", Value.of(TimeRule.instant(value, name).toString())));
        }
        if (source instanceof Fixed fixed) {
            return fixed.value();
        }
        if (source instanceof Filled filled) {
            String text = scope.fill(filled.template());
            return text == null ? null : Value.of(text);
        }
        if (source instanceof FilledList filled) {
            String text = scope.fill(filled.template());
            return text == null
                    ? null
                    : Value.ofTexts(Arrays.stream(text.split(";"))
                            .map(String::strip)
                            .filter(item -> !item.isEmpty())
                            .toList());
        }
        return source instanceof Counter counter ? counter.rule().read(scope) : null;
    }

    /** Numbers, texts and truth values, and lists of them; objects would need names from a vocabulary. */
    private Value plain(Value value) {
        if (value instanceof Value.Obj || value instanceof Value.Null) {
            throw Rejection.mapping("\"" + name + "\" must be a number, a text, true or false, or a list of them");
        }
        if (value instanceof Value.Array array) {
            array.items().forEach(this::plain);
        }
        return value;
    }

    private AttributeMeta meta(Scope scope) {
        AttributeMeta result = AttributeMeta.NONE;
        if (meta.observed()) {
            result = result.withObservedAt(scope.time());
        }
        if (meta.unit() != null) {
            result = result.withUnitCode(meta.unit());
        }
        if (meta.dataset() != null) {
            String dataset = scope.fill(meta.dataset());
            if (dataset == null) {
                throw Rejection.mapping("\"" + name + "\": the dataset " + meta.dataset() + " cannot be filled in");
            }
            result = result.withDatasetId(EmitRule.uri(dataset, name));
        }
        if (meta.stale() != null) {
            String stale = scope.fill(meta.stale());
            if (stale != null) {
                Map<String, List<Attribute>> sub = new LinkedHashMap<>();
                sub.put(STALE_AFTER, List.of(new Attribute.Property(Value.of(duration(stale)), AttributeMeta.NONE)));
                result = result.withAttributes(sub);
            }
        }
        return result;
    }

    private String duration(String text) {
        try {
            return Duration.parse(text).toString();
        } catch (DateTimeException e) {
            throw Rejection.mapping("\"" + name + "\": stale must be an ISO 8601 duration such as PT26H");
        }
    }
}
