package de.freiraum.store;

import static de.freiraum.store.GeneratedEntities.NAMES;
import static de.freiraum.store.GeneratedEntities.NAMESPACE;
import static de.freiraum.store.GeneratedEntities.NUMBERS;
import static de.freiraum.store.GeneratedEntities.TEXTS;
import static de.freiraum.store.GeneratedEntities.TYPES;

import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Value;
import de.freiraum.query.AttributePath;
import de.freiraum.query.AttributePath.Builtin;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.GeoQuery;
import de.freiraum.query.Literal;
import de.freiraum.query.Moment;
import de.freiraum.query.OrderBy;
import de.freiraum.query.QExpression;
import de.freiraum.query.QExpression.Hop;
import de.freiraum.query.QExpression.Operand;
import de.freiraum.query.QExpression.Operator;
import de.freiraum.query.ScopeQuery;
import de.freiraum.query.TextPattern;
import de.freiraum.query.TypeSelection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queries with every condition, operator and operand there is, over what {@link GeneratedEntities} makes. */
final class GeneratedQueries {
    private final Random random;
    private final GeneratedEntities entities;
    private final int count;

    GeneratedQueries(Random random, GeneratedEntities entities, int count) {
        this.random = random;
        this.entities = entities;
        this.count = count;
    }

    EntityQuery query() {
        EntityQuery query = EntityQuery.ALL;
        if (random.nextInt(3) == 0) {
            query = query.withTypes(types(2));
        }
        if (random.nextInt(8) == 0) {
            query = query.withIds(ids());
        }
        if (random.nextInt(8) == 0) {
            query = query.withIdPattern(pattern());
        }
        if (random.nextInt(8) == 0) {
            query = query.withAttributes(entities.some(NAMES, 1));
        }
        if (random.nextInt(8) == 0) {
            query = query.withSelectors(List.of(selector(), selector()));
        }
        if (random.nextInt(6) == 0) {
            query = query.withScopeQ(scopes(1));
        }
        if (random.nextInt(2) == 0) {
            query = query.withQ(expression(2));
        }
        if (random.nextInt(5) == 0) {
            query = query.withGeo(geo());
        }
        if (random.nextInt(4) == 0) {
            query = query.withOrderBy(order());
        }
        return query;
    }

    private String id() {
        return GeneratedEntities.id(random.nextInt(count));
    }

    private Set<String> ids() {
        return new LinkedHashSet<>(List.of(id(), id()));
    }

    private TextPattern pattern() {
        return TextPattern.of("idPattern", entities.pick(List.of("^urn:x:1", "3$", "^urn:x:[12]", "^urn:x:2?", "x")));
    }

    private EntitySelector selector() {
        return new EntitySelector(
                random.nextBoolean() ? types(1) : null,
                random.nextInt(3) == 0 ? ids() : Set.of(),
                random.nextInt(3) == 0 ? pattern() : null);
    }

    private TypeSelection types(int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 7)) {
            case 0, 1 -> new TypeSelection.Type(entities.pick(TYPES));
            case 2 ->
                random.nextBoolean() ? new TypeSelection.Any() : new TypeSelection.NoneOf(entities.some(TYPES, 1));
            case 3, 4 -> new TypeSelection.And(List.of(types(depth - 1), types(depth - 1)));
            default -> new TypeSelection.Or(List.of(types(depth - 1), types(depth - 1)));
        };
    }

    private ScopeQuery scopes(int depth) {
        return switch (random.nextInt(depth == 0 ? 1 : 4)) {
            case 2 -> new ScopeQuery.And(List.of(scopes(depth - 1), scopes(depth - 1)));
            case 3 -> new ScopeQuery.Or(List.of(scopes(depth - 1), scopes(depth - 1)));
            default ->
                new ScopeQuery.Match(
                        entities.pick(List.of(
                                List.<String>of(),
                                List.of("x"),
                                List.of("x", "y"),
                                List.of("+", "y"),
                                List.of("x", "+"),
                                List.of("v"),
                                List.of("x", ""),
                                List.of("x.y"))),
                        random.nextBoolean());
        };
    }

    private QExpression expression(int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 10)) {
            case 0 -> new QExpression.Exists(target());
            case 1 -> new QExpression.Absent(target());
            case 6, 7 -> new QExpression.And(List.of(expression(depth - 1), expression(depth - 1)));
            case 8, 9 -> new QExpression.Or(List.of(expression(depth - 1), expression(depth - 1)));
            default -> compare();
        };
    }

    private QExpression compare() {
        Operator operator = entities.pick(List.of(Operator.values()));
        boolean pattern = operator == Operator.MATCHES || operator == Operator.NOT_MATCHES;
        boolean equality = operator == Operator.EQUAL || operator == Operator.UNEQUAL;
        Operand operand;
        if (pattern) {
            operand = new Operand.Matching(TextPattern.of("q", entities.pick(List.of("a", "^x", "30"))));
        } else {
            operand = switch (equality ? random.nextInt(4) : 0) {
                case 1 -> new Operand.OneOf(List.of(literal(), literal()));
                case 2 -> new Operand.Range(literal(), literal());
                default -> new Operand.Single(literal());
            };
        }
        return new QExpression.Compare(target(), operator, operand);
    }

    private Literal literal() {
        String text = entities.pick(TEXTS);
        Moment moment = Moment.parse(text);
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Literal.Numeric(new Value.Num(entities.pick(NUMBERS)));
            case 2 -> new Literal.Bool(random.nextBoolean());
            case 3 -> moment != null ? new Literal.Time(moment) : new Literal.Uri(id());
            default -> Literal.Text.of(text);
        };
    }

    private QExpression.Target target() {
        List<Hop> hops =
                random.nextInt(8) > 0 ? List.of() : random.nextInt(3) > 0 ? List.of(hop()) : List.of(hop(), hop());
        return new QExpression.Target(hops, path());
    }

    private Hop hop() {
        return new Hop(entities.pick(NAMES), List.copyOf(entities.some(TYPES, 0)), Set.of());
    }

    private AttributePath path() {
        List<AttributePath.Step> steps = new ArrayList<>();
        if (random.nextInt(10) == 0) {
            return new AttributePath(
                    List.of(entities.pick(
                            List.of(Builtin.ID, Builtin.TYPE, Builtin.SCOPE, Builtin.MODIFIED_AT, Builtin.EXPIRES_AT))),
                    List.of());
        }
        steps.add(new AttributePath.Name(entities.pick(NAMES)));
        while (random.nextInt(4) == 0 && steps.size() < 3) {
            steps.add(new AttributePath.Name(entities.pick(NAMES)));
        }
        if (random.nextInt(8) == 0) {
            steps.add(entities.pick(List.of(Builtin.OBSERVED_AT, Builtin.UNIT_CODE, Builtin.DATASET_ID)));
        }
        List<AttributePath.Member> trail = random.nextInt(6) > 0
                ? List.of()
                : List.of(entities.pick(List.of(
                        new AttributePath.Member("n", NAMESPACE + "n"),
                        new AttributePath.Member("a", NAMESPACE + "a"),
                        new AttributePath.Member("de", NAMESPACE + "de"))));
        return new AttributePath(steps, trail);
    }

    private GeoQuery geo() {
        GeoQuery.Relation relation = entities.pick(List.of(GeoQuery.Relation.values()));
        boolean near = relation == GeoQuery.Relation.NEAR_MAX || relation == GeoQuery.Relation.NEAR_MIN;
        Geometry reference = entities.geometry();
        return new GeoQuery(
                relation,
                reference,
                AttributePath.of(random.nextInt(4) > 0 ? NgsiLd.LOCATION : entities.pick(NAMES)),
                near ? entities.pick(List.of(10.0, 2000.0, 100_000.0, 5_000_000.0)) : 0);
    }

    private OrderBy order() {
        @Nullable Geometry from = Geometry.point(7.5, 51.4);
        return OrderBy.parse(
                entities.pick(List.of("a", "a;desc", "b,c;desc", "location;dist-asc", "modifiedAt;desc", "type,a")),
                null,
                from,
                name -> name.equals("location") ? NgsiLd.LOCATION : Objects.requireNonNull(NAMESPACE + name));
    }
}
