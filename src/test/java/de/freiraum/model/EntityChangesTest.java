package de.freiraum.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.EntityChange.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EntityChangesTest {
    private static final Instant T0 = Instant.parse("2026-03-02T07:00:00Z");
    private static final Instant T1 = Instant.parse("2026-03-02T08:00:00Z");
    private static final String ID = "urn:ngsi-ld:ParkingSpot:1";
    private static final String TYPE = "https://example.org/ParkingSpot";
    private static final String TEMP = "https://example.org/temperature";
    private static final String NAME = "https://example.org/name";
    private static final String DS = "urn:ngsi-ld:dataset:2";

    private static Attribute property(Value value) {
        return new Attribute.Property(value, AttributeMeta.NONE);
    }

    private static Attribute property(long value) {
        return property(Value.of(value));
    }

    private static Attribute deletion() {
        return property(Value.of(Value.NGSI_LD_NULL));
    }

    private static EntityFragment fragment(Map<String, List<Attribute>> attributes) {
        return EntityFragment.ofAttributes(attributes);
    }

    private static Entity entity(Map<String, List<Attribute>> attributes) {
        EntityFragment whole = new EntityFragment(ID, List.of(TYPE), null, attributes, null, Set.of());
        return after(EntityChanges.create(whole), null, T0);
    }

    private static Entity after(EntityChange change, @Nullable Entity before, Instant now) {
        Entity after = change.apply(before, now).after();
        assertThat(after).isNotNull();
        return java.util.Objects.requireNonNull(after);
    }

    private static Value value(Entity entity, String iri) {
        return ((Attribute.Property) java.util.Objects.requireNonNull(entity.defaultInstance(iri))).value();
    }

    @Nested
    @DisplayName("5.6.1 create")
    class Create {
        @Test
        void stampsTheEntityAndEachAttribute() {
            Entity created = entity(Map.of(TEMP, List.of(property(25))));
            assertThat(created.createdAt()).isEqualTo(T0);
            assertThat(created.attribute(TEMP).get(0).meta().createdAt()).isEqualTo(T0);
        }

        @Test
        void refusesAnEntityThatIsThere() {
            Entity there = entity(Map.of());
            EntityFragment whole = new EntityFragment(ID, List.of(TYPE), null, Map.of(), null, Set.of());
            assertThatThrownBy(() -> EntityChanges.create(whole).apply(there, T1))
                    .isInstanceOfSatisfying(
                            NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.AlreadyExists));
        }

        @Test
        void refusesAnEntityWithoutType() {
            EntityFragment whole = new EntityFragment(ID, List.of(), null, Map.of(), null, Set.of());
            assertThatThrownBy(() -> EntityChanges.create(whole).apply(null, T1))
                    .hasMessageContaining("type");
        }
    }

    @Nested
    @DisplayName("5.6.3 append")
    class Append {
        @Test
        void keepsCreatedAtOfAnInstanceThatItReplaces() {
            Entity before = entity(Map.of(TEMP, List.of(property(25))));
            Entity after =
                    after(EntityChanges.append(ID, fragment(Map.of(TEMP, List.of(property(26)))), true), before, T1);
            AttributeMeta meta = after.attribute(TEMP).get(0).meta();
            assertThat(meta.createdAt()).isEqualTo(T0);
            assertThat(meta.modifiedAt()).isEqualTo(T1);
        }

        @Test
        void withoutOverwriteLeavesAndReportsWhatIsThere() {
            Entity before = entity(Map.of(TEMP, List.of(property(25))));
            Outcome outcome = EntityChanges.append(
                            ID, fragment(Map.of(TEMP, List.of(property(26)), NAME, List.of(property(1)))), false)
                    .apply(before, T1);
            assertThat(outcome.result().updated()).containsExactly(NAME);
            assertThat(outcome.result().notUpdated())
                    .extracting(n -> n.attribute())
                    .containsExactly(TEMP);
            assertThat(value(java.util.Objects.requireNonNull(outcome.after()), TEMP))
                    .isEqualTo(Value.of(25));
        }

        @Test
        void addsAnInstanceOfAnotherDatasetBesideTheDefaultOne() {
            Entity before = entity(Map.of(TEMP, List.of(property(25))));
            Attribute other = new Attribute.Property(Value.of(7), AttributeMeta.NONE.withDatasetId(DS));
            Entity after = after(EntityChanges.append(ID, fragment(Map.of(TEMP, List.of(other))), true), before, T1);
            assertThat(after.attribute(TEMP)).hasSize(2);
        }

        @Test
        void leavesUntouchedAttributesTheSameObject() {
            Entity before = entity(Map.of(TEMP, List.of(property(25))));
            Entity after =
                    after(EntityChanges.append(ID, fragment(Map.of(NAME, List.of(property(1)))), true), before, T1);
            assertThat(after.defaultInstance(TEMP)).isSameAs(before.defaultInstance(TEMP));
        }

        @Test
        void failsWhereThereIsNoEntity() {
            assertThatThrownBy(() ->
                            EntityChanges.append(ID, fragment(Map.of()), true).apply(null, T1))
                    .isInstanceOfSatisfying(
                            NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.ResourceNotFound));
        }
    }

    @Nested
    @DisplayName("5.6.2 update")
    class Update {
        @Test
        void dropsSubAttributesThatTheFragmentDoesNotRepeat() {
            Entity before = entity(Map.of(
                    TEMP, List.of(new Attribute.Property(Value.of(25), AttributeMeta.NONE.withUnitCode("CEL")))));
            Entity after = after(EntityChanges.update(ID, fragment(Map.of(TEMP, List.of(property(100))))), before, T1);
            assertThat(after.attribute(TEMP).get(0).meta().unitCode()).isNull();
        }

        @Test
        void deletesWhatIsSetToNull() {
            Entity before = entity(Map.of(TEMP, List.of(property(25)), NAME, List.of(property(1))));
            Entity after = after(EntityChanges.update(ID, fragment(Map.of(TEMP, List.of(deletion())))), before, T1);
            assertThat(after.attributes()).containsOnlyKeys(NAME);
        }

        @Test
        void ignoresAScopeWhereTheEntityHasNone() {
            EntityFragment scoped = new EntityFragment(null, List.of(), List.of("/a"), Map.of(), null, Set.of());
            assertThat(after(EntityChanges.update(ID, scoped), entity(Map.of()), T1)
                            .scopes())
                    .isEmpty();
        }

        @Test
        void addsTypesThatAreNew() {
            EntityFragment typed =
                    new EntityFragment(null, List.of("https://example.org/Other"), null, Map.of(), null, Set.of());
            assertThat(after(EntityChanges.update(ID, typed), entity(Map.of()), T1)
                            .types())
                    .containsExactly(TYPE, "https://example.org/Other");
        }
    }

    @Nested
    @DisplayName("5.6.4 partial update")
    class PartialUpdate {
        private final Entity before = entity(
                Map.of(TEMP, List.of(new Attribute.Property(Value.of(25), AttributeMeta.NONE.withUnitCode("CEL")))));

        @Test
        void keepsMembersThatTheFragmentDoesNotName() {
            Entity after = after(EntityChanges.partialUpdate(ID, TEMP, property(100)), before, T1);
            assertThat(value(after, TEMP)).isEqualTo(Value.of(100));
            assertThat(after.attribute(TEMP).get(0).meta().unitCode()).isEqualTo("CEL");
        }

        @Test
        void changesMetadataAlone() {
            Attribute patch = new Attribute.Fragment(null, AttributeMeta.NONE.withObservedAt(T1));
            Entity after = after(EntityChanges.partialUpdate(ID, TEMP, patch), before, T1);
            assertThat(value(after, TEMP)).isEqualTo(Value.of(25));
            assertThat(after.attribute(TEMP).get(0).meta().observedAt()).isEqualTo(T1);
        }

        @Test
        void refusesToChangeTheKind() {
            Attribute patch = new Attribute.Relationship(List.of("urn:ngsi-ld:X:1"), AttributeMeta.NONE);
            assertThatThrownBy(
                            () -> EntityChanges.partialUpdate(ID, TEMP, patch).apply(before, T1))
                    .hasMessageContaining("Property");
        }

        @Test
        void failsWhereTheDatasetHasNoInstance() {
            Attribute patch = new Attribute.Property(Value.of(1), AttributeMeta.NONE.withDatasetId(DS));
            assertThatThrownBy(
                            () -> EntityChanges.partialUpdate(ID, TEMP, patch).apply(before, T1))
                    .isInstanceOfSatisfying(
                            NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.ResourceNotFound));
        }
    }

    @Nested
    @DisplayName("5.6.17 merge")
    class Merge {
        @Test
        void mergesObjectsMemberByMemberAndRemovesNulls() {
            Value address =
                    new Value.Obj(Map.of("street", Value.of("A"), "country", Value.of("DE"), "city", Value.of("B")));
            Value patch = new Value.Obj(Map.of("street", Value.of("C"), "country", Value.of(Value.NGSI_LD_NULL)));
            Entity after = after(
                    EntityChanges.merge(ID, fragment(Map.of(NAME, List.of(property(patch)))), MergeOptions.NONE),
                    entity(Map.of(NAME, List.of(property(address)))),
                    T1);
            assertThat(value(after, NAME))
                    .isEqualTo(new Value.Obj(Map.of("street", Value.of("C"), "city", Value.of("B"))));
        }

        @Test
        void keepsTheKindOfASimplifiedValue() {
            Entity before = entity(
                    Map.of(NAME, List.of(new Attribute.Relationship(List.of("urn:ngsi-ld:X:1"), AttributeMeta.NONE))));
            MergeOptions simplified = new MergeOptions(true, null, null, t -> t);
            Entity after = after(
                    EntityChanges.merge(
                            ID, fragment(Map.of(NAME, List.of(property(Value.of("urn:ngsi-ld:X:2"))))), simplified),
                    before,
                    T1);
            assertThat(after.defaultInstance(NAME))
                    .isInstanceOfSatisfying(Attribute.Relationship.class, r -> assertThat(r.objects())
                            .containsExactly("urn:ngsi-ld:X:2"));
        }

        @Test
        void setsASimplifiedStringInTheLanguageAskedFor() {
            Entity before = entity(Map.of(
                    NAME,
                    List.of(new Attribute.LanguageProperty(
                            Map.of("de", List.of("Markt"), "en", List.of("Market")), AttributeMeta.NONE))));
            MergeOptions german = new MergeOptions(true, "de", null, t -> t);
            Entity after = after(
                    EntityChanges.merge(ID, fragment(Map.of(NAME, List.of(property(Value.of("Platz"))))), german),
                    before,
                    T1);
            assertThat(after.defaultInstance(NAME))
                    .isInstanceOfSatisfying(Attribute.LanguageProperty.class, l -> assertThat(l.languageMap())
                            .containsEntry("de", List.of("Platz"))
                            .containsEntry("en", List.of("Market")));
        }

        @Test
        void givesTheCommonTimeOnlyToAttributesThatHadOne() {
            Entity before = entity(Map.of(
                    TEMP,
                    List.of(new Attribute.Property(Value.of(1), AttributeMeta.NONE.withObservedAt(T0))),
                    NAME,
                    List.of(property(1))));
            MergeOptions timed = new MergeOptions(false, null, T1, t -> t);
            Entity after = after(
                    EntityChanges.merge(
                            ID, fragment(Map.of(TEMP, List.of(property(2)), NAME, List.of(property(2)))), timed),
                    before,
                    T1);
            assertThat(after.attribute(TEMP).get(0).meta().observedAt()).isEqualTo(T1);
            assertThat(after.attribute(NAME).get(0).meta().observedAt()).isNull();
        }

        @Test
        void leavesNoNullsInWhatItAdds() {
            Value patch = new Value.Obj(Map.of("a", Value.of(1), "b", Value.of(Value.NGSI_LD_NULL)));
            Entity after = after(
                    EntityChanges.merge(ID, fragment(Map.of(NAME, List.of(property(patch)))), MergeOptions.NONE),
                    entity(Map.of()),
                    T1);
            assertThat(value(after, NAME)).isEqualTo(new Value.Obj(Map.of("a", Value.of(1))));
        }

        @Test
        void nullOfAnAbsentAttributeChangesNothing() {
            Entity before = entity(Map.of());
            Outcome outcome = EntityChanges.merge(ID, fragment(Map.of(NAME, List.of(deletion()))), MergeOptions.NONE)
                    .apply(before, T1);
            assertThat(outcome.after()).isSameAs(before);
        }
    }

    @Nested
    @DisplayName("5.6.5 delete attribute")
    class DeleteAttribute {
        private final Entity before = entity(Map.of(
                TEMP, List.of(property(1), new Attribute.Property(Value.of(2), AttributeMeta.NONE.withDatasetId(DS)))));

        @Test
        void removesTheDefaultInstanceAlone() {
            Entity after = after(EntityChanges.deleteAttribute(ID, TEMP, null, false), before, T1);
            assertThat(after.attribute(TEMP))
                    .extracting(a -> a.meta().datasetId())
                    .containsExactly(DS);
        }

        @Test
        void removesAllInstancesWhenAsked() {
            assertThat(after(EntityChanges.deleteAttribute(ID, TEMP, null, true), before, T1)
                            .attributes())
                    .isEmpty();
        }

        @Test
        void failsWhereTheAttributeIsAbsent() {
            assertThatThrownBy(() ->
                            EntityChanges.deleteAttribute(ID, NAME, null, true).apply(before, T1))
                    .isInstanceOf(NgsiLdException.class);
        }
    }

    @Nested
    @DisplayName("5.6.18 replace")
    class Replace {
        @Test
        void keepsCreatedAtAndDropsWhatIsNotGiven() {
            Entity before = entity(Map.of(TEMP, List.of(property(1)), NAME, List.of(property(1))));
            Entity after = after(EntityChanges.replace(ID, fragment(Map.of(TEMP, List.of(property(2))))), before, T1);
            assertThat(after.createdAt()).isEqualTo(T0);
            assertThat(after.attributes()).containsOnlyKeys(TEMP);
        }
    }

    @Nested
    @DisplayName("observations")
    class Observed {
        private EntityFragment observation(Instant at, long value) {
            return new EntityFragment(
                    ID,
                    List.of(TYPE),
                    null,
                    Map.of(
                            TEMP,
                            List.of(new Attribute.Property(Value.of(value), AttributeMeta.NONE.withObservedAt(at)))),
                    null,
                    Set.of());
        }

        @Test
        void createTheEntity() {
            assertThat(after(Observations.update(observation(T0, 1)), null, T1).types())
                    .containsExactly(TYPE);
        }

        @Test
        void aNewerOneBecomesTheCurrent() {
            Entity before = after(Observations.update(observation(T0, 1)), null, T0);
            assertThat(value(after(Observations.update(observation(T1, 2)), before, T1), TEMP))
                    .isEqualTo(Value.of(2));
        }

        @Test
        void anOlderOneGoesIntoHistoryOnly() {
            Entity before = after(Observations.update(observation(T1, 1)), null, T1);
            Outcome outcome = Observations.update(observation(T0, 2)).apply(before, T1);
            assertThat(outcome.after()).isSameAs(before);
            assertThat(outcome.history()).hasSize(1);
        }

        @Test
        void aRepetitionChangesNothing() {
            Entity before = after(Observations.update(observation(T0, 1)), null, T0);
            Outcome outcome = Observations.update(observation(T0, 1)).apply(before, T1);
            assertThat(outcome.after()).isSameAs(before);
            assertThat(outcome.history()).isEmpty();
        }

        @Test
        void aLateOneHasTheSameIdentityEachTime() {
            Entity before = after(Observations.update(observation(T1, 1)), null, T1);
            assertThat(Observations.update(observation(T0, 2))
                            .apply(before, T1)
                            .history()
                            .get(0)
                            .instance()
                            .meta()
                            .instanceId())
                    .isEqualTo(Observations.instanceId(TEMP, null, T0));
        }
    }
}
