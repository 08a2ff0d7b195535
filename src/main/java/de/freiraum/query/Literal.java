package de.freiraum.query;

import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A value that a query compares with (clause 4.9). */
public sealed interface Literal {

    /**
     * A string, quoted or bare.
     *
     * @param text the characters
     * @param moment the moment it stands for where it has the form of one; such a string also equals other spellings of the moment
     */
    record Text(String text, @Nullable Moment moment) implements Literal {
        /** A string. */
        public static Text of(String text) {
            return new Text(text, Moment.parse(text));
        }
    }

    /**
     * A number.
     *
     * @param value the number, held as {@link Value.Num} holds it
     */
    record Numeric(Value.Num value) implements Literal {
        /**
         * Reads a JSON number.
         *
         * @throws NumberFormatException if it is none
         */
        public static Numeric of(String text) {
            BigDecimal exact = new BigDecimal(text);
            boolean whole = text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
            if (whole) {
                BigInteger integer = exact.toBigIntegerExact();
                return new Numeric(
                        integer.bitLength() < 64
                                ? Value.Num.class.cast(Value.of(integer.longValue()))
                                : new Value.Num(integer));
            }
            double d = exact.doubleValue();
            boolean same = Double.isFinite(d) && new BigDecimal(Double.toString(d)).compareTo(exact) == 0;
            return new Numeric(same ? new Value.Num(d) : new Value.Num(exact));
        }
    }

    /** True or false. */
    record Bool(boolean truth) implements Literal {}

    /** A DateTime, Date or Time that is not quoted. */
    record Time(Moment moment) implements Literal {}

    /** A URI that is not quoted. */
    record Uri(String uri) implements Literal {}
}
