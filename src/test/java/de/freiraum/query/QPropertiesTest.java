package de.freiraum.query;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.QExpression.Compare;
import de.freiraum.query.QExpression.Hop;
import de.freiraum.query.QExpression.Operand;
import de.freiraum.query.QExpression.Operator;
import de.freiraum.query.QExpression.Target;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every expression and every entity. */
class QPropertiesTest {
    private static final String NAMESPACE = "https://example.org/";
    private static final List<String> TERMS = List.of("a", "b", "größe", "name_1", "observation", "trueish");

    private static String expand(String term) {
        return term.startsWith("@") ? term : NAMESPACE + term;
    }

    private static String compact(String iri) {
        return iri.startsWith(NAMESPACE) ? iri.substring(NAMESPACE.length()) : iri;
    }

    @Property(tries = 150)
    void whatIsPrintedReadsBackTheSame(@ForAll("expressions") QExpression expression) {
        String printed = expression.print(QPropertiesTest::compact);
        assertThat(QParser.parse(printed, QPropertiesTest::expand)).as(printed).isEqualTo(expression);
    }

    @Property(tries = 150)
    void whatIsPrintedWithIrisReadsBackTheSameWithoutAContext(@ForAll("expressions") QExpression expression) {
        String printed = expression.print(iri -> iri);
        QExpression again = QParser.parse(printed, iri -> iri);
        assertThat(again).as(printed).isEqualTo(expression);
        assertThat(again.print(QPropertiesTest::compact)).isEqualTo(expression.print(QPropertiesTest::compact));
    }

    @Property(tries = 150)
    void evaluationNeverThrowsAndAbsenceIsTheOppositeOfExistence(
            @ForAll("expressions") QExpression expression, @ForAll("entities") Entity entity) {
        LinkedEntities linked = id -> id.endsWith("1") ? entity : null;
        expression.matches(entity, linked);
        for (Target target : expression.targets()) {
            assertThat(new QExpression.Absent(target).matches(entity, linked))
                    .isNotEqualTo(new QExpression.Exists(target).matches(entity, linked));
        }
    }

    @Property(tries = 150)
    void aComparisonHoldsOnlyWhereTheTargetExists(
            @ForAll("comparisons") QExpression comparison, @ForAll("entities") Entity entity) {
        if (comparison.matches(entity, LinkedEntities.NONE)) {
            assertThat(new QExpression.Exists(((Compare) comparison).target()).matches(entity, LinkedEntities.NONE))
                    .isTrue();
        }
    }

    @Property(tries = 500)
    void anEqualityHoldsOnlyWhereKeysMeet(@ForAll("equalities") Compare equality, @ForAll("entities") Entity entity) {
        Set<Object> sought = EqualityKeys.of(equality);
        Set<Object> there = EqualityKeys.of(
                entity.attribute(Objects.requireNonNull(equality.target().attribute())));
        if (sought != null && equality.matches(entity, LinkedEntities.NONE)) {
            assertThat(there).containsAnyElementsOf(sought);
        }
    }

    @Property(tries = 150)
    void everyTextIsReadOrRefusedWithAReason(@ForAll("queryLikeTexts") String text) {
        try {
            QParser.parse(text, QPropertiesTest::expand);
        } catch (NgsiLdException e) {
            assertThat(e.detail()).startsWith("q: ");
        }
    }

    @Property(tries = 150)
    void ordersAreTotal(
            @ForAll("orders") OrderBy order,
            @ForAll("entities") Entity a,
            @ForAll("entities") Entity b,
            @ForAll("entities") Entity c) {
        Comparator<Entity> comparator = order.comparator();
        assertThat(Integer.signum(comparator.compare(a, b))).isEqualTo(-Integer.signum(comparator.compare(b, a)));
        assertThat(comparator.compare(a, a)).isZero();
        if (comparator.compare(a, b) <= 0 && comparator.compare(b, c) <= 0) {
            assertThat(comparator.compare(a, c)).isNotPositive();
        }
    }

    @Provide
    Arbitrary<QExpression> expressions() {
        return expressions(2);
    }

    private Arbitrary<QExpression> expressions(int depth) {
        Arbitrary<QExpression> terms = Arbitraries.oneOf(
                comparisons(),
                comparisons(),
                targets().map(QExpression.Exists::new),
                targets().map(QExpression.Absent::new));
        if (depth == 0) {
            return terms;
        }
        Arbitrary<List<QExpression>> parts =
                expressions(depth - 1).list().ofMinSize(2).ofMaxSize(3);
        return Arbitraries.oneOf(terms, parts.map(QExpression.And::new), parts.map(QExpression.Or::new));
    }

    @Provide
    Arbitrary<Compare> equalities() {
        return Combinators.combine(Arbitraries.of("a", "b"), equalityOperands())
                .as((term, operand) ->
                        new Compare(new Target(List.of(), AttributePath.of(expand(term))), Operator.EQUAL, operand));
    }

    @Provide
    Arbitrary<QExpression> comparisons() {
        return Arbitraries.oneOf(
                Combinators.combine(targets(), Arbitraries.of(Operator.EQUAL, Operator.UNEQUAL), equalityOperands())
                        .as(Compare::new),
                Combinators.combine(
                                targets(),
                                Arbitraries.of(
                                        Operator.GREATER,
                                        Operator.GREATER_OR_EQUAL,
                                        Operator.LESS,
                                        Operator.LESS_OR_EQUAL),
                                comparables().map(Operand.Single::new))
                        .as(Compare::new),
                Combinators.combine(targets(), Arbitraries.of(Operator.MATCHES, Operator.NOT_MATCHES), patterns())
                        .as(Compare::new));
    }

    private static Arbitrary<Target> targets() {
        Arbitrary<Hop> hops = Combinators.combine(names(), names().list().ofMaxSize(2))
                .as((name, types) -> new Hop(name, types, Set.of()));
        return Combinators.combine(hops.list().ofMaxSize(2), paths()).as(Target::new);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.of(TERMS).map(QPropertiesTest::expand);
    }

    private static Arbitrary<AttributePath> paths() {
        Arbitrary<AttributePath.Step> first = Arbitraries.oneOf(
                names().map(AttributePath.Name::new),
                Arbitraries.of(
                        AttributePath.Builtin.ID, AttributePath.Builtin.SCOPE, AttributePath.Builtin.CREATED_AT));
        Arbitrary<AttributePath.Step> further = Arbitraries.oneOf(
                names().map(AttributePath.Name::new),
                Arbitraries.of(
                        AttributePath.Builtin.OBSERVED_AT,
                        AttributePath.Builtin.UNIT_CODE,
                        AttributePath.Builtin.DATASET_ID));
        Arbitrary<AttributePath.Member> member = Arbitraries.of("en", "de-DE", "a", "city", "@none", "größe")
                .map(term -> new AttributePath.Member(term, expand(term)));
        Arbitrary<List<AttributePath.Member>> trail = Arbitraries.oneOf(
                member.list().ofMaxSize(2), Arbitraries.just(List.of(new AttributePath.Member("*", "*"))));
        return Combinators.combine(first, further.list().ofMaxSize(2), trail).as((f, rest, t) -> {
            List<AttributePath.Step> steps = new java.util.ArrayList<>(List.of(f));
            steps.addAll(rest);
            return new AttributePath(steps, t);
        });
    }

    private static Arbitrary<Literal> comparables() {
        return Arbitraries.oneOf(texts(), numbers(), moments());
    }

    private static Arbitrary<Literal> texts() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().all().ofMaxLength(12),
                        Arbitraries.strings().ascii().ofMaxLength(12),
                        Arbitraries.of("2020-01-01", "2020-01-01T00:00:00Z", "true", "a\"b\\c", "x;y|(z),"))
                .map(Literal.Text::of);
    }

    private static Arbitrary<Literal> numbers() {
        return Arbitraries.oneOf(
                        Arbitraries.longs().map(String::valueOf),
                        Arbitraries.bigIntegers()
                                .between(BigInteger.TEN.pow(30).negate(), BigInteger.TEN.pow(30))
                                .map(String::valueOf),
                        Arbitraries.doubles().map(String::valueOf),
                        Arbitraries.bigDecimals()
                                .between(new BigDecimal("-1e30"), new BigDecimal("1e30"))
                                .ofScale(20)
                                .map(BigDecimal::toString))
                .map(Literal.Numeric::of);
    }

    private static Arbitrary<Literal> moments() {
        Arbitrary<Moment> instants = Combinators.combine(
                        Arbitraries.longs().between(-30_000_000_000L, 200_000_000_000L),
                        Arbitraries.integers().between(0, 999_999))
                .as((s, micros) -> Moment.of(Instant.ofEpochSecond(s, micros * 1000L)));
        Arbitrary<Moment> dates = Arbitraries.longs()
                .between(-700_000, 2_000_000)
                .map(day -> new Moment(Moment.Kind.DATE, day * 86_400, 0));
        Arbitrary<Moment> times = Combinators.combine(
                        Arbitraries.longs().between(0, 86_399),
                        Arbitraries.integers().between(0, 999_999))
                .as((s, micros) -> new Moment(Moment.Kind.TIME, s, micros * 1000));
        return Arbitraries.oneOf(instants, dates, times).map(Literal.Time::new);
    }

    private static Arbitrary<Operand> equalityOperands() {
        Arbitrary<Literal> any = Arbitraries.oneOf(
                comparables(),
                Arbitraries.of(true, false).map(Literal.Bool::new),
                Arbitraries.of("urn:ngsi-ld:T:1", "https://example.org/a#b", "ex:x..y")
                        .map(Literal.Uri::new));
        return Arbitraries.oneOf(
                any.map(Operand.Single::new),
                any.list().ofMinSize(2).ofMaxSize(4).map(Operand.OneOf::new),
                Combinators.combine(texts(), texts()).as(Operand.Range::new),
                Combinators.combine(numbers(), numbers()).as(Operand.Range::new));
    }

    private static Arbitrary<Operand> patterns() {
        return Arbitraries.of("^a", "x|y", "a\\.b", "[\"]+", "(a;b)", "\\\\\"", "\\d{2}$", "ü.*")
                .map(source -> new Operand.Matching(TextPattern.of("q", source)));
    }

    @Provide
    Arbitrary<Entity> entities() {
        Arbitrary<Map<String, List<Attribute>>> attributes = attributes(2);
        return Combinators.combine(Arbitraries.integers().between(0, 3), attributes)
                .as((n, map) -> new Entity(
                        "urn:x:" + n,
                        List.of(expand("a")),
                        n % 2 == 0 ? List.of() : List.of("/A/B"),
                        map,
                        n == 0 ? null : Instant.EPOCH,
                        null,
                        null));
    }

    private static Arbitrary<Map<String, List<Attribute>>> attributes(int depth) {
        return Arbitraries.maps(names(), instances(depth).list().ofMinSize(1).ofMaxSize(2))
                .ofMaxSize(depth + 1);
    }

    private static Arbitrary<Attribute> instances(int depth) {
        Arbitrary<AttributeMeta> meta = depth == 0
                ? Arbitraries.just(AttributeMeta.NONE)
                : Combinators.combine(attributes(depth - 1), Arbitraries.of(true, false))
                        .as((subs, rich) -> {
                            AttributeMeta plain = AttributeMeta.NONE.withAttributes(subs);
                            return rich
                                    ? plain.withObservedAt(Instant.EPOCH)
                                            .withUnitCode("C62")
                                            .withDatasetId("urn:d:1")
                                    : plain;
                        });
        Arbitrary<List<String>> uris =
                Arbitraries.of("urn:x:1", "urn:x:2").list().ofMinSize(1).ofMaxSize(2);
        Arbitrary<Map<String, List<String>>> languages = Arbitraries.maps(
                        Arbitraries.of("en", "de-DE", "@none"),
                        Arbitraries.of("a", "x", "2020-01-01").list().ofMaxSize(2))
                .ofMaxSize(2);
        return Arbitraries.oneOf(
                Combinators.combine(values(2), meta).as(Attribute.Property::new),
                Combinators.combine(values(2), meta).as(Attribute.JsonProperty::new),
                Combinators.combine(values(1).list().ofMaxSize(3), meta).as(Attribute.ListProperty::new),
                Combinators.combine(uris, meta).as(Attribute.Relationship::new),
                Combinators.combine(uris, meta).as(Attribute.ListRelationship::new),
                Combinators.combine(uris, meta).as(Attribute.VocabProperty::new),
                Combinators.combine(languages, meta).as(Attribute.LanguageProperty::new),
                meta.map(m -> new Attribute.GeoProperty(Geometry.point(8, 40), m)),
                meta.map(m -> new Attribute.Fragment(null, m)));
    }

    private static Arbitrary<Value> values(int depth) {
        Arbitrary<Value> scalars = Arbitraries.oneOf(
                Arbitraries.of("a", "x", "2020-01-01T00:00:00Z", "12:00:00Z", "")
                        .map(Value::of),
                Arbitraries.of(0L, 1L, Long.MAX_VALUE).map(Value::of),
                Arbitraries.of(-0.0, 1.5, 1e300).map(Value::of),
                Arbitraries.just(new Value.Num(new BigDecimal("1e-400"))),
                Arbitraries.of(true, false).map(Value::of),
                Arbitraries.just(Value.Null.INSTANCE));
        if (depth == 0) {
            return scalars;
        }
        return Arbitraries.oneOf(
                scalars,
                values(depth - 1).list().ofMaxSize(2).map(Value.Array::new),
                Arbitraries.maps(Arbitraries.of("a", expand("city"), "@value", "en"), values(depth - 1))
                        .ofMaxSize(2)
                        .map(Value.Obj::new));
    }

    @Provide
    Arbitrary<String> queryLikeTexts() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                                "a",
                                "b",
                                "==",
                                "!=",
                                ">",
                                "~=",
                                "!",
                                "!~=",
                                "1",
                                "..",
                                ",",
                                "\"",
                                "\"x\"",
                                "(",
                                ")",
                                "[",
                                "]",
                                "{",
                                "}",
                                ":",
                                ".",
                                ";",
                                "|",
                                "-",
                                "e",
                                "2020-01-01",
                                "T10:00:00Z",
                                "*",
                                "\\",
                                " ",
                                "urn:x",
                                "true",
                                "\u0000")
                        .list()
                        .ofMaxSize(14)
                        .map(parts -> String.join("", parts)),
                Arbitraries.strings().all().ofMaxLength(30));
    }

    @Provide
    Arbitrary<OrderBy> orders() {
        return Combinators.combine(
                        Arbitraries.of("a", "b.observedAt", "a[city]", "name_1", "createdAt", "type"),
                        Arbitraries.of(OrderBy.Direction.values()))
                .as((path, direction) -> OrderBy.parse(
                        path + ";" + direction.term(), null, Geometry.point(8, 40), QPropertiesTest::expand));
    }

    @Property(tries = 150)
    void aQueryAlsoMatchesWhatItsPlanAllows(
            @ForAll("expressions") QExpression expression, @ForAll("entities") Entity entity) {
        EntityQuery query = EntityQuery.ALL.withQ(expression).withIds(Set.of("urn:x:0", "urn:x:1"));
        if (query.matches(entity)) {
            assertThat(Objects.requireNonNull(query.idCandidates())).contains(entity.id());
            assertThat(entity.attributes().keySet()).containsAll(query.requiredAttributes());
            assertThat(query.comparisons()).allMatch(c -> c.matches(entity, LinkedEntities.NONE));
        }
    }
}
