package de.freiraum.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.Entity;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.Cases.Row;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs the tables of cases: what parses is tried on the entities, what does not is refused with a message that names the fault. */
class QueryCasesTest {

    @TestFactory
    Stream<DynamicTest> queriesMatchTheEntitiesOfTheirRow() {
        return Cases.each("q-matching", row -> assertThat(Cases.matching(EntityQuery.ALL.withQ(
                        QParser.parse("q", row.required("q"), Cases.EXPAND, row.texts("expandValues")))))
                .isEqualTo(row.texts("matches")));
    }

    @TestFactory
    Stream<DynamicTest> queriesReadBackFromTheirPrintAreTheSame() {
        return Cases.each("q-matching", row -> {
            QExpression parsed = QParser.parse(row.required("q"), Cases.EXPAND);
            assertThat(QParser.parse(parsed.print(Cases.COMPACT), Cases.EXPAND)).isEqualTo(parsed);
        });
    }

    @TestFactory
    Stream<DynamicTest> invalidQueriesAreRefused() {
        return Cases.each("q-invalid", row -> refuses(row, () -> QParser.parse(row.required("q"), Cases.EXPAND)));
    }

    @TestFactory
    Stream<DynamicTest> typeSelections() {
        return Cases.each(
                "types",
                row -> tried(
                        row,
                        () -> TypeSelectionParser.parse(row.required("type"), Cases.EXPAND),
                        () -> EntityQuery.ALL.withTypes(
                                TypeSelectionParser.parse(row.required("type"), Cases.EXPAND))));
    }

    @TestFactory
    Stream<DynamicTest> scopeQueries() {
        return Cases.each(
                "scopes",
                row -> tried(
                        row,
                        () -> ScopeQueryParser.parse(row.required("scopeQ")),
                        () -> EntityQuery.ALL.withScopeQ(ScopeQueryParser.parse(row.required("scopeQ")))));
    }

    @TestFactory
    Stream<DynamicTest> geoQueries() {
        return Cases.each("geo", row -> tried(row, () -> geo(row), () -> EntityQuery.ALL.withGeo(geo(row))));
    }

    @TestFactory
    Stream<DynamicTest> orders() {
        return Cases.each("order", row -> {
            if (row.text("message") != null) {
                refuses(row, () -> order(row));
                return;
            }
            OrderBy order = order(row);
            assertThat(names(order.sorted(Cases.ENTITIES.values()))).isEqualTo(row.texts("order"));
            assertThat(names(Cases.ENTITIES.values().stream()
                            .sorted(order.comparator())
                            .toList()))
                    .isEqualTo(row.texts("order"));
        });
    }

    @TestFactory
    Stream<DynamicTest> temporalQueries() {
        return Cases.each("temporal", row -> {
            if (row.text("message") != null) {
                refuses(row, () -> temporal(row));
                return;
            }
            TemporalQuery query = temporal(row);
            assertThat(row.texts("inside")).allMatch(t -> query.matches(Instant.parse(t)));
            assertThat(row.texts("outside")).noneMatch(t -> query.matches(Instant.parse(t)));
        });
    }

    @TestFactory
    Stream<DynamicTest> aggregations() {
        return Cases.each("aggregation", row -> {
            if (row.text("message") != null) {
                refuses(row, () -> AggregationQuery.parse(row.text("aggrMethods"), row.text("aggrPeriodDuration")));
                return;
            }
            assertThat(AggregationQuery.parse(row.text("aggrMethods"), row.text("aggrPeriodDuration"))
                            .methods())
                    .extracting(Enum::name)
                    .containsExactlyElementsOf(row.texts("methods"));
        });
    }

    @TestFactory
    Stream<DynamicTest> projections() {
        return Cases.each("projection", row -> {
            if (row.text("message") != null) {
                refuses(row, () -> Projection.parse(row.text("pick"), row.text("omit"), t -> t));
                return;
            }
            Projection projection = Projection.parse(row.text("pick"), row.text("omit"), t -> t);
            assertThat(row.texts("keeps")).allMatch(path -> projection.keeps(List.of(path.split("/"))));
            assertThat(row.texts("drops")).noneMatch(path -> projection.keeps(List.of(path.split("/"))));
        });
    }

    private static GeoQuery geo(Row row) {
        GeoQuery geo = GeoQueryParser.parse(
                row.text("georel"),
                row.text("geometry"),
                row.text("coordinates"),
                row.text("geoproperty"),
                Cases.JSON,
                Cases.EXPAND);
        if (geo == null) {
            throw new AssertionError("no geoquery");
        }
        return geo;
    }

    private static List<String> names(List<Entity> entities) {
        return entities.stream()
                .map(e -> e.id().substring(e.id().lastIndexOf(':') + 1))
                .toList();
    }

    private static OrderBy order(Row row) {
        return OrderBy.parse(
                row.required("orderBy"),
                row.text("collation"),
                OrderBy.from(row.text("orderFrom"), row.text("orderGeometry"), Cases.JSON),
                Cases.EXPAND);
    }

    private static TemporalQuery temporal(Row row) {
        return TemporalQuery.parse(
                row.text("timerel"),
                row.text("timeAt"),
                row.text("endTimeAt"),
                row.text("timeproperty"),
                row.text("lastN"),
                row.text("firstN"));
    }

    private static void tried(Row row, ThrowingCallable parse, java.util.function.Supplier<EntityQuery> query) {
        if (row.text("message") != null) {
            refuses(row, parse);
        } else {
            assertThat(Cases.matching(query.get())).isEqualTo(row.texts("matches"));
        }
    }

    private static void refuses(Row row, ThrowingCallable parse) {
        assertThatThrownBy(parse)
                .isInstanceOf(NgsiLdException.class)
                .hasMessageContaining(row.required("message"))
                .extracting(e -> ((NgsiLdException) e).type())
                .isEqualTo(ErrorType.BadRequestData);
    }
}
