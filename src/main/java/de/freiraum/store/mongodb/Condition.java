package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import java.util.List;
import java.util.Objects;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * A part of a filter.
 *
 * @param bson for MongoDB, or null: nothing is excluded
 * @param exact whether exactly what is asked for meets it; otherwise that and perhaps more
 */
record Condition(@Nullable Bson bson, boolean exact) {
    /** Everything is asked for. */
    static final Condition ALWAYS = new Condition(null, true);

    /** Only the evaluator knows. */
    static final Condition PERHAPS = new Condition(null, false);

    /** Nothing meets it. */
    static final Condition NEVER = exactly(Filters.in("_id"));

    static Condition exactly(Bson bson) {
        return new Condition(bson, true);
    }

    static Condition atLeast(Bson bson) {
        return new Condition(bson, false);
    }

    /** The same, to be evaluated. */
    Condition nearly() {
        return new Condition(bson, false);
    }

    static Condition allOf(List<Condition> conditions) {
        List<Bson> parts = conditions.stream()
                .map(Condition::bson)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        boolean exact = conditions.stream().allMatch(Condition::exact);
        return new Condition(parts.isEmpty() ? null : parts.size() == 1 ? parts.get(0) : Filters.and(parts), exact);
    }

    static Condition anyOf(List<Condition> conditions) {
        boolean exact = conditions.stream().allMatch(Condition::exact);
        if (conditions.stream().anyMatch(part -> part.bson() == null)) {
            return new Condition(null, exact);
        }
        return new Condition(
                Filters.or(conditions.stream()
                        .map(part -> Objects.requireNonNull(part.bson()))
                        .toList()),
                exact);
    }
}
