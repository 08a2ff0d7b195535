package de.freiraum.ingest.validation;

import de.freiraum.config.Default;
import de.freiraum.model.Attribute;
import de.freiraum.model.Value;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an attribute must be. A list is as good as its elements.
 *
 * @param kind what its value is
 * @param oneOf the allowed texts; empty: any
 * @param min smallest number
 * @param max largest number
 * @param also a number outside that is allowed as well
 * @param units the allowed UN/CEFACT codes where it has one; empty: any
 */
record AttributeRules(
        @Default("any") Kind kind,
        List<String> oneOf,
        Optional<Double> min,
        Optional<Double> max,
        Optional<Double> also,
        List<String> units) {

    /** What a value can be. */
    enum Kind {
        ANY,
        TEXT,
        NUMBER,
        WHOLE,
        TRUTH,
        TIME,
        RELATIONSHIP,
        PLACE
    }

    /** What is wrong with an instance, or null. */
    @Nullable
    String fault(Attribute attribute) {
        if (kind == Kind.RELATIONSHIP || kind == Kind.PLACE) {
            boolean right = kind == Kind.RELATIONSHIP
                    ? attribute instanceof Attribute.Relationship
                    : attribute instanceof Attribute.GeoProperty;
            return right ? null : kind == Kind.PLACE ? "must be a GeoProperty" : "must be a Relationship";
        }
        String unit = attribute.meta().unitCode();
        if (unit != null && !units.isEmpty() && !units.contains(unit)) {
            return "has the unit \"" + clip(unit) + "\"; allowed is " + String.join(", ", units);
        }
        return attribute instanceof Attribute.Property property ? fault(property.value()) : null;
    }

    private @Nullable String fault(Value value) {
        if (value instanceof Value.Array array) {
            for (Value item : array.items()) {
                String fault = fault(item);
                if (fault != null) {
                    return fault;
                }
            }
            return null;
        }
        if (!oneOf.isEmpty()) {
            return value instanceof Value.Text text && oneOf.contains(text.text())
                    ? null
                    : "is " + shown(value) + "; allowed are " + String.join(", ", oneOf);
        }
        return switch (kind) {
            case NUMBER, WHOLE -> number(value);
            case TEXT -> value instanceof Value.Text ? null : "is " + shown(value) + "; allowed is a text";
            case TRUTH -> value instanceof Value.Bool ? null : "is " + shown(value) + "; allowed are true and false";
            case TIME -> isTime(value) ? null : "is " + shown(value) + "; allowed is a DateTime";
            case ANY, RELATIONSHIP, PLACE -> null;
        };
    }

    private @Nullable String number(Value value) {
        if (!(value instanceof Value.Num number)) {
            return "is " + shown(value) + "; allowed is a number";
        }
        double n = number.asDouble();
        if (also.isPresent() && also.get() == n) {
            return null;
        }
        if (kind == Kind.WHOLE && n != Math.rint(n)) {
            return "is " + shown(value) + "; allowed is a whole number";
        }
        boolean low = min.isPresent() && n < min.get();
        boolean high = max.isPresent() && n > max.get();
        return low || high ? "is " + shown(value) + "; allowed is a number " + range() : null;
    }

    private String range() {
        return max.isEmpty()
                ? "from " + min.map(AttributeRules::plain).orElse("")
                : "from " + min.map(AttributeRules::plain).orElse("any") + " to " + plain(max.get());
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString(Math.round(number)) : Double.toString(number);
    }

    private static boolean isTime(Value value) {
        return value instanceof Value.Text
                || value instanceof Value.Obj object && object.get("@value") instanceof Value.Text;
    }

    private static String shown(Value value) {
        if (value instanceof Value.Text text) {
            return "\"" + clip(text.text()) + "\"";
        }
        return value instanceof Value.Num number
                ? number.asDecimal().toPlainString()
                : value instanceof Value.Bool truth ? String.valueOf(truth.truth()) : "no single value";
    }

    private static String clip(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
