package de.freiraum.aggregate.parking;

import de.freiraum.aggregate.work.EntityKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last committed state of every spot, by spot and by what it belongs to. Thread-safe. */
final class SpotIndex {
    private final Map<EntityKey, SpotState> spots = new HashMap<>();
    private final Map<EntityKey, Map<EntityKey, SpotState>> members = new HashMap<>();
    private @Nullable Set<EntityKey> touched;
    private long removals;

    /**
     * Takes up a committed state.
     *
     * @param state null if the spot is gone
     * @return the sites and groups whose totals it may change
     */
    synchronized Set<EntityKey> put(EntityKey spot, @Nullable SpotState state) {
        if (touched != null) {
            touched.add(spot);
        }
        return replace(spot, state);
    }

    /** Takes up a state that was read, unless a committed one came since {@link #beginScan}. @return whether it was taken up */
    synchronized boolean putScanned(EntityKey spot, SpotState state) {
        if (touched != null && touched.contains(spot)) {
            return false;
        }
        replace(spot, state);
        return true;
    }

    /** The site and the group of a spot. */
    synchronized Set<EntityKey> targetsOf(EntityKey spot) {
        SpotState state = spots.get(spot);
        return state == null ? Set.of() : new LinkedHashSet<>(targets(spot, state));
    }

    /** From now on committed states win over those read. */
    synchronized void beginScan() {
        touched = new HashSet<>();
    }

    /** All is read. */
    synchronized void endScan() {
        touched = null;
    }

    /** How many spots were taken away so far. */
    synchronized long removals() {
        return removals;
    }

    /** The states of the spots of a site or group. */
    synchronized List<SpotState> spotsOf(EntityKey target) {
        return new ArrayList<>(members.getOrDefault(target, Map.of()).values());
    }

    /** The URIs of the spots of a site or group. */
    synchronized List<String> memberIds(EntityKey target) {
        return members.getOrDefault(target, Map.of()).keySet().stream()
                .map(EntityKey::id)
                .toList();
    }

    /** All spots. */
    synchronized List<EntityKey> spots() {
        return new ArrayList<>(spots.keySet());
    }

    /** Whether any spot belongs to it. */
    synchronized boolean isTarget(EntityKey key) {
        return members.containsKey(key);
    }

    /** How many spots there are. */
    synchronized int size() {
        return spots.size();
    }

    private Set<EntityKey> replace(EntityKey spot, @Nullable SpotState state) {
        SpotState before = state == null ? spots.remove(spot) : spots.put(spot, state);
        if (before != null) {
            targets(spot, before).forEach(target -> leave(target, spot));
        }
        if (state != null) {
            targets(spot, state).forEach(target -> members.computeIfAbsent(target, t -> new HashMap<>())
                    .put(spot, state));
        } else if (before != null) {
            removals++;
        }
        if (before != null && state != null && before.countsLike(state)) {
            return Set.of();
        }
        Set<EntityKey> changed = new LinkedHashSet<>();
        if (before != null) {
            changed.addAll(targets(spot, before));
        }
        if (state != null) {
            changed.addAll(targets(spot, state));
        }
        return changed;
    }

    private void leave(EntityKey target, EntityKey spot) {
        Map<EntityKey, SpotState> there = members.get(target);
        if (there != null && there.remove(spot) != null && there.isEmpty()) {
            members.remove(target);
        }
    }

    private static List<EntityKey> targets(EntityKey spot, SpotState state) {
        List<EntityKey> targets = new ArrayList<>(2);
        if (state.site() != null) {
            targets.add(new EntityKey(spot.tenant(), state.site()));
        }
        if (state.group() != null) {
            targets.add(new EntityKey(spot.tenant(), state.group()));
        }
        return targets;
    }
}
