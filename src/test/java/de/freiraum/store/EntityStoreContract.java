package de.freiraum.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.ErrorType;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.query.AttributePath;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.GeoQuery;
import de.freiraum.query.GeoQuery.Relation;
import de.freiraum.query.OrderBy;
import de.freiraum.query.QParser;
import de.freiraum.query.TypeSelection;
import de.freiraum.store.EntityStore.Applied;
import de.freiraum.store.EntityStore.EntityPage;
import de.freiraum.store.EntityStore.EntityWrite;
import de.freiraum.store.EntityStore.TypeSummary;
import de.freiraum.store.EntityStore.WriteResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link EntityStore} does. */
public abstract class EntityStoreContract extends StoreContract {
    private static final String A = "urn:ngsi-ld:T:a";
    private static final String B = "urn:ngsi-ld:T:b";

    // ---- one change
    // -----------------------------------------------------------------------------------------------------------------

    @Test
    void documentsAreWrittenWithTheChangesTheyGoWith() {
        entities().accompany(change -> List.of(new EntityStore.Note(
                "notes", change.entityId(), Long.toString(change.sequence()).getBytes(StandardCharsets.UTF_8))));

        Change first = commit("urn:ngsi-ld:T:note", set("urn:ngsi-ld:T:note", 1));
        Change second = commit("urn:ngsi-ld:T:note", set("urn:ngsi-ld:T:note", 2));
        assertThatThrownBy(() -> await(entities()
                        .apply(
                                TENANT,
                                "urn:ngsi-ld:T:refused",
                                (before, now) -> {
                                    throw NgsiLdException.badRequest("no");
                                },
                                Origin.API)))
                .isInstanceOf(NgsiLdException.class);

        assertThat(second.sequence()).isGreaterThan(first.sequence());
        assertThat(await(documents().list(TENANT, "notes", null, 10)))
                .extracting(d -> d.key() + " " + new String(d.bytes(), StandardCharsets.UTF_8))
                .containsExactly("urn:ngsi-ld:T:note " + second.sequence());
    }

    @Test
    void givesBackWhatWasCommitted() {
        Change change = commit(A, set(A, 7));

        assertThat(retrieve(A)).isEqualTo(change.after());
        assertThat(number(retrieve(A))).isEqualTo(7);
    }

    @Test
    void givesNullForAnEntityThatIsNotThere() {
        assertThat(retrieve(A)).isNull();
    }

    @Test
    void tellsTheChangeItsTimeWithAtLeastMilliseconds() {
        Change change = commit(A, set(A, 7));

        assertThat(change.at()).isBetween(START, START.plusMillis(1));
        assertThat(change.after()).extracting(Entity::modifiedAt).isEqualTo(change.at());
    }

    @Test
    void publishesBeforeAndAfterWithTheirOrigin() {
        Change created = commit(A, set(A, 1));
        Applied updated = await(entities().apply(TENANT, A, set(A, 2), Origin.SENSOR));

        assertThat(published).hasSize(2);
        assertThat(published.get(0).before()).isNull();
        assertThat(published.get(1).before()).isEqualTo(created.after());
        assertThat(published.get(1)).isEqualTo(updated.change());
        assertThat(published.get(1).origin()).isEqualTo(Origin.SENSOR);
    }

    @Test
    void hasPublishedAChangeWhenItAnswers() {
        for (int i = 1; i <= 50; i++) {
            commit(A, set(A, i));
            assertThat(published).hasSize(i);
        }
    }

    @Test
    void isReadByTheNextReadAfterTheAnswer() {
        for (int i = 1; i <= 50; i++) {
            long expected = i;
            Entity read = await(
                    entities().apply(TENANT, A, set(A, expected), Origin.API).compose(applied -> entities()
                            .retrieve(TENANT, A)));
            assertThat(number(read)).isEqualTo(expected);
        }
    }

    @Test
    void deletes() {
        commit(A, set(A, 1));
        Change change = commit(A, remove());

        assertThat(change.after()).isNull();
        assertThat(retrieve(A)).isNull();
        assertThat(query(EntityQuery.ALL)).isEmpty();
        assertThat(query(EntityQuery.ofType(TYPE))).isEmpty();
    }

    @Test
    void aRefusedChangeChangesNothing() {
        Change created = commit(A, set(A, 1));

        assertThatThrownBy(() -> await(entities().apply(TENANT, A, refuse(), Origin.API)))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.AlreadyExists));
        assertThat(retrieve(A)).isEqualTo(created.after());
        assertThat(published).hasSize(1);
    }

    @Test
    void aFaultInAChangeFailsItAlone() {
        EntityChange faulty = (before, now) -> {
            throw new IllegalStateException("a fault");
        };

        assertThatThrownBy(() -> await(entities().apply(TENANT, A, faulty, Origin.API)))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.InternalError));
        commit(A, set(A, 1));
        assertThat(published).hasSize(1);
    }

    @Test
    void whatCannotBeStoredFailsItsChangeAlone() {
        EntityChange unfinished = set(A, TYPE, COUNT, new Attribute.Fragment(null, AttributeMeta.NONE));

        assertThatThrownBy(() -> await(entities().apply(TENANT, A, unfinished, Origin.API)))
                .isInstanceOf(NgsiLdException.class);
        assertThat(retrieve(A)).isNull();
        commit(A, set(A, 1));
        assertThat(published).hasSize(1);
    }

    @Test
    void theSameEntityIsNoChange() {
        commit(A, set(A, 1));
        UpdateResult nothing = new UpdateResult(List.of(), List.of(new UpdateResult.NotUpdatedDetails(COUNT, "same")));
        Applied applied = await(entities().apply(TENANT, A, (before, now) -> Outcome.of(before, nothing), Origin.API));

        assertThat(applied).isEqualTo(new Applied(null, nothing));
        assertThat(published).hasSize(1);
    }

    // ---- many changes
    // ---------------------------------------------------------------------------------------------------------------

    @Test
    void concurrentChangesOfOneEntityAllCount() {
        int contexts = 4;
        int each = 250;
        List<Future<Void>> all = new ArrayList<>();
        for (int c = 0; c < contexts; c++) {
            Promise<Void> done = Promise.promise();
            await(vertx().deployVerticle(context -> {
                List<Future<Applied>> own = IntStream.range(0, each)
                        .mapToObj(i -> entities().apply(TENANT, A, increment(A), Origin.API))
                        .toList();
                Future.all(own).<Void>mapEmpty().onComplete(done);
                return Future.succeededFuture();
            }));
            all.add(done.future());
        }
        await(Future.all(all));

        assertThat(number(retrieve(A))).isEqualTo((long) contexts * each);
        assertThat(published).hasSize(contexts * each);
    }

    @Test
    void changesOfOneEntityArePublishedInOrder() {
        await(Future.all(IntStream.range(0, 300)
                .mapToObj(i -> entities().apply(TENANT, A, increment(A), Origin.API))
                .toList()));

        for (int i = 1; i < published.size(); i++) {
            Change earlier = published.get(i - 1);
            Change later = published.get(i);
            assertThat(later.before()).isEqualTo(earlier.after());
            assertThat(later.at()).isAfter(earlier.at());
            assertThat(later.sequence()).isGreaterThan(earlier.sequence());
        }
        assertThat(published).hasSize(300);
    }

    @Test
    void answersOnTheContextOfTheCaller() {
        Promise<Boolean> onContext = Promise.promise();
        await(vertx().deployVerticle(context -> {
            entities()
                    .apply(TENANT, A, set(A, 1), Origin.API)
                    .onComplete(applied -> onContext.complete(isCurrent(context)));
            return Future.succeededFuture();
        }));

        assertThat(await(onContext.future())).isTrue();
    }

    @SuppressWarnings("ReferenceEquality") // a context is an identity
    private static boolean isCurrent(Context context) {
        return Vertx.currentContext() == context;
    }

    @Test
    void aBatchAnswersEachWriteInItsPlace() {
        commit(B, set(B, 1));
        List<WriteResult> results = await(entities()
                .applyAll(
                        TENANT,
                        List.of(
                                new EntityWrite(A, increment(A)),
                                new EntityWrite(B, refuse()),
                                new EntityWrite(A, increment(A))),
                        Origin.API));

        assertThat(results).hasSize(3);
        assertThat(results.get(0).applied()).isNotNull();
        assertThat(results.get(1).error()).isInstanceOfSatisfying(NgsiLdException.class, e -> assertThat(e.type())
                .isEqualTo(ErrorType.AlreadyExists));
        assertThat(results.get(1).applied()).isNull();
        assertThat(results.get(2).error()).isNull();
        assertThat(number(retrieve(A))).isEqualTo(2);
        assertThat(number(retrieve(B))).isEqualTo(1);
    }

    @Test
    void anEmptyBatchHasNoResults() {
        assertThat(await(entities().applyAll(TENANT, List.of(), Origin.API))).isEmpty();
    }

    @Test
    void aLargeBatchIsCommittedWhole() {
        List<EntityWrite> writes = IntStream.range(0, 1000)
                .mapToObj(i -> new EntityWrite(id(i), set(id(i), i)))
                .toList();

        List<WriteResult> results = await(entities().applyAll(TENANT, writes, Origin.API));

        assertThat(results).hasSize(1000).allMatch(r -> r.applied() != null);
        assertThat(await(entities().query(TENANT, EntityQuery.ALL, 0, 0, true)).count())
                .isEqualTo(1000);
    }

    // ---- queries
    // --------------------------------------------------------------------------------------------------------------------

    @Test
    void pagesAreOrderedByIdAndTogetherComplete() {
        fill(25);

        List<String> ids = new ArrayList<>();
        for (int offset = 0; offset < 30; offset += 10) {
            EntityPage page = await(entities().query(TENANT, EntityQuery.ofType(TYPE), offset, 10, true));
            page.entities().forEach(e -> ids.add(e.id()));
            assertThat(page.count()).isEqualTo(25);
            assertThat(page.more()).isEqualTo(offset < 20);
        }

        assertThat(ids).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void countsOnlyWhenAsked() {
        fill(3);

        assertThat(await(entities().query(TENANT, EntityQuery.ALL, 0, 1, false)).count())
                .isEqualTo(-1);
    }

    @Test
    void aLimitOfZeroCountsWithoutEntities() {
        fill(3);
        EntityPage page = await(entities().query(TENANT, EntityQuery.ofType(TYPE), 0, 0, true));

        assertThat(page).isEqualTo(new EntityPage(List.of(), true, 3));
    }

    @Test
    void anOffsetBehindTheEndGivesAnEmptyPage() {
        fill(3);
        EntityPage page = await(entities().query(TENANT, EntityQuery.ALL, 5, 10, true));

        assertThat(page).isEqualTo(new EntityPage(List.of(), false, 3));
    }

    @Test
    void countsAllMatchesOfAConditionBeyondThePage() {
        fill(3000);
        commit(A, set(A, OTHER_TYPE, "https://example.org/other", property(1)));

        EntityPage page = await(entities().query(TENANT, EntityQuery.ALL.withAttributes(Set.of(COUNT)), 2995, 2, true));

        assertThat(page.entities()).extracting(Entity::id).containsExactly(id(2995), id(2996));
        assertThat(page.more()).isTrue();
        assertThat(page.count()).isEqualTo(3000);
    }

    @Test
    void findsByIdsInTheirOrder() {
        fill(10);

        assertThat(query(EntityQuery.ALL.withIds(Set.of(id(7), id(2), "urn:ngsi-ld:T:absent"))))
                .containsExactly(id(2), id(7));
    }

    @Test
    void findsByIdsOnlyWhatMatchesToo() {
        fill(10);

        assertThat(query(EntityQuery.ofType(OTHER_TYPE).withIds(Set.of(id(7))))).isEmpty();
    }

    @Test
    void findsSeveralTypesEachEntityOnce() {
        commit(id(1), set(id(1), TYPE, COUNT, property(1)));
        commit(id(2), set(id(2), OTHER_TYPE, COUNT, property(1)));
        commit(
                id(3),
                (before, now) -> Outcome.of(
                        new Entity(id(3), List.of(TYPE, OTHER_TYPE), List.of(), Map.of(), now, now, null),
                        UpdateResult.EMPTY));
        TypeSelection either =
                new TypeSelection.Or(List.of(new TypeSelection.Type(TYPE), new TypeSelection.Type(OTHER_TYPE)));
        TypeSelection both =
                new TypeSelection.And(List.of(new TypeSelection.Type(TYPE), new TypeSelection.Type(OTHER_TYPE)));

        assertThat(query(EntityQuery.ALL.withTypes(either))).containsExactly(id(1), id(2), id(3));
        assertThat(query(EntityQuery.ALL.withTypes(both))).containsExactly(id(3));
    }

    @Test
    void anEntityThatChangesItsTypeIsFoundUnderTheNewOneAlone() {
        commit(A, set(A, TYPE, COUNT, property(1)));
        commit(A, set(A, OTHER_TYPE, COUNT, property(1)));

        assertThat(query(EntityQuery.ofType(TYPE))).isEmpty();
        assertThat(query(EntityQuery.ofType(OTHER_TYPE))).containsExactly(A);
    }

    @Test
    void ordersByAnAttributeAndPagesInThatOrder() {
        fill(5);
        EntityQuery query =
                EntityQuery.ofType(TYPE).withOrderBy(OrderBy.parse("count;desc", null, null, name -> COUNT));

        EntityPage page = await(entities().query(TENANT, query, 1, 2, true));

        assertThat(page.entities()).extracting(Entity::id).containsExactly(id(3), id(2));
        assertThat(page.more()).isTrue();
        assertThat(page.count()).isEqualTo(5);
        assertThat(await(entities().query(TENANT, query, 9, 2, false)).entities())
                .isEmpty();
    }

    @Test
    void findsByALinkedEntity() {
        String link = "https://example.org/link";
        commit(A, set(A, TYPE, link, new Attribute.Relationship(List.of(B), AttributeMeta.NONE)));
        commit(id(1), set(id(1), TYPE, link, new Attribute.Relationship(List.of(id(9)), AttributeMeta.NONE)));
        commit(B, set(B, OTHER_TYPE, COUNT, property(7)));

        EntityQuery query = EntityQuery.ALL.withQ(QParser.parse("link{count}==7", n -> "https://example.org/" + n));

        assertThat(query(query)).containsExactly(A);
    }

    @Test
    void findsByPlaceWhatTheConditionMatches() {
        for (int i = 0; i < 400; i++) {
            commit(id(i), place(id(i), Geometry.point(7 + i % 20 / 100.0, 51 + Math.floorDiv(i, 20) / 100.0)));
        }
        Geometry area = area(6.9, 50.9, 7.5, 51.5);
        commit(A, place(A, area));
        List<GeoQuery> conditions = List.of(
                near(7.1, 51.1, 900),
                near(7.1, 51.1, 50_000),
                new GeoQuery(Relation.NEAR_MIN, Geometry.point(7.1, 51.1), location(), 5000),
                new GeoQuery(Relation.WITHIN, area(7.045, 51.045, 7.085, 51.085), location(), 0),
                new GeoQuery(Relation.INTERSECTS, area(7.045, 51.045, 7.085, 51.085), location(), 0),
                new GeoQuery(Relation.DISJOINT, area(7.045, 51.045, 7.185, 51.185), location(), 0),
                new GeoQuery(Relation.CONTAINS, Geometry.point(7.2, 51.2), location(), 0));
        List<Entity> all =
                await(entities().query(TENANT, EntityQuery.ALL, 0, 1000, false)).entities();

        for (GeoQuery condition : conditions) {
            assertThat(query(EntityQuery.ofType(TYPE).withGeo(condition)))
                    .as(condition.toString())
                    .isNotEmpty()
                    .containsExactlyElementsOf(all.stream()
                            .filter(condition::matches)
                            .map(Entity::id)
                            .toList());
        }
    }

    @Test
    void anEntityThatMovesIsFoundAtItsNewPlaceAlone() {
        for (int i = 0; i < 100; i++) {
            commit(id(i), place(id(i), Geometry.point(8 + i * 0.01, 51)));
        }
        commit(A, place(A, Geometry.point(7, 51)));
        assertThat(query(EntityQuery.ALL.withGeo(near(7, 51, 100)))).containsExactly(A);

        commit(A, place(A, Geometry.point(7.5, 51)));

        assertThat(query(EntityQuery.ALL.withGeo(near(7, 51, 100)))).isEmpty();
        assertThat(query(EntityQuery.ALL.withGeo(near(7.5, 51, 100)))).containsExactly(A);
        commit(A, remove());
        assertThat(query(EntityQuery.ALL.withGeo(near(7.5, 51, 100)))).isEmpty();
    }

    private static EntityChange place(String id, Geometry at) {
        return set(id, TYPE, NgsiLd.LOCATION, new Attribute.GeoProperty(at, AttributeMeta.NONE));
    }

    private static GeoQuery near(double longitude, double latitude, double metres) {
        return new GeoQuery(Relation.NEAR_MAX, Geometry.point(longitude, latitude), location(), metres);
    }

    private static AttributePath location() {
        return AttributePath.of(NgsiLd.LOCATION);
    }

    private static Geometry area(double west, double south, double east, double north) {
        double[][] corners = {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
        List<Value> ring = new ArrayList<>();
        for (double[] corner : corners) {
            ring.add(new Value.Array(List.of(Value.of(corner[0]), Value.of(corner[1]))));
        }
        return Geometry.of(new Value.Obj(
                Map.of("type", Value.of("Polygon"), "coordinates", new Value.Array(List.of(new Value.Array(ring))))));
    }

    @Test
    void refusesANegativeOffset() {
        assertThatThrownBy(() -> await(entities().query(TENANT, EntityQuery.ALL, -1, 1, false)))
                .isInstanceOf(NgsiLdException.class)
                .hasMessageContaining("offset");
    }

    @Test
    void summarisesTypes() {
        commit(id(1), set(id(1), TYPE, COUNT, property(1)));
        commit(id(2), set(id(2), TYPE, COUNT, new Attribute.Relationship(List.of(A), AttributeMeta.NONE)));
        commit(id(2), set(id(2), TYPE, "https://example.org/other", property(1)));

        List<TypeSummary> types = await(entities().types(TENANT));

        assertThat(types)
                .containsExactly(new TypeSummary(
                        TYPE,
                        2,
                        Map.of(
                                COUNT,
                                new EntityStore.AttributeSummary(2, Set.of("Property", "Relationship")),
                                "https://example.org/other",
                                new EntityStore.AttributeSummary(1, Set.of("Property")))));
    }

    @Test
    void anEmptyTenantHasNoTypes() {
        assertThat(await(entities().types(new Tenant("empty")))).isEmpty();
    }

    // ---- tenants
    // --------------------------------------------------------------------------------------------------------------------

    @Test
    void tenantsDoNotSeeEachOther() {
        Tenant other = new Tenant("schwerte");
        commit(A, set(A, 1));
        await(entities().apply(other, A, set(A, 2), Origin.API));

        assertThat(number(retrieve(A))).isEqualTo(1);
        assertThat(number(await(entities().retrieve(other, A)))).isEqualTo(2);
        assertThat(await(entities().query(other, EntityQuery.ALL, 0, 10, true)).count())
                .isEqualTo(1);
    }

    @Test
    void theDefaultTenantIsAlwaysThereAndOthersOnceTheyHeldSomething() {
        assertThat(entities().tenants()).containsExactly(TENANT);
        Tenant other = new Tenant("schwerte");
        await(entities().apply(other, A, set(A, 2), Origin.API));
        await(entities().apply(other, A, remove(), Origin.API));

        assertThat(entities().tenants()).containsExactlyInAnyOrder(TENANT, other);
    }

    // ---- expiry (clause 4.22)
    // -------------------------------------------------------------------------------------------------------

    @Test
    void anExpiredEntityIsInvisibleAtOnceAndThenDeleted() {
        commit(A, expiring(A, START.plusSeconds(60)));
        commit(B, set(B, 1));
        time.set(START.plusSeconds(59));
        assertThat(query(EntityQuery.ofType(TYPE))).containsExactly(A, B);

        time.set(START.plusSeconds(60));

        assertThat(retrieve(A)).isNull();
        EntityPage page = await(entities().query(TENANT, EntityQuery.ofType(TYPE), 0, 10, true));
        assertThat(page.entities()).extracting(Entity::id).containsExactly(B);
        assertThat(page.count()).isEqualTo(1);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(published)
                .anySatisfy(change -> assertThat(change)
                        .returns(A, Change::entityId)
                        .returns(null, Change::after)
                        .returns(Origin.SYSTEM, Change::origin)));
    }

    @Test
    void anExpiredEntityCanBeCreatedAnew() {
        commit(A, expiring(A, START.plusSeconds(60)));
        time.set(START.plusSeconds(61));
        List<@Nullable Entity> seen = new ArrayList<>();
        commit(A, (before, now) -> {
            seen.add(before);
            return set(A, 5).apply(before, now);
        });

        assertThat(seen).last().isNull();
        assertThat(number(retrieve(A))).isEqualTo(5);
    }

    @Test
    void anExpiredAttributeIsInvisibleAtOnceAndThenDeleted() {
        AttributeMeta untilThen = new AttributeMeta(
                null, null, null, null, List.of(), START.plusSeconds(60), null, null, null, null, Map.of(), Set.of());
        commit(A, set(A, 1));
        commit(A, set(A, TYPE, "https://example.org/short", new Attribute.Property(Value.of("x"), untilThen)));
        time.set(START.plusSeconds(60));

        assertThat(retrieve(A)).extracting(e -> e.attributes().keySet()).isEqualTo(Set.of(COUNT));
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(published)
                .anySatisfy(change -> assertThat(change.attributeChanges())
                        .singleElement()
                        .returns(Change.What.DELETED, Change.AttributeChange::what)));
    }

    // ---- restart
    // --------------------------------------------------------------------------------------------------------------------

    @Test
    void everythingIsThereAfterARestart() {
        assumeTrue(persistent());
        fill(100);
        Change last = commit(A, set(A, 7));
        commit(id(50), remove());
        await(entities().apply(new Tenant("schwerte"), B, set(B, 8), Origin.API));

        reopen();

        assertThat(retrieve(A)).isEqualTo(last.after());
        assertThat(await(entities().query(TENANT, EntityQuery.ofType(TYPE), 0, 0, true))
                        .count())
                .isEqualTo(100);
        assertThat(retrieve(id(50))).isNull();
        assertThat(entities().tenants()).contains(new Tenant("schwerte"));
        assertThat(number(await(entities().retrieve(new Tenant("schwerte"), B))))
                .isEqualTo(8);
    }

    @Test
    void timeGoesOnAfterARestartEvenIfTheClockWentBack() {
        assumeTrue(persistent());
        Change before = commit(A, set(A, 1));
        time.set(START.minusSeconds(3600));

        reopen();
        Change after = commit(A, set(A, 2));

        assertThat(after.at()).isAfter(before.at());
        assertThat(after.sequence()).isGreaterThan(before.sequence());
    }

    // ---- small things
    // ---------------------------------------------------------------------------------------------------------------

    private void fill(int entities) {
        List<EntityWrite> writes = IntStream.range(0, entities)
                .mapToObj(i -> new EntityWrite(id(i), set(id(i), i)))
                .toList();
        await(entities().applyAll(TENANT, writes, Origin.API));
    }

    private static String id(int number) {
        return String.format("urn:ngsi-ld:T:%05d", number);
    }

    private List<String> query(EntityQuery query) {
        return await(entities().query(TENANT, query, 0, 1000, false)).entities().stream()
                .map(Entity::id)
                .toList();
    }

    private static EntityChange refuse() {
        return (before, now) -> {
            throw new NgsiLdException(ErrorType.AlreadyExists, "it is there");
        };
    }

    private static EntityChange expiring(String id, Instant at) {
        return (before, now) -> {
            Entity plain = set(id, 1).apply(before, now).after();
            return Outcome.of(
                    new Entity(
                            id, List.of(TYPE), List.of(), plain == null ? Map.of() : plain.attributes(), now, now, at),
                    UpdateResult.EMPTY);
        };
    }
}
