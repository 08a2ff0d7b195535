package de.freiraum.query;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Value;
import de.freiraum.query.QExpression.Compare;
import de.freiraum.query.QExpression.Operand;
import de.freiraum.query.QExpression.Operator;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates one comparison, or existence where there is none, on everything that a target leads to. Equality holds when a member of an
 * array is equal, inequality when none is; values of other types are unequal and do not order (clause 4.9).
 */
final class QEvaluator implements AttributePath.Visitor {
    private final @Nullable Compare compare;
    private AttributePath path = NO_PATH;

    private static final AttributePath NO_PATH = AttributePath.of("");

    QEvaluator(@Nullable Compare compare) {
        this.compare = compare;
    }

    boolean meets(QExpression.Target target, Entity entity, LinkedEntities linked) {
        path = target.path();
        return meets(target.hops(), 0, entity, linked);
    }

    private boolean meets(List<QExpression.Hop> hops, int depth, Entity entity, LinkedEntities linked) {
        if (depth == hops.size()) {
            return path.visit(entity, this);
        }
        QExpression.Hop hop = hops.get(depth);
        for (Attribute instance : entity.attribute(hop.relationship())) {
            for (String id : QExpression.Hop.objects(instance)) {
                Entity next = linked.find(id);
                if (next != null && hop.leadsTo(next.types()) && meets(hops, depth + 1, next, linked)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public boolean attribute(Attribute instance) {
        if (instance instanceof Attribute.Property p) {
            return value(follow(p.value(), false));
        }
        if (instance instanceof Attribute.GeoProperty g) {
            return value(follow(g.value().geoJson(), true));
        }
        if (instance instanceof Attribute.JsonProperty j) {
            return value(follow(j.json(), true));
        }
        if (instance instanceof Attribute.LanguageProperty l) {
            return languages(l.languageMap());
        }
        if (!path.trail().isEmpty()) {
            return false;
        }
        if (instance instanceof Attribute.ListProperty l) {
            return array(l.valueList());
        }
        if (instance instanceof Attribute.VocabProperty v) {
            return strings(v.vocab(), true);
        }
        if (instance instanceof Attribute.Relationship r) {
            return objects(r.objects());
        }
        return instance instanceof Attribute.ListRelationship l && objects(l.objectList());
    }

    private @Nullable Value follow(Value start, boolean raw) {
        return follow(start, path.trail(), raw);
    }

    /**
     * What a trail leads to inside a value, or null if it leads nowhere.
     *
     * @param raw whether member names in the value are as the client wrote them
     */
    static @Nullable Value follow(Value start, List<AttributePath.Member> trail, boolean raw) {
        Value value = start;
        for (int i = 0; i < trail.size(); i++) {
            if (!(value instanceof Value.Obj object)) {
                return null;
            }
            AttributePath.Member member = trail.get(i);
            Value next = raw ? object.get(member.term()) : object.get(member.iri());
            if (next == null && !raw) {
                next = object.get(member.term());
            }
            if (next == null) {
                return null;
            }
            value = next;
        }
        return value;
    }

    private boolean value(@Nullable Value found) {
        if (found == null) {
            return false;
        }
        if (compare == null) {
            return true;
        }
        Value value = unwrap(found);
        return switch (compare.operator()) {
            case EQUAL -> value instanceof Value.Array a ? anyEqual(a.items()) : equal(value);
            case UNEQUAL -> !(value instanceof Value.Array a ? anyEqual(a.items()) : equal(value));
            case MATCHES -> value instanceof Value.Text t && found(t.text());
            case NOT_MATCHES -> value instanceof Value.Text t && !found(t.text());
            default -> ordered(value);
        };
    }

    private boolean array(List<Value> items) {
        if (compare == null) {
            return true;
        }
        return switch (compare.operator()) {
            case EQUAL -> anyEqual(items);
            case UNEQUAL -> !anyEqual(items);
            default -> false;
        };
    }

    private boolean anyEqual(List<Value> items) {
        for (int i = 0; i < items.size(); i++) {
            if (equal(unwrap(items.get(i)))) {
                return true;
            }
        }
        return false;
    }

    /** A value with its datatype ({@code @type}, {@code @value}) counts as the value. */
    static Value unwrap(Value value) {
        if (value instanceof Value.Obj object) {
            Value inner = object.get("@value");
            return inner != null ? inner : value;
        }
        return value;
    }

    private boolean languages(Map<String, List<String>> map) {
        if (path.trail().size() > 1) {
            return false;
        }
        String tag = path.trail().isEmpty() ? "*" : path.trail().get(0).term();
        if (!tag.equals("*")) {
            List<String> texts = map.get(tag);
            if (texts == null) {
                for (Map.Entry<String, List<String>> entry : map.entrySet()) {
                    if (entry.getKey().equalsIgnoreCase(tag)) {
                        texts = entry.getValue();
                    }
                }
            }
            return texts != null && strings(texts, true);
        }
        if (map.isEmpty() || compare == null) {
            return !map.isEmpty();
        }
        boolean negated = isNegated(compare.operator());
        for (List<String> texts : map.values()) {
            if (strings(texts, true) != negated) {
                return !negated;
            }
        }
        return negated;
    }

    private static boolean isNegated(Operator operator) {
        return operator == Operator.UNEQUAL || operator == Operator.NOT_MATCHES;
    }

    /** URIs of linked entities can only be equal or not. */
    private boolean objects(List<String> uris) {
        return strings(uris, false);
    }

    /** Several strings as one target: one must be equal, ordered or matched; for the negations none may be. */
    private boolean strings(List<String> texts, boolean ordering) {
        if (compare == null) {
            return true;
        }
        Operator operator = compare.operator();
        if (!ordering && operator != Operator.EQUAL && operator != Operator.UNEQUAL) {
            return false;
        }
        boolean negated = isNegated(operator);
        for (int i = 0; i < texts.size(); i++) {
            if (one(texts.get(i), operator)) {
                return !negated;
            }
        }
        return negated;
    }

    private boolean one(String text, Operator operator) {
        return switch (operator) {
            case EQUAL, UNEQUAL -> equal(text, null, null);
            case MATCHES, NOT_MATCHES -> found(text);
            default ->
                compare != null
                        && compare.operand() instanceof Operand.Single single
                        && holds(operator, order(text, single.literal()));
        };
    }

    @Override
    public boolean text(String text) {
        if (!path.trail().isEmpty()) {
            return false;
        }
        if (compare == null) {
            return true;
        }
        return one(text, compare.operator()) != isNegated(compare.operator());
    }

    @Override
    public boolean texts(List<String> texts) {
        return path.trail().isEmpty() && strings(texts, true);
    }

    @Override
    public boolean time(Instant time) {
        if (!path.trail().isEmpty()) {
            return false;
        }
        if (compare == null) {
            return true;
        }
        return switch (compare.operator()) {
            case EQUAL -> equal(null, null, time);
            case UNEQUAL -> !equal(null, null, time);
            case MATCHES, NOT_MATCHES -> false;
            default ->
                compare.operand() instanceof Operand.Single single
                        && holds(compare.operator(), order(time, single.literal()));
        };
    }

    private boolean found(String text) {
        return compare != null
                && compare.operand() instanceof Operand.Matching matching
                && matching.pattern().foundIn(text);
    }

    private boolean equal(Value value) {
        return value instanceof Value.Text t ? equal(t.text(), null, null) : equal(null, value, null);
    }

    /** Whether the text, the other value or the time (one of them is there) is one of those that the operand means. */
    private boolean equal(@Nullable String text, @Nullable Value value, @Nullable Instant time) {
        if (compare == null) {
            return false;
        }
        Operand operand = compare.operand();
        if (operand instanceof Operand.Single single) {
            return order(text, value, time, single.literal()) == 0;
        }
        if (operand instanceof Operand.OneOf several) {
            for (int i = 0; i < several.literals().size(); i++) {
                if (order(text, value, time, several.literals().get(i)) == 0) {
                    return true;
                }
            }
            return false;
        }
        if (operand instanceof Operand.Range range) {
            int low = order(text, value, time, range.least());
            int high = order(text, value, time, range.greatest());
            return low != INCOMPARABLE && high != INCOMPARABLE && low >= 0 && high <= 0;
        }
        return false;
    }

    private boolean ordered(Value value) {
        return compare != null
                && compare.operand() instanceof Operand.Single single
                && holds(
                        compare.operator(),
                        value instanceof Value.Text t
                                ? order(t.text(), single.literal())
                                : order(value, single.literal()));
    }

    private static boolean holds(Operator operator, int order) {
        if (order == INCOMPARABLE) {
            return false;
        }
        return switch (operator) {
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            default -> false;
        };
    }

    /** The result of a comparison between values of different types; every other result is -1, 0 or 1. */
    private static final int INCOMPARABLE = Integer.MIN_VALUE;

    private static int order(@Nullable String text, @Nullable Value value, @Nullable Instant time, Literal literal) {
        if (text != null) {
            return order(text, literal);
        }
        if (time != null) {
            return order(time, literal);
        }
        return value == null ? INCOMPARABLE : order(value, literal);
    }

    private static int order(Value value, Literal literal) {
        if (value instanceof Value.Num n && literal instanceof Literal.Numeric number) {
            return Integer.signum(Numbers.compare(n, number.value()));
        }
        if (value instanceof Value.Bool b && literal instanceof Literal.Bool bool) {
            return Boolean.compare(b.truth(), bool.truth());
        }
        return INCOMPARABLE;
    }

    private static int order(String text, Literal literal) {
        if (literal instanceof Literal.Text other) {
            Moment moment = other.moment() == null ? null : Moment.parse(text);
            if (moment != null
                    && other.moment() != null
                    && moment.kind() == other.moment().kind()) {
                return Integer.signum(moment.compareTo(other.moment()));
            }
            return Integer.signum(text.compareTo(other.text()));
        }
        if (literal instanceof Literal.Time other) {
            Moment moment = Moment.parse(text);
            return moment == null || moment.kind() != other.moment().kind()
                    ? INCOMPARABLE
                    : Integer.signum(moment.compareTo(other.moment()));
        }
        return literal instanceof Literal.Uri other ? Integer.signum(text.compareTo(other.uri())) : INCOMPARABLE;
    }

    private static int order(Instant time, Literal literal) {
        Moment moment = null;
        if (literal instanceof Literal.Text text) {
            moment = text.moment();
        } else if (literal instanceof Literal.Time other) {
            moment = other.moment();
        }
        if (moment == null || moment.kind() != Moment.Kind.DATE_TIME) {
            return INCOMPARABLE;
        }
        int seconds = Long.compare(time.getEpochSecond(), moment.seconds());
        return seconds != 0 ? seconds : Integer.compare(time.getNano(), moment.nanos());
    }
}
