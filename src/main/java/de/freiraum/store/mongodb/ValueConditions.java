package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import de.freiraum.query.AttributePath;
import de.freiraum.query.Literal;
import de.freiraum.query.Moment;
import de.freiraum.query.QExpression;
import de.freiraum.query.QExpression.Operand;
import de.freiraum.query.QExpression.Operator;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/** Conditions of the query language (clause 4.9) on what {@link IndexedValues} stores. */
final class ValueConditions {
    /** Below it numbers that are held exactly differ where their floating-point numbers do. */
    private static final double EXACT = 0x1p53;

    /** Below it the order of UTF-16, which the evaluator has, is that of UTF-8, which MongoDB has. */
    private static final char SAME_ORDER = Character.MIN_SURROGATE;

    private final long now;

    ValueConditions(long now) {
        this.now = now;
    }

    Condition of(QExpression expression) {
        if (expression instanceof QExpression.And and) {
            return Condition.allOf(and.all().stream().map(this::of).toList());
        }
        if (expression instanceof QExpression.Or or) {
            return Condition.anyOf(or.any().stream().map(this::of).toList());
        }
        if (expression instanceof QExpression.Exists exists) {
            return holds(exists.target());
        }
        if (expression instanceof QExpression.Absent absent) {
            return lacks(absent.target());
        }
        return compare((QExpression.Compare) expression);
    }

    /** The entity has what the path leads to. */
    static Condition holds(AttributePath path) {
        String attributes = attributes(path);
        if (attributes.isEmpty()) {
            return Condition.PERHAPS;
        }
        Bson bson = Filters.eq(EntityDocument.PATHS, attributes);
        return isPlain(path) ? Condition.exactly(bson) : Condition.atLeast(bson);
    }

    private static Condition holds(QExpression.Target target) {
        return target.hops().isEmpty()
                ? holds(target.path())
                : Condition.atLeast(
                        Filters.eq(EntityDocument.PATHS, target.hops().get(0).relationship()));
    }

    /** An attribute that is expired is lacking though it is stored. */
    private Condition lacks(QExpression.Target target) {
        Condition there = holds(target);
        return there.exact()
                ? Condition.exactly(Filters.or(
                        Filters.ne(EntityDocument.PATHS, attributes(target.path())),
                        Filters.lte(EntityDocument.EXPIRY, now)))
                : Condition.PERHAPS;
    }

    /** The attributes that a path starts with, as paths are stored; empty if it starts with a member of the entity. */
    private static String attributes(AttributePath path) {
        StringBuilder attributes = new StringBuilder();
        for (AttributePath.Step step : path.steps()) {
            if (!(step instanceof AttributePath.Name name)) {
                break;
            }
            attributes.append(attributes.isEmpty() ? "" : Keys.SEPARATOR).append(name.iri());
        }
        return attributes.toString();
    }

    private static boolean isPlain(AttributePath path) {
        return path.trail().isEmpty() && path.steps().stream().allMatch(AttributePath.Name.class::isInstance);
    }

    private static Condition compare(QExpression.Compare compare) {
        QExpression.Target target = compare.target();
        if (!target.hops().isEmpty() || !isPlain(target.path())) {
            return holds(target).nearly();
        }
        String path = attributes(target.path());
        Operand operand = compare.operand();
        if (compare.operator() == Operator.EQUAL) {
            if (operand instanceof Operand.Single single) {
                return equal(path, List.of(single.literal()));
            }
            if (operand instanceof Operand.OneOf several) {
                return equal(path, several.literals());
            }
            if (operand instanceof Operand.Range range) {
                return between(path, range);
            }
        }
        if (operand instanceof Operand.Single single) {
            Literal literal = single.literal();
            switch (compare.operator()) {
                case GREATER, GREATER_OR_EQUAL -> {
                    return ordered(path, literal, true);
                }
                case LESS, LESS_OR_EQUAL -> {
                    return ordered(path, literal, false);
                }
                default -> {
                    // inequality holds for instances that are not looked up by their values
                }
            }
        }
        return holds(target).nearly();
    }

    private static Condition equal(String path, List<Literal> literals) {
        List<BsonValue> values = new ArrayList<>();
        boolean exact = true;
        for (Literal literal : literals) {
            if (literal instanceof Literal.Numeric number) {
                double d = number.value().asDouble();
                values.add(new BsonDouble(d));
                Number held = number.value().number();
                exact &= Math.abs(d) < EXACT && (held instanceof Long || held instanceof Double);
            } else if (literal instanceof Literal.Bool bool) {
                values.add(BsonBoolean.valueOf(bool.truth()));
            } else if (literal instanceof Literal.Time time) {
                values.add(IndexedValues.moment(time.moment()));
            } else if (literal instanceof Literal.Uri uri) {
                exact &= text(uri.uri(), values);
            } else if (literal instanceof Literal.Text text) {
                exact &= text(text.text(), values);
                if (text.moment() != null) {
                    values.add(IndexedValues.moment(text.moment()));
                }
            }
        }
        return exact
                ? Condition.exactly(value(Filters.eq("a", path), Filters.in("v", values)))
                : Condition.atLeast(value(eitherWay(path), Filters.in("v", values)));
    }

    /** Returns whether no other text is taken for this one. */
    private static boolean text(String text, List<BsonValue> values) {
        values.add(new BsonString(IndexedValues.cut(text)));
        return text.length() < IndexedValues.LONGEST_TEXT - 1;
    }

    private static Condition between(String path, Operand.Range range) {
        List<Bson> alternatives = new ArrayList<>();
        List<Bson> least = bounds(range.least(), true);
        List<Bson> greatest = bounds(range.greatest(), false);
        if (least.size() != 1 || greatest.size() != 1) {
            // texts that may be moments: an attribute with any value may be meant
            return Condition.atLeast(Filters.eq(EntityDocument.PATHS, path));
        }
        alternatives.add(value(eitherWay(path), Filters.and(least.get(0), greatest.get(0))));
        return Condition.atLeast(alternatives.get(0));
    }

    private static Condition ordered(String path, Literal literal, boolean above) {
        List<Bson> alternatives = bounds(literal, above);
        if (alternatives.isEmpty()) {
            return Condition.atLeast(Filters.eq(EntityDocument.PATHS, path));
        }
        List<Bson> values = alternatives.stream()
                .map(bound -> value(eitherWay(path), bound))
                .toList();
        return Condition.atLeast(values.size() == 1 ? values.get(0) : Filters.or(values));
    }

    /** What stored values on one side of a literal meet; empty if that cannot be said. Values of another type are on no side. */
    private static List<Bson> bounds(Literal literal, boolean above) {
        List<Bson> bounds = new ArrayList<>();
        if (literal instanceof Literal.Numeric number) {
            bounds.add(side(new BsonDouble(number.value().asDouble()), above));
        } else if (literal instanceof Literal.Bool bool) {
            bounds.add(side(BsonBoolean.valueOf(bool.truth()), above));
        } else if (literal instanceof Literal.Time time) {
            bounds.add(side(time.moment(), above));
        } else {
            String text = literal instanceof Literal.Uri uri ? uri.uri() : ((Literal.Text) literal).text();
            if (text.chars().anyMatch(c -> c >= SAME_ORDER)) {
                return List.of();
            }
            // what is cut lies before the whole, so that the bound is cut as well
            bounds.add(side(new BsonString(IndexedValues.cut(text)), above));
            if (literal instanceof Literal.Text moment && moment.moment() != null) {
                bounds.add(side(moment.moment(), above));
            }
        }
        return bounds;
    }

    private static Bson side(BsonValue value, boolean above) {
        return above ? Filters.gte("v", value) : Filters.lte("v", value);
    }

    /** Moments are ordered among those of their kind. */
    private static Bson side(Moment moment, boolean above) {
        BsonDocument end = IndexedValues.moment(
                moment.kind(), above ? Long.MAX_VALUE : Long.MIN_VALUE, above ? Integer.MAX_VALUE : 0);
        return Filters.and(side(IndexedValues.moment(moment), above), side(end, !above));
    }

    private static Bson eitherWay(String path) {
        return Filters.in("a", path, path + IndexedValues.NEARLY);
    }

    private static Bson value(Bson path, Bson value) {
        return Filters.elemMatch(EntityDocument.VALUES, Filters.and(path, value));
    }
}
