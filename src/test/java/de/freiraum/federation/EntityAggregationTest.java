package de.freiraum.federation;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.federation.EntityAggregation.Version;
import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Entity;
import de.freiraum.registration.Mode;
import de.freiraum.registration.RegistrationInfo;
import de.freiraum.representation.EntityReader;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.RepresentationOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clauses 4.3.6.2, 4.3.6.3, 4.5.5.2 and 4.5.5.3. */
class EntityAggregationTest {
    private static final Context CORE = BuiltInContexts.core();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Version version(@Nullable Mode mode, String members) {
        String text = "{'id':'urn:x:1','type':'A'," + members + "}";
        Entity entity = EntityReader.readForeign(
                JsonReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8)), CORE);
        return new Version(mode, entity);
    }

    private static String of(Version... versions) {
        return of("none", "none", versions);
    }

    private static @Nullable Entity aggregated(String exclusive, String redirected, Version... versions) {
        return new EntityAggregation(NOW, new Precedence(naming(exclusive), naming(redirected))).of(List.of(versions));
    }

    /** A part of a registration that names one attribute; none for an empty name. */
    private static List<RegistrationInfo> naming(String attribute) {
        return attribute.isEmpty()
                ? List.of()
                : List.of(new RegistrationInfo(List.of(), Set.of(CORE.expand(attribute)), Set.of()));
    }

    private static String of(String exclusive, String redirected, Version... versions) {
        Entity entity = aggregated(exclusive, redirected, versions);
        if (entity == null) {
            return "nothing";
        }
        byte[] json = new EntityWriter(1 << 16)
                .write(entity, RepresentationOptions.of(CORE).withForm(RepresentationOptions.Form.CONCISE));
        return new String(json, StandardCharsets.UTF_8).replace('"', '\'').replace("'id':'urn:x:1','type':'A'", "");
    }

    @Test
    void theLatestObservationCounts() {
        assertThat(
                        of(
                                version(
                                        null,
                                        "'a':{'value':1,'observedAt':'2025-01-02T00:00:00Z','modifiedAt':'2025-01-01T00:00:00Z'}"),
                                version(
                                        Mode.inclusive,
                                        "'a':{'value':2,'observedAt':'2025-01-01T00:00:00Z','modifiedAt':'2025-06-01T00:00:00Z'}")))
                .contains("'value':1");
    }

    @Test
    void anObservedInstanceOutranksOneThatIsNot() {
        assertThat(of(
                        version(null, "'a':{'value':1,'modifiedAt':'2025-06-01T00:00:00Z'}"),
                        version(Mode.inclusive, "'a':{'value':2,'observedAt':'2025-01-01T00:00:00Z'}")))
                .contains("'value':2");
    }

    @Test
    void withoutObservationsTheLatestModificationCounts() {
        assertThat(of(
                        version(null, "'a':{'value':1,'modifiedAt':'2025-01-01T00:00:00Z'}"),
                        version(Mode.inclusive, "'a':{'value':2,'modifiedAt':'2025-01-02T00:00:00Z'}")))
                .isEqualTo("{,'a':2}");
    }

    @Test
    void instancesOfDifferentDatasetsStayBesideEachOther() {
        assertThat(of(
                        version(null, "'a':{'value':1}"),
                        version(Mode.inclusive, "'a':{'value':2,'datasetId':'urn:d:1'}")))
                .isEqualTo("{,'a':[1,{'value':2,'datasetId':'urn:d:1'}]}");
    }

    @Test
    void whatHasExpiredDoesNotCount() {
        assertThat(of(
                        version(null, "'a':{'value':1}"),
                        version(
                                Mode.inclusive,
                                "'a':{'value':2,'observedAt':'2025-01-01T00:00:00Z','expiresAt':'2025-02-01T00:00:00Z'}"),
                        version(Mode.inclusive, "'b':1,'expiresAt':'2025-02-01T00:00:00Z'")))
                .isEqualTo("{,'a':1}");
        assertThat(of(version(Mode.inclusive, "'b':1,'expiresAt':'2025-02-01T00:00:00Z'")))
                .isEqualTo("nothing");
    }

    @Test
    void anEndThatNotAllVersionsHaveBelongsToTheAttributes() {
        Entity entity = Objects.requireNonNull(aggregated(
                "none",
                "none",
                version(null, "'a':1"),
                version(Mode.inclusive, "'b':1,'expiresAt':'2027-01-01T00:00:00Z'")));
        assertThat(entity.expiresAt()).isNull();
        assertThat(entity.attribute(CORE.expand("a")).get(0).meta().expiresAt()).isNull();
        assertThat(entity.attribute(CORE.expand("b")).get(0).meta().expiresAt())
                .isEqualTo(Instant.parse("2027-01-01T00:00:00Z"));
    }

    @Test
    void exclusiveAndRedirectSourcesOutrankTheOthers() {
        Version local = version(null, "'a':1,'b':1,'c':1");
        Version inclusive = version(Mode.inclusive, "'a':2,'b':2,'c':2");
        Version redirect = version(Mode.redirect, "'a':3,'b':3");
        Version exclusive = version(Mode.exclusive, "'a':4");
        assertThat(of("a", "b", local, inclusive, redirect, exclusive)).isEqualTo("{,'c':1,'b':3,'a':4}");
        assertThat(of("a", "b", local))
                .as("sources that do not answer are missed")
                .isEqualTo("{,'c':1}");
    }

    @Test
    void auxiliarySourcesAddWhatNobodyElseHas() {
        assertThat(of(version(Mode.auxiliary, "'a':2,'b':2"), version(null, "'a':1")))
                .isEqualTo("{,'a':1,'b':2}");
        assertThat(of(version(Mode.auxiliary, "'a':2"))).isEqualTo("{,'a':2}");
    }
}
