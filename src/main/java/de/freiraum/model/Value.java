package de.freiraum.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value, immutable. Member names inside are expanded IRIs where JSON-LD expands them, and raw in JSON literals and GeoJSON. */
public sealed interface Value {

    /** The URI that stands for null in NGSI-LD (clause 4.5.0). */
    String NGSI_LD_NULL = "urn:ngsi-ld:null";

    /** A string. */
    record Text(String text) implements Value {}

    /** A number: {@link Long} or {@link Double} where they hold it exactly as written, otherwise {@link java.math.BigInteger} or {@link BigDecimal}. */
    record Num(Number number) implements Value {
        /** The value as a double, for comparison. */
        public double asDouble() {
            return number.doubleValue();
        }

        /** The value without loss, for comparison with other numbers. */
        public BigDecimal asDecimal() {
            if (number instanceof Long l) {
                return BigDecimal.valueOf(l);
            }
            return number instanceof BigDecimal b ? b : new BigDecimal(number.toString());
        }
    }

    /** True or false. */
    record Bool(boolean truth) implements Value {
        /** The two instances. */
        public static final Bool TRUE = new Bool(true);

        /** The two instances. */
        public static final Bool FALSE = new Bool(false);
    }

    /** JSON null, which only occurs inside JSON literals. */
    record Null() implements Value {
        /** The one instance needed. */
        public static final Null INSTANCE = new Null();
    }

    /** A list of values. */
    record Array(List<Value> items) implements Value {
        /** Copies the list. */
        public Array {
            items = List.copyOf(items);
        }
    }

    /** An object, its members in the order of the document. */
    record Obj(Map<String, Value> members) implements Value {
        /** Copies the members, keeping their order. */
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        /** The member of that name, or null. */
        public @Nullable Value get(String name) {
            return members.get(name);
        }
    }

    /** A string value. */
    static Value of(String text) {
        return new Text(text);
    }

    /** A whole number. */
    static Value of(long number) {
        return new Num(number);
    }

    /** A floating-point number; must be finite. */
    static Value of(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("a JSON number is finite");
        }
        return new Num(number);
    }

    /** A truth value. */
    static Value of(boolean truth) {
        return truth ? Bool.TRUE : Bool.FALSE;
    }

    /** An array of strings. */
    static Value ofTexts(List<String> texts) {
        List<Value> items = new ArrayList<>(texts.size());
        texts.forEach(t -> items.add(new Text(t)));
        return new Array(items);
    }

    /** Whether this is the NGSI-LD Null as a value: the URI itself, or an array of only that (clause 4.5.0). */
    default boolean isNgsiLdNull() {
        if (this instanceof Text t) {
            return t.text().equals(NGSI_LD_NULL);
        }
        return this instanceof Array a
                && a.items().size() == 1
                && a.items().get(0).isNgsiLdNull();
    }
}
