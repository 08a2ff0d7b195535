package de.freiraum.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.freiraum.model.Aggregated;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.TemporalStore.Added;
import de.freiraum.store.TemporalStore.Condensation;
import de.freiraum.store.TemporalStore.Condensed;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Range;
import de.freiraum.store.TemporalStore.Spot;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link TemporalStore} does, together with the {@link EntityStore} that writes it. */
public abstract class TemporalStoreContract extends StoreContract {
    private static final String A = "urn:ngsi-ld:T:a";
    private static final String OTHER = "https://example.org/other";

    @Test
    void everyVersionOfAnAttributeIsAnInstance() {
        commit(A, set(A, 1));
        commit(A, set(A, 2));
        commit(A, set(A, 2));

        List<TemporalInstance> instances = all();

        assertThat(instances).extracting(i -> number(i.instance())).containsExactly(1L, 2L, 2L);
        assertThat(instances).extracting(TemporalInstance::attribute).containsOnly(COUNT);
    }

    @Test
    void instancesHaveTheirTimesAndIdsOfTheirOwn() {
        Change first = commit(A, set(A, 1));
        Change second = commit(A, set(A, 2));

        assertThat(all()).extracting(i -> i.instance().meta().modifiedAt()).containsExactly(first.at(), second.at());
        assertThat(all()).extracting(i -> i.instance().meta().createdAt()).containsExactly(first.at(), first.at());
        assertThat(all())
                .extracting(i -> String.valueOf(i.instance().meta().instanceId()))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.startsWith("urn:ngsi-ld:Instance:"));
    }

    @Test
    void anUntouchedAttributeGetsNoInstance() {
        commit(A, set(A, 1));
        commit(A, set(A, TYPE, OTHER, property(2)));

        assertThat(all()).extracting(TemporalInstance::attribute).containsExactlyInAnyOrder(COUNT, OTHER);
    }

    @Test
    void refusedChangesAndThoseOfNothingLeaveNoInstance() {
        commit(A, set(A, 1));
        await(entities().apply(TENANT, A, (before, now) -> Outcome.of(before, UpdateResult.EMPTY), Origin.API));
        assertThatThrownBy(() -> await(entities()
                        .apply(
                                TENANT,
                                A,
                                (before, now) -> {
                                    throw NgsiLdException.badRequest("no");
                                },
                                Origin.API)))
                .isInstanceOf(NgsiLdException.class);

        assertThat(all()).hasSize(1);
    }

    @Test
    void aLateObservationIsPlacedByItsTimeAndDoesNotTouchTheEntity() {
        commit(A, set(A, TYPE, COUNT, observed(1, START.minusSeconds(100))));
        commit(A, set(A, TYPE, COUNT, observed(3, START.minusSeconds(10))));
        Change late = commit(A, late(identified("x", observed(2, START.minusSeconds(50)))));

        assertThat(late.before()).isSameAs(late.after());
        assertThat(late.history()).hasSize(1);
        assertThat(number(retrieve(A))).isEqualTo(3);
        assertThat(all()).extracting(i -> number(i.instance())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void anInstanceWithTheSameIdentityReplacesTheEarlier() {
        commit(A, set(A, 1));
        commit(A, late(identified("x", observed(2, START))));
        commit(A, late(identified("x", observed(3, START))));
        commit(A, late(identified("y", observed(4, START))));

        assertThat(observed(Range.ALL)).containsExactlyInAnyOrder(1L, 3L, 4L);
    }

    @Test
    void aCurrentInstanceWithAnIdentityIsReplacedToo() {
        commit(A, set(A, TYPE, COUNT, identified("x", observed(2, START))));
        commit(A, set(A, TYPE, COUNT, identified("x", observed(3, START))));

        assertThat(observed(Range.ALL)).containsExactly(3L);
    }

    @Test
    void aDeletedAttributeLeavesItsDeletion() {
        commit(A, set(A, 1));
        commit(A, set(A, TYPE, OTHER, new Attribute.Relationship(List.of("urn:x"), AttributeMeta.NONE)));
        commit(A, removeAttribute(COUNT));
        Change change = commit(A, removeAttribute(OTHER));

        List<TemporalInstance> counts = instances(Set.of(COUNT), Range.ALL);
        assertThat(counts).hasSize(2);
        assertThat(counts.get(1).instance().isNull()).isTrue();
        List<TemporalInstance> others = instances(Set.of(OTHER), Range.ALL);
        assertThat(others.get(1).instance())
                .isInstanceOf(Attribute.Relationship.class)
                .matches(Attribute::isNull)
                .extracting(a -> a.meta().deletedAt())
                .isEqualTo(change.at());
    }

    @Test
    void rangesHaveTheirStartAndNotTheirEnd() {
        for (int i = 0; i < 10; i++) {
            commit(A, set(A, TYPE, COUNT, observed(i, START.plusSeconds(i))));
        }

        assertThat(observed(range(START.plusSeconds(3), START.plusSeconds(6), 0)))
                .containsExactly(3L, 4L, 5L);
        assertThat(observed(range(null, START.plusSeconds(2), 0))).containsExactly(0L, 1L);
        assertThat(observed(range(START.plusSeconds(8), null, 0))).containsExactly(8L, 9L);
        assertThat(observed(range(START.plusSeconds(20), null, 0))).isEmpty();
    }

    @Test
    void theLastAreTheNewestOfTheRangeInAscendingOrder() {
        for (int i = 0; i < 10; i++) {
            commit(A, set(A, TYPE, COUNT, observed(i, START.plusSeconds(i))));
        }

        assertThat(observed(range(null, null, 2))).containsExactly(8L, 9L);
        assertThat(observed(range(START.plusSeconds(3), START.plusSeconds(6), 2)))
                .containsExactly(4L, 5L);
        assertThat(observed(range(START.plusSeconds(9), null, 5))).containsExactly(9L);
    }

    @Test
    void theLastCountForEachDataset() {
        for (int i = 0; i < 4; i++) {
            Attribute value = observed(i, START.plusSeconds(i));
            commit(A, set(A, TYPE, COUNT, value));
            commit(A, set(A, TYPE, COUNT, value.with(value.meta().withDatasetId("urn:line:1"))));
        }

        assertThat(observed(range(null, null, 1))).containsExactly(3L, 3L);
    }

    @Test
    void timesBefore1970AndWithNanosecondsAreInOrder() {
        Instant early = Instant.parse("1969-07-20T20:17:40.000000001Z");
        commit(A, set(A, TYPE, COUNT, observed(2, early)));
        commit(A, set(A, TYPE, COUNT, observed(1, early.minusNanos(1))));
        commit(A, set(A, TYPE, COUNT, observed(3, Instant.EPOCH)));

        assertThat(observed(Range.ALL)).containsExactly(1L, 2L, 3L);
        assertThat(observed(range(early, Instant.EPOCH, 0))).containsExactly(2L);
    }

    @Test
    void givesOnlyTheAttributesAskedFor() {
        commit(A, set(A, 1));
        commit(A, set(A, TYPE, OTHER, property(2)));

        assertThat(instances(Set.of(OTHER), Range.ALL))
                .extracting(TemporalInstance::attribute)
                .containsExactly(OTHER);
        assertThat(instances(Set.of("https://example.org/absent"), Range.ALL)).isEmpty();
    }

    @Test
    void doesNotMixNamesThatStartAlike() {
        commit(A, set(A, 1));
        commit(A + "b", set(A + "b", 2));
        commit(A, set(A, TYPE, COUNT + "er", property(3)));

        assertThat(instances(Set.of(COUNT), Range.ALL))
                .extracting(i -> number(i.instance()))
                .containsExactly(1L);
        assertThat(all()).hasSize(2);
    }

    @Test
    void anotherTimeThanThatOfObservationCanCount() {
        commit(A, set(A, TYPE, COUNT, observed(1, START.plusSeconds(500))));
        time.set(START.plusSeconds(60));
        commit(A, set(A, TYPE, COUNT, observed(2, START.plusSeconds(400))));

        Range modified = new Range(TimeProperty.modifiedAt, START.plusSeconds(30), null, 0);
        assertThat(observed(modified)).containsExactly(2L);
        assertThat(observed(new Range(TimeProperty.modifiedAt, null, null, 1))).containsExactly(2L);
        assertThat(observed(new Range(TimeProperty.modifiedAt, null, null, 0))).containsExactly(1L, 2L);
        assertThat(observed(new Range(TimeProperty.deletedAt, null, null, 0))).isEmpty();
    }

    @Test
    void deletingAnEntityIsInItsHistoryAndInNoOther() {
        commit(A, set(A, 1));
        commit(A + "b", set(A + "b", 2));
        commit(A, remove());

        assertThat(all()).hasSize(2);
        assertThat(await(history().instances(TENANT, A + "b", Set.of(), Range.ALL)))
                .hasSize(1);
    }

    @Test
    void anEntityCreatedAnewContinuesItsHistory() {
        commit(A, set(A, 1));
        await(entities()
                .applyAll(
                        TENANT,
                        List.of(new EntityStore.EntityWrite(A, remove()), new EntityStore.EntityWrite(A, set(A, 2))),
                        Origin.API));

        assertThat(instances(Set.of(COUNT), Range.ALL))
                .extracting(i -> i.instance().isNull())
                .containsExactly(false, true, false);
    }

    @Test
    void historyIsThereAfterARestart() {
        assumeTrue(persistent());
        commit(A, set(A, 1));
        commit(A, set(A, 2));
        List<TemporalInstance> before = all();

        reopen();
        commit(A, set(A, 3));

        assertThat(all()).hasSize(3).startsWith(before.toArray(TemporalInstance[]::new));
    }

    @Test
    void anEvolutionCanExistWithoutACurrentEntity() {
        assertThat(add(A, true, observed(1, START.minusSeconds(9)))).isEqualTo(Added.CREATED);
        assertThat(add(A, true, observed(2, START))).isEqualTo(Added.TO_EXISTING);

        assertThat(retrieve(A)).isNull();
        assertThat(published).isEmpty();
        assertThat(observed(Range.ALL)).containsExactly(1L, 2L);
        assertThat(head(A)).isNotNull().extracting(Head::types).isEqualTo(List.of(TYPE));
    }

    @Test
    void addedInstancesGetIdsAndTimesOfTheStore() {
        add(A, true, observed(1, START.minusSeconds(9)), observed(2, START));

        assertThat(all())
                .extracting(i -> String.valueOf(i.instance().meta().instanceId()))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.startsWith("urn:ngsi-ld:Instance:"));
        assertThat(all()).allMatch(i -> i.instance().meta().createdAt() != null);
    }

    @Test
    void nothingIsAddedWhereThereIsNothing() {
        assertThat(add(A, false, observed(1, START))).isEqualTo(Added.NOWHERE);

        assertThat(all()).isEmpty();
        assertThat(head(A)).isNull();
    }

    @Test
    void addingToACurrentEntityLeavesItsState() {
        commit(A, set(A, 7));

        assertThat(await(history()
                        .add(
                                TENANT,
                                A,
                                List.of(OTHER_TYPE),
                                List.of(new TemporalInstance(COUNT, observed(1, START.minusSeconds(9)))),
                                false)))
                .isEqualTo(Added.TO_EXISTING);

        assertThat(number(retrieve(A))).isEqualTo(7);
        assertThat(retrieve(A)).isNotNull().matches(e -> e.types().equals(List.of(TYPE)));
        assertThat(observed(Range.ALL)).containsExactly(1L, 7L);
        assertThat(head(A)).isNotNull().matches(h -> h.types().equals(List.of(TYPE, OTHER_TYPE)));
    }

    @Test
    void aReplacedInstanceKeepsItsIdAndTimeOfCreation() {
        add(A, true, observed(1, START));
        Attribute before = all().get(0).instance();
        time.set(START.plusSeconds(60));

        assertThat(await(history().replace(TENANT, A, COUNT, id(before), observed(5, START.minusSeconds(5)))))
                .isTrue();

        assertThat(all()).hasSize(1);
        Attribute after = all().get(0).instance();
        assertThat(number(after)).isEqualTo(5);
        assertThat(id(after)).isEqualTo(id(before));
        assertThat(after.meta().createdAt()).isEqualTo(before.meta().createdAt());
        assertThat(after.meta().modifiedAt()).isEqualTo(START.plusSeconds(60));
        assertThat(after.meta().observedAt()).isEqualTo(START.minusSeconds(5));
    }

    @Test
    void anUnknownInstanceIsNotReplaced() {
        add(A, true, observed(1, START));

        assertThat(await(history().replace(TENANT, A, COUNT, "urn:x:y", observed(5, START))))
                .isFalse();
        assertThat(await(history().replace(TENANT, A, OTHER, id(all().get(0).instance()), observed(5, START))))
                .isFalse();
        assertThat(observed(Range.ALL)).containsExactly(1L);
    }

    @Test
    void instancesAreDeletedOneByOneByDatasetOrAllTogether() {
        add(
                A,
                true,
                observed(1, START),
                observed(2, START.plusSeconds(1)),
                dataset("urn:d:1", observed(3, START)),
                dataset("urn:d:2", observed(4, START)));
        String first = id(all().get(0).instance());

        assertThat(await(history().deleteInstance(TENANT, A, COUNT, first))).isTrue();
        assertThat(await(history().deleteInstance(TENANT, A, COUNT, first))).isFalse();
        assertThat(await(history().deleteInstance(TENANT, A, OTHER, first))).isFalse();
        assertThat(observed(Range.ALL)).containsExactlyInAnyOrder(2L, 3L, 4L);
        assertThat(await(history().deleteDataset(TENANT, A, COUNT, "urn:d:1"))).isTrue();
        assertThat(await(history().deleteDataset(TENANT, A, COUNT, "urn:d:1"))).isFalse();
        assertThat(await(history().deleteDataset(TENANT, A, COUNT, null))).isTrue();
        assertThat(observed(Range.ALL)).containsExactly(4L);
        assertThat(await(history().deleteAttribute(TENANT, A, OTHER))).isFalse();
        assertThat(await(history().deleteAttribute(TENANT, A, COUNT))).isTrue();
        assertThat(await(history().deleteAttribute(TENANT, A, COUNT))).isFalse();
        assertThat(observed(Range.ALL)).isEmpty();
    }

    @Test
    void anAddedInstanceTakesThePlaceOfThatOfTheSameTimeAndDataset() {
        add(A, true, observed(1, START), dataset("urn:d:1", observed(2, START)));
        Attribute before = all().get(0).instance();
        time.set(START.plusSeconds(60));

        add(A, false, observed(3, START), observed(4, START.plusSeconds(1)), observed(5, START.plusSeconds(1)));

        assertThat(observed(Range.ALL)).containsExactlyInAnyOrder(3L, 2L, 5L);
        Attribute after = all().stream()
                .map(TemporalInstance::instance)
                .filter(a -> number(a) == 3)
                .findFirst()
                .orElseThrow();
        assertThat(id(after)).isEqualTo(id(before));
        assertThat(after.meta().createdAt()).isEqualTo(before.meta().createdAt());
        assertThat(after.meta().modifiedAt()).isEqualTo(START.plusSeconds(60));
    }

    @Test
    void addedInstancesWithoutObservedAtAreAllKept() {
        add(A, true, property(1));
        add(A, false, property(1), property(2));

        assertThat(observed(Range.ALL)).containsExactly(1L, 1L, 2L);
    }

    @Test
    void aDeletedEvolutionIsGoneAndTheCurrentEntityStays() {
        commit(A, set(A, 1));
        add(A + "b", true, observed(1, START));

        assertThat(await(history().deleteEvolution(TENANT, A))).isTrue();
        assertThat(await(history().deleteEvolution(TENANT, A + "b"))).isTrue();
        assertThat(await(history().deleteEvolution(TENANT, A + "b"))).isFalse();

        assertThat(number(retrieve(A))).isEqualTo(1);
        assertThat(all()).isEmpty();
        assertThat(head(A + "b")).isNull();
    }

    @Test
    void theDeletionOfAnEntityBecomesPartOfItsEvolution() {
        add(A, true, observed(1, START));
        commit(A, set(A, 2));
        Change deletion = commit(A, remove());

        assertThat(head(A)).extracting(Head::deletedAt).isEqualTo(deletion.at());
        List<TemporalInstance> instances = all();
        assertThat(instances).hasSize(3);
        Attribute last = instances.get(2).instance();
        assertThat(last.isNull()).isTrue();
        assertThat(last.meta().deletedAt()).isEqualTo(deletion.at());
    }

    @Test
    void headsOfTheCurrentAndThePastComeInOrder() {
        for (String id : List.of("d", "b")) {
            commit("urn:x:" + id, set("urn:x:" + id, 1));
        }
        add("urn:x:c", true, observed(1, START));
        add("urn:x:b", true, observed(1, START));
        add("urn:x:a", true, observed(1, START));
        commit("urn:x:e", set("urn:x:e", OTHER_TYPE, COUNT, property(1)));

        EntityQuery query = EntityQuery.ofType(TYPE);
        assertThat(ids(query, null, 10)).containsExactly("urn:x:a", "urn:x:b", "urn:x:c", "urn:x:d");
        assertThat(ids(query, null, 2)).containsExactly("urn:x:a", "urn:x:b");
        assertThat(ids(query, "urn:x:b", 2)).containsExactly("urn:x:c", "urn:x:d");
        assertThat(ids(EntityQuery.ALL.withIds(Set.of("urn:x:e", "urn:x:c", "urn:x:z")), null, 10))
                .containsExactly("urn:x:c", "urn:x:e");
        assertThat(ids(query, "urn:x:d", 10)).isEmpty();
    }

    @Test
    void changesOfTheScopeAreInstances() {
        commit(A, scoped(List.of("/a")));
        Change second = commit(A, scoped(List.of("/b")));
        Change third = commit(A, scoped(List.of()));

        List<TemporalInstance> scopes = instances(Set.of("https://uri.etsi.org/ngsi-ld/scope"), Range.ALL);
        assertThat(scopes).hasSize(3);
        assertThat(scopes.get(1).instance().meta().observedAt()).isEqualTo(second.at());
        assertThat(scopes.get(1).instance().meta().modifiedAt()).isEqualTo(second.at());
        assertThat(scopes.get(2).instance().isNull()).isTrue();
        assertThat(scopes.get(2).instance().meta().deletedAt()).isEqualTo(third.at());
    }

    @Test
    void theFirstAreTheOldestOfTheRange() {
        for (int i = 0; i < 6; i++) {
            commit(A, set(A, TYPE, COUNT, observed(i, START.plusSeconds(i))));
        }

        assertThat(observed(new Range(TimeProperty.observedAt, START.plusSeconds(2), null, 0, 2)))
                .containsExactly(2L, 3L);
        assertThat(observed(new Range(TimeProperty.modifiedAt, null, null, 0, 2)))
                .containsExactly(0L, 1L);
        assertThatThrownBy(() -> new Range(TimeProperty.observedAt, null, null, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void evolutionsAreThereAfterARestart() {
        assumeTrue(persistent());
        add(A, true, observed(1, START));
        Head before = head(A);

        reopen();

        assertThat(head(A)).isEqualTo(before);
        assertThat(observed(Range.ALL)).containsExactly(1L);
        assertThat(add(A, false, observed(2, START.plusSeconds(1)))).isEqualTo(Added.TO_EXISTING);
    }

    @Test
    void windowsOfInstancesBecomeFewer() {
        add(A, true, at(0, 1), at(1, 2), dataset("urn:d", at(2, 50)), at(10, 4), at(11, 5), at(25, 6));

        Condensed done = await(history().condense(TENANT, A, tens(null, 20), null));

        assertThat(done).isEqualTo(new Condensed(5, 3, null));
        assertThat(all())
                .extracting(i -> number(i.instance()), i -> i.instance().meta().observedAt())
                .containsExactlyInAnyOrder(
                        tuple(3L, START),
                        tuple(50L, START.plusSeconds(2)),
                        tuple(9L, START.plusSeconds(10)),
                        tuple(6L, START.plusSeconds(25)));
        assertThat(head(A)).isNotNull();
    }

    @Test
    void whatIsOutsideOfTheIntervalOrIsToStayIsNotTouched() {
        add(A, true, at(0, 1), at(1, 2), at(10, 3), at(20, 4), at(21, 5));
        List<TemporalInstance> before = all();

        Condensed none = await(history().condense(TENANT, A, tens(START.plusSeconds(2), 20), null));

        assertThat(none).isEqualTo(new Condensed(0, 0, null));
        assertThat(all()).isEqualTo(before);
        assertThat(await(history().condense(TENANT, "urn:ngsi-ld:T:none", tens(null, 20), null)))
                .isEqualTo(new Condensed(0, 0, null));
    }

    @Test
    void manyInstancesAreCondensedInSeveralCallsOfWholeWindows() {
        int many = 3000;
        for (int start = 0; start < many; start += 500) {
            add(
                    A,
                    true,
                    IntStream.range(start, start + 500).mapToObj(i -> at(i, 1)).toArray(Attribute[]::new));
        }
        add("urn:ngsi-ld:T:b", true, at(0, 1), at(1, 1));

        int calls = 0;
        int removed = 0;
        Spot next = null;
        do {
            Condensed slice = await(history().condense(TENANT, A, tens(null, many), next));
            calls++;
            removed += slice.removed();
            next = slice.next();
        } while (next != null);

        assertThat(calls).isBetween(2, 10);
        assertThat(removed).isEqualTo(many);
        assertThat(observed(Range.ALL)).hasSize(many / 10).containsOnly(10L);
        assertThat(await(history().instances(TENANT, "urn:ngsi-ld:T:b", Set.of(), Range.ALL)))
                .hasSize(2);
    }

    @Test
    void whatBecomesNothingIsGone() {
        commit(A, set(A, TYPE, COUNT, observed(1, START)));
        commit(A, set(A, TYPE, COUNT, observed(2, START.plusSeconds(10))));

        Condensed done =
                await(history().condense(TENANT, A, new Tens(null, START.plusSeconds(10), window -> List.of()), null));

        assertThat(done).isEqualTo(new Condensed(1, 0, null));
        assertThat(observed(Range.ALL)).containsExactly(2L);
    }

    @Test
    void anObservationDoesNotTakeThePlaceOfAnAggregate() {
        Attribute aggregate = new Aggregated("PT15M", 3, null, null, null).mark(observed(7, START));
        add(A, true, aggregate);
        add(A, false, observed(1, START));
        add(A, false, observed(2, START));
        add(A, false, aggregate);

        assertThat(observed(Range.ALL)).containsExactlyInAnyOrder(7L, 2L);
    }

    /** Sums of ten seconds each. */
    private record Tens(@Nullable Instant from, Instant to, UnaryOperator<List<TemporalInstance>> rule)
            implements Condensation {
        @Override
        public Instant windowEnd(Instant time) {
            return Instant.ofEpochSecond((time.getEpochSecond() / 10 + 1) * 10);
        }

        @Override
        public List<TemporalInstance> condense(List<TemporalInstance> window) {
            return rule.apply(window);
        }
    }

    private static Condensation tens(@Nullable Instant from, int to) {
        return new Tens(from, START.plusSeconds(to), window -> {
            if (window.size() == 1 && window.get(0).instance().meta().datasetId() == null) {
                return window;
            }
            TemporalInstance first = window.get(0);
            long sum = window.stream().mapToLong(i -> number(i.instance())).sum();
            AttributeMeta meta = first.instance().meta();
            return List.of(new TemporalInstance(
                    first.attribute(),
                    new Attribute.Property(Value.of(sum), meta.withInstanceId(meta.instanceId() + ":sum"))));
        });
    }

    private static Attribute at(int second, long number) {
        return observed(number, START.plusSeconds(second));
    }

    private Added add(String id, boolean create, Attribute... instances) {
        return await(history()
                .add(
                        TENANT,
                        id,
                        List.of(TYPE),
                        java.util.Arrays.stream(instances)
                                .map(a -> new TemporalInstance(COUNT, a))
                                .toList(),
                        create));
    }

    private @Nullable Head head(String id) {
        return await(history().head(TENANT, id));
    }

    private List<String> ids(EntityQuery query, @Nullable String after, int limit) {
        return await(history().heads(TENANT, query, after, limit)).stream()
                .map(Head::entityId)
                .toList();
    }

    private static String id(Attribute instance) {
        return String.valueOf(instance.meta().instanceId());
    }

    private static EntityChange scoped(List<String> scopes) {
        return (before, now) -> {
            Entity entity = set(A, 1).apply(before, now).after();
            return Outcome.of(
                    new Entity(
                            A,
                            List.of(TYPE),
                            scopes,
                            java.util.Objects.requireNonNull(entity).attributes(),
                            now,
                            now,
                            null),
                    UpdateResult.EMPTY);
        };
    }

    private List<TemporalInstance> all() {
        return instances(Set.of(), Range.ALL);
    }

    private List<TemporalInstance> instances(Set<String> attributes, Range range) {
        return await(history().instances(TENANT, A, attributes, range));
    }

    private List<Long> observed(Range range) {
        return instances(Set.of(COUNT), range).stream()
                .map(i -> number(i.instance()))
                .toList();
    }

    private static Range range(@Nullable Instant from, @Nullable Instant to, int last) {
        return new Range(TimeProperty.observedAt, from, to, last);
    }

    private static Attribute identified(String id, Attribute attribute) {
        return attribute.with(attribute.meta().withInstanceId("urn:ngsi-ld:Instance:" + id));
    }

    private static Attribute dataset(String id, Attribute attribute) {
        return attribute.with(attribute.meta().withDatasetId(id));
    }

    private static EntityChange late(Attribute instance) {
        return (before, now) -> new Outcome(before, UpdateResult.EMPTY, List.of(new TemporalInstance(COUNT, instance)));
    }
}
