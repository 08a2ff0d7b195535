package de.freiraum.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What marks an instance of history that stands for all instances of a window of time: its {@code observedAt} is the window's begin, and a
 * JsonProperty {@code aggregation} of it tells the rest. A number is the mean then, anything else what was last.
 *
 * @param period the window's length, as a duration of ISO 8601
 * @param samples how many instances it stands for
 * @param sum of numbers, or null
 * @param min the smallest number, or null
 * @param max the largest number, or null
 */
public record Aggregated(
        String period, long samples, Value.@Nullable Num sum, Value.@Nullable Num min, Value.@Nullable Num max) {
    /** Under which name an instance has it. */
    public static final String ATTRIBUTE = NgsiLd.DEFAULT_CONTEXT + "aggregation";

    private static final String PERIOD = "period";
    private static final String SAMPLES = "samples";

    /** What an instance tells of its window, or null if it is no aggregate. */
    public static @Nullable Aggregated of(Attribute instance) {
        Value.Obj told = told(instance);
        if (told == null
                || !(told.get(PERIOD) instanceof Value.Text period)
                || !(told.get(SAMPLES) instanceof Value.Num samples)) {
            return null;
        }
        return new Aggregated(
                period.text(),
                samples.number().longValue(),
                told.get("sum") instanceof Value.Num sum ? sum : null,
                told.get("min") instanceof Value.Num min ? min : null,
                told.get("max") instanceof Value.Num max ? max : null);
    }

    /** The length of the window that an instance stands for, or null if it is no aggregate. */
    public static @Nullable String periodOf(Attribute instance) {
        Aggregated aggregated = of(instance);
        return aggregated == null ? null : aggregated.period();
    }

    private static Value.@Nullable Obj told(Attribute instance) {
        Map<String, List<Attribute>> attributes = instance.meta().attributes();
        if (attributes.isEmpty()) {
            return null;
        }
        List<Attribute> marks = attributes.getOrDefault(ATTRIBUTE, List.of());
        return marks.size() == 1
                        && marks.get(0) instanceof Attribute.JsonProperty mark
                        && mark.json() instanceof Value.Obj told
                ? told
                : null;
    }

    /** The instance with this mark, whatever it was marked with before. */
    public Attribute mark(Attribute instance) {
        Map<String, Value> told = new LinkedHashMap<>();
        told.put(PERIOD, Value.of(period));
        told.put(SAMPLES, Value.of(samples));
        put(told, "sum", sum);
        put(told, "min", min);
        put(told, "max", max);
        Map<String, List<Attribute>> attributes =
                new LinkedHashMap<>(instance.meta().attributes());
        attributes.put(ATTRIBUTE, List.of(new Attribute.JsonProperty(new Value.Obj(told), AttributeMeta.NONE)));
        return instance.with(instance.meta().withAttributes(attributes));
    }

    private static void put(Map<String, Value> told, String name, Value.@Nullable Num number) {
        if (number != null) {
            told.put(name, number);
        }
    }
}
