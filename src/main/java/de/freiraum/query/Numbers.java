package de.freiraum.query;

import de.freiraum.model.Value;

/** Compares JSON numbers without loss. */
final class Numbers {
    private static final long EXACT = 1L << 53;

    private Numbers() {}

    /** The order of the numbers as written. */
    static int compare(Value.Num a, Value.Num b) {
        if (a.number() instanceof Long x && b.number() instanceof Long y) {
            return Long.compare(x, y);
        }
        if (isExactDouble(a) && isExactDouble(b)) {
            double x = a.asDouble();
            double y = b.asDouble();
            return x < y ? -1 : x > y ? 1 : 0;
        }
        return a.asDecimal().compareTo(b.asDecimal());
    }

    /** Doubles hold what was written; longs do as doubles while they are small. */
    private static boolean isExactDouble(Value.Num n) {
        return n.number() instanceof Double || (n.number() instanceof Long l && l < EXACT && l > -EXACT);
    }
}
