package de.freiraum.ingest.config;

import de.freiraum.ingest.mapping.Device;
import de.freiraum.ingest.mapping.Mapping;
import de.freiraum.ingest.message.Bytes;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Attribute;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.Geometry;
import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The test vectors inside a mapping file. One that fails is a problem of the file, so the mapping never takes effect. */
final class MappingTests {
    /** A time that a test's uplinks are sent at unless the decoded fields say another. */
    private static final Instant TIME = Instant.parse("2026-03-02T07:00:00Z");

    private final Mapping mapping;
    private final YamlNode root;

    MappingTests(Mapping mapping, YamlNode root) {
        this.mapping = mapping;
        this.root = root;
    }

    void run() {
        for (YamlNode test : root.items("tests")) {
            test.allow("name", "port", "hex", "decoded", "at", "device", "expect", "ignored", "error");
            String error = test.text("error");
            try {
                Optional<Map<String, Value>> outcome = outcome(test);
                if (error != null) {
                    test.problem("the test expects an error, but the uplink is mapped");
                } else if (outcome.isEmpty() != test.truth("ignored", false)) {
                    test.problem(outcome.isEmpty() ? "the uplink is ignored" : "the uplink is not ignored");
                } else {
                    outcome.ifPresent(attributes -> compare(test, attributes));
                }
            } catch (Rejection e) {
                if (error == null || !e.detail().contains(error)) {
                    test.problem("the uplink is refused: " + e.detail());
                }
            }
        }
    }

    private void compare(YamlNode test, Map<String, Value> attributes) {
        YamlNode expect = test.get("expect");
        if (expect == null) {
            return;
        }
        expect.members().forEach((name, expected) -> {
            Value actual = attributes.get(name);
            Object wanted = plain(expected.value());
            Object got = actual == null ? "nothing" : plain(actual);
            if (!wanted.equals(got)) {
                expected.problem("the mapping gives " + Rejection.clip(got.toString()));
            }
        });
    }

    private Optional<Map<String, Value>> outcome(YamlNode test) {
        byte[] payload =
                test.get("hex") == null ? null : Bytes.hex(test.required("hex").replace(" ", ""), "hex");
        YamlNode decoded = test.get("decoded");
        Instant at = Optional.ofNullable(test.parsed("at", Instant::parse)).orElse(TIME);
        Uplink uplink = new Uplink(
                "0000000000000001",
                null,
                mapping.models().get(0),
                test.whole("port", 0, 255, 0),
                0,
                "",
                true,
                payload,
                decoded != null && decoded.value() instanceof Value.Obj object ? object : null,
                new Uplink.Times(null, at, null, null),
                new Uplink.Radio(-97.0, 7.5, null));
        Device device = device(test);
        Optional<Value.Obj> fields = mapping.decode(uplink);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        Instant chosen = mapping.time(uplink, fields.get(), device, at);
        Mapping.Mapped mapped = mapping.map(uplink, fields.get(), device, chosen == null ? at : chosen, at);
        Map<String, Value> attributes = new HashMap<>();
        mapped.fragments().forEach(fragment -> collect(fragment, attributes));
        return Optional.of(attributes);
    }

    private Device device(YamlNode test) {
        Map<String, String> fields = new HashMap<>();
        for (YamlNode from : java.util.Arrays.asList(root.get("sample"), test.get("device"))) {
            if (from != null) {
                from.members().forEach((name, member) -> fields.put(name, String.valueOf(member.asText())));
            }
        }
        return new Device("0000000000000001", fields, Geometry.point(7.565, 51.444), root.file());
    }

    /** By the attribute's last name: the value, the target, or a list of them where there are several instances. */
    private void collect(EntityFragment fragment, Map<String, Value> into) {
        fragment.attributes().forEach((iri, instances) -> {
            String name = last(iri);
            List<Value> values = new ArrayList<>();
            for (Attribute instance : instances) {
                if (instance instanceof Attribute.Property property) {
                    values.add(shortened(property.value()));
                } else if (instance instanceof Attribute.Relationship relationship) {
                    values.addAll(relationship.objects().stream().map(Value::of).toList());
                } else if (instance instanceof Attribute.GeoProperty geo) {
                    values.add(geo.value().geoJson());
                }
            }
            Value value = values.size() == 1 ? values.get(0) : new Value.Array(values);
            into.merge(name, value, (a, b) -> a.equals(b) ? a : new Value.Array(List.of(a, b)));
        });
    }

    private static String last(String iri) {
        return iri.substring(Math.max(iri.lastIndexOf('/'), iri.lastIndexOf('#')) + 1);
    }

    private static Value shortened(Value value) {
        if (value instanceof Value.Obj object) {
            if (object.get("@value") != null) {
                return shortened(object.members().getOrDefault("@value", Value.Null.INSTANCE));
            }
            Map<String, Value> members = new TreeMap<>();
            object.members().forEach((iri, member) -> members.put(last(iri), shortened(member)));
            return new Value.Obj(members);
        }
        return value;
    }

    /** A form in which equal JSON is equal: 1 and 1.0 are the same number. */
    private static Object plain(Value value) {
        if (value instanceof Value.Obj object) {
            Map<String, Object> members = new TreeMap<>();
            object.members().forEach((name, member) -> members.put(name, plain(member)));
            return members;
        }
        if (value instanceof Value.Array array) {
            return array.items().stream().map(MappingTests::plain).toList();
        }
        if (value instanceof Value.Num number) {
            BigDecimal decimal = number.asDecimal();
            return decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
        }
        return value instanceof Value.Text text ? text.text() : value.toString();
    }
}
