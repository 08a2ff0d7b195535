package de.freiraum.ingest.layout;

import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parts one after the other. */
public record Sequence(List<Step> steps) {
    /** Copies the list. */
    public Sequence {
        steps = List.copyOf(steps);
    }

    /**
     * One of them.
     *
     * @param part what is there
     * @param at its byte in the payload, negative from the end, or null: behind the one before
     * @param when values that earlier fields must have for it to be there; empty: always
     * @param optional whether the frame may end before it; what follows is then missing, too
     */
    public record Step(Part part, @Nullable Integer at, Map<String, List<Value>> when, boolean optional) {
        /** Copies the map. */
        public Step {
            when = Map.copyOf(when);
        }

        private boolean applies(Fields fields) {
            return when.entrySet().stream().allMatch(condition -> {
                Value is = fields.find(condition.getKey());
                return is != null && condition.getValue().stream().anyMatch(wanted -> same(wanted, is));
            });
        }

        private static boolean same(Value a, Value b) {
            return a instanceof Value.Num x && b instanceof Value.Num y
                    ? decimal(x).compareTo(decimal(y)) == 0
                    : a.equals(b);
        }

        private static BigDecimal decimal(Value.Num number) {
            return number.asDecimal();
        }
    }

    void read(Cursor in, Fields out) {
        for (Step step : steps) {
            if (step.optional() && in.atEnd()) {
                return;
            }
            if (step.applies(out)) {
                if (step.at() != null) {
                    in.seek(step.at());
                }
                step.part().read(in, out);
            }
        }
    }

    /** How many bytes they have at the least, as far as they do not depend on what is read. */
    public int least() {
        int place = 0;
        int reach = 0;
        for (Step step : steps) {
            if (step.optional() || !step.when().isEmpty()) {
                continue;
            }
            place = step.at() == null || step.at() < 0 ? place : step.at();
            place += step.part().least();
            reach = Math.max(reach, place);
        }
        return reach;
    }
}
