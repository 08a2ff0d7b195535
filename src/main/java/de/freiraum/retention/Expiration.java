package de.freiraum.retention;

import de.freiraum.model.TemporalInstance;
import de.freiraum.store.TemporalStore.Condensation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nothing stays of what is older than a time.
 *
 * @param to first instant that stays
 */
record Expiration(Instant to) implements Condensation {
    @Override
    public @Nullable Instant from() {
        return null;
    }

    @Override
    public Instant windowEnd(Instant time) {
        return time.plusNanos(1);
    }

    @Override
    public List<TemporalInstance> condense(List<TemporalInstance> window) {
        return List.of();
    }
}
