package de.freiraum.aggregate.footfall;

import de.freiraum.aggregate.work.EntityKey;
import de.freiraum.config.Default;
import java.util.Map;

/**
 * Numbers of people that are too small to be published.
 *
 * @param below windows with a smaller number, zero among them, are published without numbers; 0: all are published
 * @param tenants the same by tenant name
 * @param counters the same by URI of a counter; it comes before that of the tenant
 */
public record SmallCounts(@Default("0") int below, Map<String, Integer> tenants, Map<String, Integer> counters) {
    /** All numbers are published. */
    public static final SmallCounts PUBLISHED = new SmallCounts(0, Map.of(), Map.of());

    /** Copies the maps; refuses negative numbers. */
    public SmallCounts {
        tenants = Map.copyOf(tenants);
        counters = Map.copyOf(counters);
        if (below < 0
                || tenants.values().stream().anyMatch(n -> n < 0)
                || counters.values().stream().anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException("smallCounts: a number is 0 or more");
        }
    }

    /** The bound of a counter. */
    int of(EntityKey counter) {
        Integer own = counters.get(counter.id());
        return own != null ? own : tenants.getOrDefault(counter.tenant().name(), below);
    }
}
