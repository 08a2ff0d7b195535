package de.freiraum.ingest.layout;

import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a whole number of a payload stands for.
 *
 * @param scale factor, or null
 * @param offset added after the factor, or null
 * @param absent the number that means that nothing was measured; the field is then left out; or null
 * @param equal the only number allowed, or null
 * @param words texts by number; empty: it stays a number
 * @param otherwise the text of a number that has none, or null: it is refused
 * @param flags texts by bit; the field is then the list of those that are set; empty: no flags
 * @param truth whether the field is true for any number but 0
 */
public record Meaning(
        @Nullable BigDecimal scale,
        @Nullable BigDecimal offset,
        @Nullable Long absent,
        @Nullable Long equal,
        Map<Long, String> words,
        @Nullable String otherwise,
        Map<Integer, String> flags,
        boolean truth) {
    /** The number itself. */
    public static final Meaning NUMBER = new Meaning(null, null, null, null, Map.of(), null, Map.of(), false);

    /** True or false. */
    public static final Meaning TRUTH = new Meaning(null, null, null, null, Map.of(), null, Map.of(), true);

    /** Copies the maps. */
    public Meaning {
        words = Map.copyOf(words);
        flags = Map.copyOf(flags);
    }

    /** The value, or null when nothing was measured. */
    @Nullable
    Value of(long number, boolean unsigned, String field, Cursor in) {
        if (absent != null && absent == number) {
            return null;
        }
        if (equal != null && equal != number) {
            throw in.refusal("\"" + field + "\" is " + number + " instead of " + equal);
        }
        if (truth) {
            return Value.of(number != 0);
        }
        if (!flags.isEmpty()) {
            return setFlags(number);
        }
        if (!words.isEmpty()) {
            String word = words.getOrDefault(number, otherwise);
            if (word == null) {
                throw in.refusal("\"" + field + "\" is " + number + ", which stands for nothing");
            }
            return Value.of(word);
        }
        if (unsigned && number < 0) {
            BigInteger large = new BigInteger(Long.toUnsignedString(number));
            return scaled() ? decimal(new BigDecimal(large)) : new Value.Num(large);
        }
        return scaled() ? decimal(BigDecimal.valueOf(number)) : Value.of(number);
    }

    /** The value of a floating-point number; what is no number is not measured. */
    @Nullable
    Value of(double number) {
        if (!Double.isFinite(number)) {
            return null;
        }
        return scaled() ? decimal(new BigDecimal(Double.toString(number))) : Value.of(number);
    }

    private boolean scaled() {
        return scale != null || offset != null;
    }

    private Value decimal(BigDecimal number) {
        BigDecimal result = scale == null ? number : number.multiply(scale);
        result = offset == null ? result : result.add(offset);
        return Value.of(result.doubleValue());
    }

    private Value setFlags(long number) {
        List<String> set = new ArrayList<>();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((number >> bit & 1) == 1 && flags.containsKey(bit)) {
                set.add(Objects.requireNonNull(flags.get(bit)));
            }
        }
        return Value.ofTexts(set);
    }
}
