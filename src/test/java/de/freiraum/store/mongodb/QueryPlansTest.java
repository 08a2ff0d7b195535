package de.freiraum.store.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ExplainVerbosity;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.query.AttributePath;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.GeoQuery;
import de.freiraum.query.QParser;
import de.freiraum.query.ScopeQuery;
import de.freiraum.query.TextPattern;
import de.freiraum.query.TypeSelection;
import de.freiraum.store.EntityStore.EntityWrite;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** MongoDB looks up what queries ask for: no collection is scanned, and hardly a document is looked at that does not match. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryPlansTest {
    private static final String NAMESPACE = "https://example.org/";
    private static final int ENTITIES = 2000;

    @SuppressWarnings("NullAway.Init") // made before the first test
    private TestDatabase database;

    @SuppressWarnings("NullAway.Init")
    private Vertx vertx;

    @SuppressWarnings("NullAway.Init")
    private MongoStore store;

    /** A query, and how many of the entities it finds. */
    record Asked(String name, EntityQuery query, int found) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void fill() {
        database = new TestDatabase();
        vertx = Vertx.vertx();
        store = TestDatabase.await(MongoStore.open(vertx, MongoOptions.at(database.uri(), java.time.Instant::now)));
        List<EntityWrite> writes = new ArrayList<>();
        for (int i = 0; i < ENTITIES; i++) {
            Entity entity = entity(i);
            writes.add(new EntityWrite(entity.id(), (before, now) -> Outcome.of(entity, UpdateResult.EMPTY)));
        }
        TestDatabase.await(store.applyAll(Tenant.DEFAULT, writes, Origin.API));
        TestDatabase.await(store.applyAll(new Tenant("other"), writes, Origin.API));
    }

    @AfterAll
    void close() {
        TestDatabase.await(store.close());
        TestDatabase.await(vertx.close());
    }

    private static Entity entity(int number) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        Attribute unit = new Attribute.Property(Value.of("unit" + number % 50), AttributeMeta.NONE);
        attributes.put(
                NAMESPACE + "level",
                List.of(new Attribute.Property(
                        Value.of(number),
                        AttributeMeta.NONE.withAttributes(Map.of(NAMESPACE + "sub", List.of(unit))))));
        attributes.put(
                NAMESPACE + "name",
                List.of(new Attribute.Property(Value.of("name " + number % 100), AttributeMeta.NONE)));
        if (number % 100 == 0) {
            attributes.put(
                    NAMESPACE + "rare", List.of(new Attribute.Relationship(List.of("urn:x:1"), AttributeMeta.NONE)));
        }
        attributes.put(
                NgsiLd.LOCATION,
                List.of(new Attribute.GeoProperty(
                        Geometry.point(7 + number % 40 * 0.01, 51 + Math.floorDiv(number, 40) * 0.01),
                        AttributeMeta.NONE)));
        return new Entity(
                "urn:x:" + number,
                List.of(NAMESPACE + "T" + number % 20),
                List.of("/city/" + number % 25),
                attributes,
                Instant.EPOCH,
                Instant.EPOCH,
                null);
    }

    private static EntityQuery q(String text) {
        return EntityQuery.ALL.withQ(QParser.parse(text, name -> NAMESPACE + name));
    }

    static List<Asked> queries() {
        GeoQuery near = new GeoQuery(
                GeoQuery.Relation.NEAR_MAX, Geometry.point(7.1, 51.1), AttributePath.of(NgsiLd.LOCATION), 500);
        return List.of(
                new Asked("type", EntityQuery.ofType(NAMESPACE + "T3"), 100),
                new Asked(
                        "types",
                        EntityQuery.ALL.withTypes(new TypeSelection.Or(List.of(
                                new TypeSelection.Type(NAMESPACE + "T3"), new TypeSelection.Type(NAMESPACE + "T4")))),
                        200),
                new Asked("id", EntityQuery.ALL.withIds(Set.of("urn:x:7")), 1),
                new Asked(
                        "ids and type", EntityQuery.ofType(NAMESPACE + "T7").withIds(Set.of("urn:x:7", "urn:x:8")), 1),
                new Asked(
                        "idPattern with a beginning",
                        EntityQuery.ALL.withIdPattern(TextPattern.of("idPattern", "^urn:x:199")),
                        11),
                new Asked("geo", EntityQuery.ALL.withGeo(near), 1),
                new Asked("geo and type", EntityQuery.ofType(NAMESPACE + "T10").withGeo(near), 1),
                new Asked("attribute", EntityQuery.ALL.withAttributes(Set.of(NAMESPACE + "rare")), 20),
                new Asked("existence", q("rare"), 20),
                new Asked("equality of a text", q("name==\"name 7\""), 20),
                new Asked("equality of a number", q("level==1234"), 1),
                new Asked("equality of one of several", q("level==1,2,3"), 3),
                new Asked("equality of a sub-attribute", q("level.sub==\"unit7\""), 40),
                new Asked("equality of a Relationship", q("rare==\"urn:x:1\""), 20),
                new Asked("a range", q("level==100..120"), 21),
                new Asked("an order", q("level>1989"), 10),
                new Asked("scope", EntityQuery.ALL.withScopeQ(new ScopeQuery.Match(List.of("city", "3"), false)), 80),
                new Asked(
                        "scopes below",
                        EntityQuery.ALL.withScopeQ(new ScopeQuery.Match(List.of("city", "3"), true)),
                        80));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void areOfIndexes(Asked asked) {
        assertThat(TestDatabase.await(store.query(Tenant.DEFAULT, asked.query(), 0, 0, true))
                        .count())
                .isEqualTo(asked.found());
        Bson filter = EntityFilter.of(Tenant.DEFAULT, asked.query(), 0).bson();
        Document explained = explain(filter);

        assertThat(stages((Document) Objects.requireNonNull(
                        explained.get("queryPlanner", Document.class).get("winningPlan"))))
                .as(explained.toJson())
                .doesNotContain("COLLSCAN")
                .contains("IXSCAN");
        assertThat(explained.get("executionStats", Document.class).getInteger("totalDocsExamined"))
                .as(explained.toJson())
                .isLessThanOrEqualTo(asked.found() * 2 + 12);
    }

    @Test
    void ofEverythingGoThroughTheKeysOfTheTenantAlone() {
        Document explained =
                explain(EntityFilter.of(Tenant.DEFAULT, EntityQuery.ALL, 0).bson());

        assertThat(stages((Document) Objects.requireNonNull(
                        explained.get("queryPlanner", Document.class).get("winningPlan"))))
                .doesNotContain("COLLSCAN", "SORT");
        assertThat(explained.get("executionStats", Document.class).getInteger("totalDocsExamined"))
                .isEqualTo(ENTITIES);
    }

    @Test
    void ofWhatIsExpiredAreOfAnIndex() {
        Document explained = explain(Filters.and(
                Filters.lte(EntityDocument.EXPIRY, Long.MAX_VALUE - 1), Filters.eq(EntityDocument.TENANT, "")));

        assertThat(explained.get("executionStats", Document.class).getInteger("totalDocsExamined"))
                .isZero();
    }

    @Test
    void ofHistoryAreOfAnIndex() {
        Document explained = Objects.requireNonNull(TestDatabase.await(Reactive.first(database.collection("history")
                .find(Filters.and(
                        Filters.eq(HistoryDocument.ENTITY, "\nurn:x:7"),
                        Filters.gte(HistoryDocument.TIME, HistoryDocument.time(Instant.EPOCH))))
                .sort(Sorts.ascending(HistoryDocument.ATTRIBUTE, HistoryDocument.DATASET, HistoryDocument.TIME))
                .explain(ExplainVerbosity.EXECUTION_STATS))));

        assertThat(stages((Document) Objects.requireNonNull(
                        explained.get("queryPlanner", Document.class).get("winningPlan"))))
                .doesNotContain("COLLSCAN", "SORT");
    }

    private Document explain(Bson filter) {
        return Objects.requireNonNull(TestDatabase.await(Reactive.first(database.collection("entities")
                .find(filter)
                .sort(Sorts.ascending("_id"))
                .explain(ExplainVerbosity.EXECUTION_STATS))));
    }

    private static List<String> stages(Document plan) {
        List<String> stages = new ArrayList<>(List.of(String.valueOf(plan.get("stage"))));
        for (Object value : plan.values()) {
            if (value instanceof Document inner) {
                stages.addAll(stages(inner));
            } else if (value instanceof List<?> list) {
                list.stream()
                        .filter(Document.class::isInstance)
                        .forEach(inner -> stages.addAll(stages((Document) inner)));
            }
        }
        return stages;
    }
}
