package de.freiraum.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntityQueryTest {
    private static EntityQuery q(String q) {
        return EntityQuery.ALL.withQ(QParser.parse(q, t -> "e:" + t));
    }

    private static TypeSelection types(String types) {
        return TypeSelectionParser.parse(types, t -> "e:" + t);
    }

    @Test
    void everythingMatchesTheEmptyQuery() {
        assertThat(Cases.matching(EntityQuery.ALL)).hasSize(Cases.ENTITIES.size());
    }

    @Test
    void allConditionsMustHold() {
        EntityQuery query = EntityQuery.ALL
                .withTypes(TypeSelectionParser.parse("Building", Cases.EXPAND))
                .withIdPattern(TextPattern.of("idPattern", "a$"));
        assertThat(Cases.matching(query)).containsExactly("pisa");
        assertThat(Cases.matching(query.withScopeQ(ScopeQueryParser.parse("/Paris/#"))))
                .isEmpty();
        assertThat(Cases.matching(query.withQ(QParser.parse("almostFull==true", Cases.EXPAND))))
                .isEmpty();
    }

    @Test
    void oneOfTheAttributesIsEnough() {
        EntityQuery query =
                EntityQuery.ALL.withAttributes(Set.of(Cases.EXPAND.apply("speed"), Cases.EXPAND.apply("levels")));
        assertThat(Cases.matching(query)).containsExactly("compound", "multi");
    }

    @Test
    void oneOfTheSelectorsIsEnoughAndIdsPrevailOverThePattern() {
        EntityQuery query = EntityQuery.ALL.withSelectors(List.of(
                new EntitySelector(TypeSelectionParser.parse("City", Cases.EXPAND), Set.of(), null),
                new EntitySelector(
                        TypeSelectionParser.parse("Building", Cases.EXPAND),
                        Set.of("urn:ngsi-ld:Building:pisa"),
                        TextPattern.of("idPattern", "eiffel$"))));
        assertThat(Cases.matching(query)).containsExactly("pisa", "paris");
    }

    @Test
    void datasetsAreShownByNameAndTheDefaultInstanceByNone() {
        EntityQuery query = EntityQuery.ALL.withDatasetIds(Set.of("urn:d:1", "@none"));
        assertThat(query.showsDataset("urn:d:1")).isTrue();
        assertThat(query.showsDataset(null)).isTrue();
        assertThat(query.showsDataset("urn:d:2")).isFalse();
        assertThat(EntityQuery.ALL.showsDataset("urn:d:2")).isTrue();
    }

    @Test
    void candidateTypesAreTheFewestThatEveryMatchHasOneOf() {
        assertThat(EntityQuery.ALL.typeCandidates()).isNull();
        assertThat(EntityQuery.ALL.withTypes(types("*")).typeCandidates()).isNull();
        assertThat(EntityQuery.ALL.withTypes(types("A|B,C")).typeCandidates()).containsExactly("e:A", "e:B", "e:C");
        assertThat(EntityQuery.ALL.withTypes(types("(A|B);C")).typeCandidates()).containsExactly("e:C");
        assertThat(EntityQuery.ALL
                        .withSelectors(List.of(
                                new EntitySelector(types("A"), Set.of(), null),
                                new EntitySelector(types("B"), Set.of("urn:x:1"), null)))
                        .typeCandidates())
                .containsExactly("e:A", "e:B");
        assertThat(EntityQuery.ALL
                        .withSelectors(List.of(new EntitySelector(null, Set.of("urn:x:1"), null)))
                        .typeCandidates())
                .isNull();
    }

    @Test
    void candidateIdsComeFromIdsOrFromSelectorsThatAllHaveThem() {
        EntitySelector one = new EntitySelector(null, Set.of("urn:x:1"), null);
        EntitySelector any = new EntitySelector(null, Set.of(), null);
        assertThat(EntityQuery.ALL.idCandidates()).isNull();
        assertThat(EntityQuery.ALL.withIds(Set.of("urn:x:2")).idCandidates()).containsExactly("urn:x:2");
        assertThat(EntityQuery.ALL.withSelectors(List.of(one)).idCandidates()).containsExactly("urn:x:1");
        assertThat(EntityQuery.ALL.withSelectors(List.of(one, any)).idCandidates())
                .isNull();
    }

    @Test
    void requiredAttributesAreThoseOfConditionsThatMustHold() {
        assertThat(q("a==1;b.c>2;(d|e);!f;g{h}==1;createdAt>2020-01-01").requiredAttributes())
                .containsExactly("e:a", "e:b", "e:g");
        assertThat(q("a|b").requiredAttributes()).isEmpty();
    }

    @Test
    void comparisonsForAnIndexAreOnPlainAttributes() {
        assertThat(q("a==1;b.c>2;d[x]==1;(e<3;f!=4);g{h}==1;i").comparisons())
                .extracting(c -> c.target().attribute())
                .containsExactly("e:a", "e:e", "e:f");
    }

    @Test
    void theDepthOfLinkedEntitiesIsTheLongestPath() {
        assertThat(q("a").linkedDepth()).isZero();
        assertThat(q("a{b}==1;c{d{e}}==2").linkedDepth()).isEqualTo(2);
        assertThat(EntityQuery.ALL.linkedDepth()).isZero();
    }

    @Test
    void equalQueriesAreEqual() {
        assertThat(q("a==1;b~=\"x\""))
                .isEqualTo(q("a==1.;b~=\"x\"".replace("1.", "1")))
                .hasSameHashCodeAs(q("a==1;b~=\"x\""));
        assertThat(q("a==1")).isNotEqualTo(q("a==2"));
    }

    /** Compiling a pattern or splitting a string takes kilobytes; one small object a condition takes a few dozen bytes. */
    @Test
    void evaluationAllocatesNextToNothing() {
        EntityQuery query = EntityQuery.ALL
                .withTypes(TypeSelectionParser.parse("(Building;Building)|City", Cases.EXPAND))
                .withScopeQ(ScopeQueryParser.parse("/Paris/+"))
                .withQ(QParser.parse(
                        "airQualityLevel>=4;name==\"Eiffel Tower\";tags==\"red\";color[en]==\"red\";airQualityLevel.observedAt>2020-01-01T00:00:00Z",
                        Cases.EXPAND))
                .withGeo(GeoQueryParser.parse(
                        "near;maxDistance==2000", "Point", "[2.29,48.85]", null, Cases.JSON, Cases.EXPAND));
        var entity = java.util.Objects.requireNonNull(Cases.ENTITIES.get("eiffel"));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rounds = 20_000;
        int matches = 0;
        for (int i = 0; i < rounds; i++) {
            matches += query.matches(entity) ? 1 : 0;
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < rounds; i++) {
            matches += query.matches(entity) ? 1 : 0;
        }
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / rounds;
        assertThat(matches).isEqualTo(2 * rounds);
        assertThat(bytes).isLessThan(1024);
    }
}
