package de.freiraum.query;

import de.freiraum.model.Attribute;
import de.freiraum.model.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an index of values is looked up with. An attribute can only meet an equality (clause 4.9) if the two have a key in common; whether it does is the condition's
 * to say. Keys are strings, {@link Double}s, in which all spellings of a number meet, and {@link Boolean}s.
 */
public final class EqualityKeys {
    private EqualityKeys() {}

    /** The keys of all instances of an attribute. */
    public static Set<Object> of(List<Attribute> instances) {
        if (instances.size() == 1 && instances.get(0) instanceof Attribute.Property p) {
            Object only = scalar(p.value());
            if (only != null) {
                return Set.of(only);
            }
        }
        Set<Object> keys = new HashSet<>();
        for (Attribute instance : instances) {
            collect(instance, keys);
        }
        return keys;
    }

    /**
     * The keys of a comparison.
     *
     * @return null if it is no equality, or one that values of different keys can meet: with a moment, which has many spellings, or a range
     */
    public static @Nullable Set<Object> of(QExpression.Compare compare) {
        if (compare.operator() != QExpression.Operator.EQUAL) {
            return null;
        }
        List<Literal> literals;
        if (compare.operand() instanceof QExpression.Operand.Single single) {
            literals = List.of(single.literal());
        } else if (compare.operand() instanceof QExpression.Operand.OneOf several) {
            literals = several.literals();
        } else {
            return null;
        }
        Set<Object> keys = new HashSet<>();
        for (Literal literal : literals) {
            Object key = of(literal);
            if (key == null) {
                return null;
            }
            keys.add(key);
        }
        return keys;
    }

    private static @Nullable Object of(Literal literal) {
        if (literal instanceof Literal.Text text) {
            return text.moment() == null ? text.text() : null;
        }
        if (literal instanceof Literal.Uri uri) {
            return uri.uri();
        }
        if (literal instanceof Literal.Numeric numeric) {
            return of(numeric.value());
        }
        return literal instanceof Literal.Bool bool ? bool.truth() : null;
    }

    private static Double of(Value.Num number) {
        return number.number().doubleValue() + 0.0; // zero has one sign
    }

    private static void collect(Attribute instance, Set<Object> keys) {
        if (instance instanceof Attribute.Property p) {
            collect(p.value(), keys);
        } else if (instance instanceof Attribute.JsonProperty j) {
            collect(j.json(), keys);
        } else if (instance instanceof Attribute.ListProperty l) {
            l.valueList().forEach(item -> item(item, keys));
        } else if (instance instanceof Attribute.LanguageProperty l) {
            l.languageMap().values().forEach(keys::addAll);
        } else if (instance instanceof Attribute.VocabProperty v) {
            keys.addAll(v.vocab());
        } else if (instance instanceof Attribute.Relationship r) {
            keys.addAll(r.objects());
        } else if (instance instanceof Attribute.ListRelationship l) {
            keys.addAll(l.objectList());
        }
    }

    private static void collect(Value value, Set<Object> keys) {
        Value bare = QEvaluator.unwrap(value);
        if (bare instanceof Value.Array array) {
            array.items().forEach(item -> item(item, keys));
        } else {
            item(bare, keys);
        }
    }

    private static void item(Value value, Set<Object> keys) {
        Object key = scalar(QEvaluator.unwrap(value));
        if (key != null) {
            keys.add(key);
        }
    }

    private static @Nullable Object scalar(Value value) {
        if (value instanceof Value.Text text) {
            return text.text();
        }
        if (value instanceof Value.Num number) {
            return of(number);
        }
        return value instanceof Value.Bool bool ? bool.truth() : null;
    }
}
