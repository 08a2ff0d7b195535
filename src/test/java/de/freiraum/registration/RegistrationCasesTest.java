package de.freiraum.registration;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Value;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.GeoQueryParser;
import de.freiraum.query.QParser;
import de.freiraum.query.ScopeQueryParser;
import de.freiraum.query.TemporalQuery;
import de.freiraum.query.TextPattern;
import de.freiraum.query.TypeSelectionParser;
import de.freiraum.representation.RegistrationReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What matches registrations and what conflicts with them, case by case from the files below {@code registration/cases}. */
class RegistrationCasesTest {
    private static final Context CORE = BuiltInContexts.core();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TestFactory
    Stream<DynamicTest> matching() {
        return each("matching", row -> assertThat(
                        query(object(row, "query")).matches(registration("urn:r:1", object(row, "registration"))))
                .isEqualTo(Value.Bool.TRUE.equals(row.get("matches"))));
    }

    @TestFactory
    Stream<DynamicTest> conflicts() {
        return each("conflicts", row -> {
            CSourceRegistration there = registration("urn:r:1", object(row, "there"));
            CSourceRegistration added = registration("urn:r:2", object(row, "added"));
            assertThat(RegistrationConflicts.find(added, List.of(there)) != null)
                    .isEqualTo(Value.Bool.TRUE.equals(row.get("conflict")));
            assertThat(RegistrationConflicts.find(registration("urn:r:1", object(row, "added")), List.of(there)))
                    .as("a registration does not conflict with its own update")
                    .isNull();
        });
    }

    @TestFactory
    Stream<DynamicTest> provision() {
        return each("provision", row -> {
            List<CSourceRegistration> registrations = new ArrayList<>();
            for (Value registration : ((Value.Array) Objects.requireNonNull(row.get("registrations"))).items()) {
                Map<String, Value> members = new LinkedHashMap<>();
                members.put("operations", json("[\"redirectionOps\"]"));
                members.putAll(((Value.Obj) registration).members());
                registrations.add(registration("urn:r:" + (registrations.size() + 1), new Value.Obj(members)));
            }
            Set<String> attributes = row.get("attributes") == null ? null : expanded(text(row, "attributes"));
            List<String> types = row.get("types") == null ? List.of(CORE.expand("A")) : List.of();
            ProvisionPlan plan = ProvisionPlan.of(
                    "urn:x:1",
                    types,
                    attributes,
                    Set.of(attributes == null ? Operation.deleteEntity : Operation.createEntity),
                    registrations);
            String parts = plan.parts().stream()
                    .map(part -> part.registrationId().substring("urn:r:".length())
                            + (part.supported() ? ":" : "!")
                            + compacted(part.attributes()))
                    .collect(Collectors.joining(" "));
            assertThat(parts).isEqualTo(text(row, "parts"));
            assertThat(compacted(plan.local())).isEqualTo(text(row, "local"));
            assertThat(plan.proxied()).isEqualTo(Value.Bool.TRUE.equals(row.get("proxied")));
        });
    }

    private static Set<String> expanded(@Nullable String names) {
        return names == null || names.isEmpty()
                ? Set.of()
                : Stream.of(names.split(",")).map(CORE::expand).collect(Collectors.toSet());
    }

    private static String compacted(Set<String> iris) {
        return iris.stream().map(CORE::compact).sorted().collect(Collectors.joining(","));
    }

    private static CSourceRegistration registration(String id, Value.Obj members) {
        Map<String, Value> all = new LinkedHashMap<>();
        all.put("id", Value.of(id));
        all.put("type", Value.of(RegistrationReader.TYPE));
        all.put("endpoint", Value.of("http://source.example:1026"));
        all.put("information", json("[{\"entities\":[{\"type\":\"A\"}]}]"));
        all.putAll(members.members());
        return RegistrationReader.create(new Value.Obj(all), CORE, "urn:r:new", NOW);
    }

    private static RegistrationQuery query(Value.Obj query) {
        String type = text(query, "type");
        String idPattern = text(query, "idPattern");
        String csf = text(query, "csf");
        String scopeQ = text(query, "scopeQ");
        boolean anyEntity = type == null && idPattern == null && text(query, "id") == null;
        TemporalQuery temporal = TemporalQuery.parse(
                text(query, "timerel"),
                text(query, "timeAt"),
                text(query, "endTimeAt"),
                text(query, "timeproperty"),
                null,
                null);
        return new RegistrationQuery(
                new EntitySpecification(
                        anyEntity
                                ? List.of()
                                : List.of(new EntitySelector(
                                        type == null ? null : TypeSelectionParser.parse(type, CORE::expand),
                                        list(query, "id"),
                                        idPattern == null ? null : TextPattern.of("idPattern", idPattern))),
                        list(query, "attrs").stream().map(CORE::expand).collect(Collectors.toSet()),
                        list(query, "datasetId")),
                GeoQueryParser.parse(
                        text(query, "georel"),
                        text(query, "geometry"),
                        text(query, "coordinates"),
                        text(query, "geoproperty"),
                        RegistrationCasesTest::json,
                        CORE::expand),
                temporal.relation() == null ? null : temporal,
                csf == null ? null : QParser.parse(csf, CORE::expand),
                scopeQ == null ? null : ScopeQueryParser.parse(scopeQ));
    }

    private static Stream<DynamicTest> each(String table, Consumer<Value.Obj> test) {
        try (InputStream in =
                RegistrationCasesTest.class.getResourceAsStream("/registration/cases/" + table + ".json")) {
            Value.Array rows =
                    (Value.Array) JsonReader.read(Objects.requireNonNull(in).readAllBytes());
            return rows.items().stream()
                    .map(row -> DynamicTest.dynamicTest(
                            String.valueOf(text((Value.Obj) row, "name")), () -> test.accept((Value.Obj) row)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Value json(String text) {
        return JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Value.Obj object(Value.Obj row, String name) {
        return (Value.Obj) Objects.requireNonNull(row.get(name), name);
    }

    private static @Nullable String text(Value.Obj object, String name) {
        return object.get(name) instanceof Value.Text text ? text.text() : null;
    }

    private static Set<String> list(Value.Obj object, String name) {
        String text = text(object, name);
        return text == null ? Set.of() : new LinkedHashSet<>(List.of(text.split(",")));
    }
}
