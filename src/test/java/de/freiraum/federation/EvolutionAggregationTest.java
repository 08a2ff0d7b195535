package de.freiraum.federation;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.federation.EvolutionAggregation.Version;
import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.query.TimeProperty;
import de.freiraum.registration.Mode;
import de.freiraum.registration.RegistrationInfo;
import de.freiraum.representation.TemporalReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clauses 4.3.6.3, 5.7.3.4 and 5.7.4.4. */
class EvolutionAggregationTest {
    private static final Context CORE = BuiltInContexts.core();
    private static final Precedence NONE = new Precedence(List.of(), List.of());

    /** An evolution of the attribute a: values with the minute in which they were observed and the second in which they were modified. */
    private static Version version(@Nullable Mode mode, int... triples) {
        StringBuilder instances = new StringBuilder();
        for (int i = 0; i < triples.length; i += 3) {
            instances
                    .append(i == 0 ? "" : ",")
                    .append(
                            "{'type':'Property','value':%d,'observedAt':'2026-01-01T12:%02d:00Z','modifiedAt':'2026-01-01T13:00:%02dZ'}"
                                    .formatted(triples[i], triples[i + 1], triples[i + 2]));
        }
        String text = "{'id':'urn:x:1','type':'A','a':[" + instances + "]}";
        return new Version(
                mode,
                TemporalReader.readForeign(
                        JsonReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8)), CORE));
    }

    private static List<String> values(Precedence precedence, Version... versions) {
        return new EvolutionAggregation(TimeProperty.observedAt, precedence)
                .of(List.of(versions)).attributes().getOrDefault(CORE.expand("a"), List.of()).stream()
                        .map(a -> a instanceof Attribute.Property p ? p.value().toString() : "")
                        .map(text -> text.replaceAll("[^0-9]", ""))
                        .toList();
    }

    @Test
    void theInstanceModifiedLastCountsOfThoseOfOneTime() {
        assertThat(values(NONE, version(null, 1, 0, 5), version(Mode.inclusive, 2, 0, 6, 3, 1, 0)))
                .containsExactly("2", "3");
        assertThat(values(NONE, version(null, 1, 0, 6), version(Mode.inclusive, 2, 0, 5)))
                .containsExactly("1");
        assertThat(values(NONE, version(null, 1, 0, 5), version(Mode.inclusive, 2, 0, 5)))
                .containsExactly("1");
    }

    @Test
    void auxiliarySourcesAddTimesThatNobodyElseHas() {
        assertThat(values(NONE, version(Mode.auxiliary, 7, 0, 9, 8, 1, 9), version(null, 1, 0, 0)))
                .containsExactly("1", "8");
    }

    @Test
    void attributesOfProxiedRegistrationsComeFromThereAlone() {
        RegistrationInfo a = new RegistrationInfo(List.of(), Set.of(CORE.expand("a")), Set.of());

        assertThat(values(
                        new Precedence(List.of(a), List.of()),
                        version(null, 1, 0, 0),
                        version(Mode.redirect, 2, 1, 0),
                        version(Mode.exclusive, 3, 2, 0)))
                .containsExactly("3");
        assertThat(values(
                        new Precedence(List.of(), List.of(a)), version(null, 1, 0, 0), version(Mode.redirect, 2, 1, 0)))
                .containsExactly("2");
    }
}
